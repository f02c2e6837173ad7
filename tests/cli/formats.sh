# Each format's own small sample: which records are made of it, and at which bytes.
corpus=$PWD/tests/corpus
cd "$TEST_FOLDER" || exit 1
exec 2>&1
show() {
	file=$1
	shift
	kinds=$1
	shift
	echo "# $file"
	"$BREACHX" import c.breach "$corpus/$file" "$@" --json >said 2>narrated
	echo "= $?"
	sed 's/"sha256":"[0-9a-f]*",//' said
	sed "s|$corpus/||" narrated
	[ -f c.breach ] || return 0
	for kind in $kinds; do
		"$BREACHX" list c.breach "$kind" --format json |
			sed 's/"source":{[^}]*"start"/"at":{"start"/'
	done
	rm -f c.breach
}
show stix/bundle.json "actor incident indicator event document statement party site"
show stix/more.json "actor technique incident indicator account event document statement party site"
"$BREACHX" import c.breach "$corpus/stix/more.json" 2>/dev/null >&2
for record in event:1 event:2 event:3 indicator:2 incident:1 statement:1 document:1; do
	"$BREACHX" show c.breach $record | sed -n '1p;/^ *[<-]/p'
done
rm -f c.breach
show misp/event.json "incident indicator statement actor technique document party event"
show misp/parts.json "incident actor party account host site indicator statement document"
show galaxy/threat-actor.json "actor indicator document"
show galaxy/attack-pattern.json "technique document"
show galaxy/tool.json "indicator document"
show veris/array.json "incident party site host actor technique data document statement event"
show veris/full.json "incident party site host actor technique indicator statement event"
"$BREACHX" import c.breach "$corpus/veris/full.json" 2>/dev/null >&2
for record in incident:1 party:1 actor:1 actor:3; do
	"$BREACHX" show c.breach $record | sed -n '1p;/^ *[<-]/p'
done
rm -f c.breach
show plaso/l2t.csv "event host account"
show plaso/dynamic.csv event
show plaso/json.log "event host"
show plaso/tln.log event
show jsonl/lines.jsonl event
show jsonl/mixed.jsonl event --kind event
show jsonl/mixed.jsonl event --kind event --zone Asia/Tokyo
show json/array.json host
show json/list.json host --kind host
show json/values.json host --kind host

printf '{"@timestamp":"2020-01-20T00:00:07Z","@metadata":{"beat":"winlogbeat"},"event_data":{"UtcTime":"2020-01-20 00:00:05.123","TargetDomainName":"CORP","TargetUserName":"amy","SubjectUserName":"-"},"computer_name":"ws01.example","log_name":"Security","event_id":4624,"beat":{"hostname":"collector"},"message":"logon"}\n{"x":1}\n' >beats.json
printf '{"@stream":"dns","ts":1588205199.5,"uid":"C1","id_orig_h":"10.0.1.6","query":"a.example"}\n{"@stream":"conn","ts":0,"uid":"C2","id_orig_h":"-"}\n' >dns.log
printf 'Timestamp,RuleTitle,Level,Computer,Channel,EventID,Details\n2020-09-21 16:15:27.706 +09:00,Odd logon,high,ws01,Sec,4624,"User: amy ¦ Type: 3"\n' >hayabusa.csv
printf 'message,datetime,timestamp_desc,timestamp,hostname\n"two\nlines",2020-01-20 09:00:00,Written,,localhost\nb,nonsense,Written,1579478400000000,ws02\n' >timesketch.csv
printf '{"message":"naive","TimeCreated":"2020-01-20 09:00:00","Hostname":"ws01","EventID":1}\n' >naive.json
printf 'd41d8cd98f00b204e9800998ecf8427e\nDA39A3EE5E6B4B0D3255BFEF95601890AFD80709  empty.bin\n' >hashes.txt
printf '[{"Name":"Shop","Title":"The Shop","Domain":"shop.example","BreachDate":"2019-05-01","AddedDate":"2019-06-01T00:00:00Z","PwnCount":12,"Description":"Taken.","DataClasses":["Names"]}]' >hibp.json
printf '{"a":1,' >cut.json
printf '[1, 2]' >numbers.json
printf '{"values":[{"uuid":"u2"},{"value":"x"}],"authors":["a"],"uuid":"u","type":"t"}' >galaxy.json
printf 'The company said that all was well.\n\fThe ministry said that it knew of the\n\fmatter.\n\fThe minister said that it was so.\n' >pages.txt
printf '{"Event":{"info":"x","uuid":"u9","Object":[{"uuid":"o1","name":"organization","Attribute":[{"uuid":"a1","type":"text","object_relation":"description","value":"large"},{"uuid":"a2","type":"text","object_relation":"name","value":"Example Ltd"}]},{"uuid":"o2","name":"geolocation","Attribute":[{"uuid":"a3","type":"float","object_relation":"latitude","value":"1.0"},{"uuid":"a4","type":"text","object_relation":"city","value":"Kobe"}]}]}}' >objects.json
event='{"Event":{"info":"x","uuid":"u7","Attribute":[{"uuid":"a7","type":"domain","value":"a.example"}]}}'
printf '{"response":%s}' "$event" >response.json
printf '{"response":[%s]}' "$event" >responses.json
printf '%s' "$event" >event.json
printf '[%s]' "$event" >events.json
printf '%s' "$event" | sed 's/^{"Event"://;s/}$//' >bare.json
echo "# a Zeek log as Zeek writes it: lines about the file are no rows, - is not stated"
tail -c +2 "$corpus/events/zeek-table" >dns-table.log
"$BREACHX" import c.breach dns-table.log --json | sed 's/"sha256":"[0-9a-f]*",//'
for kind in event host indicator; do
	"$BREACHX" list c.breach "$kind" --json | sed 's/"source":{[^}]*"start"/"at":{"start"/'
done
rm -f c.breach
grep -v '^[#]fields' dns-table.log >fieldless.log
"$BREACHX" import c.breach fieldless.log --format zeek
corpus=.
for wrapped in response responses event events bare; do
	show $wrapped.json indicator
done
show beats.json "event host account"
show dns.log "event host"
show hayabusa.csv "event host account"
show timesketch.csv "event host"
show naive.json event
show naive.json event --zone floating
show hashes.txt indicator
show hibp.json "incident party data statement"
show cut.json ""
show numbers.json ""
show galaxy.json document
show pages.txt statement
show objects.json "party site"

echo "# MISP's answers: an event however it is wrapped, and what holds none"
event='{"info":"e","uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2111"}'
for answer in '{"response":[]}' '{"response":{}}' '{"response":{"Event":[]}}' '[{"Event":{}}]' '{"Event":[]}' \
	"{\"response\":{\"Event\":$event}}" "{\"response\":{\"Event\":[$event]}}" "[{\"Event\":{}},{\"Event\":$event}]" \
	'{"response":{"Attribute":[{"type":"domain","category":"x","value":"a.example","event_id":"1"}]}}'; do
	echo "$answer" >answer.json
	"$BREACHX" import none.breach answer.json --dry-run | head -1
done
echo "# what was said to be of a format and is not"
echo "$event" >event.json
printf 'name,os\na,b\n' >table.csv
printf '#separator \\x09\n#path\tconn\n1\t2\n' >nameless.log
for words in 'misp numbers.json' 'zeek nameless.log' 'zeek table.csv' 'plaso table.csv' 'hayabusa table.csv' \
	'stix table.csv' 'veris nameless.log'; do
	# shellcheck disable=SC2086
	set -- $words
	"$BREACHX" import none.breach "$2" --format "$1"
	echo "= $?"
done
