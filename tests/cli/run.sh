#!/bin/sh
# Runs every NAME.sh in this folder (but itself) and compares what it prints, both streams, with
# NAME.expect. BREACHX and CSV_DUMP name the programs, EXAMPLE the bundled case. What a script has to
# say to people (that something it wants is absent) goes to descriptor 3 and is not compared. With
# UPDATE=1 expectations are written anew; WITHOUT="NAME ..." leaves scripts out.
set -u
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.." || exit 1
absolute() {
	case $1 in
	/*) echo "$1" ;;
	*) echo "$PWD/$1" ;;
	esac
}
BREACHX=$(absolute "$BREACHX")
CSV_DUMP=$(absolute "$CSV_DUMP")
EXAMPLE=$(absolute "$EXAMPLE")
LC_ALL=C.UTF-8
TZ=UTC
SOURCE_DATE_EPOCH=1579478400
export BREACHX CSV_DUMP EXAMPLE LC_ALL TZ SOURCE_DATE_EPOCH
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0
for script in "$here"/*.sh; do
	name=$(basename "$script" .sh)
	[ "$name" = run ] && continue
	case " ${WITHOUT:-} " in *" $name "*) continue ;; esac
	# Signals as a shell at a terminal has them, whoever started this.
	# A script's own folder to make cases in is its working folder's TEST_FOLDER.
	mkdir "$out/$name.d"
	TEST_FOLDER=$out/$name.d timeout 900 env --default-signal sh "$script" 3>&2 >"$out/$name" 2>&1 </dev/null ||
		echo "exit code $?" >>"$out/$name"
	[ -n "${UPDATE:-}" ] && cp "$out/$name" "$here/$name.expect"
	if cmp -s "$out/$name" "$here/$name.expect"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: tests/cli/$name.sh"
		diff -u "$here/$name.expect" "$out/$name" | head -60
	fi
done
echo "cli: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
