# The CSV scanner against Python's csv module, on other people's files as well as our own.
[ -d ../shared ] || echo "cli: csv_differential in part skipped: ../shared is absent" >&3
find ../shared/hostile/csv-spectrum ../shared/hostile/univocity ../shared/samples/csv \
	../shared/samples/hayabusa ../shared/samples/timesketch \( -name '*.csv' -o -name '*.tsv' \) 2>/dev/null | sort |
	xargs -d '\n' python3 tests/cli/csv_differential.py "$CSV_DUMP"
