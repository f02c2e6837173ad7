"""The command line as scripts use it: contract.py BREACHX EXAMPLE FOLDER. What it prints is what holds;
an independent reading of the same records, by Python, is the measure of what is found and printed."""
import base64
import csv
import fcntl
import hashlib
import io
import json
import os
import pty
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
import unicodedata

BREACHX, EXAMPLE, FOLDER = sys.argv[1:4]
KINDS = ("incident actor technique site host account party data document statement claim event "
         "indicator").split()
RECORD = {"kind": str, "id": int, "basis": str, "source": dict}
SOURCE = {"id": int, "name": str, "sha256": str, "start": int, "end": int}
os.chdir(FOLDER)


def run(*words, code=0):
    done = subprocess.run([BREACHX, *words], capture_output=True, timeout=60)
    assert done.returncode == code, (words, done.returncode, done.stderr)
    return done


def lines(*words, code=0):
    return [json.loads(line) for line in run(*words, "--json", code=code).stdout.splitlines()]


def holds(what):
    print("holds:", what)


def check_types(value, types, exact=True):
    assert all(type(value[key]) is kind for key, kind in types.items()), (value, types)
    assert not exact or set(value) == set(types), (set(value), set(types))


# ---- a case of awkward text ----

HOSTS = [
    b'name,role,address,note',
    b'h1,"=1+1",10.0.0.1,"a,b"',
    b'h2,"line\none","q""q",x',
    b'h3,\xff\xfebad,+1,\xc3\x28',
    b'h4,nul\x00nul,@x,z',
    b'h5,"\x1b[31mred\x1b[0m","\xe2\x80\xaertl","\xe2\x80\x8bzw"',
    'h6,日本語テキスト,ＷＩＤＥ,é'.encode(),
    b'h7,  spaced  ,"\ttab",-5',
    b'h8,"cr\rcr",,""',
    'h9,\'quoted\',＝1+1,😀'.encode(),
    b'h10,0,"",aaab aaab',
]
EVENTS = (b'time,host,message,Severity\n2020-01-20T00:00:00Z,h1,"m \xff x",low\n'
          b'2020-01-20T00:00:01Z,h2,"nul \x00 end",\xfe\n2020-01-20T00:00:02Z,h3,"two\nlines",ok\n')
SOURCES = {"hosts.csv": b"\r\n".join(HOSTS) + b"\r\n", "events.csv": EVENTS}
for name, data in SOURCES.items():
    with open(name, "wb") as file:
        file.write(data)
CASE = "a b\u65e5\x1b[1m\n.breach"
run("new", CASE)
for name in SOURCES:
    check_types(lines("import", CASE, name, "--kind", name[:-5])[0],
                {"file": str, "format": str, "sha256": str, "bytes": int, "rows": int, "skipped": int,
                 "duplicate": int, "problems": int, "kinds": dict})


def stored(record, key):
    """The exact bytes of a member; a list for several cells of one name."""
    exact = record.get(key + "_base64")
    value = record[key] if exact is None else exact
    values = value if isinstance(value, list) else [value]
    return [text.encode() if exact is None else base64.b64decode(text) for text in values]


def cells(record):
    for key in record:
        if key not in ("kind", "id", "basis", "by", "stands_for", "source") and not key.endswith("_base64"):
            for text in stored(record, key):
                yield key, text


def all_records(case):
    return [record for kind in KINDS for record in lines("list", case, kind)]


# ---- records ----

for case in (EXAMPLE, CASE):
    for record in all_records(case):
        check_types(record, RECORD, exact=False)
        check_types(record["source"], SOURCE)
        shown = lines("show", case, "%s:%d" % (record["kind"], record["id"]))
        assert len(shown) == 1 and isinstance(shown[0].pop("links"), list)
        for place in shown[0].pop("also"):
            check_types(place, SOURCE)
        assert shown[0] == record
        break
