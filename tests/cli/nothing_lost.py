"""Holds what a case says against the file it was made from: nothing may be lost.

    nothing_lost.py BREACHX FOLDER FILE...

Every scalar of the file, read by Python's json or csv, has to stand in a cell of some record, or in
the name of one. Exceptions are said by the program itself: what stands beside a bundle's list, and
base64 that may be live malware.
"""
import csv
import io
import json
import os
import subprocess
import sys

csv.field_size_limit(1 << 30)
KINDS = ["incident", "actor", "technique", "site", "host", "account", "party", "data", "document",
         "statement", "claim", "event", "indicator"]


class Members(list):
    """An object's members, of one key all of them."""


def leaves(value, path):
    if isinstance(value, Members) and dict(value).get("type") == "bundle":
        yield from leaves(dict(value)["objects"], path)
    elif isinstance(value, Members):
        for key, inner in value:
            yield from leaves(inner, path + "." + key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, path + "[]")
    elif isinstance(value, bool):
        yield path, "true" if value else "false"
    elif value is not None:
        yield path, str(value)


def values(text):
    decoder, at = json.JSONDecoder(
        object_pairs_hook=Members, parse_float=str, parse_int=str), 0
    while True:
        while at < len(text) and text[at] in " \t\r\n":
            at += 1
        if at == len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value


def cells_of_table(text, path):
    if os.path.basename(os.path.dirname(path)) == "plaso":
        bar = "|" if text.startswith("Time|") else ","
        rows = [line.split(bar) for line in text.split("\n") if line]
    else:
        rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    for row in rows[1:]:
        for index, cell in enumerate(row):
            yield "column %d" % (index + 1), cell


def scalars(path):
    text = open(path, "rb").read().decode("utf-8-sig")
    if text.lstrip()[:1] not in "{[":
        yield from cells_of_table(text, path)
        return
    for value in values(text):
        yield from leaves(value, "")


def said(program, case):
    """All texts of the case's cells, and their names."""
    texts = []
    for kind in KINDS:
        listed = subprocess.run([program, "list", case, kind, "--json"], capture_output=True)
        for line in listed.stdout.decode().splitlines():
            for name, value in json.loads(line).items():
                texts.append(name)
                texts += value if isinstance(value, list) else [str(value)]
    return texts


def main():
    program, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    for number, path in enumerate(paths):
        case = os.path.join(folder, "%d.breach" % number)
        name = "/".join(path.split("/")[-2:])
        if os.path.exists(case):
            os.remove(case)
        done = subprocess.run([program, "import", case, path], capture_output=True, text=True)
        if not os.path.exists(case):
            print("%s: %s" % (name, done.stderr.strip()))
            continue
        texts = said(program, case)
        found, joined, lost = set(texts) | {"", "-"}, "\0".join(texts), {}
        for where, text in scalars(path):
            text = text.strip()
            if text not in found and not where.endswith((".data", ".payload_bin")):
                found.add(text)
                if text not in joined:
                    lost.setdefault(where, text)
        print("%s: %s" % (name, "lost" if lost else "nothing lost"))
        for where, text in lost.items():
            print("    %s: %r" % (where, text[:80]))


main()
