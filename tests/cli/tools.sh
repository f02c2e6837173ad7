#!/bin/sh
# Files as tools write them that have no format of their own here: what their rows are taken for, when
# they happened, and that no machine, login or indicator is made of what is none.
cd "$TEST_FOLDER" || exit 1
mkdir in && cd in || exit 1

# Excel, with the list separator of its locale; PowerShell's Export-Csv.
printf 'sep=;\r\nHostname;IP;Gr\303\266\303\237e\r\nWS01;192.0.2.5;1,5\r\n' >excel.csv
printf '#TYPE Selected.Microsoft.ActiveDirectory.Management.ADComputer\r\n"Name","DNSHostName","IPv4Address"\r\n"WS01","ws01.corp.example","192.0.2.1"\r\n' >computers.csv
# EvtxECmd, as CSV and JSON: the machine repeats, and is no indicator.
header=RecordNumber,EventRecordId,TimeCreated,EventId,Channel,Computer,MapDescription,UserName,RemoteHost,Payload
printf '%s\n1,100,2021-05-05 10:10:10.1234567,4624,Security,DC01.corp.example,Successful logon,CORP\\amy,- (-),{}\n2,101,2021-05-05 10:10:11.1234567,4625,Security,DC01.corp.example,Failed logon,-\\-,- (-),{}\n' $header >evtxecmd.csv
printf '{"PayloadData1":"a","UserName":"-\\\\-","MapDescription":"Successful logon","Computer":"DC01.corp.example","Channel":"Security","EventId":4624,"TimeCreated":"2021-05-05T10:10:10.1234567+00:00"}\n{"UserName":"CORP\\\\amy","Computer":"DC01.corp.example","Channel":"Security","EventId":4625,"TimeCreated":"2021-05-05T10:10:12.1234567+00:00"}\n' >evtxecmd.json
# Chainsaw: a rule has a name and a status, and is no machine.
printf '[{"group":"Sigma","kind":"individual","document":{"kind":"evtx","data":{"Event":{"System":{"Computer":"WS01","EventID":1}}}},"name":"Bad thing","timestamp":"2021-05-05T10:10:10.123456+00:00","status":"stable","level":"high"}]\n' >chainsaw.json
# Suricata: its host is the sensor.
printf '{"timestamp":"2021-05-05T10:10:10.123456+0000","event_type":"alert","src_ip":"192.0.2.5","dest_ip":"198.51.100.7","alert":{"signature":"ET x"},"host":"sensor-1"}\n' >eve.json
printf '{"__REALTIME_TIMESTAMP":"1620209410123456","_HOSTNAME":"web01","SYSLOG_IDENTIFIER":"sshd","MESSAGE":"Failed password"}\n' >journal.json
printf '\357\273\277Date (UTC),Request ID,User,Username,Application,IP address,Status\r\n2021-05-05T10:10:10Z,r-1,Amy A,amy@corp.example,Office,198.51.100.7,Failure\r\n' >signin.csv
printf '[{"createdDateTime":"2021-05-05T10:10:10Z","userPrincipalName":"amy@corp.example","appDisplayName":"Office","ipAddress":"198.51.100.7","deviceDetail":{"displayName":"WS01"}}]\n' >signin.json
# TheHive: `ioc` says whether, not which.
printf '[{"ioc":true,"dataType":"ip","data":"198.51.100.7","message":"c2"}]\n' >hive.json
printf 'ioc,ip\ntrue,198.51.100.7\n' >flag.csv
# A list of processes has hashes; with a time and a login it is a log.
printf 'Pid,Name,Hash,Username,StartTime,Fqdn\n4,System,,SYSTEM,2023-04-01T10:00:00Z,ws01.corp.example\n8,x.exe,d41d8cd98f00b204e9800998ecf8427e,amy,2023-04-01T10:01:00Z,ws01.corp.example\n' >processes.csv
# Nothing says what these are: machines again and again, no list of indicators.
printf 'seen at,note\nws01.corp.example,a\nws01.corp.example,b\nws01.corp.example,c\n' >again.csv
# A time whose name says which; none at all; whose word a row is.
printf 'File,Changed0x10\na,2021-05-05T10:10:10Z\nb,2021-05-06T10:10:10Z\n' >files.csv
printf 'message,user\na,n/a\nb,(null)\nc,amy\n' >undated.csv
printf 'hostname,ip,by,status\nWS01,192.0.2.1,R. Viewer,infected\n127.0.0.1,192.0.2.2,,\n' >hosts.csv

