"""System calls that fail, one by one or from one on, in what reads a case and what writes to it.

    fail_call.py PROGRAM SHIM POINTS [SEED]

Families of calls: reads, writes, syncs, names of files. Of each act and family up to POINTS calls,
chosen by SEED, fail with EIO, and those that take room with ENOSPC as well; each once, and in
another run with all of the family after it. Then:

  - the act ended by itself with a code of its own; when it failed it said so, when it said that it
    went well the case is as it should be;
  - the case is as before or as after, verifies, and can be opened for writing, with --recover where
    that is asked for; nothing lies beside it then;
  - what failed works afterwards.

What only reads changes nothing. Prints one line and ends with 1 when anything does not hold.
"""
import errno
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

program, shim = map(os.path.abspath, sys.argv[1:3])
points = int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else random.randrange(1 << 30)
choose = random.Random(seed)
FAMILIES = {"read": [errno.EIO], "write": [errno.EIO, errno.ENOSPC], "sync": [errno.EIO],
            "name": [errno.EIO, errno.ENOSPC]}
tally = dict.fromkeys(["injected", "failed and said so", "went through", "recovered", "bad"], 0)


def run(*arguments, **settings):
    environment = dict(os.environ, **settings)
    if settings:
        environment["LD_PRELOAD"] = shim
    return subprocess.run([program, *arguments], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=120)


def must(*arguments):
    done = run(*arguments)
    if done.returncode != 0:
        sys.exit(f"fail_call: {' '.join(arguments)} ended with {done.returncode}: {done.stderr}")


def state(case):
    """Records by kind and sources that count, and that all of it agrees; else what is wrong."""
    told, verified = run("info", case, "--json"), run("verify", case, "--json")
    if told.returncode or verified.returncode:
        return f"{told.returncode} {verified.returncode} {told.stderr}{verified.stderr}{verified.stdout}"
    info = json.loads(told.stdout)
    return info["kinds"], [(each["name"], each["state"]) for each in info["sources"] if each["state"] != "loading"]


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


class Act:
    def __init__(self, base, *arguments, case="case.breach", writes=True):
        self.base, self.arguments, self.case, self.writes = base, arguments, case, writes

    def prepare(self):
        for name in os.listdir("."):
            if ".breach" in name and not name.startswith("base"):
                os.unlink(name)
        shutil.copy(self.base, "case.breach")
        shutil.copytree("evidence.1", "evidence", dirs_exist_ok=True)

    def run(self, **settings):
        self.prepare()
        return run(*self.arguments, **settings)


def what_is_wrong(act, done):
    """After an act in which something failed; None when all is well."""
    if not 0 <= done.returncode <= 5:
        return f"ended with {done.returncode}"
    if done.returncode > 1 and "breachx: " not in done.stderr and "error: " not in done.stdout:
        return f"ended with {done.returncode} and did not say why"
    whole = done.returncode == 0
    tally["went through" if whole else "failed and said so"] += 1
    if not act.writes:
        if digest("case.breach") != digest(act.base):
            return "reading changed the case"
        return "something was left" if len([n for n in os.listdir(".") if n.startswith("case.breach")]) > 1 else None
    if not os.path.exists(act.case):
        return "it is not there" if whole else None
    found = state(act.case)
    if found != act.after and (whole or found != act.before):
        return f"reads as neither before nor after: {found}"
    again = run("attach", act.case, "nothing")
    if again.returncode == 3 and "--recover" in again.stderr:
        tally["recovered"] += 1
        again = run("attach", act.case, "nothing", "--recover")
    if again.returncode != 0:
        return f"can't be opened for writing: {again.stderr}"
    if any(name.startswith(act.case + "-") for name in os.listdir(".")):
        return "something lies beside it"
    if state(act.case) != found:
        return f"opening it for writing changed it: {state(act.case)}"
    if not whole and found == act.before and act.case == "case.breach":
        retry = run(*act.arguments)
        if retry.returncode != 0 or state(act.case) != act.after:
            return f"does not work afterwards: {retry.stderr}"
    return None


def inject(act, family, point, number, forever):
    settings = {"FAIL_FAMILY": family, "FAIL_AT": str(point), "FAIL_ERRNO": str(number)}
    if forever:
        settings["FAIL_FOREVER"] = "1"
    done = act.run(**settings)
    tally["injected"] += 1
    wrong = what_is_wrong(act, done)
    if wrong:
        tally["bad"] += 1
        print(f"FAILED: seed {seed}: {' '.join(act.arguments)}: {family} {point}"
              f"{' and all after it' if forever else ''}, {errno.errorcode[number]}: {wrong}\n{done.stderr}")


def campaign(act):
    done = act.run()
    if done.returncode != 0:
        sys.exit(f"fail_call: {' '.join(act.arguments)}: {done.stderr}")
    act.before, act.after = state(act.base), state(act.case)
    for family, numbers in FAMILIES.items():
        act.run(FAIL_FAMILY=family, FAIL_COUNT="count")
        with open("count", encoding="ascii") as file:
            count = int(file.read())
        for point in sorted(choose.sample(range(1, count + 1), min(points, count))):
            for number in numbers:
                for forever in (False, True):
                    inject(act, family, point, number, forever)


def make_files():
    with open("first.csv", "w", encoding="ascii") as out:
        out.write("name,site\n" + "".join(f"ws{i:03},Tokyo\n" for i in range(300)))
    with open("rows.csv", "w", encoding="ascii") as out:
        out.write("time,host,account,message,note\n" + "".join(
            f"2020-01-20T00:00:{i % 60:02}Z,ws{i % 400:03},user{i % 90},message number {i},{i * 7919 % 100003}\n"
            for i in range(3000)))
    os.mkdir("nothing")
    os.mkdir("evidence.1")
    shutil.copy("rows.csv", "evidence.1/moved.csv")
    must("import", "base1.breach", "first.csv")
    shutil.copy("base1.breach", "base2.breach")
    must("import", "base2.breach", "rows.csv")


folder = tempfile.mkdtemp(prefix="breachx-fail-")
try:
    os.chdir(folder)
    os.environ.update(SOURCE_DATE_EPOCH="1579478400", LC_ALL="C.UTF-8", TMPDIR=folder)
    make_files()
    for act in [
            Act("base1.breach", "import", "case.breach", "rows.csv"),
            Act("base2.breach", "undo-import", "case.breach", "rows.csv", "--by", "me"),
            Act("base2.breach", "attach", "case.breach", "evidence"),
            Act("base2.breach", "new", "copy.breach", "--from", "case.breach", case="copy.breach"),
            Act("base2.breach", "verify", "case.breach", writes=False),
            Act("base2.breach", "search", "case.breach", "number 7.*", writes=False),
            Act("base2.breach", "list", "case.breach", "events", "--sort", "message", writes=False)]:
        campaign(act)
finally:
    os.chdir("/")
    shutil.rmtree(folder)
print(f"failing calls: seed {seed}: " + ", ".join(f"{count} {name}" for name, count in tally.items()))
sys.exit(1 if tally["bad"] else 0)
