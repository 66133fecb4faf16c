#!/usr/bin/env bash
# Puts the questions about the whole graph to processes in network namespaces, each with an address of its own, and holds their rows
# against those of one machine.
#
#     tests/distributed/namespaces.sh PROGRAM EDGES [PROCESSES]
#
# PROGRAM is built with the feature `distributed`, EDGES a CSV table of which the second column is the entity owned. Needs root and
# iproute2; where these are missing it says so and passes.
set -euo pipefail

program=$(realpath "$1") edges=$(realpath "$2") count=${3:-4} day=2026-01-01
if [[ $(id -u) != 0 ]] || ! command -v ip >/dev/null || ! ip netns add cuibono-probe 2>/dev/null; then
    echo "skipped: no network namespaces can be made here"
    exit 0
fi
ip netns delete cuibono-probe
work=$(mktemp -d)
clean() {
    local p
    for ((p = 0; p < count; p++)); do ip netns delete "cuibono$p" 2>/dev/null || true; done
    ip link delete cuibono-net 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT

ip link add cuibono-net type bridge
ip link set cuibono-net up
for ((p = 0; p < count; p++)); do
    ip netns add "cuibono$p"
    ip link add "cuibono-o$p" type veth peer name eth netns "cuibono$p"
    ip link set "cuibono-o$p" master cuibono-net up
    ip -n "cuibono$p" address add "10.77.0.$((p + 1))/24" dev eth
    ip -n "cuibono$p" link set eth up
    ip -n "cuibono$p" link set lo up
    echo "10.77.0.$((p + 1)):2101" >>"$work/hosts"
done

# Parts by the entity owned.
awk -F, -v count="$count" -v work="$work" '
    BEGIN { for (i = 1; i < 256; i++) code[sprintf("%c", i)] = i }
    NR == 1 { for (p = 0; p < count; p++) print > (work "/part-" p ".csv"); next }
    { sum = 7; for (i = 1; i <= length($2); i++) sum = (sum * 31 + code[substr($2, i, 1)]) % 65521
      print > (work "/part-" sum % count ".csv") }' "$edges"
parts=()
for ((p = 0; p < count; p++)); do parts+=(--data "$work/part-$p.csv"); done
cut -d, -f1 "$edges" | sed -n '2~5000p' | head -200 >"$work/listed"

for question in ultimate-controllers circular "screen --rule ofac --listed $work/listed" "effective-shares --min-share 25"; do
    rm -f "$work"/rows-*
    processes=()
    for ((p = 0; p < count; p++)); do
        # shellcheck disable=SC2086
        ip netns exec "cuibono$p" "$program" cluster $question --hosts "$work/hosts" --process "$p" --as-of "$day" \
            --data "$work/part-$p.csv" -o "$work/rows-$p.jsonl" &
        processes+=($!)
    done
    for process in "${processes[@]}"; do wait "$process"; done
    # shellcheck disable=SC2086
    "$program" $question --format jsonl --as-of "$day" "${parts[@]}" | LC_ALL=C sort >"$work/one"
    sort_rows() { cat "$work"/rows-*.jsonl | LC_ALL=C sort; }
    sort_rows | cmp - "$work/one"
    echo "equal: ${question%% *}, $(wc -l <"$work/one") rows, $count processes"
done
