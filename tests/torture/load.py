"""Sixteen that read a case beside one that writes to it.

    load.py PROGRAM SECONDS [READERS]

The writer imports logs and lists of hosts and takes some of them back, one after the other. Each
reader lists, searches, counts or verifies all the time. An import is there whole or not at all,
whenever one looks, or a search says that the case changed meanwhile; nobody is told that the case is locked, nobody waits for more than a minute.
Prints one line and ends with 1 when anything does not hold.
"""
import collections
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

program, seconds = os.path.abspath(sys.argv[1]), float(sys.argv[2])
readers = int(sys.argv[3]) if len(sys.argv) > 3 else 16
HOSTS, EVENTS = 400, 3000
tally, longest = collections.Counter(), collections.Counter()
lock, failures = threading.Lock(), []


def fail(what):
    with lock:
        failures.append(what)
        if len(failures) < 20:
            print("FAILED:", what, flush=True)


def run(what, *arguments, codes=(0,)):
    began = time.monotonic()
    try:
        done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=60)
    except subprocess.TimeoutExpired:
        fail(f"{' '.join(arguments)} did not end within a minute")
        return None
    with lock:
        tally[what] += 1
        longest[what] = max(longest[what], time.monotonic() - began)
    if what in ("search", "count") and done.returncode == 4 and "the case changed while" in done.stderr:
        with lock:
            tally["told that the case changed"] += 1
        return None
    if done.returncode not in codes:
        fail(f"{' '.join(arguments)} ended with {done.returncode}: {done.stderr}{done.stdout[-400:]}")
        return None
    return done.stdout


def lines(text):
    return [json.loads(line) for line in (text or "").splitlines()]


def whole(what, counts, size):
    for name, count in counts.items():
        if count != size:
            fail(f"torn: {what} gave {count} of {size} of {name}")


def list_hosts(_):
    rows = lines(run("list", "list", "case.breach", "hosts", "--json"))
    whole("list", collections.Counter(row["source"]["name"] for row in rows), HOSTS)


def search_hosts(_):
    rows = lines(run("search", "search", "case.breach", "^g", "--kind", "host", "--json", codes=(0, 1)))
    whole("search of hosts", collections.Counter(row["text"].split("-")[0] for row in rows[:-1]), HOSTS)


def search_events(_):
    rows = lines(run("search", "search", "case.breach", "token e", "--kind", "event", "--json", codes=(0, 1)))
    whole("search of events", collections.Counter(row["text"].split()[1] for row in rows[:-1]), EVENTS)


def count_events(choose):
    told = run("count", "search", "case.breach", f"token e{choose.randrange(40)} ", "--kind", "event", "-c",
               codes=(0, 1))
    if told and int(told) not in (0, EVENTS):
        fail(f"torn: {told.strip()} of {EVENTS} were counted")


def info(_):
    for told in lines(run("info", "info", "case.breach", "--json")):
        ready = [source["name"][0] for source in told["sources"] if source["state"] == "ready"]
        seen, due = told["kinds"], (ready.count("h") * HOSTS, ready.count("e") * EVENTS)
        if (seen["host"], seen["event"]) != due:
            fail(f"torn: info counts {seen['host']} hosts and {seen['event']} events, not {due}")


def verify(_):
    run("verify", "verify", "case.breach")


def read(number):
    choose = random.Random(number)
    acts = [list_hosts, search_hosts, search_events, count_events, info, verify]
    while time.monotonic() < end:
        choose.choice(acts)(choose)


def write():
    number = 0
    while time.monotonic() < end:
        number += 1
        hosts, events = f"hosts{number}.csv", f"events{number}.csv"
        with open(hosts, "w", encoding="ascii") as out:
            out.write("name,type\n" + "".join(f"g{number}-{i},server\n" for i in range(HOSTS)))
        with open(events, "w", encoding="ascii") as out:
            out.write("time,message\n" + "".join(
                f"2020-01-20T00:00:{i % 60:02}Z,token e{number} is {i}\n" for i in range(EVENTS)))
        run("import", "import", "case.breach", hosts, "--kind", "host")
        run("import", "import", "case.breach", events, "--kind", "event")
        if number > 3:
            run("undo-import", "undo-import", "case.breach", f"hosts{number - 3}.csv", "--by", "me")
            run("undo-import", "undo-import", "case.breach", f"events{number - 3}.csv", "--by", "me")


folder = tempfile.mkdtemp(prefix="breachx-load-")
try:
    os.chdir(folder)
    os.environ.update(LC_ALL="C.UTF-8", TMPDIR=folder)
    run("new", "new", "case.breach")
    end = time.monotonic() + seconds
    threads = [threading.Thread(target=read, args=(i,)) for i in range(readers)]
    threads.append(threading.Thread(target=write))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run("verify", "verify", "case.breach")
    if os.listdir(".").count("case.breach-journal"):
        fail("something lies beside the case")
finally:
    os.chdir("/")
    shutil.rmtree(folder)
print(f"load: {readers} readers and a writer, {seconds:.0f} s: " +
      ", ".join(f"{tally[what]} {what} (at most {longest[what]:.2f} s)" for what in sorted(tally)) +
      f"; {len(failures)} failures")
if not tally["import"] or not tally["undo-import"]:
    fail("nothing was written: no proof")
sys.exit(1 if failures else 0)
