#!/bin/sh
# Builds, makes the data, measures and writes a report in Markdown to benches/results/ and to standard output.
#
#   benches/run.sh [--peers] [--runs N] [INTERESTS …]      default: 10000 1000000
#
# --peers makes an environment with polars, DuckDB and networkx from PyPI below target/; without it those that python3
# has are asked. CUIBONO_BENCH_DATA is where data are kept (default target/bench-data), CUIBONO_BENCH_SEED their seed (1).
set -eu

# Folders that are given hold where the script is called.
absolute() { case $1 in '' | /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac }
data=$(absolute "${CUIBONO_BENCH_DATA:-}")
target=$(absolute "${CARGO_TARGET_DIR:-}")
cd "$(dirname "$0")/.."
target=${target:-target}
export CARGO_TARGET_DIR="$target"
data=${data:-$target/bench-data}

peers=no runs=5 sizes=
while [ $# -gt 0 ]; do
    case $1 in
    --peers) peers=yes ;;
    --runs)
        runs=${2:?--runs needs a number}
        shift
        ;;
    *[!0-9]*)
        sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2
        exit 2
        ;;
    *) sizes="$sizes $1" ;;
    esac
    shift
done
sizes=${sizes:-10000 1000000}
seed=${CUIBONO_BENCH_SEED:-1}
mkdir -p benches/results
report=benches/results/$(date -u +%Y-%m-%dT%H%M%SZ).md

cargo build --quiet --release
cargo bench --quiet --no-run --bench load --bench engine
cuibono=$target/release/cuibono

# A set that was broken off has no stats.txt, which is written last.
for size in $sizes; do
    if ! [ -e "$data/$size/stats.txt" ]; then
        echo "making $data/$size" >&2
        formats=edges,nodes,bods,psc,gleif,ftm
        if [ "$size" -gt 1000000 ]; then formats=edges; fi
        cargo run --quiet --release --example generate -- --interests "$size" --seed "$seed" --formats "$formats" \
            --out "$data/$size" >&2
    fi
done

python=python3
if [ "$peers" = yes ]; then
    python=$target/bench-peers/bin/python
    if ! [ -e "$target/bench-peers/ready" ]; then
        python3 -m venv "$target/bench-peers" >&2
        "$python" -m pip install --quiet --disable-pip-version-check -r benches/peers/requirements.txt >&2
        touch "$target/bench-peers/ready"
    fi
fi
at_hand=
for peer in networkx polars duckdb; do
    if "$python" -c "import $peer" 2>/dev/null; then at_hand="$at_hand $peer"; fi
done

said() { "$@" 2>/dev/null || echo unknown; }
from() { sed -n "s/^$1[[:space:]]*:[[:space:]]*//p" "$2" 2>/dev/null | head -n 1; }
bench() { cargo bench --quiet --bench "$@"; }

hardware() {
    echo "# Benchmarks of $(date -u +%Y-%m-%d)"
    echo
    echo "| machine | |"
    echo "|---|---|"
    echo "| processor | $(from 'model name' /proc/cpuinfo) |"
    echo "| cores | $(said getconf _NPROCESSORS_ONLN) |"
    echo "| memory | $(from MemTotal /proc/meminfo) |"
    echo "| system | $(uname -srm) |"
    echo "| load at the start | $(said cut -d ' ' -f 1-3 /proc/loadavg) |"
    echo "| compiler | $(rustc --version) |"
    echo "| revision | $(said git rev-parse --short HEAD) |"
    for peer in $at_hand; do
        echo "| $peer | $("$python" -c "import $peer; print($peer.__version__)") |"
    done
}

