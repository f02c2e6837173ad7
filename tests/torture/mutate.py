"""Altered case files through everything that reads one: makes the cases to alter, and runs mutate.c.

    mutate.py PROGRAM EXAMPLE MUTATE KEEP CASES [SEED]

The cases are the program's own: the bundled one; one with events, blocks, an index, a source taken
back and a decision; that one as older schemas had it; and that one in the midst of a change, a
journal beside it. WORKERS of the environment try them, or one a core. Prints what mutate.c prints, and ends with 1 when a case was bad.
"""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile

program, example, mutate = map(os.path.abspath, sys.argv[1:4])
keep, cases = os.path.abspath(sys.argv[4]), int(sys.argv[5])
seed = int(sys.argv[6]) if len(sys.argv) > 6 else random.randrange(1 << 30)
schemas = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/schema-%d.sql")
folder = tempfile.mkdtemp(prefix="breachx-mutate-")


def run(*arguments):
    done = subprocess.run([program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"mutate: {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


def write(name, text):
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
    return name


def make_events(case):
    """Two blocks and more, extras, references, an edge summary, and one of two logs taken back."""
    words = random.Random(1)
    rows = ["time,host,account,message,extra one\n"]
    for i in range(700):
        text = " ".join(words.choice(["logon", "token", "powershell", "exfil", "鎌倉", "svc"]) +
                        format(words.randrange(1 << 40), "x") for _ in range(12))
        rows.append(f"2020-01-{1 + i % 28:02}T00:{i % 60:02}:00Z,ws{i % 40:03},user{i % 9},{text},{i}\n")
    run("import", case, write("rows.csv", "".join(rows)))
    lines = ['{"ts":%d,"uid":"C%d","id_orig_h":"10.0.0.%d","query":"n%d.example"}\n' %
             (1579478400 + i, i, i % 200, i) for i in range(300)]
    run("import", case, write("day.log", "".join(lines)))
    run("import", case, write("days.log", "".join(lines[200:] + lines[:250])))
    run("import", case, write("report.txt", 'The firm said on 20 January 2020 it was hacked by '
                              '192.0.2.7. "We deny it," a spokesman told reporters.\n\n' * 20))
    run("import", case, write("decisions.csv", "action,record,field,value,reason\nset,host:ws001,status,confirmed,seen\n"),
        "--kind", "decision", "--set", "reviewer=me")
    run("undo-import", case, "day.log", "--by", "me")


def make_old(case, path, version):
    """The rows of a case, in the tables of an older schema that have not changed since."""
    old = sqlite3.connect(path)
    old.executescript("PRAGMA page_size=4096; PRAGMA application_id=1114789987; "
                      f"PRAGMA user_version={version};")
    with open(schemas % version, encoding="utf-8") as file:
        old.executescript(file.read())
    old.execute("ATTACH ? AS now", (case,))
    tables = [name for name, in old.execute("SELECT name FROM main.sqlite_schema WHERE type='table'")]
    for table in tables:
        there = [row[1] for row in old.execute(f"PRAGMA now.table_info('{table}')")]
        columns = [row[1] for row in old.execute(f"PRAGMA main.table_info('{table}')")]
        shared = ",".join(f'"{name}"' for name in columns if name in there)
        if table != "edge" and len(shared.split(",")) == len(columns):
            old.execute(f"INSERT INTO main.{table}({shared}) SELECT {shared} FROM now.{table}")
    old.commit()
    old.close()


def make_hot(case):
    """Some pages of a change are on the disk, and the journal says how they were."""
    child = os.fork()
    if child == 0:
        database = sqlite3.connect(case, isolation_level=None)
        database.executescript("PRAGMA cache_size=3; BEGIN IMMEDIATE;"
                               "UPDATE host SET role = 'changed'; UPDATE mention SET key = 'changed';"
                               "UPDATE event SET by = 'changed';")
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    if not os.path.getsize(case + "-journal"):
        sys.exit("mutate: no journal was left")


try:
    os.chdir(folder)
    os.environ.update(SOURCE_DATE_EPOCH="1579478400", LC_ALL="C.UTF-8", TZ="UTC", TMPDIR=folder)
    os.makedirs(keep, exist_ok=True)
    # What is there more often is chosen more often.
    seeds = ["example"] * 3 + ["events"] * 4 + ["hot"] * 3 + ["schema-1", "schema-2"]
    shutil.copy(example, "example")
    make_events("events")
    for version in (1, 2):
        make_old("events", f"schema-{version}", version)
    shutil.copy("events", "hot")
    make_hot("hot")
    for name in sorted(set(seeds)):
        run("verify", name)
    workers = os.environ.get("WORKERS") or str(os.cpu_count() or 1)
    done = subprocess.run([mutate, keep, str(seed), "1", str(cases), workers, *seeds])
    sys.exit(done.returncode)
finally:
    os.chdir("/")
    shutil.rmtree(folder)
