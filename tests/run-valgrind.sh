#!/bin/sh
# Unit tests and one walk through the explorer under valgrind: no leak, no invalid access, no
# descriptor left open.
program=$1
example=$2
shift 2
passed=0
failed=0
check() {
	if output=$(valgrind -q --error-exitcode=99 --leak-check=full --track-fds=yes "$@" 2>&1 \
		>/dev/null </dev/null); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf 'FAILED: %s\n%s\n' "$*" "$output" | head -40
	fi
}
for unit in "$@"; do
	check "$unit"
done
check "$program" --script tests/screen/walk.keys --size 120x36 "$example"
echo "valgrind: $passed passed, $failed failed"
[ "$failed" = 0 ]
