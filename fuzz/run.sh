#!/usr/bin/env bash
# Builds the fuzz targets once and runs each with its seeds and dictionary.
#
#     fuzz/run.sh [SECONDS] [TARGET…]
#
# SECONDS is for each target (default 10); as many targets run at once as there are cores. Exits with 1 where a target found
# something; what made it fail is kept in fuzz/artifacts. Inputs that reached new code are kept in fuzz/corpus and used again.
#
# A stable toolchain is enough: the instrumentation is the compiler's own, and libFuzzer comes with the crate libfuzzer-sys, which
# takes a C++ compiler. CUIBONO_FUZZ_LOGS=FOLDER keeps the whole output of each target. CARGO_PROFILE_RELEASE_OPT_LEVEL=1 is
# built in a third of the time, for short runs.
set -euo pipefail
cd "$(dirname "$0")"

seconds=${1:-10}
shift || true
if (($#)); then targets=("$@"); else mapfile -t targets < <(basename -s .rs fuzz_targets/*.rs); fi
logs=${CUIBONO_FUZZ_LOGS:-$(mktemp -d)}
mkdir -p "$logs"

build() {
    local host flags flag
    host=$(rustc -vV | sed -n 's/^host: //p')
    flags="--cfg fuzzing -Cdebug-assertions -Coverflow-checks -Cpasses=sancov-module"
    for flag in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$flag"; done
    # With a target named, what runs at build time is built without the instrumentation.
    CARGO_INCREMENTAL=0 RUSTFLAGS=$flags cargo build --locked --quiet --release --bins --target "$host" --target-dir target
    programs=target/$host/release
}

# The number behind a word in the output, the last time it stands there.
figure() { sed -n "s/.*$1: *\([0-9]\+\).*/\1/p" "$2" | tail -1; }

# Runs one target and prints its row of the table.
run() {
    local target=$1 log=$logs/$1.log words=dictionaries/$1.dict code=0 found=none
    [[ $target == any ]] && words=dictionaries/native.dict
    [[ -f $words ]] || words=
    mkdir -p "corpus/$target" "artifacts/$target"
    "$programs/$target" "corpus/$target" "seeds/$target" ${words:+"-dict=$words"} -max_total_time="$seconds" -timeout=25 \
        -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 -artifact_prefix="artifacts/$target/" >"$log" 2>&1 || code=$?
    ((code == 0)) || found="exit $code, $(sed -n 's/.*Test unit written to //p' "$log" | tail -1)"
    printf '%-10s %10s %8s %8s  %s\n' "$target" "$(figure 'number_of_executed_units' "$log")" "$seconds" "$(figure cov "$log")" "$found"
    ((code == 0)) || { grep -m3 -A3 -E 'panicked at|ERROR: libFuzzer' "$log" || true; } >&2
    return "$code"
}

build
printf '%-10s %10s %8s %8s  %s\n' target runs seconds edges finding
rm -f "$logs/failed"
for target in "${targets[@]}"; do
    while (($(jobs -rp | wc -l) >= $(nproc))); do wait -n || true; done
    { run "$target" || touch "$logs/failed"; } &
done
wait
[[ ! -e $logs/failed ]]
