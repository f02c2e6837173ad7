# What a dry run announces is what the import that follows does: in a new case, in one that knows some
# of it, after one was taken back, and beyond the records that a log's mentions make.
cd "$TEST_FOLDER" || exit 1
samples=$OLDPWD/../shared/samples
mkdir own
printf 'name,address,site\nws01,10.0.0.1,Tokyo\nws02,,Tokyo\nWS02,,Osaka\n' >own/1-hosts.csv
printf 'time,host,account,message,cited_in\n2020-01-02T03:04:05Z,ws01,amy,logon,A note\n2020-01-02T03:04:06Z,-,bob,logoff,Another\n' >own/2-events.csv
printf 'The company said on Monday that ws01 was attacked from evil[.]example.\n' >own/3-note.txt
cat >own/4-bundle.json <<'JSON'
{"type":"bundle","id":"bundle--1affa123-0a4f-4fc5-81c6-fc1b058f9e44","objects":[
{"type":"report","spec_version":"2.1","id":"report--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"R","modified":"2020-01-01T00:00:00.000Z","published":"2020-01-01T00:00:00Z","object_refs":["malware--7865b6d2-a4af-45c5-b582-afe5ec376c39"]},
{"type":"report","spec_version":"2.1","id":"report--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"R2","modified":"2020-01-02T00:00:00.000Z","published":"2020-01-01T00:00:00Z","object_refs":[]},
{"type":"attack-pattern","spec_version":"2.1","id":"attack-pattern--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"Shell","external_references":[{"source_name":"mitre-attack","external_id":"T1059"}]},
{"type":"identity","spec_version":"2.1","id":"identity--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"A"}]}
JSON
sed 's/R2/R3/; s/bundle--1/bundle--2/; s/"A"}/"B"}/' own/4-bundle.json >own/5-later.json
cat >own/6-event.json <<'JSON'
{"Event":{"uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2111","info":"e","Orgc":{"name":"A","uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2112"},"Attribute":[
{"type":"domain","value":"evil.example","uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2113"},{"type":"ip-dst","value":"10.1.1.1","uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2114"}]}}
JSON
for number in 1 2; do
	for host in ws01 ws0$((number + 7)); do
		printf '{"@timestamp":"2020-01-02T03:0%s:05.000Z","Channel":"Security","SourceName":"Microsoft-Windows-Sysmon","EventID":1,"RecordNumber":%s,"Hostname":"%s","Hashes":"MD5=0CC175B9C0F1B6A831C39926977266%s1","SubjectUserName":"amy%s"}\n' \
			"$number" "$number" "$host" "$number" "$number"
	done
done >own/7-log.json
sed '$d' own/7-log.json >own/8-log.json
echo '{"@timestamp":"2020-01-03T03:00:05.000Z","Channel":"Security","SourceName":"Microsoft-Windows-Sysmon","EventID":1,"RecordNumber":9,"Hostname":"ws11","Hashes":"MD5=0CC175B9C0F1B6A831C3992697726631"}' >>own/8-log.json
python3 "$OLDPWD/tests/cli/dry_run.py" "$BREACHX" own
python3 "$OLDPWD/tests/cli/dry_run.py" "$BREACHX" --many
if [ -d "$samples" ]; then
	python3 "$OLDPWD/tests/cli/dry_run.py" "$BREACHX" --quiet "$samples"
else
	echo "cli: dry_run without the samples: ../shared/samples is absent" >&3
	echo "announced otherwise than done: 0"
fi
