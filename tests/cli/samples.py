"""Files of other people's, counted by the program and by Python's own readers.

    samples.py BREACHX FOLDER

Every file is imported in a dry run into no case; its rows and skipped rows together have to be the
units that Python counts.
"""
import csv
import glob
import json
import os
import subprocess
import sys

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
    if folder == "text":
        return sum(1 for line in text.split("\n") if line.strip())
    if text[:1] in "{[":
        return units_of_json(text)
    if folder == "plaso":
        return sum(1 for line in text.split("\n") if line) - 1
    return sum(1 for row in csv.reader(text.splitlines(True)) if row) - 1


def check(program, path, more):
    said = subprocess.run([program, "import", "none.breach", path, "--dry-run", "--json"] + more,
                          capture_output=True, text=True, cwd="/")
    if not said.stdout:
        return "%s: %s" % (path, said.stderr.strip())
    result = json.loads(said.stdout.splitlines()[0])
    counted = result["rows"] + result["skipped"]
    wanted = units(path)
    if counted != wanted:
        return "%s: %d units by %s, %d by Python" % (path, counted, result["format"], wanted)
    return None


def main():
    program, root = sys.argv[1], os.path.abspath(sys.argv[2])
    kinds = ["jsonl/*", "hayabusa/*", "timesketch/*", "plaso/*", "stix/*", "misp/*",
             "json/hibp*", "veris/vcdb*", "veris/incidents/*", "veris/schema-tests/*",
             "text/eset-tick-samples*"]
    wrong = 0
    for kind in kinds:
        for path in sorted(glob.glob(os.path.join(root, kind))):
            more = ["--zone", "UTC"] if "raccine" in path else []
            message = check(program, path, more)
            if message:
                print(message.replace(root + "/", ""))
                wrong += 1
    print("files that the program and Python count differently: %d" % wrong)


main()
