#!/bin/sh
# Runs every key script in this folder and compares the frames with its .expect file.
#	# size: 120x36         sizes to run at (several: several runs, one after the other)
#	# options: --ascii     options for the program
#	# import: KIND FILE OPTION...  another case than the bundled one, of these CSV files
# With UPDATE=1 the expectations are written anew.
program=$(realpath "$1")
example=$2
here=$(dirname "$0")
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
passed=0
failed=0
for script in "$here"/*.keys; do
	name=$(basename "$script" .keys)
	sizes=$(sed -n 's/^# size: //p' "$script")
	options=$(sed -n 's/^# options: //p' "$script")
	: >"$out/$name"
	case=$example
	if grep -q '^# import: ' "$script"; then
		case=$out/$name.breach
		(cd "$here" && sed -n 's/^# import: //p' "$name.keys" | while read -r kind file more; do
			# shellcheck disable=SC2086
			SOURCE_DATE_EPOCH=1579478400 "$program" import "$case" "$file" \
				--kind "$kind" $more >"$out/import" 2>&1 || [ $? = 1 ] ||
				{ cat "$out/import" && exit 1; }
		done)
	fi
	for size in ${sizes:-80x24}; do
		# shellcheck disable=SC2086
		timeout 600 "$program" --script "$script" --size "$size" $options "$case" \
			>>"$out/$name" 2>&1 </dev/null || echo "exit code $?" >>"$out/$name"
	done
	if [ -n "${UPDATE:-}" ]; then
		cp "$out/$name" "$here/$name.expect"
	fi
	if cmp -s "$out/$name" "$here/$name.expect"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: tests/screen/$name.keys"
		diff -u "$here/$name.expect" "$out/$name" | head -60
	fi
done
echo "screen: $passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
