#!/bin/sh
# Searches generated events with breachx and with the peers that are installed, and prints a table
# of medians: seconds of the whole process, warm. Data stay in FOLDER for the next run.
#	ROWS=1000000 [RUNS=5] [PEERS="rg sqlite fts5 trgm"] sh search.sh BREACHX TOOLS FOLDER
# TOOLS is where the programs of tests/bench were built.
set -eu
breachx=$1
tools=$2
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
ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

# Median seconds of a command's runs; what it printed last is in FOLDER/count.
median() {
	for _ in $(seq "$runs"); do
		start=$(now)
		"$@" >"$folder/count" 2>/dev/null || true
		echo "$start $(now)" | awk '{printf "%.4f\n", $2 - $1}'
	done | sort -n | awk '{all[NR] = $1} END {print all[int((NR + 1) / 2)]}'
}

[ -s "$csv" ] || "$tools/events" "$rows" >"$csv"
echo "events: $rows rows, $(mb "$(stat -c %s "$csv")") MB; $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg)"

# A case of another schema, of which there would be something to say, is made anew: to fail at once
# is no fast search, and to migrate a copy no slow one.
said=$("$breachx" show "$case" event:1 2>&1 >/dev/null || true)
if [ ! -s "$case" ] || [ -n "$said" ]; then
	rm -f "$case"
	start=$(now)
	/usr/bin/time -f '%M' "$breachx" import "$case" "$csv" --kind event --zone UTC \
		2>"$folder/time" >/dev/null
	seconds=$(since "$start")
	echo "breachx import: $seconds s, $(tail -1 "$folder/time") KiB at most"
fi
echo "breachx case: $(mb "$(stat -c %s "$case")") MB"
"$tools/index" "$case" | awk '{printf "index: %.1f MB, %.1f%% of %.0f MB of text; built in %.2f s of a core, %.0f MB/s\n",
	$3 / 1e6, $3 / 1e4 / $1, $1, $2, $1 / $2}'

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

# A pass over all text that finds nothing, which the others are held against.
sparse=
printf '\n%-16s %-26s %10s %9s' what pattern hits breachx
for peer in rg sqlite fts5 trgm; do printf ' %9s' "$peer"; done
printf ' %9s %9s\n' 'rg/ours' '/sparse'
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
	[ "$theirs" = - ] && printf ' %9s' - || printf ' %8sx' "$(ratio "$theirs" "$ours")"
	[ -n "$sparse" ] || sparse=$ours
	printf ' %8sx\n' "$(ratio "$ours" "$sparse")"
}
measure 'sparse' 'q[jvxz]'
measure 'needle' 'exfil-7Q' 'exfil-7Q'
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

# So short that the clock's own program would count: many in a row.
needles() { for _ in $(seq 20); do "$breachx" search "$case" 'exfil-7Q' -c >/dev/null; done; }
printf '\nneedle: %s ms in the engine, ' "$("$breachx" search "$case" 'exfil-7Q' --json |
	sed -n 's/.*"ms":\([0-9]*\).*/\1/p' | tail -1)"
median needles | awk '{printf "%.1f ms the process, all kinds (mean of 20)\n", $1 * 50}'

printf 'first hit:'
first() { "$breachx" search "$case" "$1" --limit 1; }
for pattern in 'rundll32' '[a-f0-9]{32}' '.*'; do
	printf ' %s %s s' "$pattern" "$(median first "$pattern")"
done
printf '\npeak memory of breachx search:'
for pattern in 'exfil-7Q' '[a-f0-9]{32}' '.*'; do
	printf ' %s' "$(/usr/bin/time -f '%M KiB' "$breachx" search "$case" "$pattern" -c --kind event 2>&1 >/dev/null | tail -1)"
done
echo
