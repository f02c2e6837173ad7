# Tables of other people's: known headers, lists of indicators, no header at all.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
show() {
	file=$1
	kinds=$2
	shift 2
	echo "# $file $*"
	"$BREACHX" import c.breach "$file" "$@" --json | sed 's/"sha256":"[0-9a-f]*",//'
	[ -f c.breach ] || return 0
	for kind in $kinds; do
		"$BREACHX" list c.breach "$kind" --json | sed 's/"source":{[^}]*"start"/"at":{"start"/'
	done
	rm -f c.breach
}
md5=d41d8cd98f00b204e9800998ecf8427e
sha1=da39a3ee5e6b4b0d3255bfef95601890afd80709
sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

printf 'SHA256,SHA1,MD5,Compile Timestamp,C2 Server\n%s,%s,%s,2019-01-07 07:13:47 UTC,a[.]example\n,,N/A,,hxxp://b[.]example/x\n' \
	$sha256 $sha1 $md5 >samples.csv
show samples.csv "indicator event"
printf 'value,type,notes\n"%s,%s,%s",file,three of one file\nc(.)example,hostname,\n' $md5 $sha256 $sha1 >values.csv
show values.csv indicator
printf 'Indicator_type,Data,Note\nDescription,A report,\ndomain,d.example,seen\n' >report.csv
show report.csv "indicator document"
printf '2017-08-02 16:28:51,e.example\n2017-08-02 10:21:16,f.example\n' >headless.csv
show headless.csv indicator
printf 'found,where\n10.0.0.1,a\n10.0.0.2,b\n' >shown.csv
show shown.csv indicator
printf 'Hostname,IP\nws01,10.0.0.1\n' >machines.csv
show machines.csv "host indicator"
printf 'Payload Hash;Key;First Seen\n%s;HKLM;26/11/2015 16:17\n' $md5 >keys.csv
show keys.csv indicator
printf 'Name of Covered Entity,State,Individuals Affected,Breach Submission Date,Type of Breach,Web Description\nA Clinic,NC,"2,302",2024-12-03,Hacking,It was told.\n' >hhs.csv
show hhs.csv "incident party site event statement"
printf 'DateAware,DateSubmitted,DataBreachCause,DateStart,DateEnd,Name,Id\n2021-02-04,2021-02-09,Cyberattack,,,A Shop,7\n' >wa.csv
show wa.csv "incident party event"
printf 'Event ID,Category,Description,User,App,Device,Date,IP address\n1,c,Listed,amy,Drive,PC,2023-10-25 17:44:53 UTC,192.0.2.7\n' >m365.csv
show m365.csv "event host account indicator"
printf 'Timestamp,DeviceId,DeviceName,ActionType,SHA1,RemoteUrl,AccountName\n2023-12-21T19:04:59.0109752Z,d,ws01,ProcessCreated,%s,,amy\n' $sha1 >defender.csv
show defender.csv "event host account indicator"
printf 'Time,Entry Location,Entry,Image Path,MD5\n9/18/2020 8:37 PM,HKLM,Run,c:\\a.exe,%s\n' $md5 >autoruns.csv
show autoruns.csv "event indicator" --zone UTC
printf 'Filename,Title,Source,Link,SHA-1,Date,Year\na.pdf,A report,A vendor,https://example.org/a,%s,05/01/2023,2023\n' $sha1 >notes.csv
show notes.csv document
printf 'date,URL,description\n2025/10/01 10:25:00,https://g.example/,A bank\n' >phish.csv
show phish.csv "indicator party"
printf 'a,b\n1,2\n' >unknown.csv
show unknown.csv ""
printf 'uuid,event_id,category,type,value,comment,to_ids,date\nu1,1,Network,ip-dst,192.0.2.9,,1,20200120\n' >misp.csv
show misp.csv indicator
printf 'key,name,basis\nw1,ws01,reported\n' >own.csv
show own.csv host --kind host
printf 'key,name\nw1,ws01\n' >key.csv
show key.csv host --kind host

echo "# no header: a day and a clock in two columns, rows of two widths, a name that is a text's"
printf '\357\273\2779/27/2013\t2:42:26 PM\tBlocked\tWS\\amy\tc:\\a.exe\n9/7/2013\t10:06:05 AM\tAllowed\tWS\\bob\tc:\\b.exe\n9/8/2013\t1:06:05 PM\tBlocked\n' >log.txt
"$BREACHX" import none.breach log.txt
show log.txt event --zone UTC --map "message=column 3"
show log.txt document --format text
printf 'Date,Time,Message,Log Date\n2020-03-09,2:42 PM,a,x\n2020-03-10 10:00:00,,b,\n2020-03-11,soon,c,\n' >parts.csv
show parts.csv event --zone UTC
printf 'Event Date;Event Time;Message\n09/03/2020;14:42:26;a\n13/03/2020;08:00;b\n' >event.csv
show event.csv event --zone Asia/Tokyo
printf '2020-03-09,a thing\n2020-03-10,another\n' >days.csv
show days.csv event

echo "# bytes within tables"
printf '"name","note","note","","note 2"\n"\357\273\277ws01","a","b","c","d"\n"ws02","\r\n",\357\273\277,"e"\n' >odd.csv
show odd.csv host --kind host
printf 'd41d8cd98f00b204e9800998ecf8427e,Loader \226 x\n\n\n00000000000000000000000000000000,y\n' >latin.csv
show latin.csv indicator
printf 'Hostname\nws01\nws02\n' >one.csv
show one.csv host

