# Cases that are none, are in use, newer or altered; descriptors that are closed; what a spreadsheet
# would run.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*" | sed "s|$EXAMPLE|CASE|g"
	"$BREACHX" "$@" >said 2>&1
	code=$?
	sed "s|$EXAMPLE|CASE|g; s|$TEST_FOLDER/||g" said
	rm -f said
	echo "= $code"
}
try --version
try --help
try list --help
try nosuch
try nosuch.breach more
try lists.breach
try lists
try serach @example x
try check @example
try help nosuch
try -R --help | head -3
try -R a.breach b.breach
try --nosuch
for command in list show search info verify; do
	case $command in
	list) arguments='hosts' ;;
	show) arguments='host:1' ;;
	search) arguments='x' ;;
	*) arguments= ;;
	esac
	# shellcheck disable=SC2086
	try "$command" missing.breach $arguments
done
echo 'no case' >text.breach
try info text.breach
: >empty.breach
try info empty.breach
mkdir folder.breach
try info folder.breach
ln -s "$EXAMPLE" link.breach
try info link.breach
mkfifo pipe.breach
try info pipe.breach

# A byte changed in the middle; a newer schema; a journal that is not ours.
cp "$EXAMPLE" altered.breach
python3 - <<'END'
import sqlite3
data = bytearray(open("altered.breach", "rb").read())
at = data.find(b"Kamakura server")
data[at:at + 1] = b"k"
open("altered.breach", "wb").write(data)
END
"$BREACHX" verify altered.breach >said 2>&1
echo "altered: $?"
grep -c '^error: ' said | sed 's/^0$/no error/; s/^[1-9].*/errors are told/'
cp "$EXAMPLE" newer.breach
python3 - <<'END'
data = bytearray(open("newer.breach", "rb").read())
data[60:64] = (999).to_bytes(4, "big")
open("newer.breach", "wb").write(data)
END
try info newer.breach
cp "$EXAMPLE" beside.breach
echo 'something' >beside.breach-journal
# What a crash left is undone in a private copy, and every command says so; with --recover in place.
for command in info verify 'list hosts' 'show host:1' 'search x'; do
	# shellcheck disable=SC2086
	set -- $command
	name=$1
	shift
	"$BREACHX" "$name" beside.breach "$@" 2>&1 >/dev/null
	echo "= $?"
done
for option in -R --recover; do
	printf ':frame\n' | "$BREACHX" "$option" --script - --size 120x24 --text-only beside.breach |
		grep -a 'crash left'
	cmp beside.breach "$EXAMPLE"
	ls beside.breach*
done

# A copy that a killed program left goes when the next is made; one that is at work stays.
mkdir -m 700 tmp tmp/.breachx-copy-killed tmp/.breachx-copy-atwork tmp/.breachx-other
for folder in tmp/.breachx-*; do
	echo 'a copy' >"$folder/case"
done
echo 'something' >beside.breach-journal
TMPDIR=$PWD/tmp flock tmp/.breachx-copy-atwork "$BREACHX" info beside.breach 2>&1 >/dev/null
ls -A tmp tmp/.breachx-copy-atwork
rm beside.breach-journal

# Files and folders that are not to be written, for who is not root: what each command says.
open=$(mktemp -d)
chmod 755 "$open"
cp "$EXAMPLE" "$open/open.breach"
mkdir "$open/closed"
cp "$EXAMPLE" "$open/closed/c.breach"
printf 'name\na\n' >"$open/a.csv"
chmod 666 "$open/open.breach" "$open/closed/c.breach"
chmod 555 "$open/closed"
chmod 444 "$open/open.breach"
cp "$BREACHX" "$open/breachx"
as=
[ "$(id -u)" = 0 ] && as="setpriv --reuid=65534 --regid=65534 --clear-groups"
for name in open.breach closed/c.breach; do
	for words in "import $name a.csv --kind host" "undo-import $name 1 --by me" "attach $name ."; do
		# shellcheck disable=SC2086
		(cd "$open" && $as ./breachx $words 2>&1 >/dev/null)
		echo "= $?"
	done
done
chmod 755 "$open/closed"
rm -rf "$open"

