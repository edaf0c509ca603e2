APPID=wx4f4bc4dec97d474b
OPENID=oGZUI0egBJY1zhBYw2KhdUfwVJJE
SESSION_KEY=tiihtNczf5v6AKRyjwEUhQ==
IV=r7BXXKkLb8qrSNn05n0qiA==
hex() { base64 -d | od -An -tx1 | tr -d ' \n'; }

login $APPID $OPENID $SESSION_KEY

# WeChat: the phone number, encrypted under that session key.
DATA=$(printf '{"phoneNumber":"13580006666","purePhoneNumber":"13580006666","countryCode":"86","watermark":{"timestamp":%s,"appid":"%s"}}' \
    "$(date +%s)" "$APPID" |
  openssl enc -aes-128-cbc -K "$(echo $SESSION_KEY | hex)" -iv "$(echo $IV | hex)" -a -A)

click $OPENID "{\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\"$DATA\",\"iv\":\"$IV\"}" click-1
