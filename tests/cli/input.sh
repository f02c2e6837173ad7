# The decisions of docs/INPUT.md, one by one: what bytes become, and where they are said to stand.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
python3 - <<'MAKE'
def write(name, data):
    with open(name, "wb") as file:
        file.write(data)
TEXT = "name,note\nws01,caf\u00e9 \U0001f600\n"
write("utf8.csv", TEXT.encode())
write("bom.csv", b"\xef\xbb\xbf" + TEXT.encode())
write("16le_bom.csv", b"\xff\xfe" + TEXT.encode("utf-16-le"))
write("16be_bom.csv", b"\xfe\xff" + TEXT.encode("utf-16-be"))
write("16le.csv", ("name,note," + "c," * 40 + "\nws01,caf\u00e9\n").encode("utf-16-le"))
write("16half.csv", b"\xff\xfe" + "name,note\nws01,a".encode("utf-16-le") + b"\x3d\xd8" +
      "b\n".encode("utf-16-le") + b"x")
write("1252.csv", b"name,note\nws01,caf\xe9 \x80 \x93x\x94\n")
write("invalid.csv", b"name,note\nws01,caf\xc3\xa9 caf\xc3\xa9 \xff\xc0\x80 \xed\xa0\x80\n" + "ws02,\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\n".encode())
write("nul.csv", b"name,note\nws01,a\0b\n")
write("cr.csv", b"name,note\rws01,a\rws02,b\r")
write("mixed.csv", b"name,note\r\nws01,a\rws02,b\nws03,\"two\r\nlines\"\n")
write("noend.csv", b"name,note\nws01,a")
write("blank.csv", b"\n\nname,note\n\nws01,a\n\n\n")
write("twice.csv", b"name,note,note\nws01,a,b\n")
write("empty.csv", b"")
write("space.csv", b" \n\t\n")
BEGIN = b'{"type":"bundle","id":"bundle--1","objects":[{"type":"identity","id":"identity--1",'
write("keys.json", BEGIN + b'"name":"first","name":"last"}]}')
write("half.json", BEGIN + b'"name":"a\\ud800b","x":"\\ud83d\\ude00"}]}')
write("bytes.json", BEGIN + b'"name":"a\xffb"}]}')
write("nul.json", BEGIN + b'"name":"a\\u0000b"}]}')
write("number.json", BEGIN + b'"name":"n","x":1e400,"y":12345678901234567890123}]}')
write("bom.json", b"\xef\xbb\xbf" + BEGIN + b'"name":"n"}]}')
write("behind.json", BEGIN + b'"name":"n"}]} trailing')
write("open.json", BEGIN + b'"name":"n"}')
# Where an error is, in the bytes of a file that is decoded.
BAD = '[{"name":"ws01"}, {"name":  n: nope}]'
write("bad8.json", BAD.encode())
write("bad8_bom.json", b"\xef\xbb\xbf" + BAD.encode())
write("bad16.json", b"\xff\xfe" + BAD.encode("utf-16-le"))
write("bad16_lines.json", b"\xff\xfe" + '{"name":"ws01"}\n{"name": nope}\n{"name":"ws02"}\n'.encode("utf-16-le"))
write("deep16.json", b"\xfe\xff" + ('{"a":' * 140 + "1" + "}" * 140).encode("utf-16-be"))
MAKE
for file in utf8 bom 16le_bom 16be_bom 16le 16half 1252 invalid nul cr mixed noend blank twice empty \
	space; do
	echo "--- $file.csv"
	rm -f c.breach
	"$BREACHX" import c.breach $file.csv --kind host 2>&1 | grep -v sha256
	[ -e c.breach ] && "$BREACHX" list c.breach hosts --json |
		sed 's/"sha256":"[0-9a-f]*",//; s/"format":"[a-z]*",//'
done
for file in keys half bytes nul number bom behind open; do
	echo "--- $file.json"
	rm -f c.breach
	"$BREACHX" import c.breach $file.json 2>&1 | grep -vE 'sha256|beside the list'
	[ -e c.breach ] && "$BREACHX" list c.breach parties --json |
		sed 's/"sha256":"[0-9a-f]*",//; s/"format":"[a-z]*",//'
done
for file in bad8 bad8_bom bad16 bad16_lines deep16; do
	echo "--- $file.json"
	rm -f c.breach
	"$BREACHX" import c.breach $file.json --kind host 2>&1 | grep 'byte'
done

# The last case refused is no failure of the script.
exit 0
