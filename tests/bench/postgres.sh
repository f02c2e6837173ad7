#!/bin/sh
# Starts a PostgreSQL of its own in CLUSTER, reachable by a socket there alone, loads the lines of
# CSV and indexes their trigrams, once. Prints how long that took.
set -eu
as() { # PostgreSQL refuses to run as root.
	if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}
if [ ! -s "$SEARCH_CLUSTER/data/PG_VERSION" ]; then
	mkdir -p "$SEARCH_CLUSTER"
	chmod 755 "$SEARCH_CLUSTER"
	[ "$(id -u)" = 0 ] && chown postgres "$SEARCH_CLUSTER"
	as "$BIN/initdb" -D "$SEARCH_CLUSTER/data" -A trust -U "$(id -un)" -E UTF8 --locale=C.UTF-8 >/dev/null
fi
as "$BIN/pg_ctl" -D "$SEARCH_CLUSTER/data" status >/dev/null 2>&1 ||
	as "$BIN/pg_ctl" -D "$SEARCH_CLUSTER/data" -w -l "$SEARCH_CLUSTER/log" -o \
		"-k $SEARCH_CLUSTER -c listen_addresses= -c maintenance_work_mem=1GB -c shared_buffers=1GB" \
		start >/dev/null
ask() { psql -h "$SEARCH_CLUSTER" -d postgres -Atq -c "$1"; }
if ! ask "SELECT 1 FROM event_$ROWS LIMIT 1" >/dev/null 2>&1; then
	ask "CREATE EXTENSION IF NOT EXISTS pg_trgm"
	ask "CREATE UNLOGGED TABLE event_$ROWS(line text)"
	start=$(date +%s)
	# A byte that no line holds as delimiter and quote: every line is one value.
	psql -h "$SEARCH_CLUSTER" -d postgres -q -c "\\copy event_$ROWS FROM '$CSV' WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02', HEADER)"
	loaded=$(date +%s)
	ask "CREATE INDEX ON event_$ROWS USING gin(line gin_trgm_ops)"
	ask "VACUUM ANALYZE event_$ROWS"
	echo "loaded in $((loaded - start)) s, index in $(($(date +%s) - loaded)) s," \
		"$(ask "SELECT pg_indexes_size('event_$ROWS') / 1000000") MB"
else
	echo "index of an earlier run, $(ask "SELECT pg_indexes_size('event_$ROWS') / 1000000") MB"
fi
