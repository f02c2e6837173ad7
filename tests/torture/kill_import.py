#!/usr/bin/env python3
"""Kills the program at chosen and at random moments of an act that writes, and looks at the case.

    kill_import.py BREACHX [POINTS] [SEED]

Acts: an import of rows, documents and links into a case that holds a source already, and of a log of
which another source holds a part; undo-import of either; attach; new --from. Moments: after a random time, and (where strace is there) at the nth write,
fsync, unlink or rename. After each kill:

  - opened for reading, the case verifies and shows either none of the act or all of it;
  - opened for writing, what was half-loaded is swept, and that is said; a change that a crash left
    unfinished is refused without --recover and undone with it;
  - the source that was there before is whole, its rows are all there, nothing lies beside the case;
  - the same act works afterwards.

Ctrl-C is tried beside kill -9: exit 130, and the case as before; `verify` that meets it reads no
further (where strace is there). And a disk that is full (a tmpfs of
2 MB, as root): the import fails with a message, the case is whole, and a retry works once there is
room. Prints one line and ends with 1 when anything does not hold.
"""
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

BREACHX = os.path.abspath(sys.argv[1])
POINTS = int(sys.argv[2]) if len(sys.argv) > 2 else 25
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 30)
ROWS = 20000
CALLS = ["pwrite64", "write", "fdatasync", "fsync", "unlink", "unlinkat", "renameat2"]
SWEPT = "was swept away"
chance = random.Random(SEED)
failures = []
# Whoever starts this in the background may have it ignore Ctrl-C, and the program would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


def fail(what, *more):
    failures.append(what)
    print("FAILED:", what, *more)


def run(*arguments, expect=None):
    done = subprocess.run([BREACHX, *arguments], capture_output=True, text=True, timeout=300)
    if expect is not None and done.returncode not in expect:
        fail(f"{' '.join(arguments)} ended with {done.returncode}", done.stderr)
    return done


