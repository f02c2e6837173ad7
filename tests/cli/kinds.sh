# Records of threat intelligence, counted kind by kind by the program and by Python.
count() { python3 tests/cli/kinds.py "$BREACHX" "$TEST_FOLDER" "$@"; }
count tests/corpus/galaxy/*.json tests/corpus/stix/more.json tests/corpus/misp/parts.json \
	tests/corpus/veris/full.json
samples=../shared/samples
if [ -d $samples ]; then
	count $samples/stix/* $samples/misp/* $samples/json/hibp* $samples/veris/vcdb* \
		$samples/veris/schema-tests/* $samples/veris/incidents/0[02]*
else
	echo "cli: kinds in part skipped: ../shared/samples is absent" >&3
	echo "files of which the program and Python count other records: 0"
fi
