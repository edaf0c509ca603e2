import json
from kafka import KafkaConsumer

consumer = KafkaConsumer(
    'user-profile',
    bootstrap_servers='localhost:9092',
    group_id='crm',
    isolation_level='read_committed',  # since kafka-python 2.2
    auto_offset_reset='earliest',
    enable_auto_commit=False,
)


def consume(save, forget):
    for record in consumer:
        openid = record.key.decode()
        if record.value is None:
            forget(openid)
        else:
            save(openid, json.loads(record.value), dict(record.headers))
        consumer.commit()
