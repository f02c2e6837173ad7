# Every scalar of a file stands in some cell of the case that was made from it.
lost() { python3 tests/cli/nothing_lost.py "$BREACHX" "$TEST_FOLDER" "$@"; }
lost tests/corpus/stix/bundle.json tests/corpus/veris/array.json tests/corpus/plaso/l2t.csv \
	tests/corpus/plaso/dynamic.csv tests/corpus/plaso/json.log tests/corpus/plaso/tln.log \
	tests/corpus/json/array.json
echo "# what is marked as deleted is left out, and said"
lost tests/corpus/misp/event.json
echo "# files of other people's"
samples=../shared/samples
if [ -d $samples ]; then
	rm -f "$TEST_FOLDER"/*
	lost $samples/stix/[bmou]* $samples/misp/* $samples/timesketch/*sv \
		$samples/timesketch/*.jsonl $samples/plaso/*.log $samples/jsonl/plaso* \
		$samples/hayabusa/*.csv $samples/veris/incidents/00* | grep -v ': nothing lost$'
else
	echo "cli: nothing_lost in part skipped: ../shared/samples is absent" >&3
fi
true
