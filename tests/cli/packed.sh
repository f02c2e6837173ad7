# Sources of more than 8 MiB that lie packed (.gz, .zst, a member of a zip) and are not kept in the
# case: shown, verified and found again where they lie, as if somebody had unpacked them; damaged,
# replaced, without room, stopped. Nothing of what is unpacked stays.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
mkdir tmp here
TMPDIR=$TEST_FOLDER/tmp
export TMPDIR
try() {
	echo "\$ breachx $*"
	timeout 100 "$BREACHX" "$@" >said 2>&1
	code=$?
	# What zlib makes of bytes is not the same everywhere.
	sed "s|$TEST_FOLDER/||g; s/\(made from .* sha256\) .*/\1 HASH/; s/near byte [0-9]*/near byte N/
		s/[0-9]* bytes in all/N bytes in all/; s/head 0*$/head 0/" said
	rm -f said
	echo "= $code"
}
# P on an event: the line of the source under the cursor, or why there is none.
open_source() {
	printf ':wait\ngt\n:wait\n/%s<Enter>\n:wait\nP\n:wait\n:frame\n' "$2" >keys
	"$BREACHX" --script keys --size 200x20 --text-only "$1" |
		grep -oE '▸2020[^ ]* [0-9]* tells [0-9a-f]{9}|[a-z.]* (is not kept in|has changed since)[^│]*|that takes [0-9]* bytes, for which|can.t make a file in' |
		sed 's/near byte [0-9]*/near byte N/; s/[ ┃]*$//'
	find tmp -mindepth 1
}
# The bytes that an event was read from, or why there are none.
shown() {
	"$BREACHX" show c.breach "event:$1" --bytes >said 2>&1
	code=$?
	sed -n 's/near byte [0-9]*/near byte N/; /^breachx: /p; /^as it stands/{n;s/\(tells .........\).*/\1/p;}' said
	rm -f said
	echo "show = $code"
}
cat >make.py <<'MAKE'
import gzip, io, os, random, struct, zipfile

