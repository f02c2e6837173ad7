"""Holds a built case against the text files it was made from, read by Python's own csv module.

    python3 tests/cli/example_case.py PROGRAM DATADIR CASE
"""
import csv
import io
import json
import re
import subprocess
import sys

program, folder, case = sys.argv[1:]
FILES = [("incident", "incident"), ("document", "documents"), ("site", "sites"),
         ("actor", "actors"), ("party", "parties"), ("host", "hosts"), ("account", "accounts"),
         ("data", "data"), ("statement", "statements"), ("claim", "claims"), ("event", "events")]
RESERVED = {"key", "basis", "by", "stands_for"}
wrong = 0


def complain(*words):
    global wrong
    wrong += 1
    if wrong <= 20:
        print("WRONG:", *words)


def breachx(*words):
    run = subprocess.run([program, *words], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.decode().splitlines()]


def rows_of(name):
    with open(f"{folder}/{name}.csv", "rb") as file:
        content = file.read()
    return content, list(csv.DictReader(io.StringIO(content.decode(), newline="")))


numbers = {}  # kind:key and kind:name as the files write them, to kind:id
for kind, name in FILES:
    content, rows = rows_of(name)
    header = list(rows[0])
    records = sorted(breachx("list", case, kind, "--format", "json"), key=lambda r: r["id"])
    print(f"{kind}: {len(records)}")
    if len(records) != len(rows):
        complain(kind, "has", len(records), "records of", len(rows), "rows")
    for record, row in zip(records, rows):
        where = f"{kind}:{record['id']}"
        for column in ("key", "name"):
            numbers[f"{kind}:{row.get(column)}"] = where
        source = record["source"]
        again = content[source["start"]:source["end"]].decode()
        if next(csv.reader(io.StringIO(again, newline=""))) != [row[c] for c in header]:
            complain(where, "is not at its bytes:", again[:60])
        if record["basis"] != row["basis"]:
            complain(where, "basis", record["basis"])
        for column, text in row.items():
            if column in RESERVED or column.endswith(".reading"):
                continue
            held = record.get(column, record.get("extra." + column, ""))
            if str(held) != text:
                complain(where, column, repr(held), "is not", repr(text))

# The edges that begin at a record are those of the files, and those that fields make.
wanted = {}
for row in rows_of("links")[1]:
    edge = (row["type"], numbers[row["to"]], row["detail"], row["basis"])
    wanted.setdefault(numbers[row["from"]], []).append(edge)
settings = {}
decisions = rows_of("decisions")[1]
for row in decisions:
    if row["action"] == "set":
        settings.setdefault(numbers[row["record"]], []).append((row["field"], row["value"]))
        continue
    edge = (row["field"], numbers[row["value"]], row["detail"], "inferred")
    wanted.setdefault(numbers[row["record"]], []).append(edge)
for where, edges in wanted.items():
    shown = breachx("show", case, where, "--json")[0]
    fields = set(shown) | {"host", "account", "cited_in"}
    held = [(edge["type"], edge["record"], edge.get("detail", ""), edge["basis"])
            for edge in shown["links"] if edge["outgoing"] and edge["type"] not in fields]
    if sorted(held) != sorted(edges):
        complain(where, "has other edges:", sorted(set(held) ^ set(edges))[:3])
for where, values in settings.items():
    shown = breachx("show", case, where, "--json")[0]
    for field, value in values:
        if shown.get(field) != value:
            complain(where, field, "is", shown.get(field))
print(f"edges: {sum(map(len, wanted.values()))}, decisions: {len(decisions)}")

# What the files promise: see data/case/README.md.
hosts = rows_of("hosts")[1]
for type_, least in (("server", 41), ("terminal", 121)):
    found = [h for h in hosts if h["type"] == type_ and h["basis"] == "placeholder"]
    if len(found) != least or any(h["site"] for h in found):
        complain(type_, "placeholders:", len(found))
statements = rows_of("statements")[1]
spoken = [s for s in statements if s["direction"] != "silent"]
print(f"statements: {len(spoken)} and {len(statements) - len(spoken)} silences, "
      f"{len({s['speaker'] for s in spoken})} voices")
for file in [name for _, name in FILES] + ["links", "decisions"]:
    for row in rows_of(file)[1]:
        for text in row.values():
            if re.search(r"\b\d{1,3}(\.\d{1,3}){3}\b|\b[0-9a-f]{32,}\b|://", text or ""):
                complain(file, "looks like evidence:", text)
sys.exit(1 if wrong else 0)
