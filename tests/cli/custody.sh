# Sources and their custody: imported again, taken back, moved and found, made from an original.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*"
	timeout 60 "$BREACHX" "$@" >said 2>&1
	code=$?
	sed "s|$TEST_FOLDER/||g" said
	rm -f said
	echo "= $code"
}
unset LOGNAME USER
printf 'name,type\nws01,server\nws02,server\nws03,terminal\n' >hosts.csv
try import c.breach hosts.csv
printf 'name,type\nws02,terminal\nws01,server\nws04,terminal\nws05,server\n' >hosts.csv
try import c.breach hosts.csv --dry-run | grep other
try import c.breach hosts.csv
printf 'name,type\nws02,terminal\nws01,server\nws04,terminal\n' >hosts.csv
try import c.breach hosts.csv --json

echo "--- rows that have no name are their bytes; a row is not its host's"
printf 'time,host,message\n2020-01-20T00:00:00Z,ws01,a\n2020-01-20T00:00:01Z,ws01,b\n' >log.csv
try import c.breach log.csv --json
printf 'time,host,message\n2020-01-20T00:00:01Z,ws01,b\n2020-01-20T00:00:02Z,ws01,c\n2020-01-20T00:00:03Z,ws01,d\n' >log.csv
try import c.breach log.csv --json

echo "--- what a text was made from"
printf 'Intruders were seen.\n' >notice.txt
printf '%%PDF-1.7 signed\n' >notice.pdf
mkfifo pipe
ln -s notice.pdf link.pdf
try import c.breach notice.txt --original nowhere.pdf
try import c.breach notice.txt --original link.pdf
try import c.breach notice.txt --original pipe
try import c.breach notice.txt --original c.breach
try import c.breach notice.txt log.csv --original notice.pdf
try import c.breach notice.txt --original notice.pdf --json
sha256sum notice.pdf
try import c.breach notice.txt --original notice.pdf
printf 'name\nTokyo\n' | gzip -n >sites.csv.gz
try import c.breach sites.csv.gz --kind site --json
sha256sum sites.csv.gz

echo "--- taking back"
try undo-import c.breach
try undo-import c.breach 99 --by me
try undo-import c.breach hosts.csv --by me
try undo-import c.breach log.csv
try undo-import c.breach 4
try undo-import c.breach 3 --by me --reason 'came twice'
try undo-import c.breach 5 --by me --json
try undo-import c.breach log.csv --by me
try undo-import c.breach 5 --by me
hash=$(sha256sum notice.txt | cut -c1-8)
try undo-import c.breach "$hash" --by me
try undo-import @example 1 --by me
try list c.breach events --json
try import c.breach log.csv
try verify c.breach

echo "--- moved and found"
mkdir -p here there/deep
python3 - <<'MAKE'
with open("here/big.csv", "w") as file:
    file.write("time,message\n")
    for i in range(200000):
        file.write("2020-01-20T09:00:%02dZ,the message of number %d\n" % (i % 60, i))
MAKE
try import c.breach here/big.csv
try attach c.breach there
mv here/big.csv there/deep/other.name
ln -s ../there/deep/other.name here/big.csv
try attach c.breach here
try show c.breach event:100
"$BREACHX" show c.breach event:100 --json | python3 -c '
import json, sys
at = json.load(sys.stdin)["source"]
print(open("there/deep/other.name", "rb").read()[at["start"]:at["end"]])'
"$BREACHX" verify c.breach | head -3
echo "$ a changed file of that size"
cp there/deep/other.name there/a
printf 'X' | dd of=there/a bs=1 seek=1000 conv=notrunc 2>/dev/null
try attach c.breach there
try attach c.breach there --json | tail -3
try verify c.breach
mkdir stick
mv c.breach there stick
try attach stick/c.breach stick | grep found
mv stick elsewhere
echo "$ case and file moved together"
"$BREACHX" verify elsewhere/c.breach | sed -n 2p
cp elsewhere/there/a elsewhere/there/deep/other.name
try verify elsewhere/c.breach
try attach elsewhere/c.breach elsewhere
try attach elsewhere/c.breach pipe
try attach elsewhere/c.breach nowhere
try attach elsewhere/c.breach
try attach elsewhere/c.breach . --colour

echo "--- odd files"
mkdir folder
cd folder || exit 1
for odd in ../pipe /dev/zero /dev/full ../link.pdf ../../nowhere; do
	try import ../o.breach "$odd"
done
[ -e ../o.breach ] || echo "no case was made"
cd .. || exit 1
try import o.breach folder
head -c 300000000 /dev/zero | gzip -n >bomb.csv.gz
try import o.breach bomb.csv.gz --kind host
python3 - <<'MAKE'
import zipfile
with zipfile.ZipFile("two.zip", "w") as file:
    file.writestr(zipfile.ZipInfo("a/hosts.csv"), "name,type\nws09,server\n")
    file.writestr(zipfile.ZipInfo("b/hosts.csv"), "name,type\nws09,server\nws10,server\n")
MAKE
try import o.breach two.zip --kind host

echo "--- an interrupt while standard input is waited for"
timeout 100 python3 - "$BREACHX" <<'WAIT'
import signal, subprocess, sys, time
for first in (b"", b"name\nws77\n"):
    process = subprocess.Popen([sys.argv[1], "import", "o.breach", "-", "--kind", "host"],
                               stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdin.write(first)
    process.stdin.flush()
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    err = process.stderr.read()
    print(err.decode().strip())
    print("=", process.wait(20))
WAIT
"$BREACHX" list o.breach hosts --json | grep -c ws77
"$BREACHX" verify o.breach | head -1
