#!/bin/sh
# Installs the Debian packages that building and testing need, when this user may; otherwise prints
# the exact command to run and fails. Does nothing when all are there.
set -eu
packages="gcc make pkg-config libncurses-dev libsqlite3-dev libpcre2-dev nettle-dev libyajl-dev
libzstd-dev zlib1g-dev libminizip-dev libutf8proc-dev libcmocka-dev libvterm-dev pcre2-utils
python3 tzdata"
missing=
for package in $packages; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
	[ "$status" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
	elevate=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	elevate=sudo
else
	echo "breachx needs these packages; please run:" >&2
	echo "  sudo apt-get install -y$missing" >&2
	exit 1
fi
echo "installing:$missing" >&2
$elevate apt-get update -q >/dev/null 2>&1 || true
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $elevate apt-get install -y -q --no-install-recommends $missing >&2
