"""Holds the CSV scanner against Python's csv module: cells, and that each record's bytes are its own.

    python3 tests/cli/csv_differential.py CSV_DUMP [FILE...]

Files that are given, and generated ones (the seed is fixed). A file with a quote that never closes
is left out of the comparison of cells: there the scanner goes its own way, and says so.
"""
import csv
import io
import json
import random
import subprocess
import sys
import tempfile

dump, files = sys.argv[1], sys.argv[2:]
csv.field_size_limit(1 << 30)
ENCODED = (b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b", b"(\xb5/\xfd", b"PK\x03\x04")
OPEN_QUOTE = 1
wrong = compared = rows = left_out = 0


def scanned(path, delimiter):
    run = subprocess.run([dump, delimiter, path], stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.decode("latin-1").splitlines()]


def reference(data, delimiter):
    # As bytes: the scanner cuts bytes, and none of its signs is part of a longer character.
    text = io.StringIO(data.decode("latin-1"), newline="")
    return list(csv.reader(text, delimiter=delimiter))


def compare(path, data, delimiter, what):
    global wrong, compared, rows, left_out
    records = scanned(path, delimiter)
    bom = 3 if data.startswith(b"\xef\xbb\xbf") else 0
    end = bom
    for record in records:
        if not end <= record["start"] <= record["end"] <= len(data) or \
                data[end:record["start"]].strip(b"\r\n"):
            wrong += 1
            print(f"{what}: bytes {end} to {record['start']} are nobody's")
            return
        end = record["end"]
    if any(record["trouble"] == OPEN_QUOTE for record in records):
        left_out += 1
        return
    ours = [record["cells"] for record in records]
    theirs = reference(data[bom:], delimiter)
    compared += 1
    rows += len(theirs)
    if ours != theirs:
        wrong += 1
        for number, (one, other) in enumerate(zip(ours, theirs)):
            if one != other:
                print(f"{what}: record {number}: {one!r} is {other!r} in Python")
                break
        else:
            print(f"{what}: {len(ours)} records, {len(theirs)} in Python")


for path in files:
    with open(path, "rb") as file:
        data = file.read()
    # Decoded before they are cut; the unit tests hold those.
    eight_bit = False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        eight_bit = True
    if data.startswith(ENCODED) or b"\0" in data or eight_bit:
        left_out += 1
        continue
    compare(path, data, "\t" if path.endswith(".tsv") else ",", path)

generator = random.Random(20200120)
PIECES = ["a", "b", ",", ",", '"', '""', "\n", "\r\n", "\r", " ", ";", "é", "中", '","', '"\n"', "xyz"]
with tempfile.NamedTemporaryFile() as file:
    for number in range(600):
        data = "".join(generator.choices(PIECES, k=generator.randrange(1, 60))).encode()
        file.seek(0)
        file.truncate()
        file.write(data)
        file.flush()
        compare(file.name, data, generator.choice(",;"), f"generated {number} {data!r}")
    data = b"".join(
        f'{i},"{"x" * (i % 50)}""\r\n{i}",é{i}\r\n'.encode() for i in range(30000))
    file.seek(0)
    file.write(data)
    file.flush()
    compare(file.name, data, ",", "a long one")

if wrong:
    sys.exit(f"{wrong} of {compared} files are cut otherwise")
print(f"cut as Python cuts them: {compared > 250 and rows > 30000}")
