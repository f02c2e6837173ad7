"""Indicators and machines that logs of other people's speak of, held against Python's reading.

    mentions.py BREACHX FOLDER WORK
"""
import csv
import glob
import ipaddress
import json
import os
import re
import subprocess
import sys

csv.field_size_limit(1 << 30)
HASH = re.compile(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")


def address(text):
    """An address that can be somebody's, else None."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    found = getattr(found, "ipv4_mapped", None) or found
    nobodys = found.is_loopback or found.is_unspecified or found.is_multicast
    return None if nobodys or str(found) == "255.255.255.255" else text.replace("::ffff:", "")


def hashes(text):
    values = [part.split("=")[-1] for part in text.split(",")]
    return {value.lower() for value in values if HASH.fullmatch(value) and value.strip("0")}


def windows(event):
    data = event.get("event_data") or event
    yield from hashes(data.get("Hashes") or "")
    for key in ("DestinationIp", "IpAddress"):
        yield address(data.get(key) or "")
    for key in ("Image", "ParentImage"):
        yield data.get(key) if re.search(r"[\\/]", data.get(key) or "") else None


def hayabusa(event):
    details = event["Details"]
    if isinstance(details, str):
        details = dict(pair.split(": ", 1) for pair in details.split(" \u00a6 ") if ": " in pair)
    yield from hashes(details.get("Hashes") or details.get("Hash") or "")
    for key in ("SrcIP", "TgtIP"):
        yield address(details.get(key) or "")
    proc = details.get("Proc") or ""
    yield proc if re.search(r"[\\/]", proc) else None


def zeek(event):
    for key in ("query", "host", "server_name"):
        value = event.get(key) or ""
        domain = re.fullmatch(r"[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}", value)
        yield value if domain else address(value)
    for key in ("resp_certificate_sha1", "md5", "sha1"):
        yield (event.get(key) or "").lower()


def zeek_hosts(event):
    yield event.get("id_orig_h")
    yield address(event.get("id_resp_h") or "")


def read(path):
    if path.endswith(".csv"):
        return list(csv.DictReader(open(path, encoding="utf-8", newline="")))
    return [json.loads(line) for line in open(path, encoding="utf-8") if line.strip()]


def known(program, case, kind, field):
    said = subprocess.run([program, "list", case, kind, "--json", "--limit", "1000000"],
                          capture_output=True, text=True)
    values = [json.loads(line)[field] for line in said.stdout.splitlines()]
    return {value.lower() if HASH.fullmatch(value) else value for value in values}


def main():
    program, root, work = sys.argv[1:4]
    case = os.path.join(work, "samples.breach")
    logs = [("jsonl/otrf-*", "indicator", "value", windows), ("hayabusa/*", "indicator", "value", hayabusa),
            ("jsonl/zeek-*", "indicator", "value", zeek), ("jsonl/zeek-*", "host", "name", zeek_hosts)]
    differing = 0
    for pattern, kind, field, speaks_of in logs:
        for path in sorted(glob.glob(os.path.join(root, pattern))):
            subprocess.run([program, "import", case, path, "--zone", "UTC"], capture_output=True)
            wanted = {value for event in read(path) for value in speaks_of(event) if value}
            found = known(program, case, kind, field)
            if wanted != found:
                differing += 1
                print(os.path.basename(path), kind, "only Python:", sorted(wanted - found)[:5],
                      "only the case:", sorted(found - wanted)[:5])
            os.remove(case)
    print("logs whose mentions differ:", differing)


main()