echo "# the order of day and month"
printf 'time,message\n09/03/2020 10:00,a\n26/11/2015 4:17 PM,b\n2021 Feb 04 12:00:00 AM,c\n"Fri, 22 Feb 2022 22:00:00 -0600",d\n22-02-2022 22:00:00.123 +02:00,e\n"May 5, 2021",f\nmarch,g\n12 Fox 2020,h\n' >dates.csv
"$BREACHX" import c.breach dates.csv
"$BREACHX" import c.breach dates.csv --zone UTC >/dev/null
"$BREACHX" list c.breach events --where 'time in 1990/2030' | cut -c1-60
rm c.breach
"$BREACHX" import c.breach dates.csv --zone UTC --dates dmy --dry-run | grep -v 'space needed'
"$BREACHX" import c.breach dates.csv --zone UTC --dates dmy
for day in 2020-03-09 2015-11-26T16 2021-02-04T00 2022-02-23T04 2022-02-22T20 2021-05-05; do
	"$BREACHX" list c.breach events --where "time in $day" --json | sed 's/"source":{[^}]*},//'
done
"$BREACHX" import d.breach dates.csv --dates ymd
rm c.breach
printf 'time,message\n26/11/2015 10:00,a\n11/26/2015 10:00,b\n1/2/2015 10:00,c\n' >both.csv
show both.csv event --zone UTC
# The last of many rows says it; what comes once only can't be read through first.
awk 'BEGIN { print "time,message"; for (i = 1; i <= 9000; i++) print "2/3/2020 10:00,row " i; print "2/13/2020 10:00,last" }' >long.csv
for file in long.csv -; do
	"$BREACHX" import c.breach $file --zone UTC <long.csv | sed 's/^  sha256.*//'
	"$BREACHX" list c.breach event --limit 1 --json | sed 's/"source":{[^}]*},//'
	rm c.breach
done 2>&1 | grep -v ":[0-9]*: time:"

echo "# times as tools write them, and what is read of each"
while read -r form; do
	printf 'time;message\n%s;m\n' "$form" >form.csv
	printf '%s -> ' "$form"
	"$BREACHX" import none.breach form.csv --zone Asia/Tokyo --dry-run 2>/dev/null |
		sed -n 's/^earliest: //p;s/^undated events: 1/undated/p'
done <<END
2020-08-06T15:56:07.158Z
2015-08-08T02:06:17.0781250+00:00
2012-03-14 04:17:38.276340+00:00
2020-09-21 16:15:27.706 +09:00
2020-09-21 16:15:27 -06:00
0000-00-00T00:00:00.000000+00:00
00/00/0000
1601-01-01T00:00:00Z
1970-01-01T00:00:00Z
1601-01-01 09:00:00
1970-01-01 00:00:00
1970-01-01T00:00:00-05:00
1970-01-01T00:00:05Z
0001-01-01T00:00:00Z
0
1681983000
1588205199.82437
1331698658276
1331698658276340
132223104000000000
637558062101234567
20210505101010
20210505101010.5Z
202105051010
20210532101010
2021 Feb 04 12:00:00 AM
2021 Feb 04 12:30:00 PM
05/23/2023
26/11/2015 16:17
2/10/17 3:46
2/13/17 3:46
9/18/2020 8:37 PM
2025/10/01 10:25:00
2025/1/2 3:04 AM
2023-10-25 17:44:53 UTC
2023-12-21T19:04:59.0109752Z
Thu, 06 Aug 2020 15:56:07 +0000
2013-05
2013
2019~
END

echo "# hours that a zone has twice, or not at all"
printf 'time;message\n2021-06-01 12:00:00;m\n2021-10-31 02:30:00;m\n2021-03-28 02:30:00;m\n' >hours.csv
"$BREACHX" import none.breach hours.csv --zone Europe/Berlin --dry-run | grep -v -e sha256 -e space -e '^first' -e '^  '
"$BREACHX" import none.breach hours.csv --zone +01:00 --dry-run | grep -e earliest -e latest -e hour

echo "# prose with commas, and a table that is called a text"
printf 'On Monday, it was told that machines were attacked.\n\nThat day, nobody knew. The company, it said, was looking into it.\n\nNo more was said, and of nothing else, of the three servers.\nIt ended.\n' >prose.dat
cp machines.csv machines.txt
printf 'd41d8cd98f00b204e9800998ecf8427e,11111111-1111-4111-8111-111111111111\n' >hashes.csv
for file in prose.dat machines.txt hashes.csv; do
	"$BREACHX" import none.breach $file --dry-run --json 2>told | sed -n 's/"sha256.*//p'
	grep '^breachx' told
done
"$BREACHX" import none.breach - --dry-run --json <prose.dat 2>told | sed -n 's/"sha256.*//p'
"$BREACHX" import none.breach machines.csv --set nope=1
"$BREACHX" import none.breach machines.csv --map nope=IP
# That the last one is refused is no failure of the script.
true

echo "# JSON with dates in numbers: the order is asked for before the first row"
printf '{"time":"13/05/2020 10:00:00","message":"a"}\n{"time":"4/5/2020 11:00:00","message":"b"}\n' >dates.jsonl
for options in '' '--dry-run' '--dates dmy' '--dates dmy --zone UTC'; do
	# shellcheck disable=SC2086
	"$BREACHX" import dates.breach dates.jsonl $options | grep -v 'sha256\|space needed'
done
"$BREACHX" list dates.breach event --where 'time<2020-05-10' --json | grep -o '"time":[^,]*'