"$BREACHX" new locked.breach >/dev/null 2>&1
printf 'name\na\n' >a.csv
python3 - <<'END'
import fcntl, os, struct, subprocess
fd = os.open("locked.breach", os.O_RDWR)
lock = struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 2305843009213693952, 1, 0)
fcntl.fcntl(fd, 37, lock)  # F_OFD_SETLK
run = subprocess.run([os.environ["BREACHX"], "import", "locked.breach", "a.csv", "--kind", "host"],
                     capture_output=True, text=True)
print("locked:", run.returncode, run.stderr, end="")
END

# An import waits for who reads the case, for as long as that takes.
python3 - <<'END'
import os, sqlite3, subprocess
reader = sqlite3.connect("locked.breach", isolation_level=None)
reader.execute("BEGIN")
reader.execute("SELECT count(*) FROM meta").fetchall()
run = subprocess.Popen([os.environ["BREACHX"], "import", "locked.breach", "a.csv", "--kind", "host"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
print(run.stderr.readline(), end="")
reader.execute("COMMIT")
print("waited:", run.wait())
END

# Nothing but a case goes where a case is, whatever is closed.
"$BREACHX" import locked.breach a.csv --kind host --json 2>&- >/dev/null
echo "stderr closed: $?"
"$BREACHX" list locked.breach hosts >&- 2>/dev/null
echo "stdout closed: $?"
"$BREACHX" list locked.breach hosts <&- >&- 2>&-
echo "all closed: $?"
"$BREACHX" verify locked.breach | head -1

# What starts a formula does not when a spreadsheet opens it.
printf 'name,role\n"=1+1",+2\n"@sum(a)",-3\nplain,"a=b"\n' >formula.csv
"$BREACHX" new formula.breach 2>/dev/null
"$BREACHX" import formula.breach formula.csv --kind host >/dev/null 2>&1
"$BREACHX" list formula.breach hosts --format csv | cut -d, -f1-8 | sed "s|,[^,]*formula.csv.*||"
"$BREACHX" list formula.breach hosts --json | head -1 | grep -o '"name":"[^"]*"'

# A cell that can't be decided in time is told as that, also beside hits.
python3 -c 'print("name,role\nslow," + "a" * 40 + "X\nfast,aaab\nnone,b")' >slow.csv
"$BREACHX" new slow.breach 2>/dev/null
"$BREACHX" import slow.breach slow.csv --kind host >/dev/null 2>&1
"$BREACHX" search slow.breach '^(a+)+b?$' --kind host >said 2>&1
echo "undecided: $?"
grep -c undecided said
# Nor is it one without a match.
"$BREACHX" search slow.breach -v '^(a+)+b?$' --kind host 2>/dev/null
echo "undecided: $?"
"$BREACHX" search slow.breach -v -c '^(a+)+b?$' --kind host 2>/dev/null
rm -f said

# Of many the first ten are named on stderr; --json lists them all.
python3 -c 'print("name,role"); [print("slow%d,%sX" % (i, "a" * 40)) for i in range(25)]' >slow.csv
"$BREACHX" import slows.breach slow.csv --kind host >/dev/null 2>&1
"$BREACHX" search slows.breach '^(a+)+b?$' --kind host 2>&1 | tail -3
for options in '' -l -v; do
	# shellcheck disable=SC2086
	"$BREACHX" search slows.breach '^(a+)+b?$' --kind host --json $options 2>said | sed 's/"ms":[0-9]*/"ms":N/' |
		sed -n '1p;$p'
	grep -c limit said
done
"$BREACHX" search slows.breach '^(a+)+b?$' --kind host --json 2>/dev/null | grep -c '"undecided":true'
rm -f said

# A crash leaves no core, and nothing it ran could gain rights.
python3 - <<'END'
import os, subprocess, time
run = subprocess.Popen([os.environ["BREACHX"], "import", "piped.breach", "-"], stdin=subprocess.PIPE,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
deadline = time.monotonic() + 20
while not os.path.exists("piped.breach") and time.monotonic() < deadline:
    time.sleep(0.01)
limits = open(f"/proc/{run.pid}/limits").read().splitlines()
status = open(f"/proc/{run.pid}/status").read().splitlines()
print(*next(line for line in limits if "core" in line).split())
print(*next(line for line in status if "NoNewPrivs" in line).split())
run.communicate(b"name\n")
END
