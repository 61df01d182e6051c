#!/bin/sh
# Passwords of compose.yaml's servers, random, made once: deploy/.env and deploy/secrets/. What is there stays.
set -eu
cd "$(dirname "$0")"
password() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }
if [ ! -e .env ]; then
  (
    umask 077
    printf 'POSTGRES_PASSWORD=%s\nREDIS_PASSWORD=%s\nGRAFANA_PASSWORD=%s\n' \
      "$(password)" "$(password)" "$(password)" > .env.draft
  )
  mv .env.draft .env
fi
mkdir -p secrets
# Readable by the containers' users, whose numbers this machine does not know.
[ -e secrets/clickhouse-password ] || password > secrets/clickhouse-password
chmod 644 secrets/clickhouse-password
echo "deploy/.env and deploy/secrets/clickhouse-password are there"
