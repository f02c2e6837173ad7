# A source longer than what is held of it at once: its end, its beginning, a line by its number, the
# mark again, and steps over the edge of what is held. The line under the cursor after each.
cd "$TEST_FOLDER" || exit 1
exec 2>&1
awk 'BEGIN { print "name,type"; for (i = 1; i < 40000; i++) printf "host%06d,server\n", i }' >hosts.csv
"$BREACHX" import c.breach hosts.csv --kind host --keep >/dev/null
cat >keys <<'KEYS'
:wait
gh
:wait
20000GP
:frame mark
G
:frame end
gg
:frame beginning
12G
:frame line 12
10000j
:frame 10000 lines further
20000j
:frame over the edge
j
:frame one more
<Tab>
:frame mark again
KEYS
"$BREACHX" --script keys --size 80x12 --text-only c.breach | grep -oE '^== frame .* 80x12|▸host[0-9]+|▸name,type'
