#!/bin/sh
# import.sh BREACHX [ROWS]: a seeded table of events, imported with its index, against `sqlite3
# .import` of the same file in the same run; medians of RUNS (3). Then a quarter of the file, for
# the memory: it must not grow with the file. Ends with 1 above RATIO (2) times sqlite3's time, or
# when memory grew by more than a quarter.
set -eu
BREACHX=$(realpath "$1")
ROWS=${2:-1000000}
RUNS=${RUNS:-3}
RATIO=${RATIO:-2}
place=$(mktemp -d "${TMPDIR:-/tmp}/breachx-bench-XXXXXX")
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 - "$ROWS" <<'MAKE'
import random, sys
rows = int(sys.argv[1])
chance = random.Random(20200120)
words = [w + str(i) for i in range(400) for w in ("logon", "svchost.exe", "\\Windows\\Temp\\", "explorer", "tcp")]
def write(name, count):
    with open(name, "w") as file:
        file.write("time,host,account,action,message\n")
        for i in range(count):
            second = 1579478400 + i // 20
            file.write("2020-%02d-%02dT%02d:%02d:%02dZ,ws%04d.corp.example,user%03d,%s,%s %s %s pid=%d from 10.%d.%d.%d\n" % (
                1 + second // 2419200 % 12, 1 + second // 86400 % 28, second // 3600 % 24,
                second // 60 % 60, second % 60, chance.randrange(3000), chance.randrange(500),
                chance.choice(("logon", "logoff", "exec", "write")), chance.choice(words),
                chance.choice(words), chance.choice(words), chance.randrange(65536),
                chance.randrange(256), chance.randrange(256), chance.randrange(256)))
write("events.csv", rows)
write("quarter.csv", rows // 4)
MAKE
cat >measure.py <<'MEASURE'
"""Median seconds, CPU seconds and greatest memory (MiB) of a command, run RUNS times afresh."""
import os, statistics, subprocess, sys, time
runs, fresh, command = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
told = []
for _ in range(runs):
    for name in (fresh, fresh + "-journal"):
        if os.path.exists(name):
            os.unlink(name)
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit("%s ended with %d" % (command[0], status))
    told.append((time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
print(*("%.3f" % statistics.median(column) for column in zip(*told)))
MEASURE
export SOURCE_DATE_EPOCH=1579478400
ours=$(python3 measure.py "$RUNS" ours.breach "$BREACHX" import ours.breach events.csv)
theirs=$(python3 measure.py "$RUNS" theirs.db sqlite3 theirs.db ".import --csv events.csv events")
quarter=$(python3 measure.py 1 quarter.breach "$BREACHX" import quarter.breach quarter.csv)
bytes=$(stat -c %s events.csv)
case=$(stat -c %s ours.breach)
echo "$ROWS $bytes $case $RATIO $ours $theirs $quarter" | awk '{
	printf "%d rows, %.0f MB; %s\n", $1, $2 / 1e6, "medians of one run"
	printf "breachx import     %7.2f s  %7.2f CPU-s  %6.1f MB/s  %9.0f rows/s  %6.1f MiB\n",
		$5, $6, $2 / 1e6 / $5, $1 / $5, $7
	printf "sqlite3 .import    %7.2f s  %7.2f CPU-s  %6.1f MB/s  %9.0f rows/s  %6.1f MiB\n",
		$8, $9, $2 / 1e6 / $8, $1 / $8, $10
	printf "ratio %.2f (budget %.1f); the case is %.2f times the file\n", $5 / $8, $4, $3 / $2
	printf "memory for a quarter of the file %.1f MiB\n", $13
	bad = 0
	if ($5 / $8 > $4) { print "OVER the budget of time"; bad = 1 }
	# Below a million rows the buffers that are bounded are not yet full.
	if ($1 >= 1000000 && $7 > $13 * 1.25 + 8) { print "memory GREW with the file"; bad = 1 }
	exit bad
}'
