"""Reads COUNT profiles as consume.py does and holds each to the schema of SCHEMA, until a person is
forgotten; prints the openid, the number and the correlation id of each."""
import json
import sys

import jsonschema
import kafka

COUNT, SCHEMA = int(sys.argv[1]), sys.argv[2]
ABORT, COMMIT = b'\0\0\0\0', b'\0\0\0\1'


class Uncommitted(kafka.KafkaConsumer):
    """A library that can't read committed takes the markers of transactions for records, too."""

    def __init__(self, *topics, isolation_level, **settings):
        super().__init__(*topics, **settings)

    def __next__(self):
        record = super().__next__()
        while record.key in (ABORT, COMMIT):
            record = super().__next__()
        return record


if 'isolation_level' not in kafka.KafkaConsumer.DEFAULT_CONFIG:
    print(f'kafka-python {kafka.__version__} reads uncommitted', file=sys.stderr)
    kafka.KafkaConsumer = Uncommitted
import consume

with open(SCHEMA, encoding='utf-8') as file:
    validator = jsonschema.Draft202012Validator(json.load(file))
profiles = 0
forgotten = 0


def save(openid, profile, headers):
    global profiles
    profiles += 1
    validator.validate(profile)
    assert profile['openid'] == openid, profile
    print(openid, profile['e164'], headers['correlation-id'].decode(), sep='\t')
    end_with_all()


def forget(openid):
    global forgotten
    forgotten += 1
    print(openid, 'forgotten', sep='\t')
    end_with_all()


def end_with_all():
    if profiles == COUNT and forgotten == 1:
        consume.consumer.close()
        sys.exit()


consume.consume(save, forget)
