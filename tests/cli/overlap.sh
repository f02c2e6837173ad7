# Files that hold the same events: a longer export of the same log, another profile of the same tool.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
import() {
	"$BREACHX" import c.breach "$@" --json |
		sed 's/"sha256":"[0-9a-f]*",//g; s/"bytes":[0-9]*,//'
}
events() {
	"$BREACHX" list c.breach event --json | python3 -c '
import json, sys
for line in sys.stdin:
    row = json.loads(line)
    source = row["source"]
    print(" ", row["id"], source["name"], source["start"], source["end"], row.get("message"))'
}
# How many events the summary counts for each host, and how many there are.
counts() {
	for host in 1 2 3; do
		"$BREACHX" show c.breach host:$host --json | python3 -c '
import json, sys
for line in sys.stdin:
    print(" ", json.loads(line).get("name"), [link.get("count") for link in json.loads(line)["links"]])'
		"$BREACHX" list c.breach event --where "host = 10.0.0.$host" --json | wc -l
	done
}
undo() {
	"$BREACHX" undo-import c.breach "$1" --by amy
}

echo "# Zeek: one day, and that day and the next"
conn='{"@stream":"conn","ts":1580000000.25,"uid":"C1","id_orig_h":"10.0.0.1","id_resp_p":53,"proto":"udp"}'
dns='{"@stream":"dns","ts":1580000000.25,"uid":"C1","id_orig_h":"10.0.0.1","id_resp_p":53,"query":"a.example"}'
twice='{"@stream":"weird","ts":1580000001.5,"uid":"C2","id_orig_h":"10.0.0.2","name":"odd"}'
next='{"@stream":"dns","ts":1580086400.5,"uid":"C3","id_orig_h":"10.0.0.3","query":"b.example"}'
printf '%s\n' "$conn" "$dns" "$twice" "$twice" >day.log
printf '%s\n' "$dns" "$conn" "$twice" "$next" "$twice" "$twice" >days.log
import day.log
import days.log --dry-run 2>/dev/null
import days.log
"$BREACHX" show c.breach event:2 | grep -A 3 "^source" | grep -v SHA
events
counts
echo "# the first is taken back: what the second tells of stays, with its bytes"
undo day.log
events
counts
"$BREACHX" list c.breach host --json | grep -o '"name":"10[^"]*"'
"$BREACHX" search c.breach -c 'example|odd' --kind event
"$BREACHX" search c.breach -v x --kind event | wc -l
"$BREACHX" show c.breach event:2 | grep -A 2 '^source'
"$BREACHX" verify c.breach | head -1
echo "# it comes again, and nothing of it is new"
"$BREACHX" import c.breach day.log | head -1
echo "# the other one is taken back"
undo days.log
events
counts
undo 3
events
counts
"$BREACHX" list c.breach host --json
"$BREACHX" verify c.breach | head -1
rm c.breach

echo "# the longer one first, by another name of the file and by the same"
import days.log
import day.log
mkdir again
printf '%s\n' "$conn" "$next" >again/days.log
import again/days.log
undo 3
events
echo "# some events of a block stay, others do not"
undo 1
events
"$BREACHX" search c.breach -c 'example|odd|udp' --kind event
"$BREACHX" search c.breach -v 'zzz' --kind event
"$BREACHX" search c.breach '' --kind event --json | tail -1 | sed 's/,"ms".*//'
"$BREACHX" info c.breach --json | grep -o '"event":[0-9]*'
"$BREACHX" verify c.breach | head -1
rm c.breach

echo "# hayabusa: a table, a longer one with its columns in another order, and the same as objects"
cat >rules.csv <<'END'
"Timestamp","RuleTitle","Level","Computer","Channel","EventID","RecordID","Details","RuleID"
"2020-09-21 16:15:27.706 +09:00","Logon","info","ws01","Sec",4624,7,"User: amy ¦ Type: 3","r-1"
"2020-09-21 16:15:28.000 +09:00","Task","high","ws02","Sec",4698,9,"Name: x","r-2"
END
cat >more.csv <<'END'
"RuleID","Timestamp","Computer","RuleTitle","Level","Channel","EventID","RecordID","Details"
"r-1","2020-09-21 07:15:27.706 +00:00","ws01","Logon","info","Sec",4624,7,"User: amy ¦ Type: 3"
"r-2","2020-09-21 16:15:28.000 +09:00","ws02","Task","high","Sec",4698,9,"Name: x"
"r-3","2020-09-21 16:15:28.000 +09:00","ws02","Task","high","Sec",4698,9,"Name: x"
"r-2","2020-09-21 16:15:28.000 +09:00","ws02","Task","crit","Sec",4698,9,"Name: x"
END
cat >rules.jsonl <<'END'
{"Timestamp":"2020-09-21 16:15:27.706 +09:00","RuleTitle":"Logon","Level":"info","Computer":"ws01","Channel":"Sec","EventID":4624,"RecordID":7,"Details":{"User":"amy","Type":3},"RuleID":"r-1"}
{"Timestamp":"2020-09-21 16:15:28.000 +09:00","RuleTitle":"Task","Level":"high","Computer":"ws02","Channel":"Sec","EventID":4698,"RecordID":9,"Details":"Name: x","RuleID":"r-2"}
END
import rules.csv
import more.csv
import rules.jsonl
events
rm c.breach

echo "# Winlogbeat"
beat() {
	printf '{"@metadata":{"beat":"winlogbeat"},"@timestamp":"2020-01-20T00:00:0%s.000Z","computer_name":"ws01","log_name":"Security","record_number":"%s","event_id":4624,"event_data":{"TargetUserName":"amy"},"message":"logon"}\n' "$1" "$2"
}
{ beat 1 11; beat 1 12; } >winlog.json
{ beat 1 12; beat 2 13; beat 1 11; } >later.json
import winlog.json
import later.json
echo "# MISP's export as a table: rows are known by their uuid"
misp() {
	printf '5a3d1f10-0001-4a00-8000-00000000000%s,1,Network activity,%s,%s,,1,2020-01-20\n' "$1" "$2" "$3"
}
head='uuid,event_id,category,type,value,comment,to_ids,date'
{ echo "$head"; misp 1 domain a.example; misp 2 ip-dst 10.9.8.7; } >misp.csv
{ echo "$head"; misp 2 ip-dst 10.9.8.7; misp 1 domain a.example; misp 3 domain b.example; } >feed.csv
import misp.csv 2>/dev/null
import feed.csv 2>/dev/null
echo "# nothing tells one event from another"
printf 'datetime,timestamp_desc,message\n2020-01-20T00:00:00Z,x,one\n' >a.csv
printf 'datetime,timestamp_desc,message\n2020-01-20T00:00:00Z,x,one\n2020-01-20T00:00:01Z,x,two\n' >b.csv
import a.csv
import b.csv