try()
{
	file=$1
	shift
	rm -f c.breach
	echo "# $file${*:+ }$*"
	"$BREACHX" import c.breach "$file" --json "$@" 2>told | sed 's/,"sha256":"[^"]*"//'
	cat told
	[ -f c.breach ] || return
	for kind in host account event indicator; do
		"$BREACHX" list c.breach $kind --json
	done | sed 's/"source":{[^}]*"start":\([0-9]*\),"end":\([0-9]*\)}/"at":"\1-\2"/'
}
for file in excel.csv computers.csv evtxecmd.csv evtxecmd.json chainsaw.json eve.json journal.json \
	signin.csv signin.json hive.json flag.csv processes.csv again.csv hosts.csv; do
	try $file
done
try evtxecmd.csv --zone UTC
try files.csv --kind event
try files.csv --kind event --set time_kind=modified
try undated.csv --kind event
try undated.csv --kind event --set time=2021-05-05
echo "# dry run: a judgement is an extra field, as it will be"
"$BREACHX" import none.breach hosts.csv --dry-run 2>/dev/null | grep -e 'infected' -e 'kept as'
echo "# one place for one column"
"$BREACHX" import none.breach hosts.csv --map name=hostname --map name=ip
"$BREACHX" import none.breach hosts.csv --map name=hostname --map address=hostname
rm -f c.breach && "$BREACHX" import c.breach hosts.csv 2>/dev/null | head -1
"$BREACHX" search c.breach -F 'R. Viewer'
echo "# objects of any shape"
# An answer of Elasticsearch; two objects one after another, with a list in each; one object.
printf '{"took":3,"hits":{"total":2,"hits":[{"_id":"a","_source":{"@timestamp":"2021-05-05T10:10:10Z","message":"one"}},{"_id":"b","_source":{"@timestamp":"2021-05-05T10:10:11Z","message":"two"}}]}}\n' >elastic.json
printf '{\n"id":1,"items":[{"x":"a"}]\n}\n{\n"id":2,"items":[{"x":"b"}]\n}\n' >objects.json
printf '{"id":1,"items":[{"x":"a"},{"x":"b"}]}\n' >object.json
# One path twice: the second stays, too.
printf '{"message":"m","a":{"b":"first","c":["third"]},"a.b":"second","a.c[0]":"fourth","more":"own"}\n' >paths.json
# Other people's `time.reading` is no reading of ours.
printf '{"message":"m","time":"2021-05-05T10:10:10Z","time.reading":"off by one"}\n' >reading.json
try elastic.json --kind event --map time=_source.@timestamp --map message=_source.message
try objects.json --kind event --map message=id
try object.json --kind event --map message=id
try object.json --kind event --map message=x
try paths.json --kind event
try reading.json --kind event
try hosts.csv --set first_seen=bogus --set last_seen=2021-05
echo "# outside of MISP's events"
printf '{"response":[{"Event":{"uuid":"5f6a2f4e-0000-4000-8000-0000000000aa","info":"i","date":"2021-01-01"},"seen":["a"]}],"errors":null,"page":3}' >misp.json
try misp.json
echo "# one name in 60,000 rows: their time does not grow with their square, which would be minutes"
awk 'BEGIN { print "name,note"; for (i = 0; i < 60000; i++) print "WS01,note " i }' >one.csv
rm -f c.breach
timeout 100 "$BREACHX" import c.breach one.csv --kind host --json 2>&1 | sed 's/,"sha256":"[^"]*"//'
timeout 100 "$BREACHX" search c.breach --json -c 'note 59' | sed 's/,"ms":[0-9]*//'
