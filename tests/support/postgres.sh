#!/bin/sh
# A private PostgreSQL for tests: a cluster of its own in a folder, unix socket only.
#
#   tests/support/postgres.sh start DIR   prints the value for CALLFIRST_TEST_POSTGRES
#   tests/support/postgres.sh stop DIR    stops it and removes DIR
#
# PostgreSQL refuses to run as root; started by root it runs as the user "postgres".
set -eu

usage() { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
[ $# -eq 2 ] || usage
dir=$2

bin=$(pg_config --bindir 2>/dev/null || true)
[ -x "$bin/initdb" ] || bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "no PostgreSQL server programs found" >&2; exit 1; }

as_owner() {
    if [ "$(id -u)" -eq 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"; else "$@"; fi
}

case $1 in
start)
    mkdir -p "$dir"
    dir=$(cd "$dir" && pwd)
    [ "$(id -u)" -ne 0 ] || chown postgres "$dir"
    cd "$dir"
    as_owner "$bin/initdb" -D "$dir/data" -U callfirst -A trust -E UTF8 --locale=C >"$dir/initdb.log"
    as_owner "$bin/pg_ctl" -D "$dir/data" -w -l "$dir/server.log" \
        -o "-c listen_addresses='' -c unix_socket_directories='$dir' -c max_connections=400" \
        start >/dev/null
    # The folder stands in the URL as a host; its slashes are escaped.
    echo "postgres://callfirst@$(printf %s "$dir" | sed 's/%/%25/g; s|/|%2F|g')/postgres"
    ;;
stop)
    dir=$(cd "$dir" && pwd)
    cd "$dir"
    as_owner "$bin/pg_ctl" -D "$dir/data" -w -m immediate stop >/dev/null
    cd / && rm -rf "$dir"
    ;;
*) usage ;;
esac
