#!/usr/bin/env bash
# Builds the fuzz targets once and runs each with its seeds and dictionary.
#
#     fuzz/run.sh [SECONDS] [TARGET…]
#
# SECONDS is for each target (default 10). Exits with 1 where a target found something; what made it fail is kept in
# fuzz/artifacts. Inputs that reached new code are kept in fuzz/corpus and used again. A stable toolchain is enough: the
# instrumentation is the compiler's own, libFuzzer comes with the crate libfuzzer-sys and takes a C++ compiler.
# CUIBONO_FUZZ_LOGS=FOLDER keeps the whole output of each target; the table is written there as well, one row a run.
set -euo pipefail
cd "$(dirname "$0")"
readonly FUZZ=$PWD

seconds=${1:-10}
shift || true
if (($#)); then targets=("$@"); else mapfile -t targets < <(find fuzz_targets -name '*.rs' -printf '%f\n' | sed 's/\.rs$//' | sort); fi

build() {
    local host coverage
    host=$(rustc -vV | sed -n 's/^host: //p')
    coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares"
    # With a target named, what runs at build time is built without the instrumentation.
    CARGO_INCREMENTAL=0 RUSTFLAGS="--cfg fuzzing $coverage -Ccodegen-units=1 -Cdebug-assertions -Coverflow-checks" \
        cargo build --release --bins --target "$host" --target-dir target
    programs="$FUZZ/target/$host/release"
}

# Formats share their words: a target without a dictionary of its own takes that of its syntax.
dictionary() {
    local own="dictionaries/$1.dict"
    [[ $1 == any ]] && own=dictionaries/native.dict
    [[ ! -f $own ]] || printf -- '-dict=%s' "$own"
}

# The number behind a word in the output, the last time it stands there.
figure() { sed -n "s/.*$1:\? *\([0-9]\+\).*/\1/p" "$2" | tail -1; }

run() {
    local target=$1 log=$2 code=0 words
    words=$(dictionary "$target")
    mkdir -p "corpus/$target" "artifacts/$target" "seeds/$target"
    "$programs/$target" "corpus/$target" "seeds/$target" ${words:+"$words"} -max_total_time="$seconds" -timeout=25 \
        -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 -artifact_prefix="artifacts/$target/" >"$log" 2>&1 || code=$?
    local runs edges
    runs=$(figure 'stat::number_of_executed_units' "$log")
    edges=$(figure 'cov' "$log")
    local found=none
    ((code == 0)) || found="exit $code, $(sed -n 's/^artifact_prefix.*written to //p;s/.*Test unit written to //p' "$log" | tail -1)"
    printf '%-10s %10s %8s %8s  %s\n' "$target" "${runs:-0}" "$seconds" "${edges:-?}" "$found"
    if ((code)); then
        grep -m3 -A3 -E "panicked at|ERROR: libFuzzer" "$log" | head -12 >&2 || true
        return 1
    fi
}

build
logs=${CUIBONO_FUZZ_LOGS:-$(mktemp -d)}
mkdir -p "$logs"
failed=0
printf '%-10s %10s %8s %8s  %s\n' target runs seconds edges finding
for target in "${targets[@]}"; do
    run "$target" "$logs/$target.log" | tee -a "$logs/table" || failed=1
done
exit "$failed"
