#!/bin/sh
# Searches generated events with breachx and with the peers that are installed, and prints a table
# of medians: seconds of the whole process, warm. Data stay in FOLDER for the next run.
#	ROWS=1000000 [RUNS=5] [PEERS="rg sqlite fts5 trgm"] sh search.sh BREACHX EVENTS FOLDER
set -eu
breachx=$1
events=$2
folder=$3
rows=${ROWS:-1000000}
runs=${RUNS:-5}
peers=${PEERS:-rg sqlite fts5 trgm}
mkdir -p "$folder"
csv=$folder/events-$rows.csv
case=$folder/events-$rows.breach
database=$folder/events-$rows.sqlite
cluster=$folder/postgres

has() { # PEER COMMAND
	case " $peers " in *" $1 "*) command -v "$2" >/dev/null 2>&1 ;; *) false ;; esac
}
now() { date +%s.%N; }
since() { echo "$1 $(now)" | awk '{printf "%.2f", $2 - $1}'; }
mb() { awk -v bytes="$1" 'BEGIN {printf "%.0f", bytes / 1e6}'; }

# Median seconds of a command's runs; what it printed last is in FOLDER/count.
median() {
	for _ in $(seq "$runs"); do
		start=$(now)
		"$@" >"$folder/count" 2>/dev/null || true
		echo "$start $(now)" | awk '{printf "%.4f\n", $2 - $1}'
	done | sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'
}

[ -s "$csv" ] || "$events" "$rows" >"$csv"
size=$(stat -c %s "$csv")
echo "events: $rows rows, $(mb "$size") MB"

# A case of another schema is made anew: a search that fails at once is no fast search.
if ! "$breachx" show "$case" event:1 >/dev/null 2>&1; then
	rm -f "$case"
	start=$(now)
	/usr/bin/time -f '%M' "$breachx" import "$case" "$csv" --kind event --zone UTC \
		2>"$folder/time" >/dev/null
	seconds=$(since "$start")
	echo "breachx import: $seconds s, $(tail -1 "$folder/time") KiB at most"
fi
if command -v sqlite3 >/dev/null 2>&1; then
	echo "breachx case: $(mb "$(stat -c %s "$case")") MB; $(sqlite3 "$case" \
		"SELECT 'text ' || (sum(length(text)) / 1000000) || ' MB in ' || count(*) || ' blocks' FROM block"); $(sqlite3 "$case" \
		"SELECT 'index ' || (sum(pgsize) / 1000000) || ' MB' FROM dbstat WHERE name IN ('posting', 'segment')" 2>/dev/null)"
fi

if has sqlite sqlite3 || has fts5 sqlite3; then
	if [ ! -s "$database" ]; then
		start=$(now)
		sqlite3 "$database" "CREATE TABLE event(time, host, site, account, process, path, address, hash, message)" \
			".mode csv" ".import --skip 1 $csv event"
		echo "sqlite3 .import: $(since "$start") s, $(mb "$(stat -c %s "$database")") MB"
		if has fts5 sqlite3; then
			before=$(stat -c %s "$database")
			start=$(now)
			sqlite3 "$database" "CREATE VIRTUAL TABLE text USING fts5(message, path, hash, site, detail='none', content='', tokenize='trigram')" \
				"INSERT INTO text(rowid, message, path, hash, site) SELECT rowid, message, path, hash, site FROM event"
			echo "fts5 trigram (4 of 9 fields): $(since "$start") s, $(mb $(($(stat -c %s "$database") - before))) MB"
		fi
	fi
fi

postgres=
if has trgm psql; then
	bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -1)
	postgres=$(SEARCH_CLUSTER=$cluster BIN=$bin CSV=$csv ROWS=$rows sh "$(dirname "$0")/postgres.sh" 2>/dev/null || true)
	echo "pg_trgm: ${postgres:-could not be started here}"
fi

breachx_count() { "$breachx" search "$case" "$1" -c --kind event; }
rg_count() { rg -c -- "$1" "$csv"; }
sqlite_count() { sqlite3 "$database" "SELECT count(*) FROM event WHERE message REGEXP '$1' OR path REGEXP '$1' OR hash REGEXP '$1' OR site REGEXP '$1'"; }
fts5_count() { sqlite3 "$database" "SELECT count(*) FROM text WHERE text MATCH '\"$1\"'"; }
trgm_count() { psql -h "$cluster" -d postgres -Atc "SELECT count(*) FROM event_$rows WHERE line ~ '$1'"; }

printf '\n%-16s %-26s %10s %9s' what pattern hits breachx
for peer in rg sqlite fts5 trgm; do printf ' %9s' "$peer"; done
printf ' %9s\n' 'rg/ours'
measure() { # WHAT PATTERN [LITERAL]
	ours=$(median breachx_count "$2")
	hits=$(tail -1 "$folder/count")
	case $hits in
	'' | *[!0-9]*)
		echo "breachx could not search for $2" >&2
		exit 1
		;;
	esac
	printf '%-16s %-26s %10s %9s' "$1" "$2" "$hits" "$ours"
	theirs=-
	has rg rg && theirs=$(median rg_count "$2")
	printf ' %9s' "$theirs"
	time=-
	# Its regexp knows no options inside a pattern.
	if has sqlite sqlite3 && [ "${2#"(?"}" = "$2" ]; then runs_before=$runs; runs=1; time=$(median sqlite_count "$2"); runs=$runs_before; fi
	printf ' %9s' "$time"
	time=-
	if has fts5 sqlite3 && [ -n "${3:-}" ]; then time=$(median fts5_count "$3"); fi
	printf ' %9s' "$time"
	time=-
	if [ -n "$postgres" ]; then time=$(median trgm_count "$2"); fi
	printf ' %9s' "$time"
	awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {if (theirs == "-") print ""; else printf " %8.1fx\n", theirs / ours}'
}
measure needle 'exfil-7Q' 'exfil-7Q'
measure 'hash, prefix' '3fa9c2[a-f0-9]{26}'
measure 'hash' '[a-f0-9]{32}'
measure 'digits' '\d{5}'
measure 'script' '\w+\.ps1'
measure 'dense literal' 'rundll32' 'rundll32'
measure 'dense class' '[a-z]+ed token'
measure 'alternation' '(exfil|marker)[a-z]*'
measure 'alternation' 'logon|token'
measure 'CJK' '鎌倉製作所' '鎌倉製作所'
measure 'either case' '(?i)EXFIL-7q'
measure 'no hit' 'zzqqyyxx' 'zzqqyyxx'
measure 'two letters' 'zz'
measure 'anything' '.*'
measure 'catastrophic' '(a+)+$'
printf '\npeak memory of breachx search: '
for pattern in 'exfil-7Q' '[a-f0-9]{32}' '.*'; do
	/usr/bin/time -f '%M KiB' "$breachx" search "$case" "$pattern" -c --kind event 2>&1 >/dev/null | tail -1 | tr '\n' ' '
done
echo
