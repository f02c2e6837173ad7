"""Allocations that fail, one by one, in commands that read and that write.

    no_memory.py PROGRAM CASE SHIM POINTS [SEED]

At each of POINTS allocations of each command, chosen by SEED, one fails, and in a second run that
one and all after it. The command ends by itself with a code of its own, a case that was written is
sound, and a command that says it went well wrote what it should.
"""
import gzip
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile

program, example, shim = map(os.path.abspath, sys.argv[1:4])
points, seed = int(sys.argv[4]), int(sys.argv[5]) if len(sys.argv) > 5 else random.randrange(1 << 30)
choose = random.Random(seed)
folder = tempfile.mkdtemp(prefix="breachx-no-memory-")
os.chdir(folder)

KEYS = """gh
j
<Enter>
:wait
P
:wait
q
r
:wait
gs
/said<Enter>
:wait
g/e.*r<Enter>
:wait
&a<Enter>
:wait
?
q
gt
]
:wait
:frame
Q
"""
STIX = """{"type":"bundle","id":"bundle--1","objects":[
{"type":"identity","id":"identity--1","name":"A","identity_class":"organization"},
{"type":"malware","id":"malware--1","name":"M"},
{"type":"relationship","id":"relationship--1","relationship_type":"uses",
"source_ref":"identity--1","target_ref":"malware--1"}]}
"""
FILES = {
    "keys": KEYS,
    "open": "gt\n:wait\nP\n:wait\n:frame\nQ\n",
    "rows.csv": "name,type,when\n" + "".join(f"ws{i},terminal,2020\n" for i in range(50)),
    "rows.jsonl": "".join('{"name":"h%d","x":{"y":[1,{"z":"\\u00e9"}]}}\n' % i for i in range(30)),
    "text.txt": 'The firm said it was hacked. "We deny it," a spokesman told reporters.\n\n' * 3,
    "bundle.json": STIX,
}
# Of `packed` the source's bytes lie packed beside it, of `lost` nowhere.
READING = [
    ["verify", "packed"], ["show", "packed", "event:9", "--bytes"], ["--script", "open", "packed"],
    ["attach", "lost", "."],
    ["info", "case"], ["verify", "case"], ["show", "case", "statement:5"],
    ["search", "case", "e.*r"], ["list", "case", "hosts", "--where", "any ~ /e/"],
    ["list", "case", "statements", "--json"], ["--script", "keys", "case"],
    ["new", "copy", "--from", "case"],
]
WRITING = [
    ["import", "case", "rows.csv", "--kind", "host"],
    ["import", "case", "rows.jsonl", "--kind", "host"],
    ["import", "case", "text.txt", "--format", "text"], ["import", "case", "bundle.json"],
    ["undo-import", "case", "3", "--by", "me"],
]


def run(arguments, **settings):
    for name in ("case-journal", "copy"):
        if os.path.exists(name):
            os.unlink(name)
    shutil.copy(example, "case")
    environment = dict(os.environ, LC_ALL="C.UTF-8", LD_PRELOAD=shim, **settings)
    return subprocess.run([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=120)


def fail(what, arguments, point, forever, run):
    print(f"no memory, seed {seed}: {' '.join(arguments)}, allocation {point}"
          f"{' and all after it' if forever else ''}: {what}\n{run.stderr.decode()[-2000:]}")
    sys.exit(1)


for name, text in FILES.items():
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
with gzip.open("log.csv.gz", "wt") as out:
    out.write("time,message\n" + "".join(f"2020-01-20T00:00:00Z,message {i * 7919 % 100003}\n" for i in range(3000)))
subprocess.run([program, "import", "packed", "log.csv.gz"], check=True, capture_output=True)
with sqlite3.connect("packed") as database:
    database.execute("DELETE FROM source_content")
    database.execute("UPDATE source SET path = 'log.csv.gz'")
database.close()
shutil.copy("packed", "lost")
with sqlite3.connect("lost") as database:
    database.execute("UPDATE source SET path = NULL, size = size - 1")
database.close()
total = 0
for arguments in READING + WRITING:
    whole = run(arguments, NO_MEMORY_COUNT="count")
    if whole.returncode not in (0, 1):
        fail(f"ended with {whole.returncode} by itself", arguments, "none", False, whole)
    count = int(open("count", encoding="ascii").read())
    for point in sorted(choose.sample(range(1, count + 1), min(points, count))):
        for forever in (False, True):
            settings = {"NO_MEMORY_AT": str(point)}
            if forever:
                settings["NO_MEMORY_FOREVER"] = "1"
            ended = run(arguments, **settings)
            total += 1
            if not 0 <= ended.returncode <= 5:
                fail(f"ended with {ended.returncode}", arguments, point, forever, ended)
            if arguments in WRITING:
                sound = subprocess.run([program, "verify", "case"], capture_output=True)
                if sound.returncode != 0:
                    fail("the case is not sound", arguments, point, forever, sound)
shutil.rmtree(folder)
print(f"no memory: {total} failures in {len(READING + WRITING)} commands, all ended well")
