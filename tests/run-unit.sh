#!/bin/sh
# Runs unit test programs one after the other and prints one closing line for all of them. None of
# them reads the standard input, and one that hangs is named instead of holding up the rest.
passed=0
failed=0
for program in "$@"; do
	if output=$(timeout 600 env --default-signal "$program" 2>&1 </dev/null); then
		passed=$((passed + 1))
	else
		code=$?
		failed=$((failed + 1))
		printf '%s\n' "$output"
		[ "$code" = 124 ] && echo "$program did not end within 600 s"
		echo "FAILED: $program"
	fi
done
echo "unit: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
