#!/usr/bin/env bash
# The Spark job of examples/spark against the program, on edges made from fixed seeds. Needs Python with venv and a Java runtime.
# usage: tests/spark/run.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: tests/spark/run.sh PROGRAM}")
cd "$(dirname "$0")/../.."
environment=$(realpath -m "${CARGO_TARGET_DIR:-target}")/spark
cd tests/spark
command -v java >/dev/null || { echo "tests/spark: no java here (apt-get install default-jre-headless)" >&2; exit 1; }
[[ -x $environment/bin/python ]] || python3 -m venv "$environment"
"$environment/bin/python" -c 'import pyspark' 2>/dev/null || "$environment/bin/pip" install --quiet -r requirements.txt
PYTHONPATH=../../examples/spark exec "$environment/bin/python" compare.py "$program"
