#!/bin/sh
# A robot that takes one backup through Consentry: gets a token for itself, opens an access, downloads, and closes it with what
# came of it. Needs curl and openssl. As it stands it fetches a sample of the demo; see docs/robots.md.
set -eu
: "${PORTAL:?the address of the portal}" "${ISSUER:?the identity provider}" "${KEY:?the private key (RSA) of the robot, a PEM file}"
client=${CLIENT:-nightly-backup}
token_endpoint=${TOKEN_ENDPOINT:-$ISSUER/token}
system=${SYSTEM:-acme/backup}
path=${PATH_OF_BACKUP:-/backups/b-0315/archive}
out=${OUT:-backup.tar.gz}

b64() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
field() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p'; }
# A bearer in a file of its own does not stand in the list of processes.
bearer() { printf 'Authorization: Bearer %s\n' "$1"; }
secret=$(mktemp); trap 'rm -f "$secret"' EXIT; chmod 600 "$secret"

# private_key_jwt (RFC 7523): the key never leaves this machine, each assertion holds a minute and once.
now=$(date +%s)
head=$(printf '{"alg":"RS256","typ":"JWT"}' | b64)
body=$(printf '{"iss":"%s","sub":"%s","aud":"%s","jti":"%s","iat":%s,"exp":%s}' \
  "$client" "$client" "$ISSUER" "$(openssl rand -hex 16)" "$now" "$((now + 60))" | b64)
assertion=$head.$body.$(printf %s "$head.$body" | openssl dgst -sha256 -sign "$KEY" -binary | b64)
token=$(curl -fsS "$token_endpoint" -d grant_type=client_credentials -d "resource=$PORTAL" \
  -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer \
  -d "client_assertion=$assertion" | field access_token)
[ -n "$token" ]

bearer "$token" > "$secret"
opened=$(curl -sS --fail-with-body "$PORTAL/api/v1/robots/open" -H "@$secret" -H 'Content-Type: application/json' \
  -d '{"systems":["'"$system"'"],"purpose":"backup","reference":"RUN-'"$now"'","minutes":120}') ||
  { printf '%s\n' "$opened" >&2; exit 1; }
url=$(printf %s "$opened" | field url)
bearer "$(printf %s "$opened" | field credential)" > "$secret"

if curl -fsS "$url$path" -H "@$secret" -o "$out"; then result=done; else result=failed; fi
said="$([ -f "$out" ] && wc -c < "$out" | tr -d ' ' || echo 0) bytes"
curl -fsS "$PORTAL/api/v1/robots/close" -H "@$secret" -H 'Content-Type: application/json' \
  -d '{"result":"'$result'","said":"'"$said"'"}'
echo
[ "$result" = done ]
