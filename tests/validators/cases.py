"""Writes the edges of every golden case as a plain edges file.

    cases.py CASES.json FOLDER
"""

import csv
import json
import sys
from pathlib import Path



def number(value):
    """A share, which may be a fraction with its decimal beside it."""
    return value["decimal"] if isinstance(value, dict) else value


def text(edge):
    """The share of an edge in percent, with brackets where it is a range."""
    stated = edge.get("share", edge.get("capital"))
    low, high = (number(edge.get(bound, stated)) for bound in ("min", "max"))
    if low is None or high is None:
        return ""
    if low == high:
        return f"{100 * low:.7f}"
    begin, end = "(" if edge.get("min_open") else "[", ")" if edge.get("max_open") else "]"
    return f"{begin}{100 * low:.7f},{100 * high:.7f}{end}"


def main():
    cases, folder = Path(sys.argv[1]), Path(sys.argv[2])
    for case in json.loads(cases.read_text(encoding="utf-8"))["cases"]:
        edges = case.get("edges", [])
        rows = [[edge["owner"], edge["owned"], text(edge), edge.get("from"), edge.get("to")] for edge in edges]
        if rows:
            with open(folder / f"{case['id']}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["owner", "owned", "share", "start", "end"], *rows])


if __name__ == "__main__":
    main()
