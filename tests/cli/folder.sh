# What lies in a folder beside the evidence; lines of JSON that are bad; options that can't be meant.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*"
	"$BREACHX" "$@" >"$TEST_FOLDER/said" 2>&1
	code=$?
	sed 's/[0-9a-f]\{64\}/HASH/g;s/, [0-9]* free$/, N free/' "$TEST_FOLDER/said"
	rm -f "$TEST_FOLDER/said"
	echo "= $code"
}

echo "# a MISP feed: its events are read, what accompanies them is passed over"
mkdir feed
UUID=5c6d21e5-bb60-47b7-b892-42e6950d2111
echo "{\"Event\":{\"uuid\":\"$UUID\",\"info\":\"e\",\"Attribute\":[{\"type\":\"domain\",\"value\":\"a.example\"}]}}" \
	>feed/$UUID.json
echo "{\"$UUID\":{\"Orgc\":{\"name\":\"o\"},\"info\":\"e\",\"date\":\"2020-01-02\"}}" >feed/manifest.json
echo "0cc175b9c0f1b6a831c399e269772661,$UUID" >feed/hashes.csv
try import feed.breach feed
try list feed.breach indicators --format csv
try import alone.breach feed/manifest.json
rm feed/$UUID.json
try import none.breach feed
[ -e none.breach ] || echo "no case was made"

echo "# the folder that the case is in"
mkdir work
echo 'name,os
ws01,x' >work/hosts.csv
cp work/hosts.csv work/c.breach-walled.csv
echo 'ws02,y' >>work/c.breach-walled.csv
cd work || exit 1
"$BREACHX" new c.breach >/dev/null
: >c.breach-journal
try import c.breach . --kind host
try import c.breach c.breach
cd .. || exit 1

echo "# a bad line is reported and skipped, wherever it stands"
GOOD='{"hostname":"a","os":"x"}'
for bad in '{"hostname":' '{"hostn' '{"hostname":[' 'no json' '{"a":1}}'; do
	rm -f lines.breach
	printf '%s\n%s\n%s\n' "$GOOD" "$bad" "$GOOD" >lines.jsonl
	try import lines.breach lines.jsonl --kind host
done
echo "# but a second value may stand over several lines"
printf '%s\n{\n"hostname":"b",\n"os":"y"}\n' "$GOOD" >values.json
try import values.breach values.json --kind host

echo "# options that can't be meant, also for what is there already"
for option in '--dates ymd' '--kind hosst' '--zone Nowhere' '--set basis=guessed'; do
	# shellcheck disable=SC2086
	try import values.breach values.json $option
done

echo "# a dry run of a folder: each file, and what all of them take"
mkdir dry
printf 'name,address,os\nws01,10.0.0.1,x\nws02,,y\n' >dry/hosts.csv
printf '{"time":"2020-01-02T03:04:05Z","message":"logon","host":"ws01","account":"amy","pid":7}\n{"time":"1601-01-01T00:00:00Z","message":"none","host":"ws01"}\n' |
	gzip -n >dry/log.jsonl.gz
printf 'The company said on Monday that the machines of the plant were attacked.\n' >dry/note.txt
try import none.breach dry --dry-run
try import none.breach - --dry-run --zone Asia/Tokyo <dry/hosts.csv
[ -e none.breach ] || echo "no case was made"

echo "# options that a format has no place for are told or refused; --set fills what is not stated"
try import none.breach feed/hashes.csv --map value=x
echo '{"type":"bundle","id":"bundle--1affa123-0a4f-4fc5-81c6-fc1b058f9e44","objects":[{"type":"identity","spec_version":"2.1","id":"identity--7865b6d2-a4af-45c5-b582-afe5ec376c33","name":"A"}]}' >stix.json
try import none.breach stix.json --map name=id
try import set.breach stix.json --kind host --json
try import set.breach dry/log.jsonl.gz --set account=bob --set extra.shift=night --json
try import set.breach dry/note.txt --set host=ws09 --json
try list set.breach event --format csv
printf 'message\na\n' >few.csv
try import none.breach few.csv --kind event --map time=when
try import none.breach few.csv --kind account

echo "# what a folder holds and can't be read is left out and named; the others come in"
mkdir -p odd/below
printf 'name\na\n' >odd/a.csv
printf 'name\nb\n' >odd/below/b.csv
mkfifo odd/pipe
ln -s a.csv odd/link.csv
ln -s nowhere odd/lost.csv
ln -s below odd/folder
printf 'PK\003\004 is all there is of it' >odd/cut.zip
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("odd/socket")'
try import odd.breach odd --kind host
try import none.breach odd --kind host --dry-run --json
rm odd/cut.zip
try import odd.breach odd --kind site
try list odd.breach host --format csv
rm -r odd/*.csv odd/below
try import none.breach odd
try import none.breach odd --original dry/note.txt
echo "# a file that goes while another is read, by who waits for the first one"
mkdir going
printf 'name\na\n' >going/a.csv
printf 'name\nz\n' >going/z.csv
python3 - <<'END'
import os, subprocess, time
run = subprocess.Popen([os.environ["BREACHX"], "import", "going.breach", "-", "going", "--kind", "host", "--json"],
                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
# The case is made when the files are listed.
while not os.path.exists("going.breach") and run.poll() is None:
    time.sleep(0.01)
os.remove("going/a.csv")
print(run.communicate("name\nfirst\n")[0], end="")
print("=", run.returncode)
END
echo "# what was named itself and can't be read: the others come in, and it ends with 2"
try import named.breach nosuch.csv going/z.csv nosuch --kind host --json
try import none.breach nosuch.csv --kind host
try import none.breach going/nosuch.zip odd --kind host
[ -e none.breach ] || echo "no case was made"
echo "# files and folders that are not to be read, for who is not root"
as=
[ "$(id -u)" = 0 ] && as="setpriv --reuid=65534 --regid=65534 --clear-groups"
open=$(mktemp -d)
chmod 755 "$open"
mkdir -p "$open/in/closed" "$open/in/last"
printf 'name\na\n' | tee "$open/in/last/a.csv" "$open/in/closed/c.csv" >"$open/in/b.csv"
chmod 0 "$open/in/closed" "$open/in/b.csv"
cp "$BREACHX" "$open/breachx"
(cd "$open" && TMPDIR=$open $as ./breachx import none.breach in --kind host --dry-run --json 2>&1; echo "= $?") |
	sed 's/[0-9a-f]\{64\}/HASH/g' | grep -v '^space\|free'
(cd "$open" && $as ./breachx import none.breach in/closed in/b.csv --dry-run 2>&1)
echo "= $?"
chmod 700 "$open/in/closed"
rm -rf "$open"
echo "# a zip that has two members of one name: one is read, the other is told"
python3 -W ignore - <<'END'
import zipfile
with zipfile.ZipFile("same.zip", "w") as file:
    for name, host in ("b.csv", "first"), ("a.csv", "other"), ("b.csv", "second"):
        file.writestr(zipfile.ZipInfo(name), f"name\n{host}\n")
END
try import same.breach same.zip --kind host --json
try list same.breach host --format csv
