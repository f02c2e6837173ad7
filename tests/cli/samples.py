"""Files of other people's, counted by the program, by Python's own readers and by their list.

    samples.py BREACHX FOLDER

FOLDER/MANIFEST.md is a table of files that says how many rows, lines, objects, events or incidents
each holds, and for some how many of them each machine has. Every file is imported into a case of its
own. Its rows and skipped rows together have to be the units that Python counts and the list states;
the records it says to have made those of a dry run, of `info` and of `list`.
"""
import csv
import json
import os
import re
import subprocess
import sys
import tempfile

csv.field_size_limit(1 << 30)


def text_of(path):
    data = open(path, "rb").read()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def values(text):
    """One JSON value after another."""
    decoder, at, found = json.JSONDecoder(), 0, []
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            return found
        value, at = decoder.raw_decode(text, at)
        found.append(value)


def events(value):
    """MISP events, however they are wrapped."""
    if isinstance(value, list):
        return sum(events(item) for item in value)
    if not isinstance(value, dict):
        return 0
    if "Event" in value:
        return 1
    if "response" in value:
        return events(value["response"])
    return 1 if "info" in value else 0


def units_of_json(text):
    found = values(text)
    if len(found) > 1:
        return len(found)
    value = found[0]
    if isinstance(value, dict) and "objects" in value:
        return len(value["objects"])
    if isinstance(value, dict) and "event_0" in value:
        return len(value)
    if isinstance(value, dict):
        return events(value) if {"Event", "response", "info"} & set(value) else 1
    return events(value) if value and "Event" in value[0] else len(value)


def units(path):
    text = text_of(path)
    folder = os.path.basename(os.path.dirname(path))
    if "eset-tick-samples" in path:
        return sum(1 for line in text.split("\n") if line.strip())
    if path.endswith("AccessProtectionLog.txt"):
        return sum(1 for row in csv.reader(text.splitlines(True), delimiter="\t") if row)
    if folder == "text":
        return 1
    if text[:1] in "{[":
        return units_of_json(text)
    if folder == "plaso":
        return sum(1 for line in text.split("\n") if line) - 1
    header = "rarog" not in path
    return sum(1 for row in csv.reader(text.splitlines(True)) if row) - header


DEFANGED = re.compile(r"(?:h[tx][tx]ps?://)?[\w-]+(?:(?:\.|\[\.\])[\w-]+)*\[\.\][^\s`)|\\]*", re.I)
HASH = re.compile(r"(?<![\w/.])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?!\w)", re.I)
NETWORK = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}/\d\d?(?!\w)")
DATED = re.compile(r"^\W*\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* [+-]\d\d:\d\d ", re.M)


def indicators(text):
    """Distinct values of a document that are defanged, hashes or networks."""
    plain = {value.replace("[.]", ".").rstrip(".,") for value in DEFANGED.findall(text)}
    return len(plain | set(HASH.findall(text)) | set(NETWORK.findall(text)))


def listed(root):
    """Path, units or None, and events of each machine, of the files that are named in the list."""
    for line in open(os.path.join(root, "MANIFEST.md"), encoding="utf-8"):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)]
        if len(cells) < 10 or not os.path.isfile(os.path.join(root, cells[1])):
            continue
        said = cells[9]
        number = re.search(r"\((\d+) data rows\)|^(\d+) (?:JSON lines|objects|incident|Event|events)"
                           r"|^JSON array of (\d+)", said)
        count = int(next(group for group in number.groups() if group)) if number else None
        hosts = dict(re.findall(r"([\w.:-]+)=(\d+)", said)) if "; hosts: " in said else {}
        yield os.path.join(root, cells[1]), count, hosts


class Program:
    def __init__(self, name):
        self.name = name

    def run(self, *arguments):
        done = subprocess.run([self.name] + list(arguments), capture_output=True, text=True, cwd="/")
        self.error = done.stderr.strip()
        return done.stdout.splitlines()

    def json(self, *arguments):
        lines = self.run(*arguments, "--json")
        return json.loads(lines[0]) if lines else None


def check(program, path, stated, hosts, case):
    """What is wrong, a line each."""
    result = program.json("import", case, path, "--zone", "UTC")
    if not result:
        return [program.error]
    wrong = []

    def same(what, is_now, wanted):
        if is_now != wanted:
            wrong.append("%s: %s, not %s" % (what, is_now, wanted))

    kinds = result["kinds"]
    counted = result["rows"] + result["skipped"]
    same("units by Python", counted, units(path))
    if path.endswith((".md", ".adoc")):
        same("indicators by Python", kinds.get("indicator", 0), indicators(text_of(path)))
        same("dated lines by Python", kinds.get("event", 0), len(DATED.findall(text_of(path))))
    if stated is not None:
        same("units as the list states", counted, stated)
    dry = program.json("import", case + ".none", path, "--zone", "UTC", "--dry-run")
    same("rows in a dry run", dry["rows"], result["rows"])
    same("records in a dry run", dry["kinds"], kinds)
    told = program.json("info", case)["kinds"]
    same("info", {kind: count for kind, count in told.items() if count}, kinds)
    if "/incidents/" in path:  # many small files, one like the other
        return wrong
    for kind, count in kinds.items():
        same("list " + kind, len(program.run("list", case, kind, "--json")), count)
    for host, count in hosts.items():
        found = program.run("list", case, "event", "--where", 'host="%s"' % host, "--json")
        # A name that is none makes no host; it is kept with its event.
        same("events of " + host, len(found), 0 if host == ":" else int(count))
    return wrong


# What is no evidence, or JSON of which nobody said what it is.
REFUSED = ["veris/reference/", "json/eset-dnsduvel_warninglist.json"]


def main():
    program, root = Program(sys.argv[1]), os.path.abspath(sys.argv[2])
    files = wrong = 0
    for path, stated, hosts in listed(root):
        if any(part in path for part in REFUSED):
            continue
        files += 1
        with tempfile.TemporaryDirectory() as folder:
            for message in check(program, path, stated, hosts, os.path.join(folder, "c.breach")):
                print("%s: %s" % (os.path.relpath(path, root), message))
                wrong += 1
    if files == 0:
        print("no file of the list is there")
    print("counts that differ: %d" % wrong)


main()