# One run of the program, then one of each peer, and again: machines get slower and faster within minutes. The rows of the peers go below
# those of the program, and after them how many times longer each took.
loading() {
    own=$(mktemp) theirs=$(mktemp) one=$(mktemp)
    run=0
    while [ $run -lt "$runs" ]; do
        bench load -- --runs 1 "$data/$1" >"$one"
        sed -n '/^| input/d; /^|---/d; /^|/p' "$one" >>"$own"
        for peer in $at_hand; do
            "$python" "benches/peers/peer_$peer.py" load "$data/$1" 1 >>"$theirs"
        done
        run=$((run + 1))
    done
    echo
    echo "## Files to a graph (W1): $1 interests, $runs runs in turns"
    echo
    echo "| input | MB | median s | min–max s | MB/s | CPU s | peak MiB | entities | interests | rejects |"
    echo "|---|---|---|---|---|---|---|---|---|---|"
    rows=$(in_one_row <"$own")
    echo "$rows"
    echo
    echo "The same files by peers, and how many times our median above each took:"
    echo
    echo "| input, peer | MB | median s | min–max s | MB/s | CPU s | peak MiB | entities | interests | rejects | ratio |"
    echo "|---|---|---|---|---|---|---|---|---|---|---|"
    peer_rows=$(in_one_row <"$theirs")
    echo "$peer_rows" | while read -r row; do
        if [ -z "$row" ]; then continue; fi
        file=$(echo "$row" | sed 's/^| \([^,]*\), .*/\1/')
        median=$(echo "$rows" | sed -n "s/^| $file | [^|]*| \([0-9.]*\) .*/\1/p")
        echo "$row" | ratio 4 "$median"
    done
    rm -f "$own" "$theirs" "$one"
}

# One row for all runs of an input: medians, the shortest and the longest time.
in_one_row() {
    awk -F ' *[|] *' '
        function median(of, name, count,    i, j, value, sorted) {
            for (i = 1; i <= count; i++) {
                value = of[name, i]
                for (j = i; j > 1 && sorted[j - 1] + 0 > value + 0; j--) sorted[j] = sorted[j - 1]
                sorted[j] = value
            }
            least = sorted[1]
            most = sorted[count]
            return sorted[int((count + 1) / 2)]
        }
        {
            if (!($2 in count)) inputs[++all] = $2
            at = ++count[$2]
            seconds[$2, at] = $4; cpu[$2, at] = $7; peak[$2, at] = $8
            size[$2] = $3
            graph = $9 " | " $10 " | " $11
            if (at > 1 && found[$2] != graph) { print $2 ": not the same graph in every run" > "/dev/stderr"; exit 1 }
            found[$2] = graph
        }
        END {
            for (i = 1; i <= all; i++) {
                name = inputs[i]
                cpu_median = median(cpu, name, count[name])
                median(peak, name, count[name])
                peak_most = most
                time = median(seconds, name, count[name])
                rate = time > 0 ? sprintf("%.0f", size[name] / time) : "–"
                printf "| %s | %s | %s | %s–%s | %s | %s | %s | %s |\n", name, size[name], time, least, most, rate, \
                    cpu_median, peak_most, found[name]
            }
        }'
}

# Adds a column: the field of each row, by number, divided by a figure.
ratio() {
    awk -F '|' -v field="$1" -v own="$2" '{ if (own > 0) printf "%s %.1f |\n", $0, $field / own; else print $0 " – |" }'
}

median_of() { sed 's/^[^|]*|[^|]*|[^|]*| *\([0-9.]*\) .*/\1/'; }

one_question() {
    echo
    echo "## One question, one process (W6)"
    echo
    echo "Time from start to end of the process in milliseconds; the ratio is to cuibono on the same file."
    echo
    echo "| command | runs | median ms | min–max ms | ratio |"
    echo "|---|---|---|---|---|"
    bench load -- process 200 true | sed 's/$/ – |/'
    bench load -- process 200 "$cuibono" owners-of NSO | sed 's/$/ – |/'
    for size in $sizes; do
        if [ "$size" -gt 1000000 ]; then continue; fi
        file=$data/$size/edges.csv
        subject=$(tail -n 1 "$data/$size/queries.txt")
        count=200
        if [ "$size" -gt 100000 ]; then count=20; fi
        row=$(bench load -- process "$count" "$cuibono" owners-of "$subject" --data "$file")
        echo "$row 1.0 |"
        own=$(echo "$row" | median_of)
        for peer in $at_hand; do
            bench load -- process "$runs" "$python" "benches/peers/peer_$peer.py" owners "$file" "$subject" | ratio 4 "$own"
        done
    done
}

engine() {
    echo
    echo "## Questions to the engine: $1 interests"
    echo
    echo '```text'
    bench engine -- "$data/$1"
    echo '```'
}

{
    hardware
    for size in $sizes; do loading "$size"; done
    one_question
    for size in $sizes; do engine "$size"; done
} >"$report.part"
mv "$report.part" "$report"
cat "$report"
echo "written to $report" >&2
