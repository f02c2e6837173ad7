#!/bin/sh
# Runs unit test programs one after the other and prints one closing line for all of them.
passed=0
failed=0
for program in "$@"; do
	if output=$("$program" 2>&1); then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		printf '%s\n' "$output"
		echo "FAILED: $program"
	fi
done
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
