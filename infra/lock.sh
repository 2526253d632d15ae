#!/bin/sh
# Writes the locks anew: each package with its version and the hash of every file of that version, so that one lock
# serves Python 3.11 to 3.13 on every processor.
#
# usage: sh infra/lock.sh    after `sh infra/bootstrap.sh test`; UPGRADE=yes also moves what the lists do not pin
# The lists are requirements.txt and tests/requirements.txt. Versions are shared: what runs and what Lambda ships is
# what was tested.
set -eu
cd "$(dirname "$0")/.."

ONLY_TO_DEPLOY='^zappa=='

# lock NAME LIST [OPTION...]: resolves a list (- for standard input) into infra/locks/NAME.lock.
lock() {
    name=$1
    shift
    .venv/bin/uv pip compile --quiet ${UPGRADE:+--upgrade} --universal --python-version 3.11 --generate-hashes \
        --no-annotate --custom-compile-command 'make lock' --output-file "infra/locks/$name.lock" "$@"
}

.venv/bin/python -m infra.deploy.lock
lock test tests/requirements.txt --constraint infra/deploy/requirements.lock
lock deploy requirements.txt --constraint infra/locks/test.lock
# What runs is built nowhere: wheels alone, and the lock itself tells pip so.
grep -v "$ONLY_TO_DEPLOY" requirements.txt |
    lock run - --constraint infra/locks/test.lock --only-binary :all: --emit-build-options
