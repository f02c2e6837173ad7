"""A published suite of JSON through import: json_hostile.py BREACHX FOLDER. What is no JSON is
refused with its byte, what is JSON is never called anything else, and nothing crashes."""
import glob
import os
import re
import subprocess
import sys

wrong = 0
for path in sorted(glob.glob(os.path.join(sys.argv[2], "*", "*"))):
    run = subprocess.run([sys.argv[1], "import", "none.breach", path, "--dry-run", "--json",
                          "--kind", "host", "--zone", "UTC"],
                         capture_output=True, timeout=60, cwd="/")
    said = run.stderr.decode("utf-8", "replace")
    name = os.path.basename(path)
    crashed = run.returncode not in (0, 1, 2, 4)
    taken = name[:2] == "n_" and (run.returncode == 0 or not re.search(r"byte \d", said))
    denied = name[:2] == "y_" and "no JSON" in said
    if crashed or taken or denied:
        print(name, run.returncode, said.strip())
        wrong += 1
print("told apart wrongly: %d" % wrong)
