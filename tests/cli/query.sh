# breachx list, show, search, info, verify, doctor on the bundled case: output, JSON keys, exit codes.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
try() {
	echo "\$ breachx $*" | sed "s|$EXAMPLE|CASE|g"
	"$BREACHX" "$@" >said 2>&1
	code=$?
	sed "s|$EXAMPLE|CASE|g" said
	rm -f said
	echo "= $code"
}
# The keys of every line of JSON, each set once.
keys() {
	echo "\$ breachx $* | keys" | sed "s|$EXAMPLE|CASE|g"
	"$BREACHX" "$@" 2>/dev/null | python3 -c '
import json, sys
def keys(value):
    if isinstance(value, dict):
        return "{" + " ".join(k + keys(v) for k, v in value.items()) + "}"
    return "[" + (keys(value[0]) if value else "") + "]" if isinstance(value, list) else ""
for line in dict.fromkeys(keys(json.loads(line)) for line in sys.stdin):
    print(line)
'
}
case=$EXAMPLE

try list "$case" hosts --limit 3
try list "$case" hosts --where 'type = terminal' --sort -name --limit 2 --format csv
try list "$case" host --where 'name ~ /kamakura/ and first_seen is not not stated' --json
try list "$case" host --where 'name ~ /Kamakura/' --json
try list "$case" parties --where 'role = affected and not type = company' --format csv --limit 2
try list "$case" indicators
try list "$case" hosts --where 'type = '
try list "$case" hosts --where 'name ~ /(/'
try list "$case" hosts --where 'colour = red'
try list "$case" widgets
try list "$case" hosts --sort colour
try list "$case" hosts --limit 0
try list "$case" hosts --format xml
keys list "$case" statements --json
keys list "$case" claims --json

try show "$case" host:1
try show "$case" host:1 --bytes | tail -3
try show "$case" host:9999
try show "$case" host
keys show "$case" host:1 --json

try search "$case" 'Kamakura' --kind host
try search "$case" 'kamakura' --kind host
try search "$case" -i 'kamakura' --kind host
try search "$case" -w 'serve' --kind host
try search "$case" -x 'server' --kind host --limit 2
try search "$case" -F '(China)'
try search "$case" -c 'servers?|terminals?'
try search "$case" -l 'Tick'
try search "$case" -v '.' --kind host
try search "$case" -v -c 'server' --kind host
try search "$case" '[' --kind host
try search "$case" 'x'  --kind widget
try search "$case"
try search "$case" -- '-v'
keys search "$case" 'Tick' --json
keys search "$case" -l 'Tick' --json

keys info "$case" --json
"$BREACHX" info "$case" | sed "s|$EXAMPLE|CASE|; s/^bytes .*/bytes N/" | grep -v '[0-9a-f]\{64\}' | head -16
keys verify "$case" --json
"$BREACHX" verify "$case" | sed 's/head [0-9a-f]*/head H/'
keys doctor --json
"$BREACHX" list "$case" hosts | head -1
"$BREACHX" list "$case" statements --json | head -1 >/dev/null
echo "a closed pipe is quiet"
