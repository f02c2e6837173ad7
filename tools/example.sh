#!/bin/sh
# Builds the bundled case from its text files with the program's own import:
#   sh tools/example.sh PROGRAM DATADIR OUT
# One clock for everything, so that building twice gives the same bytes. A row that the importer
# skips or remarks on ends it: the bundled case is whole or it is not there.
set -eu
if [ $# != 3 ]; then
	echo "usage: $0 PROGRAM DATADIR OUT" >&2
	exit 2
fi
absolute() {
	printf '%s/%s\n' "$(cd "$(dirname "$1")" && pwd)" "$(basename "$1")"
}
program=$(absolute "$1")
data=$2
out=$(absolute "$3")
folder=$out.part
part=$folder/part.breach
whole=$folder/mitsubishi-electric-2020.breach
SOURCE_DATE_EPOCH=1579478400 # 2020-01-20, the day up to which the case is told
TZ=UTC
LC_ALL=C.UTF-8
export SOURCE_DATE_EPOCH TZ LC_ALL

# Names of sources are as given, so they are given without a folder.
cd "$data"
trap 'rm -rf "$folder"' EXIT
rm -rf "$folder"
mkdir "$folder"

# take FILE KIND [OPTION ...]: all of a file, with nothing skipped, known already or remarked on.
take() {
	file=$1
	kind=$2
	shift 2
	status=0
	said=$("$program" import "$part" "$file" --kind "$kind" --json "$@" 2>&1) || status=$?
	for none in skipped duplicate problems; do
		case $said in
		*"\"$none\":0,"*) ;;
		*) status="$status, $none" ;;
		esac
	done
	if [ "$status" != 0 ]; then
		printf '%s\n' "$said" >&2
		echo "$0: $data/$file was not taken whole ($status)" >&2
		exit 1
	fi
}

"$program" new "$part" --json >/dev/null
# What is referred to comes before what refers to it.
take documents.csv document
take sites.csv site
take actors.csv actor
take parties.csv party
take hosts.csv host
take accounts.csv account
take data.csv data
take incident.csv incident
take statements.csv statement
take claims.csv claim
take events.csv event
take links.csv link
take decisions.csv decision --set "reviewer=Breach Explorer project"
# A copy, for two things that would differ from build to build: the number of commits that SQLite
# counts in a case's first page (they are made by the clock), and the identity, made from the name.
"$program" new "$whole" --from "$part" --json >/dev/null
mv -f "$whole" "$out"
