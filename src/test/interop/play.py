"""Plays the people of a script, FILE: WeChat's side is here, the backend's is publish.py."""
import base64
import os
import subprocess
import sys

import publish


def encrypt(session_key, phone):
    iv = os.urandom(16)
    key = base64.b64decode(session_key)
    data = subprocess.run(
        ['openssl', 'enc', '-aes-128-cbc', '-K', key.hex(), '-iv', iv.hex()],
        input=phone.encode(), stdout=subprocess.PIPE, check=True).stdout
    return {
        'errMsg': 'getPhoneNumber:ok',
        'encryptedData': base64.b64encode(data).decode(),
        'iv': base64.b64encode(iv).decode(),
    }


def login(appid, openid, session_key):
    publish.login(appid, {'openid': openid, 'session_key': session_key})


def click(openid, session_key, phone, id):
    publish.click(openid, encrypt(session_key, phone), id)


with open(sys.argv[1], encoding='utf-8') as script:
    for line in script:
        scene, *words = line.rstrip('\n').split('\t')
        {'login': login, 'click': click}[scene](*words)
publish.producer.close()
