"""Each indicator and event of a case leads to the bytes of the file that it was read from.

    documents.py BREACHX CASE FILE

The bytes between start and end of the file, decoded by Python, hold an indicator as it is written
and the words of an event's date and its message.
"""
import json
import subprocess
import sys


def records(program, case, kind):
    said = subprocess.run([program, "list", case, kind, "--json"], capture_output=True, check=True)
    return [json.loads(line) for line in said.stdout.splitlines()]


def main():
    program, case, path = sys.argv[1:]
    data = open(path, "rb").read()
    encoding = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(data[:2])
    if not encoding:
        try:
            data.decode("utf-8")
            encoding = "utf-8"
        except UnicodeDecodeError:
            encoding = "cp1252"
    wrong = checked = 0
    for record in records(program, case, "indicators") + records(program, case, "events"):
        source = record["source"]
        text = data[source["start"]:source["end"]].decode(encoding)
        if record["kind"] == "indicator":
            right = text == record.get("extra.written", record["value"])
        else:
            folded = " ".join(text.split())
            right = record["time"] in text and " ".join(record["message"].split()) in folded
        checked += 1
        if not right:
            wrong += 1
            print("%s:%d stands elsewhere: %r" % (record["kind"], record["id"], text))
    print("%d records lead to their bytes, %d do not" % (checked - wrong, wrong))


main()
