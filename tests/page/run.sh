#!/usr/bin/env bash
# Runs the browser tests of the local page against a program: tests/page/run.sh target/debug/cuibono [words of test names]
# Needs node, npm and Chromium (CUIBONO_BROWSER names another one); what else it needs goes below the target folder.
set -euo pipefail
program=$(realpath "$1")
shift
cd "$(dirname "$0")/../.."
modules=${CARGO_TARGET_DIR:-target}/page-tests
if ! [[ -e $modules/ready ]]; then
    mkdir -p "$modules"
    npm install --silent --no-audit --no-fund --prefix "$modules" playwright-core@1 axe-core@4
    touch "$modules/ready"
fi
export CUIBONO_NODE_MODULES=$(realpath "$modules/node_modules")

folder=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null; rm -rf "$folder"' EXIT

# Serves some data and runs tests against them.
against() {
    local data=$1
    shift
    rm -f "$folder/address"
    if [[ $data == built-in ]]; then
        "$program" serve --no-open >"$folder/address" &
    else
        "$program" serve --no-open --data "$data" >"$folder/address" &
    fi
    server=$!
    for _ in {1..100}; do
        [[ -s $folder/address ]] && break
        sleep 0.1
    done
    node tests/page/run.mjs "$(head -n 1 "$folder/address")" "$@"
    kill "$server"
    wait "$server"
    server=
}

against built-in "$@"
against tests/page/hostile.csv "$@"
