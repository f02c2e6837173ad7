#!/bin/sh
# The bundled case is what its text files say: every row and cell of them, each at its bytes, and
# nothing else; built twice it is the same file; a file that is not taken whole ends the build.
# BREACHX names the program.
set -eu
cd "$(dirname "$0")/../.."
program=${BREACHX:-build/breachx}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

sh tools/example.sh "$program" data/case "$folder/one.breach"
sh tools/example.sh "$program" data/case "$folder/two.breach"
cmp "$folder/one.breach" "$folder/two.breach"
echo "built twice: the same bytes"

python3 tests/cli/example_case.py "$program" data/case "$folder/one.breach"

cp -r data/case "$folder/case"
printf 'bad,No such type,gadget,,,,,1,reported,,,\n' >>"$folder/case/hosts.csv"
if sh tools/example.sh "$program" "$folder/case" "$folder/bad.breach" 2>"$folder/said"; then
	echo "a row that can't be taken went unnoticed"
else
	sed -n 's/.*\(hosts.csv was not taken whole\).*/a bad row: \1/p' "$folder/said"
fi
[ -z "$(ls -d "$folder"/bad* 2>/dev/null)" ] && echo "nothing is left of it"
