#!/usr/bin/env python3
"""Makes docs/how-it-is-tested.md of a test run: its log, and the counts that tests wrote down.

    cargo test 2>&1 | tee target/test.log
    python3 tests/tested.py target/test.log           # writes the page
    python3 tests/tested.py target/test.log --check   # says whether the page is that of this run
"""
import json
import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "how-it-is-tested.md"
BEGIN, END = "<!-- counted from here -->", "<!-- counted to here -->"


def targets(log):
    """Tests that passed, by the target that they belong to."""
    found, target = {}, None
    for line in log.splitlines():
        if running := re.match(r"\s+Running (?:unittests )?(\S+) \(", line):
            target = running.group(1)
        elif re.match(r"\s+Doc-tests ", line):
            target = "examples in the documentation"
        elif result := re.match(r"test result: (\w+)\. (\d+) passed; (\d+) failed; (\d+) ignored", line):
            word, passed, failed, ignored = result.groups()
            if word != "ok" or failed != "0":
                sys.exit(f"{target}: tests failed; a page is made of a run that passed")
            before = found.get(target, (0, 0))
            found[target] = (before[0] + int(passed), before[1] + int(ignored))
    return {target: count for target, count in found.items() if count != (0, 0)}


def tallies():
    folder = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tmp" / "tally"
    read = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    return sorted(read, key=lambda tally: tally["corpus"])


def kind(target):
    if target.startswith("src/"):
        return "beside the code"
    return target.removeprefix("tests/")


def page(log):
    by_target = targets(log)
    total = sum(passed for passed, _ in by_target.values())
    lines = [f"{total:,} tests in one run of `cargo test`:", "", "| where | tests |", "|---|---:|"]
    lines += [f"| `{kind(target)}` | {passed} |" for target, (passed, _) in sorted(by_target.items())]
    counted = tallies()
    cases = sum(tally["tried"] for tally in counted)
    lines += ["", f"{cases:,} cases of corpora and of faults within them, each of which ended as it should:", ""]
    lines += ["| what was tried | cases | how they ended |", "|---|---:|---|"]
    for tally in counted:
        ends = ", ".join(f"{end['count']:,} {end['end']}" for end in tally["ends"] if end["count"])
        lines.append(f"| {tally['corpus']} | {tally['tried']:,} | {ends} |")
    return "\n".join(lines)


def figures(text):
    """The first figure of each row of the tables, by what stands before it."""
    rows = re.findall(r"^\| (.+?) \| ([\d,]+) \|", text, re.M)
    return {name: int(count.replace(",", "")) for name, count in rows}


def differences(page, run):
    """What the page and a run do not agree on. How many cases there are depends a little on the machine (on the length of
    its paths, say); how many tests there are does not."""
    page, run = figures(page), figures(run)
    for name in sorted(page.keys() | run.keys()):
        one, other = page.get(name, 0), run.get(name, 0)
        is_test = name.startswith("`")
        if one != other and (is_test or abs(one - other) > max(one, other) / 10):
            yield f"{name}: {one:,} on the page, {other:,} in the run"


def main():
    log = Path(sys.argv[1]).read_text(errors="replace")
    text = PAGE.read_text()
    before, rest = text.split(BEGIN)
    counted, after = rest.split(END)
    new = page(log)
    if "--check" not in sys.argv:
        PAGE.write_text(f"{before}{BEGIN}\n{new}\n{END}{after}")
        return
    if not (ROOT.parent / "shared").is_dir() and "CUIBONO_SHARED" not in os.environ:
        print("the page on testing is not compared: tests that read ../shared were skipped")
    elif found := list(differences(counted, new)):
        sys.exit("\n".join([*found, "docs/how-it-is-tested.md is not of this run: make it anew with tests/tested.py"]))


if __name__ == "__main__":
    main()
