"""dry_run.py BREACHX [--quiet] FOLDER: each file into one case, after a dry run of it; then some
are taken back, and once more. --many: one log that mentions more than makes records. What a dry run
says in JSON must be what the import says."""
import json
import os
import subprocess
import sys

wrong = 0


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr


def both(program, case, path, quiet):
    """A dry run, and the import."""
    global wrong
    words = [program, "import", case, path, "--zone", "UTC", "--json"]
    announced, done = run(*words, "--dry-run"), run(*words)
    for said in announced[1] + done[1]:
        # Rows are compared when they are there.
        said.pop("differs", None)
    if announced[:2] != done[:2]:
        print("%s: announced %s, done %s" % (path, announced[:2], done[:2]))
        wrong += 1
    elif not quiet:
        for said in done[1]:
            print(said["file"], done[0], said["rows"], said["duplicate"], said["kinds"])
    return done


def main():
    program, quiet, last = sys.argv[1], "--quiet" in sys.argv, sys.argv[-1]
    if last == "--many":
        with open("many.jsonl", "w") as out:
            for number in range(100020):
                out.write('{"@timestamp":"2020-01-02T03:04:05Z","log_name":"Security",'
                          '"Channel":"Security","SourceName":"Sysmon","EventID":1,"Hostname":"ws01",'
                          '"Hashes":"MD5=%032x"}\n' % (number % 100010 + 1))
        said = both(program, "many.breach", "many.jsonl", quiet)[2]
        print(said.strip())
        return
    case = os.path.basename(last) + ".breach"
    files = sorted(os.path.join(folder, name) for folder, _, names in os.walk(last)
                   for name in names if os.path.getsize(os.path.join(folder, name)) < 500000)
    for path in files:
        both(program, case, path, quiet)
    for source in range(1, 8, 2):
        subprocess.run([program, "undo-import", case, str(source), "--by", "me"], check=True,
                       capture_output=True)
    for path in files[:8]:
        both(program, case, path, quiet)


main()
print("announced otherwise than done: %d" % wrong)
