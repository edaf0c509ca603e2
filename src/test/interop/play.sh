# Plays the people of a script, FILE: WeChat's side is here, the backend's is publish.sh.
set -eu
. ./publish.sh
hex() { base64 -d | od -An -tx1 | tr -d ' \n'; }

encrypt() { # SESSION_KEY PHONE
  iv=$(openssl rand -base64 16)
  data=$(printf %s "$2" |
    openssl enc -aes-128-cbc -K "$(echo "$1" | hex)" -iv "$(echo "$iv" | hex)" -a -A)
  echo "{\"errMsg\":\"getPhoneNumber:ok\",\"encryptedData\":\"$data\",\"iv\":\"$iv\"}"
}

while IFS=$(printf '\t') read -r scene one two three four; do
  case $scene in
    login) login "$one" "$two" "$three" ;;
    click) click "$one" "$(encrypt "$two" "$three")" "$four" ;;
  esac
done < "$1"
