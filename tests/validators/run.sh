#!/usr/bin/env bash
# Converts data with the built program and holds what it writes against the official validators.
#
#   run.sh CUIBONO    the program
#
# The validators live in an environment of their own below target/. What the shared folder holds is converted too.
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "$0")/../.."

environment=target/validators
requirements=tests/validators/requirements.txt
if ! cmp -s "$requirements" "$environment/requirements.txt"; then
    rm -rf "$environment"
    python3 -m venv "$environment"
    "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
    cp "$requirements" "$environment/requirements.txt"
fi
PATH=$PWD/$environment/bin:$PATH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/data" "$work/bods" "$work/ftm"
python3 tests/validators/cases.py tests/golden/cases.json "$work/data"

# convert NAME FLAGS… writes the data in both formats.
convert() {
    local name=$1 format
    shift
    for format in bods ftm; do
        "$program" convert --to "$format" -o "$work/$format/$name.json" "$@" 2>"$work/said" || {
            cat "$work/said" >&2
            return 1
        }
    done
}

convert dataset
for day in 2015-01-01 2021-05-31 2025-12-01; do
    convert "dataset-$day" --as-of "$day"
done
for path in "$work"/data/*; do
    convert "$(basename "$path")" --data "$path"
done
shared=${CUIBONO_SHARED:-../shared}
for path in opencheck/bods_data bods-standard/0.4/examples ftm/yente uk-psc/psc-records uk-psc/api-bundles \
    gleif/golden-copy-xml; do
    if [[ -e $shared/data/$path ]]; then
        convert "${path//\//-}" --data "$shared/data/$path"
    else
        echo "skipped: ../shared/data/$path is not here"
    fi
done

python3 tests/validators/bods.py "$work"/bods/*.json
python3 tests/validators/ftm.py "$work"/ftm/*.json

# The same data in the formats of graphs and tables, read by the programs for which they are meant.
"$program" convert --to jsonl -o "$work/tables.jsonl" 2>"$work/said"
"$program" convert --to graphml -o "$work/tables.graphml" 2>"$work/said"
"$program" convert --to gexf -o "$work/tables.gexf" 2>"$work/said"
"$program" convert --to parquet -o "$work/parquet" 2>"$work/said"
"$program" convert --to csv -o "$work/csv" 2>"$work/said"
python3 tests/validators/tables.py "$work/tables.jsonl" "$work/tables.graphml" "$work/tables.gexf" "$work/parquet" "$work/csv"
