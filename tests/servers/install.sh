#!/bin/sh
# Install the programs that the tests talk to: Dovecot (IMAP), PostgreSQL and Chromium (the digest as people see it); and,
# where the machine can boot another one, what that takes (mmdebstrap, systemd-nspawn).
# Where that needs rights that are not there, say so and stop.
set -eu

have() { command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/opt/homebrew/sbin/$1" ] || [ -x "/usr/local/sbin/$1" ]; }
have_chromium() {
    have chromium || have chromium-browser || have google-chrome || [ -d "/Applications/Google Chrome.app" ] || [ -d "/Applications/Chromium.app" ]
}

have_postgresql() { have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; }

missing=""
have dovecot || missing="$missing dovecot"
have_chromium || missing="$missing chromium"
have_postgresql || missing="$missing postgresql"
if [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    have mmdebstrap || missing="$missing mmdebstrap"
    have systemd-nspawn || missing="$missing systemd-container"
fi
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1; then
    packages=$(echo "$missing" | sed 's/dovecot/dovecot-imapd/')
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1; then
        as_root="sudo"
    else
        echo "The tests need$missing. Please let an administrator run: apt-get install$packages" >&2
        exit 1
    fi
    echo "Installing for the tests:$packages"
    $as_root apt-get update -qq
    # policy-rc.d: the tests start a private server of their own, the system's is not wanted.
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $packages >/dev/null
elif command -v brew >/dev/null 2>&1; then
    case "$missing" in *dovecot*) brew install --quiet dovecot ;; esac
    case "$missing" in *postgresql*) brew install --quiet postgresql@17 && brew link --quiet --force postgresql@17 ;; esac
    case "$missing" in *chromium*) brew install --quiet --cask chromium ;; esac
else
    echo "The tests need$missing. Please install them with this system's package manager, then run make test again." >&2
    exit 1
fi
