#!/bin/sh
# Installs what `make run`, `make deploy` or `make test` needs, and only what is missing. A second run is instant.
#
# usage: sh infra/bootstrap.sh run|deploy|test
# Looks for Python 3.11 or newer in $PYTHON, then python3.13, python3.12, python3.11, python3. Packages go to
# .venv, each file held against its hash in infra/locks. Where something is missing that it cannot install itself, it
# says so in one line and exits 1.
set -eu
export LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1
cd "$(dirname "$0")/.."

VENV=.venv
LOG=$VENV/install.log
SBIN=${SBIN:-/usr/sbin} # not on everybody's PATH
LIBRARIES=${LIBRARIES:-/usr/lib}

say() { printf '%s\n' "-- $*"; }

die() {
    printf '%s\n' "bootstrap: $*" >&2
    exit 1
}

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

# apt NAME…: installs Debian packages, its chatter kept for the case that it fails. What brings a service along (nginx,
# tor) is not started by it: only the tests want the program.
apt() {
    say "installing with apt-get: $*"
    out=$(mktemp)
    if ! { apt-get update -q && SYSTEMD_OFFLINE=1 apt-get install -q -y --no-install-recommends "$@"; } >"$out" 2>&1 </dev/null; then
        reason=$(grep '^E:' "$out" | tail -n 1)
        rm -f "$out"
        die "apt-get could not install $*: ${reason:-no reason given}"
    fi
    rm -f "$out"
}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
has_venv() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

# Sets python to the first fit interpreter; otherwise sets lack to what is wrong with the best one found.
find_python() {
    python='' lack='Python 3.11 or newer is missing: install python3 and python3-venv'
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        command -v "$candidate" >/dev/null 2>&1 && is_new_enough "$candidate" || continue
        if has_venv "$candidate"; then
            python=$candidate
            return 0
        fi
        lack="$candidate cannot make virtual environments (module venv or ensurepip): install python3-venv"
    done
    return 1
}

need_venv() {
    if [ -x $VENV/bin/python ] && is_new_enough $VENV/bin/python && $VENV/bin/python -c 'import pip' 2>/dev/null; then
        return
    fi
    if ! find_python; then
        can_apt || die "$lack"
        apt python3 python3-venv
        find_python || die "$lack"
    fi
    say "making $VENV with $("$python" --version)"
    "$python" -m venv --clear $VENV || die "$python could not make $VENV (is the disk full or read-only?)"
}

# progress: turns pip's log into one short line for each package.
progress() {
    while read -r line; do
        case $line in
        Collecting*) rest=${line#Collecting } && printf '   %s\n' "${rest%% *}" ;;
        "Installing collected"*) say 'unpacking' ;;
        esac
    done
}

# Why pip failed, in one sentence. Its last line, "No matching distribution", is the same without a network and for a
# package that wants a newer Python, so the lines before it decide.
why_pip_failed() {
    reason=$(grep '^ERROR' $LOG | tail -n 1)
    version=${reason##*==}
    if grep -q -F " ${version%% *} Requires-Python" $LOG; then
        out="$($VENV/bin/python --version) cannot have ${reason##* for }"
        printf '%s\n' "$out: remove $VENV and name a newer Python, as in PYTHON=python3.13"
    elif grep -q -E 'connection broken by|ConnectionPool\(|Could not fetch URL' $LOG; then
        printf '%s\n' "pip could not reach its packages, is the network there? (${reason:-no reason given})"
    else
        printf '%s\n' "pip could not install $1 (${reason:-no reason given})"
    fi
}

# install NAME [OPTION…]: pip-installs infra/locks/NAME.lock unless the stamp says that it stands already.
install() {
    lock=infra/locks/$1.lock stamp=$VENV/stamp-$1
    shift
    sum=$(cksum <"$lock")
    [ "$(cat "$stamp" 2>/dev/null)" != "$sum" ] || return 0
    say "installing the Python packages of $lock"
    rm -f "$stamp" $VENV/failed
    { $VENV/bin/python -m pip install --require-hashes -r "$lock" "$@" 2>&1 || : >$VENV/failed; } | tee $LOG | progress
    [ ! -e $VENV/failed ] || die "$(why_pip_failed "$lock"); all of it: $LOG"
    printf '%s\n' "$sum" >"$stamp"
}

has_font() { fc-list : file 2>/dev/null | grep -q "/$1\."; }
# On some systems libraries stand in a folder for each kind of machine, on others beside it.
has_library() {
    for path in "$LIBRARIES/$1" "$LIBRARIES"/*/"$1" "${LIBRARIES}64/$1"; do
        [ ! -e "$path" ] || return 0
    done
    return 1
}
has() { command -v "$1" >/dev/null 2>&1 || [ -x "$SBIN/$1" ]; }

need_programs() {
    missing=''
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
    command -v fc-list >/dev/null 2>&1 || missing="$missing fontconfig"
    has_font NotoSans-Regular || missing="$missing fonts-noto-core"
    has_font DejaVuSans || missing="$missing fonts-dejavu-core"
    command -v w3m >/dev/null 2>&1 || missing="$missing w3m"
    command -v lynx >/dev/null 2>&1 || missing="$missing lynx"
    command -v exiftool >/dev/null 2>&1 || missing="$missing libimage-exiftool-perl"
    # Without it exiftool does not look into office files, and would find them clean.
    perl -MArchive::Zip -e 1 >/dev/null 2>&1 || missing="$missing libarchive-zip-perl"
    command -v mat2 >/dev/null 2>&1 || missing="$missing mat2"
    # What drives the browsers is a Node of its own, which wants this library.
    has_library libatomic.so.1 || missing="$missing libatomic1"
    command -v faketime >/dev/null 2>&1 || missing="$missing faketime"
    has nginx || missing="$missing nginx-light"
    has tor || missing="$missing tor"
    has gammu-smsd || missing="$missing gammu-smsd"
    command -v age >/dev/null 2>&1 || missing="$missing age"
    has systemd-analyze || missing="$missing systemd"
    [ -n "$missing" ] || return 0
    can_apt || die "the tests need more programs, install these:$missing"
    # shellcheck disable=SC2086 # a list of package names, meant to be split
    apt $missing
}

# The same Chromium built without windows, where there is such a package. Without it the tests use the whole one, and take
# longer.
need_lighter() {
    command -v chromium-headless-shell >/dev/null 2>&1 && return 0
    can_apt && apt-cache show chromium-headless-shell >/dev/null 2>&1 || return 0
    apt chromium-headless-shell
}

case ${1:-} in
run | deploy)
    need_venv
    install "$1"
    ;;
test)
    need_venv
    need_programs
    need_lighter
    install test --no-compile # half of the time, for modules of which most are never loaded
    ;;
*) die 'usage: sh infra/bootstrap.sh run|deploy|test' ;;
esac
