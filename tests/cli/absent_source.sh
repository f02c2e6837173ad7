# P on a record whose source is not at hand: its fields as they are stored, and why; once the file is
# attached, the bytes.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
mkdir here there
python3 - <<'MAKE'
with open("here/big.csv", "w") as file:
    file.write("time,message\n")
    for i in range(200000):
        file.write("2020-01-20T09:00:%02dZ,the message of number %d\n" % (i % 60, i))
MAKE
"$BREACHX" import c.breach here/big.csv >/dev/null 2>&1
mv here/big.csv there/moved
printf ':wait\ngt\n:wait\nP\n:wait\n:frame\n' >keys
look() {
	"$BREACHX" --script keys --size 100x20 --text-only c.breach |
		grep -oE 'is not kept in the case|as they are stored|breachx attach|2020-01-20T09:00:00Z,the message of number 0' |
		sort -u
}
echo "--- absent"
look
"$BREACHX" show c.breach event:1 | head -3
"$BREACHX" attach c.breach there >/dev/null 2>&1
echo "--- attached"
look
