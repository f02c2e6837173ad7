# What events speak of beside their fields: indicators, the other machine, places, techniques.
here=$PWD
work=$(mktemp -d)
cd "$work" || exit 1
tell() {
	echo "# $1"
	"$BREACHX" import c.breach "$@" --json | sed 's/"sha256":"[^"]*",//; s/"bytes":[0-9]*,//'
	for kind in host site technique indicator; do
		"$BREACHX" list c.breach $kind --json |
			sed -n 's/.*"kind":\("[a-z]*"\).*"start":\([0-9]*\).*},\("[av].*\|"n.*\)}$/  \1 at \2 \3/p'
	done
	rm -f c.breach
}
hashes='"Hashes":"SHA1=DA39A3EE5E6B4B0D3255BFEF95601890AFD80709,MD5=D41D8CD98F00B204E9800998ECF8427E,IMPHASH=00000000000000000000000000000000"'
run='"EventID":1,"Channel":"Sysmon","Image":"C:\\W\\b.exe","ParentImage":"C:\\W\\a.exe"'
printf '%s\n' \
	'{"@timestamp":"2020-08-06T15:56:07Z","Hostname":"WS01",'"$run,$hashes"'}' \
	'{"@timestamp":"2020-08-06T15:56:08Z","Hostname":"WS01",'"$run"'}' \
	'{"@timestamp":"2020-08-06T15:56:09Z","Hostname":"WS01","EventID":4624,"Channel":"Security","IpAddress":"::ffff:192.0.2.7"}' \
	'{"@timestamp":"2020-08-06T15:56:10Z","Hostname":"WS01","EventID":4624,"Channel":"Security","IpAddress":"127.0.0.1"}' \
	'{"@timestamp":"2020-08-06T15:56:11Z","Hostname":"WS01","EventID":3,"Channel":"Sysmon","Image":"System","DestinationIp":"224.0.0.251"}' \
	'{"@timestamp":"2020-08-06T15:56:12Z","Hostname":"WS02","EventID":7,"Channel":"Sysmon","Hashes":"MD5=d41d8cd98f00b204e9800998ecf8427e"}' >flat.log
tell flat.log
echo "# what it says of them, once a pair"
"$BREACHX" import d.breach flat.log >/dev/null
for id in 3 5; do
	"$BREACHX" show d.breach indicator:$id | sed -n '/^related/,$p'
done
echo "# a machine that is called by the address it is reached from"
echo '{"@timestamp":"2020-08-06T15:56:09Z","Hostname":"192.0.2.7","EventID":4624,"Channel":"Security","IpAddress":"192.0.2.7"}' >self.log
rm -f d.breach
"$BREACHX" import d.breach self.log | sed 1q
"$BREACHX" show d.breach indicator:1 | sed -n '/^related/,$p'
echo "# two logs tell of the same events: what they mention is counted once, whichever is taken back"
say() {
	printf '{"@timestamp":"2020-08-06T15:56:0%dZ","Hostname":"WS01","RecordNumber":%d,%s}\n' "$1" "$1" "$run"
}
{ say 1; say 2; } >one.log
{ say 1; say 2; say 3; } >two.log
for first in 1 2; do
	rm -f d.breach
	"$BREACHX" import d.breach one.log two.log | grep taken
	"$BREACHX" show d.breach indicator:1 | sed -n '/seen with/p'
	"$BREACHX" undo-import d.breach $first --by amy | sed 1q
	"$BREACHX" show d.breach indicator:1 | sed -n '/seen with/p'
	"$BREACHX" verify d.breach | sed 1q
