# Documents: what stands in them besides statements, from each encoding, and how it is cited. That
# each record leads to exactly its bytes is checked by Python.
corpus=$PWD/tests/corpus/document
check=$PWD/tests/cli/documents.py
cd "$TEST_FOLDER" || exit 1
exec 2>&1
python3 - "$corpus" <<'MAKE'
import sys
text = open(sys.argv[1] + "/ja.txt", encoding="utf-8-sig", newline="").read()
open("16le.txt", "wb").write(b"\xff\xfe" + text.encode("utf-16-le"))
open("16be.txt", "wb").write(b"\xfe\xff" + text.encode("utf-16-be"))
open("1252.txt", "wb").write("Caf\xe9\r\r- 20 Jan 2020 \x96 \xe9\xe8 hxxp://a[.]example/\xe9\rb[.]example".encode("latin-1"))
open("plain.txt", "wb").write(b"Nothing stands here\n")
MAKE
for file in "$corpus"/report.md "$corpus"/notes.adoc "$corpus"/ja.txt 16le.txt 16be.txt 1252.txt \
	plain.txt; do
	echo "# $(basename "$file")"
	rm -f c.breach
	"$BREACHX" import c.breach "$file" | grep -v sha256
	for kind in document event indicator; do
		"$BREACHX" list c.breach $kind --format json |
			sed 's/"source":{[^}]*"start"/"at":{"start"/; s/"body":.*/.../'
	done
	python3 "$check" "$BREACHX" c.breach "$file"
done
echo "# dry run, with a zone and an order"
"$BREACHX" import none.breach "$corpus/report.md" --zone Asia/Tokyo --dates dmy --dry-run --json 2>&1 |
	sed '/space needed/d; s/"sha256":"[0-9a-f]*",//'
echo "# what stands in one row"
rm -f c.breach
"$BREACHX" import c.breach "$corpus/notes.adoc" >said 2>&1
"$BREACHX" show c.breach indicator:1
echo "# two documents tell of one value; the first is taken back"
printf 'One\n\na[.]example\n' >one.txt
printf 'Two\n\n- 2020-01-20: a[.]example was seen\n' >two.txt
rm -f c.breach
"$BREACHX" import c.breach one.txt two.txt >said 2>&1
"$BREACHX" list c.breach indicators --format json | sed 's/"sha256":"[0-9a-f]*",//'
"$BREACHX" undo-import c.breach one.txt --by amy >said 2>&1
"$BREACHX" list c.breach indicators --format json | sed 's/"sha256":"[0-9a-f]*",//'
"$BREACHX" undo-import c.breach two.txt --by amy >said 2>&1
"$BREACHX" list c.breach indicators --format json
"$BREACHX" list c.breach events --format json
echo "# who declines to answer says something: no silence, and no claim"
printf 'The firm said on Monday that it was attacked.\n\nA spokesman declined to comment.\n\nThe ministry did not answer.\n\n"We do not comment on this," the mayor said.\n' >declined.txt
"$BREACHX" import declined.breach declined.txt >/dev/null 2>&1
"$BREACHX" list declined.breach statement --json | grep -o '"speaker":"[^"]*"\|"direction":"[^"]*"' | paste - -
"$BREACHX" list declined.breach statement --where 'direction=declines' --json | wc -l
