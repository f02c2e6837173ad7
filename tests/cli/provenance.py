"""Every record of other people's files stands where it says: its byte range, read by Python.

    provenance.py BREACHX SAMPLES FOLDER

All samples go into one case, and some again in other encodings and packed. Of a JSON file the range
is one value, of a table one row of the file as csv reads it, of a text its quote, an indicator in
it, or the whole.
"""
import csv
import glob
import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile

csv.field_size_limit(1 << 30)
KINDS = ("incident actor technique site host account party data document statement claim event "
         "indicator").split()
MOST = 400  # Records of a kind that are looked at, spread over all.
AGAIN = ["csv/ioc-unit42-dearjoohn-dearjoohn_iocs.csv", "csv/ioc-volexity-2018-patchwork.csv",
         "stix/oasis-infrastructure.json", "plaso/l2tcsv.log", "text/ctid-menu_pass-Intelligence_Summary.md"]


def encoding_of(data):
    for mark, name in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return name
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return "cp1252"


def variants(samples, folder):
    """The same texts with other bytes; their rows are not those of the first import, so that each
    has events and statements of its own."""
    for path in AGAIN:
        data = open(os.path.join(samples, path), "rb").read()
        text = data.decode("utf-8-sig")
        name = os.path.join(folder, os.path.basename(path))
        made = {"bom": b"\xef\xbb\xbf" + text.encode(), "le": b"\xff\xfe" + text.encode("utf-16-le"),
                "be": b"\xfe\xff" + text.encode("utf-16-be")}
        try:
            made["1252"] = text.encode("cp1252")
        except UnicodeEncodeError:
            pass
        for ending, content in made.items():
            yield f"{name}.{ending}", content, content
        spaced = (text + "\n").encode()
        yield f"{name}.gz", gzip.compress(spaced), spaced
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("in/member", (text + "\n\n").encode())
        yield f"{name}.zip", packed.getvalue(), (text + "\n\n").encode()


class Files:
    def __init__(self):
        self.data, self.rows = {}, {}

    def add(self, data):
        self.data[hashlib.sha256(data).hexdigest()] = data

    def is_row(self, digest, text):
        if digest not in self.rows:
            data = self.data[digest]
            whole = data.decode(encoding_of(data), "replace").lstrip("\ufeff")
            comma = max(",;\t|", key=whole.split("\n")[0].count)
            rows = csv.reader(io.StringIO(whole, newline=""), delimiter=comma)
            self.rows[digest] = comma, {tuple(row) for row in rows}
        comma, rows = self.rows[digest]
        got = [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=comma)]
        return len(got) == 1 and got[0] in rows

    def holds(self, record):
        source = record["source"]
        data = self.data[source["sha256"]]
        piece = data[source["start"]:source["end"]].decode(encoding_of(data), "replace")
        if record["kind"] == "statement" and piece == record.get("quote"):
            return True
        if record["kind"] == "document" and piece.lstrip("\ufeff") == record.get("body", "").lstrip("\ufeff"):
            return True
        # One that stands in running text, and how it is written there.
        if record["kind"] == "indicator" and piece in (record["value"], record.get("extra.written")):
            return True
        if piece[:1] in ("{", "["):
            try:
                json.loads(piece, strict=False)
                return True
            except ValueError:
                return False
        return self.is_row(source["sha256"], piece)


def main():
    program, samples, folder = sys.argv[1:4]
    files, paths = Files(), []
    case = os.path.join(folder, "provenance.breach")
    for path in glob.glob(os.path.join(samples, "**"), recursive=True):
        if os.path.isfile(path):
            files.add(open(path, "rb").read())
    for path, content, unpacked in variants(samples, folder):
        open(path, "wb").write(content)
        files.add(unpacked)
        paths.append(path)
    subprocess.run([program, "import", case, samples, *paths, "--zone", "UTC", "--dates", "mdy"],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    looked, wrong = 0, 0
    for kind in KINDS:
        lines = subprocess.run([program, "list", case, kind, "--json"], capture_output=True).stdout.splitlines()
        for line in lines[::len(lines) // MOST + 1]:
            record = json.loads(line)
            looked += 1
            if not files.holds(record):
                wrong += 1
                print(record["kind"], record["id"], record["source"])
    verified = subprocess.run([program, "verify", case], capture_output=True, text=True)
    print(verified.stdout.splitlines()[0] if verified.stdout else verified.stderr)
    print("records that do not stand where they say: %d" % wrong)
    if looked < 2000:
        print("only %d records were looked at" % looked)
    os.unlink(case)


main()