for record in all_records(CASE):
    source = record["source"]
    data = SOURCES[source["name"]]
    assert source["sha256"] == hashlib.sha256(data).hexdigest()
    row = data[source["start"]:source["end"]]
    for key, text in cells(record):
        assert text.replace(b'"', b'""') in row, (key, text, row)
holds("a record's object, and its bytes in the source")

for case in (EXAMPLE, CASE):
    for kind in KINDS:
        plain = lines("list", case, kind)
        printed = run("list", case, kind, "--format", "csv").stdout.decode("utf-8", "surrogateescape")
        rows = list(csv.DictReader(io.StringIO(printed.replace("\0", "\ufffe"), newline="")))
        assert [(int(row["id"]), row["basis"]) for row in rows] == [(r["id"], r["basis"]) for r in plain]
        for row, record in zip(rows, plain):
            wanted = {}
            for key, text in cells(record):
                wanted[key] = wanted[key] + b"\n" + text if key in wanted else text
            for key, value in row.items():
                value = value.replace("\ufffe", "\0").encode("utf-8", "surrogateescape")
                text = wanted.pop(key, b"")
                if text[:1] in (b"=", b"+", b"-", b"@", b"\t", b"\r", b"\n") and text or \
                        text[:3].decode("utf-8", "replace") in ("＝", "＋", "－", "＠"):
                    text = b"'" + text
                assert key in ("id", "basis") or value == text, (key, value, text)
            assert not wanted, wanted
holds("CSV reads back equal to JSON, extra fields too, formulas aside")

info = lines("info", CASE)[0]
check_types(info, {"kinds": dict, "sources": list, "bytes": int, "schema": int})
assert info["kinds"] == {kind: len(lines("list", CASE, kind)) for kind in KINDS}
assert info["bytes"] == os.path.getsize(CASE)
check_types(info["sources"][0], {"id": int, "name": str, "sha256": str, "bytes": int, "state": str,
                                 "rows": int, "skipped": int}, exact=False)
holds("info counts what list lists")

# Sorting: what is not stated comes last in both directions, text goes byte by byte, ids break ties.
for kind in KINDS:
    said = run("list", EXAMPLE, kind, "--sort", "nosuch", code=2).stderr.decode()
    plain = {record["id"]: record for record in lines("list", EXAMPLE, kind)}
    for field in re.search("they can by: (.*)", said)[1].split():
        for sort, backwards in ((field, False), ("-" + field, True)):
            ids = [record["id"] for record in lines("list", EXAMPLE, kind, "--sort", sort)]
            assert sorted(ids) == sorted(plain)
            stated = [i for i in ids if field in plain[i]]
            assert ids[:len(stated)] == stated, (kind, sort)
            if field in ("id", "name", "title", "text", "value", "address", "locator", "sector", "speaker"):
                def key(i):
                    return i if field == "id" else (stored(plain[i], field)[0], i)
                assert stated == sorted(stated, key=key, reverse=backwards), (kind, sort)
holds("--sort, both ways")


def columns(line):
    """A character a column, "" behind a wide one."""
    for char in line:
        yield char
        if unicodedata.east_asian_width(char) in "WF":
            yield ""


for case in (EXAMPLE, CASE):
    for kind in KINDS:
        heading, *rest = run("list", case, kind).stdout.decode().splitlines()
        starts = [match.start() for match in re.finditer(r"(?<=  )\S", heading)]
        for line in rest:
            cut = list(columns(line))
            assert all(cut[at - 2:at] in ([" ", " "], []) for at in starts if at <= len(cut)), line
holds("columns of a table stand under their headings, wide characters or not")

# ---- search against Python ----


def image(text):
    """A cell as patterns see it: NUL and what is no UTF-8 are 0x1a, a byte each."""
    safe = text.replace(b"\0", b"\x1a").decode("utf-8", "surrogateescape")
    return "".join("\x1a" if "\udc80" <= c <= "\udcff" else c for c in safe)


