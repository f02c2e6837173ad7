#!/bin/sh
# What the compiler does not hold: format, calls with a safer form, headers that stand alone, what
# clang warns of (the fuzz targets are built with it), data that changes only where signals set flags,
# files and functions of a size that can be read, no case that a trial run left, bounds as docs/LIMITS.md
# has them by name.
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
complain() {
	echo "$*"
	failed=1
}
for file in $(git ls-files '*.c' '*.h'); do
	clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || complain "$file: make format"
done
grep -nE '\b(strcpy|strcat|sprintf|vsprintf|gets|alloca|system|popen|wordexp|dlopen|fts_open)\(' \
	$(git ls-files 'tui/*.c') && complain "calls with a safer form"
grep -nE '\bOFFSET [?0-9]' data/queries.sql $(git ls-files 'tui/casefile/*.c') &&
	complain "paging is by key"
for header in $(git ls-files 'include/*.h'); do
	gcc -std=c17 -Iinclude -Ibuild/generated -D_GNU_SOURCE -Wall -Wextra -fsyntax-only -x c \
		-Wno-pragma-once-outside-header "$header" 2>/dev/null || complain "$header: does not compile alone"
	head -1 "$header" | grep -q '^/\*' || complain "$header: does not say what it is for"
done
if command -v clang >/dev/null; then
	# shellcheck disable=SC2046
	clang -std=c17 -Iinclude -Ibuild/generated -D_GNU_SOURCE -DBREACHX_VERSION='""' -fsyntax-only \
		-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wstrict-prototypes \
		-Wmissing-prototypes -Wvla -Wimplicit-fallthrough -Wswitch-enum -Werror \
		$(git ls-files 'tui/*.c' 'tests/fuzz/*.c') || complain "clang does not take it"
fi
# What was built last says the rest; without it there is nothing to look at.
archive=build/libbreachx.a
objdump -t $archive 2>/dev/null | awk '/file format/ { object = $1 }
	object !~ /^(signals|command)\.o:/ && $3 == "O" && $4 ~ /^\.(t?data|t?bss)$/ { print object, $6 }' |
	grep . && complain "no globals that change"
# What another file uses is declared in a header, and nothing else; what tests alone use is named there.
# wcwidth and wcswidth are for ncurses.
nm build/main.o $archive 2>/dev/null | awk 'NF == 3 && $2 ~ /[TDBR]/ { defined[$3] }
	NF == 2 && $1 == "U" { used[$2] }
	END { for (name in defined) if (!(name in used)) print name }' |
	grep -vxE 'main|wcs?width' | while read -r name; do
	git grep -qw "$name" -- tests || echo "$name"
done | grep . && complain "used in its own file alone: static"
[ -z "$(git ls-files '*.breach')" ] || complain "a case is made, not kept: $(git ls-files '*.breach')"
for name in $(cut -d'|' -f4 docs/LIMITS.md | grep -oE '`[A-Z_0-9]+`' | tr -d '`' | sort -u); do
	grep -rqE "#define $name\b" include tui || complain "docs/LIMITS.md: there is no $name"
done
for file in $(git ls-files 'tui/*.c'); do
	lines=$(wc -l <"$file")
	[ "$lines" -le 550 ] || complain "$file: $lines lines; does it still do one thing?"
done
awk 'FNR == 1 { open = 0 }
	/^[a-z].*\)$/ || /^[a-z].*\($/ { name = $0 }
	/^{$/ { open = FNR }
	/^}$/ { if (open && FNR - open > 60) { printf "%s:%d: a function of %d lines\n", FILENAME, open, FNR - open; bad = 1 } open = 0 }
	END { exit bad }' $(git ls-files 'tui/*.c') || failed=1
[ "$failed" = 0 ] && echo "lint: clean"
exit "$failed"
