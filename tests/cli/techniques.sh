# A log names techniques by their ATT&CK ids, a bundle by name and id: one record each, in whatever
# order they come, and what is left when either is taken back is called as what is left calls it.
cd "$TEST_FOLDER" || exit 1
printf 'Timestamp,RuleTitle,Level,Computer,Channel,EventID,RecordID,Details,MitreTags,RuleID\n2020-01-02 03:04:05.000 +00:00,Rule,high,ws01,Sec,1,5,x,T1059 ¦ T1566.001,r1\n' >log.csv
sed 's/,5,x,/,6,y,/; s/T1566.001/T1003/' log.csv >later.csv
cat >attack.json <<'JSON'
{"type":"bundle","id":"bundle--1affa123-0a4f-4fc5-81c6-fc1b058f9e44","objects":[
{"type":"attack-pattern","spec_version":"2.1","id":"attack-pattern--7865b6d2-a4af-45c5-b582-afe5ec376c31","name":"Command and Scripting Interpreter","external_references":[{"source_name":"mitre-attack","external_id":"T1059"}]},
{"type":"attack-pattern","spec_version":"2.1","id":"attack-pattern--7865b6d2-a4af-45c5-b582-afe5ec376c32","name":"Spearphishing Attachment","external_references":[{"source_name":"mitre-attack","external_id":"T1566.001"}]},
{"type":"intrusion-set","spec_version":"2.1","id":"intrusion-set--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"G"},
{"type":"relationship","spec_version":"2.1","id":"relationship--7865b6d2-a4af-45c5-b582-afe5ec376c34","relationship_type":"uses","source_ref":"intrusion-set--7865b6d2-a4af-45c5-b582-afe5ec376c33","target_ref":"attack-pattern--7865b6d2-a4af-45c5-b582-afe5ec376c31"}]}
JSON
sed 's/Command and Scripting Interpreter/Shells/; s/376c3/376c4/g' attack.json >other.json
kinds() {
	"$BREACHX" import c.breach "$@" --json 2>/dev/null | grep -o '"kinds":{[^}]*}'
}
bring() {
	for file in "$@"; do
		announced=$(kinds "$file" --dry-run)
		done=$(kinds "$file")
		[ "$announced" = "$done" ] || echo "$file: announced $announced, done $done"
	done
}
names() {
	"$BREACHX" list c.breach technique --json | sed 's/.*"attack_id":"\([^"]*\)","name":"\([^"]*\)".*/  \1 \2/' | sort
}
for order in 'attack.json log.csv later.csv' 'log.csv later.csv attack.json' 'log.csv attack.json later.csv'; do
	for back in '' attack.json log.csv 'log.csv later.csv' 'attack.json log.csv'; do
		echo "# $order${back:+, without $back}"
		rm -f c.breach
		# shellcheck disable=SC2086
		bring $order
		for source in $back; do
			"$BREACHX" undo-import c.breach "$source" --by me >/dev/null 2>&1
		done
		names
		"$BREACHX" verify c.breach >/dev/null || echo "verify: $?"
	done
done
echo "# what leads to it and what it leads to, the log first"
rm -f c.breach
bring log.csv later.csv attack.json
"$BREACHX" show c.breach technique:1 | sed -n '/^also in/p; /^related/,$p'
echo "# the bundle again after it was taken back; another that calls it otherwise"
"$BREACHX" undo-import c.breach attack.json --by me >/dev/null 2>&1
bring attack.json
names
bring other.json
names