def byte_at(text, image_text, at):
    return len(image_text[:at].encode())


PATTERNS = ["", "^$", "a", "aaab", "^h[0-9]$", "server", "\\bone\\b", "one$", "^line", "line$", "\\x1a", "^..bad",
            "日本", "\\w+", "[^ -~]", "é|ü", "T(ick|OCK)", "(?i)tick", "Kamakura", "a,b", "\\Aq", "q\\Z", ".+server"]
compared = 0
for case in (EXAMPLE, CASE):
    records = all_records(case)
    for pattern in PATTERNS:
        for flags in ("", "i", "w", "x") if case == EXAMPLE else ("", "i", "w", "x", "F", "iw", "ix", "iF", "xF", "wF"):
            body = re.escape(pattern) if "F" in flags else pattern
            if "w" in flags:
                body = "(?<!\\w)(?:%s)(?!\\w)" % body if "(?i)" not in body else None
            if body is not None and "x" in flags:
                body = "\\A(?:%s)\\Z" % body if "(?i)" not in body else None
            if body is None:
                continue
            # $ is before a newline at the end, too: the data have none there.
            matcher = re.compile(body, re.IGNORECASE if "i" in flags else 0)
            found, ids = [], []
            for record in records:
                hits = [(name, text, matcher.search(image(text))) for name, text in cells(record)]
                hits = [hit for hit in hits if hit[2]]
                if hits:
                    ids.append((record["kind"], record["id"]))
                for name, text, match in hits:
                    seen = image(text)
                    found.append((record["kind"], record["id"], name, byte_at(text, seen, match.start()),
                                  byte_at(text, seen, match.end())))
            words = ["-" + flags] if flags else []
            code = 0 if found else 1
            said = lines("search", case, *words, pattern, code=code)
            summary = said.pop()["summary"]
            check_types(summary, {"cells": int, "searched": int, "hits": int, "records": int, "skipped": int,
                                  "ms": int})
            assert summary["cells"] == summary["searched"] == sum(len(list(cells(r))) for r in records)
            assert (summary["hits"], summary["records"], summary["skipped"]) == (len(found), len(ids), 0), \
                (pattern, flags, summary, len(found), len(ids))
            got = [(hit["kind"], hit["id"], hit["field"], hit["start"], hit["end"]) for hit in said]
            assert sorted(got) == sorted(found), (pattern, flags, set(got) ^ set(found))
            compared += 1
    for pattern in ("a", "^h", "nothing like it"):
        ids = [("%s:%d" % (r["kind"], r["id"])) for r in records
               if any(re.search(pattern, image(text)) for name, text in cells(r))]
        others = [r for r in ("%s:%d" % (r["kind"], r["id"]) for r in records) if r not in ids]
        for words, wanted in ((["-l"], ids), (["-v"], others), (["-v", "-l"], others), (["-vlc"], [len(others)]),
                              (["-c"], [len(ids)]), (["-cl"], [len(ids)])):
            count = wanted[0] if "c" in words[0] else len(wanted)
            printed = run("search", case, *words, pattern, code=0 if count else 1).stdout.decode().split()
            assert sorted(printed) == sorted(str(word) for word in wanted), (words, pattern, printed)
holds("search finds what Python finds, cell for cell: %s" % (compared > 250))

# ---- exit codes ----

run("search", EXAMPLE, "Tick")
run("search", EXAMPLE, "nothing like it", code=1)
for words in (["list", EXAMPLE, "indicators"], ["show", EXAMPLE, "host:99999"], ["info", EXAMPLE]):
    run(*words)
for words in (["search", EXAMPLE, "("], ["list", EXAMPLE, "nokind"], ["list", EXAMPLE, "hosts", "--where", "("],
              ["show", EXAMPLE, "nokind:1"], ["info"], ["info", EXAMPLE, "more"], ["info", "--nosuch", EXAMPLE],
              ["new", CASE], ["import", CASE, "absent.csv"], ["import", "@example", "hosts.csv"],
              ["undo-import", "@example", "1"], ["attach", "@example", "."], ["verify", ""], ["check", EXAMPLE]):
    assert not run(*words, code=2).stdout
