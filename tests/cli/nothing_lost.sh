# Every scalar of a file stands in some cell of the case that was made from it.
lost() { python3 tests/cli/nothing_lost.py "$BREACHX" "$TEST_FOLDER" "$@"; }
lost tests/corpus/stix/*.json tests/corpus/veris/array.json tests/corpus/veris/full.json \
	tests/corpus/galaxy/*.json tests/corpus/plaso/l2t.csv tests/corpus/plaso/dynamic.csv tests/corpus/plaso/json.log tests/corpus/plaso/tln.log \
	tests/corpus/json/array.json
echo "# a key twice in one object, in every way JSON is read"
python3 - "$TEST_FOLDER" <<'MAKE'
import sys
TWICE = '"note":"first","note":{"deep":"one","deep":"two"},"note 2":"own","note":"third","note":"last"'
HOST = '{"hostname":"ws01","ip":"10.0.0.1","os":"Windows",%s}' % TWICE
FILES = {
    "twice.jsonl": HOST + "\n" + HOST.replace("ws01", "ws02") + "\n",
    "twice_array.json": "[%s]" % HOST,
    "twice_list.json": '{"hosts":[%s]}' % HOST,
    "twice_stix.json": '{"type":"bundle","id":"bundle--1","objects":[{"type":"identity",'
                       '"id":"identity--1","name":"a","name":"b",%s}]}' % TWICE,
    "twice_misp.json": '{"Event":{"uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2111","info":"e",%s,'
                       '"Attribute":[{"type":"domain","value":"a.example",%s}]}}' % (TWICE, TWICE),
    "twice_winlog.jsonl": '{"EventID":1,"Channel":"Security","Hostname":"ws01",'
                          '"EventTime":"2020-01-02T03:04:05Z",%s}\n' % TWICE,
}
for name, text in FILES.items():
    with open(sys.argv[1] + "/" + name, "w") as file:
        file.write(text)
MAKE
lost "$TEST_FOLDER"/twice* | sed 's|^[^:/]*/||'
"$BREACHX" search "$TEST_FOLDER/5.breach" third >/dev/null || echo "third is not found"
echo "# what is marked as deleted is left out, and said"
lost tests/corpus/misp/event.json tests/corpus/misp/parts.json
echo "# files of other people's"
samples=../shared/samples
if [ -d $samples ]; then
	rm -f "$TEST_FOLDER"/*
	lost $samples/stix/* $samples/misp/* $samples/json/hibp* $samples/timesketch/*sv \
		$samples/timesketch/*.jsonl $samples/plaso/*.log $samples/jsonl/plaso* \
		$samples/hayabusa/*.csv $samples/veris/vcdb* $samples/veris/schema-tests/* | grep -v ': nothing lost$'
else
	echo "cli: nothing_lost in part skipped: ../shared/samples is absent" >&3
fi
true
