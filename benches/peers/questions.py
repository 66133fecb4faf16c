"""What every peer is asked, and how its time is taken.

A peer is a module with `loads`, which has for the name of a file, or for two names joined by " + ", what makes a graph
of their paths that can be asked, and
`owners(graph, subject)`, which yields pairs of an owner and its effective share: the sum over all chains of the product of
their shares, in percent.

    python3 PEER.py load FOLDER RUNS      rows for the table of loading (W1)
    python3 PEER.py owners FILE SUBJECT   one question, one process (W6)
"""

import os
import resource
import statistics
import subprocess
import sys
import time

# Chains end where less than this part of a hundred is left of them, or they have so many links.
LEAST = 1e-7
LONGEST = 200


def timed(load, paths):
    start = time.perf_counter()
    graph = load(*paths)
    seconds = time.perf_counter() - start
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, graph.counts()


def paths_of(folder, files):
    return [os.path.join(folder, file) for file in files.split(" + ")]


def row(script, name, folder, files, runs):
    """Each run has a process of its own, so that its memory is its own."""
    measured = []
    for _ in range(runs):
        command = [sys.executable, script, "once", folder, files]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        measured.append(said.split())
    seconds = [float(one[0]) for one in measured]
    megabytes = sum(map(os.path.getsize, paths_of(folder, files))) / 1e6
    median = statistics.median_high(seconds)
    cpu = statistics.median_high(float(one[1]) for one in measured)
    peak = max(float(one[2]) for one in measured)
    entities, interests = measured[0][3:5]
    return (
        f"| {files}, {name} | {megabytes:.1f} | {median:.3f} | {min(seconds):.3f}–{max(seconds):.3f} "
        f"| {megabytes / median:.0f} | {cpu:.2f} | {peak:.0f} | {entities} | {interests} | – |"
    )


def main(script, name, loads, owners):
    match sys.argv[1:]:
        case ["load", folder, runs]:
            for files in loads:
                if all(map(os.path.exists, paths_of(folder, files))):
                    print(row(script, name, folder, files, int(runs)))
        case ["once", folder, files]:
            seconds, cpu, peak, (entities, interests) = timed(loads[files], paths_of(folder, files))
            print(seconds, cpu, peak, entities, interests)
        case ["owners", path, subject]:
            graph = loads["edges.csv"](path)
            for owner, share in sorted(owners(graph, subject), key=lambda pair: (-pair[1], pair[0])):
                print(owner, f"{share:.6f}")
        case _:
            sys.exit(__doc__)


def by_steps(above, subject):
    """Effective shares by steps of one link each, with `above(entity)` the pairs of direct owners and shares."""
    total, front = {}, {subject: 100.0}
    for _ in range(LONGEST):
        reached = {}
        for entity, part in front.items():
            for owner, share in above(entity):
                held = part * share / 100
                if held > LEAST:
                    reached[owner] = reached.get(owner, 0.0) + held
        if not reached:
            break
        for owner, held in reached.items():
            total[owner] = total.get(owner, 0.0) + held
        front = reached
    total.pop(subject, None)
    return total.items()
