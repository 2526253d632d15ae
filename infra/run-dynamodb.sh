#!/bin/sh
# `make run STORE=dynamodb`: the whole product on a served DynamoDB engine of this machine, which ends with it.
# The engine keeps its tables in memory: what was reported is gone at the end.
set -eu
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
ENGINE_LOG=build/engine.log
PATIENCE=60 # seconds

engine_port=$($PYTHON -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export STORE=dynamodb AWS_ENDPOINT_URL="http://127.0.0.1:$engine_port" AWS_DEFAULT_REGION=ap-southeast-3
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local

$PYTHON tests/engines/ministack.py --install
mkdir -p build
$PYTHON tests/engines/ministack.py --port "$engine_port" >"$ENGINE_LOG" 2>&1 &
engine=$!
product=''
stop() {
    trap - EXIT
    trap '' INT TERM # a second one would leave the product without an end
    [ -z "$product" ] || kill "$product" 2>/dev/null || :
    kill "$engine" 2>/dev/null || :
    wait
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

answers() {
    $PYTHON -c "import urllib.request as u; u.urlopen('$AWS_ENDPOINT_URL/_ministack/health', timeout=1)" 2>/dev/null
}

waited=0
until answers; do
    kill -0 "$engine" 2>/dev/null || { echo "run-dynamodb: the engine did not start, see $ENGINE_LOG" >&2 && exit 1; }
    [ "$waited" -lt "$PATIENCE" ] || { echo "run-dynamodb: the engine is silent after $PATIENCE s" >&2 && exit 1; }
    sleep 1
    waited=$((waited + 1))
done

# In the background and waited for, since a shell runs no trap while a program holds its foreground.
$PYTHON -m functions.local &
product=$!
wait "$product"
