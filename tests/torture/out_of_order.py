"""Trees whose entries are out of order, in commands that read and that write.

    out_of_order.py PROGRAM [ORDERS]

Flipped bytes once made a walk go on for ever: it asked for what stands behind a record and got an
earlier one. Here every table and index of a case that fits a page has its entries swapped, reversed
and turned, and each command has to end by itself, soon, and with a code of its own.
"""
import itertools
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

program = os.path.abspath(sys.argv[1])
most_orders = int(sys.argv[2]) if len(sys.argv) > 2 else 100
folder = tempfile.mkdtemp(prefix="breachx-order-")
os.chdir(folder)
os.environ.update(LC_ALL="C.UTF-8", SOURCE_DATE_EPOCH="1579478400")
SECONDS = 30

STIX = {"type": "bundle", "id": "bundle--1", "objects": [
    {"type": "identity", "id": f"identity--{i}", "name": f"Firm {i}", "identity_class": "organization"}
    for i in range(6)] + [
    {"type": "malware", "id": f"malware--{i}", "name": f"M{i}", "labels": ["a", "b"]} for i in range(6)] + [
    {"type": "relationship", "id": f"relationship--{i}", "relationship_type": "targets",
     "source_ref": f"malware--{i}", "target_ref": f"identity--{(i + 1) % 6}"} for i in range(6)]}
FILES = {
    "hosts.csv": "name,type,site,note\n" + "".join(f"ws{i},server,Tokyo {i % 4},n{i}\n" for i in range(9)),
    "more.csv": "name,type\n" + "".join(f"ws{i},terminal\n" for i in range(5)) + "bad,toaster\n,server\n,\n",
    "log.csv": "time,host,account,message\n" + "".join(
        f"2020-01-20T00:00:{i:02}Z,ws{i % 9},user{i % 4},event number {i}\n" for i in range(40)),
    "late.csv": "time,host,message\n" + "".join(
        f"2020-01-19T00:00:{i:02}Z,ws{i % 9},earlier {i}\n" for i in range(20)),
    "text.txt": 'The firm said it was hacked. "We deny it," a spokesman told reporters.\n\n' * 3,
    "bundle.json": json.dumps(STIX),
    "new.csv": "name\nws100\nws101\n",
    "keys": "gh\nG\n:wait\nk\ngt\nG\n:wait\n<C-u>\n:wait\n/e<Enter>\n:wait\ng/e.*r<Enter>\n:wait\nr\n:wait\n:frame\nQ\n",
}
KINDS = "host site account party document statement event indicator".split()
COMMANDS = [["info", "case"], ["verify", "case"], ["search", "case", "e.*r"], ["search", "case", "-v", "x"],
            ["--script", "keys", "--size", "80x24", "case"], ["show", "case", "host:3"],
            ["list", "case", "events", "--sort", "host"], ["list", "case", "hosts", "--where", "any ~ /w/"]]
COMMANDS += [["list", "case", kind] for kind in KINDS]
COMMANDS += [["import", "case", "new.csv", "--kind", "host"], ["undo-import", "case", "1", "--by", "me"],
             ["attach", "case", "."]]


def make_case():
    for name, text in FILES.items():
        with open(name, "w", encoding="utf-8") as out:
            out.write(text)
    for words in (["hosts.csv"], ["more.csv", "--kind", "host"], ["log.csv"], ["late.csv"], ["text.txt"],
                  ["bundle.json"]):
        done = subprocess.run([program, "import", "base", *words], capture_output=True, text=True)
        assert done.returncode in (0, 1), done
    subprocess.run([program, "undo-import", "base", "4", "--by", "me"], check=True, capture_output=True)


def trees():
    """(name, offset of the entries' places, how many) of each tree that is one leaf of a few entries."""
    base = sqlite3.connect("base")
    size = base.execute("PRAGMA page_size").fetchone()[0]
    roots = base.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 1").fetchall()
    base.close()
    with open("base", "rb") as file:
        bytes_ = file.read()
    for name, root in roots:
        start = (root - 1) * size
        kind, count = bytes_[start], struct.unpack_from(">H", bytes_, start + 3)[0]
        if kind in (0x0d, 0x0a) and count > 1:
            yield name, start + 8, count


def orders(count):
    """Other orders of so many entries."""
    plain = list(range(count))
    yield [count // 2] * count
    yield plain[::-1]
    yield plain[1:] + plain[:1]
    yield plain[-1:] + plain[:-1]
    middle = plain[:]
    middle[count // 2], middle[-1] = middle[-1], middle[count // 2]
    yield middle
    yield [0] * count


def run_all(where):
    with open("case", "rb") as file:
        damaged = file.read()
    for words in COMMANDS:
        try:
            done = subprocess.run([program, *words], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        except subprocess.TimeoutExpired:
            sys.exit(f"out of order: {where}: {' '.join(words)} does not end")
        if not 0 <= done.returncode <= 5:
            sys.exit(f"out of order: {where}: {' '.join(words)} ended with {done.returncode}\n"
                     + done.stderr.decode()[-2000:])
        if words[0] in ("import", "undo-import", "attach"):
            for name in os.listdir("."):
                if name.startswith("case"):
                    os.unlink(name)
            with open("case", "wb") as file:
                file.write(damaged)


make_case()
tried = 0
for name, places, count in trees():
    for order in itertools.islice(orders(count), most_orders):
        with open("base", "rb") as file:
            changed = bytearray(file.read())
        entries = struct.unpack_from(f">{count}H", changed, places)
        struct.pack_into(f">{count}H", changed, places, *(entries[i] for i in order))
        with open("case", "wb") as file:
            file.write(changed)
        run_all(f"{name}, {order}")
        tried += 1
shutil.rmtree(folder)
if tried < 20 * min(most_orders, 6):
    sys.exit(f"out of order: only {tried} trees were changed: no proof")
print(f"out of order: {tried} changed trees, {len(COMMANDS)} commands each, all ended by themselves")