def log(name):
    """9 MB of lines that do not pack too well; each has its number and the log's name."""
    random.seed(name)
    lines = ["time,message\n"]
    for i in range(15000):
        word = "%0600x" % random.getrandbits(2400)
        lines.append("2020-01-20T09:%02d:%02dZ,%s %d tells %s\n" % (i // 60 % 60, i % 60, name, i, word))
    return "".join(lines).encode()

def to_gzip(path, data):
    with open(path, "wb") as out, gzip.GzipFile("", "wb", 1, out, 0) as file:
        file.write(data)

def to_zstd(path, data):
    """A frame of blocks that are stored as they are."""
    out = struct.pack("<IBB", 0xFD2FB528, 0, 7 << 3)
    for at in range(0, len(data), 1 << 17):
        block = data[at:at + (1 << 17)]
        last = at + (1 << 17) >= len(data)
        out += struct.pack("<I", len(block) << 3 | last)[:3] + block
    open(path, "wb").write(out)

def to_zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
MAKE
python3 - <<'MAKE'
from make import *
to_gzip("here/one.csv.gz", log("one"))
to_zstd("here/two.csv.zst", log("two"))
to_zip("here/logs.zip", [("a/small.csv", b"time,message\n2020-01-20T08:00:00Z,small\n"), ("b/three.csv", log("three"))])
MAKE

echo "--- imported, and not kept"
try import c.breach here/one.csv.gz here/two.csv.zst here/logs.zip
try verify c.breach
for name in one two three; do
	open_source c.breach "$name 7777 tells"
done
for id in 7778 22778 37779; do
	shown $id
done
python3 - "$BREACHX" <<'SHOW'
import json, subprocess, sys
from make import log
for name, id in ("one", 1), ("two", 22778), ("three", 45001):
    out = subprocess.run([sys.argv[1], "show", "c.breach", "event:%d" % id, "--bytes", "--json"], capture_output=True).stdout
    shown = json.loads(out)
    at = shown["source"]
    print(name, log(name)[at["start"]:at["end"]].decode() == shown["content"])
SHOW
echo "--- imported again after a change: both are unpacked to say what differs"
mkdir again
python3 - <<'MAKE'
from make import *
lines = log("one").splitlines(True)
lines[8] = lines[8].replace(b"tells", b"told")
to_gzip("again/one.csv.gz", b"".join(lines[:-3]) + b"2020-01-21T00:00:00Z,new\n")
MAKE
cp c.breach again.breach
"$BREACHX" import again.breach again/one.csv.gz 2>/dev/null | grep 'other bytes'
echo "--- kept: the file is not asked for"
try import kept.breach here/one.csv.gz --keep
cp kept.breach elsewhere.breach
mv here/one.csv.gz here/hidden
open_source elsewhere.breach 'one 7777 tells'
mv here/hidden here/one.csv.gz
echo "--- standard input can't be read again"
try import stdin.breach - <here/one.csv.gz
try attach stdin.breach here
open_source stdin.breach 'one 5 tells'

echo "--- moved: nothing is at hand"
mkdir -p there/deep
mv here/one.csv.gz there/deep/1
mv here/two.csv.zst there/2
mv here/logs.zip there/deep/archive
try verify c.breach
open_source c.breach 'two 7777 tells'
shown 22778
try attach c.breach here
try attach c.breach there
try verify c.breach
for name in one two three; do
	open_source c.breach "$name 7777 tells"
done
echo "--- unpacked, packed otherwise, in one archive"
mkdir other
python3 - <<'MAKE'
from make import *
open("other/one", "wb").write(log("one"))
to_zip("other/all.zip", [("x", log("one")), ("x/two", log("two"))])
to_gzip("other/three.gz", log("three"))
MAKE
mv there gone
try attach c.breach other --json
try verify c.breach
rm -r other
mv gone there
try attach c.breach there

echo "--- damaged"
cp -r there saved
python3 - <<'DAMAGE'
for name in "there/deep/1", "there/2", "there/deep/archive":
    data = bytearray(open(name, "rb").read())
    data[len(data) // 2] ^= 0x55
    open(name, "wb").write(data)
DAMAGE
try verify c.breach | sed 's/: the gzip data is damaged near byte N: .*/: DAMAGED/; s/: the member of the zip archive is damaged/: DAMAGED/'
open_source c.breach 'two 7777 tells'
shown 22778
try attach c.breach there
echo "--- cut off, and in the middle of growing"
head -c 1000000 saved/deep/1 >there/deep/1
cat saved/2 saved/2 >there/2
head -c 1000000 saved/deep/archive >there/deep/archive
try verify c.breach
open_source c.breach 'one 7777 tells'
open_source c.breach 'two 7777 tells'
open_source c.breach 'three 7777 tells'
echo "--- replaced: a bomb, another file, an archive without the member, a pipe"
head -c 300000000 /dev/zero | gzip -n >there/deep/1
head -c 100 saved/deep/1 >there/2
python3 -c 'from make import *; to_zip("there/deep/archive", [("b/four.csv", log("three"))])'
try verify c.breach
open_source c.breach 'one 7777 tells'
rm there/deep/1
mkfifo there/deep/1
open_source c.breach 'one 7777 tells'
ln -s deep/1 there/link
try attach c.breach there
rm -r there
mv saved there
try attach c.breach there
try verify c.breach

echo "--- without room: verify takes none"
(
	ulimit -f 4000
	open_source c.breach 'one 7777 tells'
	shown 7778
	try verify c.breach
)
TMPDIR=$TEST_FOLDER/nowhere open_source c.breach 'one 7777 tells'

echo "--- an interrupt while it unpacks"
timeout 300 python3 - "$BREACHX" <<'STOP'
import os, signal, subprocess, sys
def unpacks(process):
    """Stopped with the packed file open, or ended."""
    folder = "/proc/%d/fd/" % process.pid
    while process.poll() is None:
        try:
            if any(os.readlink(folder + fd).endswith("/deep/1") for fd in os.listdir(folder)):
                process.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
                return any(os.readlink(folder + fd).endswith("/deep/1") for fd in os.listdir(folder))
        except OSError:
            pass
    return False
def stop(*command):
    for attempt in range(50): # a quick machine may be done before it is seen
        process = subprocess.Popen([sys.argv[1], *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        seen = unpacks(process)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGCONT)
        err = process.communicate()[1].decode().strip()
        if seen:
            break
    print(command[0], err, "=", process.returncode)
stop("verify", "c.breach")
stop("show", "c.breach", "event:1", "--bytes")
os.rename("there", "away")
stop("attach", "c.breach", "away")
os.rename("away", "there")
STOP
find tmp -mindepth 1
try verify c.breach