done
rm -f d.breach
echo '{"@timestamp":"2020-08-06T15:56:07Z","winlog":{"channel":"Security","event_id":4624,"computer_name":"WS01","event_data":{"IpAddress":"192.0.2.7"}},"ecs":{"version":"1"}}' >beat.log
echo '{"@timestamp":"2020-08-06T15:56:08Z","winlog":{"channel":"Security","event_id":4625,"computer_name":"WS01","event_data":{"IpAddress":"-"}},"ecs":{"version":"1"}}' >>beat.log
tell beat.log
printf '%s\n' '"Timestamp","RuleTitle","Level","Computer","Channel","EventID","RecordID","Details","MitreTags","RuleID"' \
	'"2020-08-06 15:56:07.158 +00:00","Net Conn","info","WS01","Sysmon",3,1,"Proc: C:\W\b.exe ¦ SrcIP: 192.0.2.7 ¦ TgtIP: n/a","T1059.001 ¦ T1086 ¦ G0060 ¦ S0002","r1"' >rules.csv
tell rules.csv
printf '%s\n' '{"Timestamp":"2020-09-21 16:15:27.706 +09:00","RuleTitle":"Run","Computer":"WS01","Channel":"Sysmon","EventID":1,"Details":{"Proc":["C:\\W\\b.exe","C:\\W\\c.exe"],"Hashes":"SHA256=0000000000000000000000000000000000000000000000000000000000000000"}}' \
	'{"Timestamp":"2020-09-21 16:15:28.706 +09:00","RuleTitle":"Run","Computer":"WS01","Channel":"Sysmon","EventID":1,"Details":{"TgtIP":"2001:db8::1"}}' >rules.jsonl
tell rules.jsonl
printf '%s\n' '{"@stream":"ssl","ts":1588205199.5,"uid":"C1","id_orig_h":"192.0.2.1","id_resp_h":"192.0.2.2","server_name":"a.example","resp_certificate_sha1":"da39a3ee5e6b4b0d3255bfef95601890afd80709"}' \
	'{"@stream":"http","ts":1588205200.5,"uid":"C2","id_orig_h":"192.0.2.1","id_resp_h":"255.255.255.255","host":"192.0.2.9"}' \
	'{"@stream":"dns","ts":1588205201.5,"uid":"C3","id_orig_h":"192.0.2.2","id_resp_h":"192.0.2.1","query":"b.example"}' >zeek.log
tell zeek.log
printf '%s\n' '{"EventId":"1","EventName":"Run","EventTime":"2022-02-08 09:23:37+11:00","EventSource":"ec2","Username":"amy","CloudTrailEvent":"{\"awsRegion\":\"ap-southeast-2\",\"sourceIPAddress\":\"192.0.2.3\"}"}' \
	'{"EventId":"2","EventName":"Run","EventTime":"2022-02-08 09:23:38+11:00","EventSource":"ec2","Username":"amy","CloudTrailEvent":"{\"awsRegion\": \"eu-west-1\", \"sourceIPAddress\": \"ec2.amazonaws.com\"}"}' >trail.log
tell trail.log
printf '%s\n' 'datetime,timestamp_desc,source,source_long,message,parser,display_name,tag' \
	'2012-01-22T07:52:33+00:00,Content Modification Time,EVT,WinEVTX,[7036] Source Name: x Computer Name: WS07 Record Number: 1,winevtx,OS:/a.evtx,-' \
	'2012-01-22T07:52:34+00:00,Content Modification Time,LOG,Cron log,Cron ran: touch for user: root pid: 1,syslog,OS:/syslog,-' \
	'2012-01-22T07:52:35+00:00,Content Modification Time,LOG,Log File,Hostname: - and MyHostname: WS08,syslog,OS:/syslog,-' >plaso.csv
tell plaso.csv
echo "# without a case"
"$BREACHX" import none.breach flat.log --dry-run --json 2>/dev/null | grep -o '"kinds":{[^}]*}'
cd "$here" || exit 1
if [ -d ../shared/samples ]; then
	python3 tests/cli/mentions.py "$BREACHX" ../shared/samples "$work"
else
	echo "cli: mentions in samples skipped: ../shared/samples is absent" >&3
	echo "logs whose mentions differ: 0"
fi
rm -rf "$work"