with open("none.breach", "wb") as file:
    file.write(b"x" * 5000)
for words in (["info"], ["verify"], ["list", "hosts"], ["show", "host:1"], ["search", "x"], ["attach", "."],
              ["undo-import", "1"]):
    for path in ("none.breach", "absent.breach", "absent/absent.breach", ".", "x" * 300 + ".breach"):
        done = run(words[0], path, *words[1:], code=3)
        assert not done.stdout and done.stderr.startswith(b"breachx: ") and done.stderr.count(b"\n") == 1
damaged = bytearray(open(EXAMPLE, "rb").read())
at = damaged.find(b"Kamakura server")
damaged[at:at + 1] = b"k"
with open("damaged.breach", "wb") as file:
    file.write(damaged)
said = lines("verify", "damaged.breach", code=5)
assert said[-1]["summary"]["errors"] > 0
assert all(set(finding) == {"severity", "message"} for finding in said[:-1])
holds("exit codes 0 1 2 3 5, nothing on stdout beside an error, one line on stderr")

# ---- signals, pipes, full disks ----

os.mkfifo("slow")
with open("many.csv", "w") as file:
    file.write("time,host,message\n")
    for i in range(60000):
        file.write("2020-01-20T00:00:%02dZ,h%d,message number %d of many\n" % (i % 60, i % 50, i))
