import json
from kafka import KafkaProducer

producer = KafkaProducer(
    bootstrap_servers='localhost:9092',
    acks='all',
    key_serializer=str.encode,
    value_serializer=lambda value: json.dumps(value).encode(),
)


def login(appid, answer):
    """The login service, after jscode2session: answer has openid, session_key and unionid."""
    record = producer.send('session-key', key=answer['openid'], value={'appid': appid, **answer})
    record.get()  # until the broker has it, or an exception


def click(openid, detail, id):
    """The backend: e.detail as the page got it, and a header of yours, which the answer carries too."""
    headers = [('correlation-id', id.encode())]
    producer.send('phone-payload', key=openid, value=detail, headers=headers).get()
