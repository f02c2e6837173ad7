# Two sources that tell of the same record by an id that lasts: one record, and both have their say.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
printf '{"schema_version":"1.3.3","incident_id":"AB-1","summary":"x","action":{"hacking":{"variety":["SQLi"]}},"actor":{"external":{}},"victim":{"victim_id":"Shop"}}' >old.json
printf '[{"schema_version":"1.4.0","incident_id":"ab-1","summary":"y","action":{"hacking":{"variety":["SQLi"]}},"actor":{"external":{}},"victim":{"victim_id":"Shop"},"plus":{"n":1}}]' >new.json
fox='"type":"intrusion-set","id":"intrusion-set--1","name":"Fox"'
report='"type":"report","id":"report--1"'
first="{$fox,\"modified\":\"2020-01-01T00:00:00Z\",\"aliases\":[\"F\"]},{$report,\"modified\":\"2020-01-01T00:00:00Z\",\"name\":\"R\"}"
second="{$fox,\"modified\":\"2021-01-01T00:00:00Z\",\"aliases\":[\"F\",\"G\"]},{$report,\"modified\":\"2021-01-01T00:00:00Z\",\"name\":\"R2\"}"
printf '[%s]' "$first" >first.json
printf '[%s]' "$second" >second.json
printf '[%s,%s]' "$first" "$second" >both.json
printf '[%s,%s]' "$second" "$first" >backward.json
show() {
	echo "# $*"
	for file; do
		"$BREACHX" import c.breach "$file" --json | sed 's/"sha256":"[0-9a-f]*",//'
	done
	list
}
list() {
	for kind in incident actor document; do
		"$BREACHX" list c.breach $kind --json | sed 's/"sha256":"[0-9a-f]*",//'
	done
}
show old.json new.json
echo "# the first one is taken back"
"$BREACHX" undo-import c.breach old.json --by amy
list
"$BREACHX" verify c.breach | head -1
rm c.breach
show first.json second.json
rm c.breach
show both.json
rm c.breach
show backward.json
rm c.breach
echo "# what was spoken of before it was described"
printf '[{"type":"note","id":"note--1","content":"x","object_refs":["report--1","malware--1"]}]' >spoken.json
printf '[{%s,"name":"R"},{"type":"malware","id":"malware--1","name":"Foo"}]' "$report" >described.json
printf '[{"type":"note","id":"note--2","content":"y","object_refs":["report--1","malware--1"]}]' >later.json
show spoken.json described.json later.json
"$BREACHX" list c.breach indicator --json | sed 's/"sha256":"[0-9a-f]*",//'
for record in document:1 document:2 indicator:2 statement:2; do
	"$BREACHX" show c.breach $record | sed -n '1p;/^ *[<-]/p'
done
rm c.breach
echo "# events that two sources tell of"
seen='{"type":"sighting","id":"sighting--1","first_seen":"2020-01-01T00:00:00Z","sighting_of_ref":"malware--1"}'
printf '[%s]' "$seen" >seen.json
printf '[%s,{%s}]' "$seen" "$report" >seen_again.json
event='"uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2111","info":"e","Attribute":[{"uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2112","type":"domain","value":"a.example","Sighting":[{"uuid":"5c6d21e5-bb60-47b7-b892-42e6950d2113","date_sighting":"1579478400"}]}]'
printf '{"Event":{%s}}' "$event" >event.json
printf '{"Event":{%s,"analysis":"2"}}' "$event" >event_again.json
printf '{"schema_version":"1.3.3","incident_id":"AB-1","action":{},"actor":{},"victim":{"victim_id":"Shop"},"timeline":{"incident":{"year":2019},"discovery":{"unit":"Days","value":2}}}' >day.json
printf '[{"schema_version":"1.4.0","incident_id":"AB-1","action":{},"actor":{},"victim":{"victim_id":"Shop"},"timeline":{"incident":{"year":2019},"discovery":{"unit":"Days","value":2}}}]' >day_again.json
for file in seen event day; do
	"$BREACHX" import c.breach $file.json ${file}_again.json 2>&1 | grep -v sha256
done
"$BREACHX" list c.breach event --json | sed 's/"source":{[^}]*},//'
rm c.breach
echo "# techniques of one name that ATT&CK tells apart"
technique() { printf '{"type":"attack-pattern","id":"attack-pattern--%s","name":"Domains","external_references":[{"source_name":"mitre-attack","external_id":"%s"}]}' $1 $2; }
printf '[%s,%s,%s]' "$(technique 1 T1583.001)" "$(technique 2 T1584.001)" "$(technique 3 T1583.001)" >one.json
printf '{"values":[{"uuid":"u1","value":"Domains - T1584.001"}],"authors":["a"],"type":"mitre-attack-pattern"}' >other.json
"$BREACHX" import c.breach one.json other.json | grep -v sha256
"$BREACHX" list c.breach technique --json | sed 's/"source":{[^}]*},//'
rm c.breach
echo "# breaches of two editions of one list, and clusters of two events"
breach='"Name":"Shop","Title":"The Shop","Domain":"shop.example","BreachDate":"2019-05-01","Description":"Taken.","DataClasses":["Names","Phones"]'
printf '[{%s,"PwnCount":12}]' "$breach" >breaches.json
printf '[{%s,"PwnCount":13}]' "$breach" >breaches_again.json
sector='"Galaxy":[{"GalaxyCluster":[{"type":"sector","value":"Energy"}]}]'
printf '{"Event":{"uuid":"u1","info":"one",%s}}\n{"Event":{"uuid":"u2","info":"two"}}\n' "$sector" >sector.json
printf '{"Event":{"uuid":"u3","info":"three",%s}}' "$sector" >sector_again.json
"$BREACHX" import c.breach breaches.json breaches_again.json sector.json sector_again.json | grep -v sha256
"$BREACHX" list c.breach incident --json | sed 's/"source":{[^}]*},//'
