publish() { kcat -P -b localhost:9092 -X topic.partitioner=murmur2_random -K '|' -t "$@"; }

# The login service: what jscode2session answered, with the appid.
login() { # APPID OPENID SESSION_KEY
  printf '%s|{"appid":"%s","openid":"%s","session_key":"%s"}\n' "$2" "$1" "$2" "$3" |
    publish session-key
}

# The backend: e.detail as the page got it, and a header of yours, which the answer carries too.
click() { # OPENID DETAIL ID
  printf '%s|%s\n' "$1" "$2" | publish phone-payload -H "correlation-id=$3"
}
