#!/bin/sh
# Builds every fuzz target with clang's libFuzzer and runs each for some seconds from its corpus.
#	sh tests/fuzz/run.sh BUILD-FOLDER SECONDS
# TARGETS="csv json" runs those alone.
set -eu
build=$1
seconds=$2
here=$(dirname "$0")
CC=${FUZZ_CC:-clang}
make --no-print-directory BUILD="$build" CC="$CC" SANITIZE=address,undefined,fuzzer-no-link \
	OPTIMISE='-O1 -g' "$build/libbreachx.a" >/dev/null
failed=0
for source in "$here"/*_fuzz.c; do
	name=$(basename "$source" _fuzz.c)
	case " ${TARGETS:-$name} " in *" $name "*) ;; *) continue ;; esac
	target=$build/fuzz/$name
	corpus=$build/corpus/$name
	seeds=$here/../corpus/$name
	mkdir -p "$build/fuzz" "$corpus"
	# shellcheck disable=SC2046
	$CC -std=c17 -Iinclude -I"$build/generated" -D_GNU_SOURCE -g -O1 -pthread \
		-fsanitize=address,undefined,fuzzer -o "$target" "$source" "$build/libbreachx.a" \
		$(pkg-config --libs ncursesw sqlite3 libpcre2-8 nettle yajl libzstd zlib minizip \
			libutf8proc) -lm
	[ -d "$seeds" ] || seeds=
	# shellcheck disable=SC2086
	if "$target" -max_total_time="$seconds" -max_len=65536 -timeout=10 -rss_limit_mb=1024 \
		-print_final_stats=1 -artifact_prefix="$build/fuzz/$name-" "$corpus" $seeds \
		>"$build/fuzz/$name.log" 2>&1; then
		result=clean
	else
		result=FOUND
		failed=1
	fi
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$build/fuzz/$name.log")
	echo "fuzz $name: $result, ${runs:-?} executions in $seconds s"
done
exit "$failed"
