# breachx new and import: output, JSON, exit codes.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*"
	"$BREACHX" "$@" >said 2>&1
	code=$?
	sed "s|$TEST_FOLDER/||; s/, [0-9]* free$/, N free/" said
	rm -f said
	echo "= $code"
}
printf 'key,name,type,note\nh1,ws01,server,x\nh2,ws02,server\nh3,,server,\n' >hosts.csv
printf 'time,message\n2020-01-20 09:00:00,logon\n' >events.csv
printf 'Intruders were seen.\n\nThe company said that no data was lost.\n' >notice.txt
printf '%%PDF-1.7\n' >report.pdf
printf 'name\n' >empty.csv
mkdir -p folder/within
printf 'value,type\n10.0.0.1,ip\n' >folder/b.csv
printf 'value,type\nevil.example,domain\n' >folder/within/a.csv
ln -s ../hosts.csv folder/link.csv

try new c.breach
try new c.breach
try new
try import c.breach hosts.csv
try import c.breach hosts.csv --json
try import c.breach events.csv
try import c.breach events.csv --zone Asia/Tokyo --json
try import c.breach notice.txt --set publisher='The paper' --json
try import c.breach report.pdf
try import c.breach empty.csv --kind host
try import c.breach folder --json
echo '$ ... | breachx import c.breach - --kind site'
printf 'name\nTokyo\n' | "$BREACHX" import c.breach - --kind site
echo "= $?"
try import c.breach nowhere.csv
try import c.breach c.breach
try import c.breach --colour red hosts.csv
try import c.breach "$(printf 'x\033[31m.csv')"
try import d.breach hosts.csv --dry-run
[ -e d.breach ] || echo "a dry run made no case"
try import made.breach -- hosts.csv
ls -A
"$BREACHX" import --help | head -3
