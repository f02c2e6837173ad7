#!/bin/sh
# The layering rule of HACKING.md, checked from the #include lines. A storey may include itself and
# the storeys listed for it; a library's header stands only where it is listed.
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
allowed() {
	case $1 in
	base) echo "base" ;;
	casefile) echo "base casefile" ;;
	search) echo "base casefile search" ;;
	ingest) echo "base casefile search ingest" ;;
	claims) echo "base casefile search claims" ;;
	report) echo "base casefile search ingest claims report" ;;
	explore) echo "base casefile search ingest claims report explore" ;;
	view) echo "base casefile search ingest claims report explore view" ;;
	screen) echo "base casefile search ingest claims report explore view screen" ;;
	cli) echo "base casefile search ingest claims report cli" ;;
	esac
}
for story in base casefile search ingest claims report explore view screen cli; do
	list=$(allowed $story)
	for file in $(find "tui/$story" "include/$story" -name '*.[ch]' 2>/dev/null); do
		for included in $(sed -n 's/^#include "\([a-z]*\)\/.*/\1/p' "$file" | sort -u); do
			case " $list " in
			*" $included "*) ;;
			*)
				# doctor alone may ask the screen about the terminal.
				[ "$file:$included" = "tui/cli/doctor.c:screen" ] && continue
				echo "$file: $story may not include $included/"
				failed=1
				;;
			esac
		done
	done
done
library() { # HEADER-REGEX FOLDERS-REGEX
	for file in $(grep -rlE "#include <$1>" tui include | grep -vE "^(tui|include)/($2)/"); do
		echo "$file: <$1> belongs to $2 alone"
		failed=1
	done
}
library '(n?curses|term|ncursesw/.*)\.h' 'screen'
library 'sqlite3\.h' 'casefile|search'
library 'pcre2\.h' 'search'
for header in $(find include -name '*.h'); do
	[ -f "tui/${header#include/}" ] && echo "$header: a header stands in one place" && failed=1
done
[ "$failed" = 0 ] && echo "layers: every storey includes only those below it"
exit "$failed"