run("import", "many.breach", "many.csv", "--kind", "event")
for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 4), (signal.SIGHUP, 4)):
    for words in (["list", "many.breach", "events"], ["search", "many.breach", "m"], ["search", "many.breach", "-v", "x"]):
        child = subprocess.Popen([BREACHX, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        child.stdout.readline()
        child.send_signal(number)
        child.stdout.read()
        said = child.stderr.read()
        assert child.wait(20) == code and b"cancelled" in said, (words, child.returncode, said)
    # Told to end while an import waits for more: nothing of it stays.
    child = subprocess.Popen([BREACHX, "import", "many.breach", "-", "--kind", "host"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdin.write(b"name\n" + b"".join(b"waiting%d\n" % i for i in range(40000)))
    child.stdin.flush()
    while not any(source["state"] == "loading" for source in lines("info", "many.breach")[0]["sources"]):
        time.sleep(0.02)
    child.send_signal(number)
    said = child.communicate(timeout=60)[1]
    assert child.returncode == code and b"nothing of this file was added" in said, (child.returncode, said)
    assert len(lines("info", "many.breach")[0]["sources"]) == 1
# Also among files that are each refused at once: before one of them, or in its midst.
os.mkdir("empty")
for i in range(5000):
    open("empty/%d.csv" % i, "w").close()
child = subprocess.Popen([BREACHX, "import", "many.breach", "empty"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
child.stderr.readline()
child.send_signal(signal.SIGINT)
said = child.stderr.read().splitlines()
told = b"cancelled before" in said[-1] or b"nothing of this file was added" in said[-1]
assert child.wait(20) == 130 and told and len(said) < 4000, (child.returncode, said[-1])
shutil.rmtree("empty")
# Also while it waits for one who does not read: the pipe is full.
for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 4)):
    child = subprocess.Popen([BREACHX, "search", "many.breach", "message"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)
    held = b"\0" * 4
    while int.from_bytes(held, sys.byteorder) < 32768:
        held = fcntl.ioctl(child.stdout, termios.FIONREAD, b"\0" * 4)
        time.sleep(0.02)
    child.send_signal(number)
    assert child.wait(60) == code, child.returncode
    assert b"cancelled" in child.stderr.read()
    child.stdout.close()
# What nohup has switched off stays so.
child = subprocess.Popen(["nohup", BREACHX, "import", "many.breach", "-", "--kind", "host"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
child.stdin.write(b"name\n" + b"".join(b"waiting%d\n" % i for i in range(40000)))
child.stdin.flush()
while not any(source["state"] == "loading" for source in lines("info", "many.breach")[0]["sources"]):
    time.sleep(0.02)
child.send_signal(signal.SIGHUP)
child.communicate(timeout=60)
assert child.returncode == 0 and len(lines("info", "many.breach")[0]["sources"]) == 2
holds("130 when interrupted, 4 when told to end or hung up; nohup holds")

# How far an import is, on a terminal of 40 columns, from standard input that comes slowly.
pid, terminal = pty.fork()
if pid == 0:
    os.dup2(os.open("slow", os.O_RDONLY), 0)
    os.execv(BREACHX, [BREACHX, "import", "slow.breach", "-", "--kind", "host"])
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", 24, 40, 0, 0))
with open("slow", "wb") as pipe:
    pipe.write(b"name\n")
    for i in range(16):
        pipe.write(b"".join(b"host%d\n" % (i * 5000 + n) for n in range(5000)))
        pipe.flush()
        time.sleep(0.1)
said = b""
while True:
    try:
        said += os.read(terminal, 65536)
    except OSError:
        break
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
told = [line for line in re.split(rb"[\r\n]", said) if b" rows, " in line and b"/s" in line]
assert told and all(len(line) < 40 for line in told), said
holds("progress fits the terminal")

for words in (["list", EXAMPLE, "hosts"], ["search", EXAMPLE, "e"], ["list", EXAMPLE, "hosts", "--json"],
              ["info", EXAMPLE], ["--help"], ["import", "--help"], ["search", EXAMPLE, "-c", "e"]):
    with open("/dev/full", "w") as full:
        done = subprocess.run([BREACHX, *words], stdout=full, stderr=subprocess.PIPE)
        assert done.returncode == 4 and done.stderr == b"breachx: can't write: No space left on device\n"
    reader, writer = socket.socketpair()
    reader.close()
    done = subprocess.run([BREACHX, *words], stdout=writer, stderr=subprocess.PIPE)
    writer.close()
    assert done.returncode == 0 and not done.stderr, (words, done)
with open("/dev/full", "w") as full:
    done = subprocess.run([BREACHX, "import", CASE, "hosts.csv", "--kind", "host"], stdout=full,
                          stderr=subprocess.PIPE)
assert done.returncode == 4
holds("a full disk is told once and ends with 4, a closed pipe is quiet")

# ---- reading leaves no trace ----

os.mkdir("still")
with open("still/a.breach", "wb") as file:
    file.write(open(EXAMPLE, "rb").read())
os.utime("still/a.breach", ns=(10**18, 10**18))
status = os.stat("still/a.breach")
for words in (["list", "hosts"], ["show", "host:1"], ["search", "x"], ["info"], ["verify"]):
    for option in ([], ["-R"], ["--readonly"], ["--json"]):
        run(words[0], *option, "still/a.breach", *words[1:],)
run("import", "still/a.breach", "hosts.csv", "--kind", "host", "--dry-run")
after = os.stat("still/a.breach")
assert open("still/a.breach", "rb").read() == open(EXAMPLE, "rb").read()
assert (status.st_mtime_ns, status.st_ctime_ns, status.st_ino) == (after.st_mtime_ns, after.st_ctime_ns, after.st_ino)
assert os.listdir("still") == ["a.breach"]
holds("what only reads leaves the case as it was, to the byte and the minute, and nothing beside it")

# ---- help ----

page = run("--help").stdout.decode()
commands = re.findall(r"^  ([a-z-]+) {2,}\S", page[page.index("Commands:"):page.index("@example")], re.M)
assert commands == ["new", "import", "list", "show", "search", "info", "verify", "undo-import", "attach", "doctor"]
options = {}
for command in [None] + commands:
    words = [command, "--help"] if command else ["--help"]
    page = run(*words).stdout.decode()
    assert all(len(line) <= 80 for line in page.splitlines()), command
    if not command:
        continue
    assert page == run("help", command).stdout.decode() == run(command, EXAMPLE, "-h").stdout.decode()
    example, usage = page.index("\n  breachx " + command), page.index("usage: breachx " + command)
    assert example < usage
    usage = page[usage:page.index("\n\n", usage)]
    rows = re.findall(r"^  (?:-(\w), )?--([a-z-]+)", page, re.M)
    shown = set(re.findall(r"--([a-z-]+)", usage)) | set("".join(re.findall(r"\[-(\w+)\]", usage)))
    assert shown == {name if not letter else letter for letter, name in rows} - {"h"}, (command, shown, rows)
    options[command] = shown
    assert b"there is no option --nosuch" in run(command, "--nosuch", code=2).stderr

# README's section is this, to the option; of what stands in every table it speaks in words.
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../README.md"), encoding="utf-8") as file:
    readme = file.read().split("## Command line\n")[1].split("\n\n`breachx")[0]
told = {line.split()[0]: line for line in readme.replace("\n     ", " ").split("    breachx ")[1:]}
assert [name for name in told if name[0] != "["] == sorted(commands, key=list(told).index)
for command in commands:
    names = set(re.findall(r"--([a-z-]+)", told[command])) | set(re.findall(r"(?<=[\[ ])-(\w)\b", told[command]))
    assert names == options[command] - {"json", "readonly", "R", "recover", "h"}, (command, names, options[command])
for later in ("check", "export", "report", "keys", "completion"):
    assert b"not in this version" in run(later, EXAMPLE, code=2).stderr
for command, words in (("import", [CASE, "hosts.csv", "--kind", "host"]), ("list", [EXAMPLE, "hosts"]), ("info", [EXAMPLE]),
                       ("show", [EXAMPLE, "host:1"]), ("search", [EXAMPLE, "Tick"]), ("verify", [EXAMPLE]),
                       ("search", [EXAMPLE, "-c", "Tick"]), ("doctor", []), ("attach", [CASE, "."])):
    page = run(command, "--help").stdout.decode().split("With --json, ")[1]
    if command == "show":
        page += run("list", "--help").stdout.decode()
    fields = "name type site status first_seen role address last_seen cited_in locator".split()
    for value in lines(command, *words):
        for key in list(value) + list(value.get("source", {})) + list(value.get("summary", {})) + \
                list((value.get("sources") or value.get("links") or [{}])[0]):
            assert re.search(r"\b%s\b" % key, page) or key in fields or key.startswith("extra.") or \
                command == "doctor", (command, key)
holds("help: examples first, every option and key, 80 columns; README says the same; later commands by name")

# ---- names that would act on a terminal ----

for words in (["info", "x\x1b]0;t\x07\n.breach"], ["new", CASE], ["import", CASE, "x\x9b\x1b[2J.csv"],
              ["list", CASE, "\x1b[31m"], ["search", CASE, "(\x1b[31m"], ["\x1b[31mcommand", "x"],
              ["list", "--\x1b[31m", "x"], ["show", CASE, "\u202ehost:1"]):
    said = subprocess.run([BREACHX, *words], capture_output=True)
    assert said.returncode in (2, 3), said
    for byte in said.stdout + said.stderr:
        assert byte >= 0x20 or byte == 0x0a, (words, said)
    assert "\u202e".encode() not in said.stderr
for words in (["list", CASE, "hosts"], ["search", CASE, ""], ["info", CASE], ["show", CASE, "host:5"],
              ["list", CASE, "hosts", "--json"], ["search", CASE, "", "--json"]):
    text = run(*words).stdout
    assert all(byte >= 0x20 or byte == 0x0a for byte in text) and "\u202e".encode() not in text
holds("no control character, no override from a name or a cell, in a pipe too")
