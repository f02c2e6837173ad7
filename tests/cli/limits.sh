# Each bound of docs/LIMITS.md that a test can meet in little time, and how it reads.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*"
	timeout 120 "$BREACHX" "$@" 2>&1 | cut -c1-300 |
		sed "s|$TEST_FOLDER/||g; /^  sha256/d; s/\"sha256\":\"[0-9a-f]*\"/\"sha256\":.../"
}
python3 - <<'MAKE'
import gzip, os, struct, zipfile
MIB = 1024 * 1024
def write(name, *parts):
    with open(name, "wb") as file:
        for part in parts:
            file.write(part)
write("row.csv", b"name,note\nws01,", b"a" * (17 * MIB), b"\nws02,b\n")
write("wide.csv", b"name,note\nws01,a\n", b"x," * 4096, b"x\nws02,b\n")
write("header.csv", b"name", b",x" * 4096, b"\nws01\n")
write("text.txt", b"word " * (4 * MIB))
BEGIN = b'{"type":"bundle","id":"bundle--1","objects":[{"type":"identity","id":"identity--1","name":"x","more":'
write("deep.json", BEGIN, b"[" * 200, b"]" * 200, b"}]}")
write("values.json", BEGIN, b"[" + b"1," * (MIB + 1), b"1]}]}")
CLUSTER = b'{"value":"x","uuid":"y","meta":{"refs":[' + b"1," * 1000 + b'1]}},'
write("values_first.json", b'{"values":[', CLUSTER * 1100, b'{"value":"z"}],"type":"threat-actor"}')
write("object.json", BEGIN, b'"', b"a" * (17 * MIB), b'"}]}')
write("bad.csv", b"name,type\n", b"ws01,toaster\n" * 10300)
write("kept.csv", b"name,note\n", (b"ws01," + b"a" * (8 * MIB) + b"\n") * 8)
with gzip.GzipFile("bomb.csv.gz", "wb", mtime=0) as file:
    for _ in range(100):
        file.write(b"\0" * MIB)
with zipfile.ZipFile("many.zip", "w") as file:
    for i in range(10001):
        file.writestr(zipfile.ZipInfo(f"{i}.csv"), "")
with zipfile.ZipFile("name.zip", "w") as file:
    file.writestr(zipfile.ZipInfo("n" * 5000), "name\nws01\n")
with zipfile.ZipFile("bomb.zip", "w", zipfile.ZIP_DEFLATED) as file:
    file.writestr("a.csv", b"name" + b"\n" * 100 * MIB)
os.makedirs("deep" + "/d" * 70)
MAKE
try import c.breach row.csv --kind host
try import c.breach wide.csv --kind host
try import c.breach header.csv --kind host
try import c.breach text.txt
for file in deep.json values.json values_first.json object.json; do
	try import c.breach "$file"
done
try import c.breach bad.csv --kind host --json | tail -2
python3 - <<'COUNT'
import sqlite3
print(sqlite3.connect("c.breach").execute("""SELECT count(*) FROM problem WHERE source =
	(SELECT id FROM source WHERE name = 'bad.csv')""").fetchone()[0])
COUNT
try import c.breach kept.csv --kind host --keep
try import c.breach bomb.csv.gz --kind host
try import c.breach bomb.zip --kind host
try import c.breach many.zip --kind host
try import c.breach name.zip --kind host
try import c.breach deep --kind host
try verify c.breach
