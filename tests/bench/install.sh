#!/bin/sh
# Install the programs that this one is measured against: mbsync, offlineimap3, getmail6 and bogofilter.
# Where that needs rights that are not there, say so and stop.
set -eu

missing=""
command -v mbsync >/dev/null 2>&1 || missing="$missing isync"
command -v offlineimap >/dev/null 2>&1 || missing="$missing offlineimap3"
command -v getmail >/dev/null 2>&1 || missing="$missing getmail6"
command -v bogofilter >/dev/null 2>&1 || missing="$missing bogofilter"
[ -z "$missing" ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "The comparison needs$missing, as Debian and Ubuntu name them, and Linux to measure memory." >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1; then
    as_root="sudo"
else
    echo "The comparison needs$missing. Please let an administrator run: apt-get install$missing" >&2
    exit 1
fi
echo "Installing for the comparison:$missing"
$as_root apt-get update -qq
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