def make_files():
    with open("first.csv", "w") as file:
        file.write("name,site\n" + "".join(f"ws{i:03},Tokyo\n" for i in range(300)))
    with open("rows.csv", "w") as file:
        file.write("time,host,account,message,note\n")
        for i in range(ROWS):
            file.write(f"2020-01-20T00:{i // 60 % 60:02}:{i % 60:02}Z,ws{i % 400:03},user{i % 90},"
                       f"message number {i} of many,{i * 7919 % 100003}\n")
    # A log, and a longer export of it.
    lines = [json.dumps({"ts": 1579478400 + i * 0.25, "uid": f"C{i}", "id_orig_h": f"10.0.0.{i % 200}",
                         "query": f"n{i}.example"}) + "\n" for i in range(ROWS // 2)]
    with open("day.log", "w") as file:
        file.writelines(lines[:ROWS // 3])
    with open("days.log", "w") as file:
        file.writelines(lines)
    os.mkdir("evidence")


def counts(case):
    """Records by kind and ready sources, and what verify says; None when it can't be read."""
    info = run("info", case, "--json", expect=[0])
    verified = run("verify", case, "--json", expect=[0])
    if info.returncode or verified.returncode:
        return None
    told = json.loads(info.stdout)
    ready = [source["name"] for source in told["sources"] if source["state"] == "ready"]
    return {"kinds": told["kinds"], "ready": ready}


class Act:
    """One act on a case, and what the case is before and after it."""

    def __init__(self, name, arguments, before, after, case="case.breach"):
        self.name, self.arguments = name, arguments
        self.before, self.after, self.case = before, after, case
        self.longest = 0  # Seconds, measured before the first kill.

    def prepare(self):
        for name in os.listdir("."):
            if ".breach" in name and not name.startswith("base"):
                os.unlink(name)
        if self.before:
            shutil.copy(self.before, self.case)

    def state_before(self):
        return counts(self.before) if self.before else None


def kill_at_time(act, longest):
    process = subprocess.Popen([BREACHX, *act.arguments], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(chance.uniform(0, longest))
    process.kill()
    return process.wait() == -signal.SIGKILL


def kill_at_call(act, call, number):
    done = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e",
         f"inject={call}:signal=KILL:when={number}", BREACHX, *act.arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)
    return done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def count_calls(act):
    act.prepare()
    subprocess.run(["strace", "-f", "-qq", "-c", "-o", "calls", "-e", "trace=" + ",".join(CALLS),
                    BREACHX, *act.arguments], stdout=subprocess.DEVNULL,
                   stderr=subprocess.DEVNULL, check=True, timeout=300)
    told = {}
    with open("calls") as file:
        for line in file:
            words = line.split()
            if words and words[-1] in CALLS:
                told[words[-1]] = int(words[3])
    return told


def has_strace():
    return subprocess.run(["strace", "-qq", "-o", "/dev/null", "-e", "inject=write:signal=KILL:when=1000",
                           "true"], capture_output=True).returncode == 0 \
        if shutil.which("strace") else False


def check_after(act, where, tally):
    """What a kill left."""
    if not os.path.exists(act.case):
        if act.before:
            fail(f"{where}: the case is gone")
        tally["none"] += 1
        return
    whole = [state for state in (act.state_before(), act.after) if state]
    read = counts(act.case)
    if read not in whole:
        fail(f"{where}: read only, the case is neither as before nor whole", read)
    # The next open for writing: a dry act that changes nothing of its own.
    again = run("attach", act.case, "evidence")
    if again.returncode == 3 and "--recover" in again.stderr:
        tally["recovered"] += 1
        again = run("attach", act.case, "evidence", "--recover")
        if "was undone in the case" not in again.stderr:
            fail(f"{where}: --recover does not say what it did", again.stderr)
    if again.returncode != 0:
        fail(f"{where}: can't be opened for writing", again.stderr)
    swept = SWEPT in again.stderr
    tally["swept"] += swept
    written = counts(act.case)
    if written != read:
        fail(f"{where}: opening for writing changed what is there", written)
    if swept and written == act.after and act.name == "import":
        fail(f"{where}: a whole import was swept")
    if any(name.startswith(os.path.basename(act.case) + "-") for name in os.listdir(".")):
        fail(f"{where}: something lies beside the case")
    tally["all" if written == act.after else "none"] += 1
    if written != act.after and act.before:
        run(*act.arguments, expect=[0])
        if counts(act.case) != act.after:
            fail(f"{where}: the act did not work afterwards")


def campaign(acts, tally):
    traced = has_strace()
    for act in acts:
        act.prepare()
        began = time.monotonic()
        run(*act.arguments, expect=[0])
        act.longest = (time.monotonic() - began) * 1.1
        act.after = counts(act.case)
        calls = count_calls(act) if traced else {}
        act.points = POINTS if act.name == "import" else max(POINTS // 5, 3)
        for point in range(act.points):
            act.prepare()
            if calls and point % 2:
                call = chance.choice(sorted(calls))
                number = chance.randint(1, calls[call])
                where = f"{act.name}, {call} {number} of {calls[call]}"
                killed = kill_at_call(act, call, number)
            else:
                where = f"{act.name}, a moment"
                killed = kill_at_time(act, act.longest)
            tally["killed" if killed else "ended"] += 1
            check_after(act, f"seed {SEED}, point {point}: {where}", tally)


def interrupt_once(act):
    """The exit code and the words of an act that met Ctrl-C in its midst. How long it takes differs
    between machines and moments: one that ended before is tried again and met sooner, one that was
    not listening yet is met later."""
    wait = act.longest * chance.uniform(0.2, 0.7)
    for _ in range(40):
        act.prepare()
        process = subprocess.Popen([BREACHX, *act.arguments], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        time.sleep(wait)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=300)[1]
        if process.returncode == 0:
            wait *= 0.8
        elif process.returncode == -signal.SIGINT:
            wait *= 1.1
        else:
            return process.returncode, said
    return None, "never met in its midst"


def interrupt(act, tally):
    """Ctrl-C: the case as before, and exit 130."""
    for point in range(max(POINTS // 5, 3)):
        code, said = interrupt_once(act)
        if code != 130 or "stopped as asked" not in said:
            fail(f"interrupt {point}: ended with {code}", said)
            continue
        tally["interrupted"] += 1
        if counts(act.case) != act.state_before():
            fail(f"interrupt {point}: the case is not as before")
        if SWEPT in run("attach", act.case, "evidence").stderr:
            fail(f"interrupt {point}: something was left to sweep")


def stop_reading(tally):
    """Ctrl-C at the nth read of `verify`: SQLite's check of the whole file, which looks at no flag of
    ours, ends before it has read another few pages."""
    command = ["strace", "-f", "-qq", "-o", "reads", "-e", "trace=pread64"]
    verify = [BREACHX, "verify", "base2.breach"]
    subprocess.run([*command, *verify], stdout=subprocess.DEVNULL, check=True)
    whole = len(open("reads").readlines())
    for number in range(20, min(whole, 400), 40):
        done = subprocess.run([*command, "-e", f"inject=pread64:signal=INT:when={number}", *verify],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        after = sum("pread64(" in line for line in open("reads")) - number
        if done.returncode != 130 or after > 60 or "cancelled" not in done.stderr:
            fail(f"verify, interrupted at read {number} of {whole}: {after} more", done.stderr)
        tally["stopped"] += 1


def full_disk(tally):
    """2 MB, root only."""
    os.mkdir("small")
    if os.geteuid() != 0 or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", "small"],
            capture_output=True).returncode != 0:
        print("a full disk was not tried: a tmpfs can't be mounted here")
        return
    try:
        case = "small/case.breach"
        run("import", case, "first.csv", expect=[0])
        before = counts(case)
        done = run("import", case, "rows.csv")
        if done.returncode == 0 or not ("full" in done.stderr or "space" in done.stderr):
            fail(f"a full disk: ended with {done.returncode}", done.stderr)
        if counts(case) != before:
            fail("a full disk: the case is not as before")
        subprocess.run(["mount", "-o", "remount,size=64m", "small"], check=True)
        retry = run("import", case, "rows.csv", "--recover", expect=[0])
        if counts(case)["kinds"]["event"] != ROWS:
            fail("a full disk: the retry did not bring all", retry.stderr)
        tally["full"] += 1
    finally:
        subprocess.run(["umount", "small"], check=False)


def main():
    place = tempfile.mkdtemp(prefix="breachx-kill-")
    os.chdir(place)
    os.environ.update(SOURCE_DATE_EPOCH="1579478400", LC_ALL="C.UTF-8", TMPDIR=place)
    tally = dict.fromkeys(
        ["killed", "ended", "none", "all", "swept", "recovered", "interrupted", "stopped", "full"], 0)
    make_files()
    run("import", "base.breach", "first.csv", expect=[0])
    shutil.copy("base.breach", "base2.breach")
    run("import", "base2.breach", "rows.csv", expect=[0])
    shutil.copy("base.breach", "base3.breach")
    run("import", "base3.breach", "day.log", expect=[0])
    shutil.copy("base3.breach", "base4.breach")
    run("import", "base4.breach", "days.log", expect=[0])
    if counts("base4.breach")["kinds"]["event"] != ROWS // 2:
        fail("events of two files are there twice")
    bring = Act("import", ["import", "case.breach", "rows.csv"], "base.breach", None)
    try:
        campaign([
            bring,
            Act("undo-import", ["undo-import", "case.breach", "rows.csv", "--by", "me"],
                "base2.breach", None),
            Act("import of what is there", ["import", "case.breach", "days.log"],
                "base3.breach", None),
            Act("undo-import of what stays", ["undo-import", "case.breach", "day.log", "--by", "me"],
                "base4.breach", None),
            Act("new", ["new", "copy.breach", "--from", "base2.breach"], None, None,
                case="copy.breach"),
        ], tally)
        interrupt(bring, tally)
        if has_strace():
            stop_reading(tally)
        full_disk(tally)
    finally:
        os.chdir("/")
        shutil.rmtree(place)
    print(f"torture: seed {SEED}: " + ", ".join(f"{count} {name}" for name, count in tally.items()))
    if tally["killed"] == 0:
        fail("nothing was killed in time: no proof")
    sys.exit(1 if failures else 0)


main()
