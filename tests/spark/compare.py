"""The Spark job of examples/spark against the program: the same ultimate controllers, the same blocked entities."""

import csv
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from pyspark.sql import SparkSession

import ultimate


def graph(seed, entities, interests):
    """Edges with circles, entities that control one another, majorities that only come together, ranges, too much stated."""
    draw = random.Random(seed)
    rows = []
    while len(rows) < interests:
        owned, left = draw.randrange(entities), 100.0
        for _ in range(draw.choice([1, 1, 2, 2, 3])):
            owner = draw.randrange(entities) if draw.random() < 0.4 else draw.randrange(max(1, entities // 6))
            low = draw.choice([51.0, left, left / 2, round(left * draw.random(), 2)])
            low = min(low, 100.0 if draw.random() < 0.05 else left)
            high = low if draw.random() < 0.8 else min(100.0, low + draw.randrange(30))
            left = max(0.0, left - low)
            rows.append((f"e{owner:03}", f"e{owned:03}", f"{low:.4f}", f"{high:.4f}"))
    return rows


CASES = {
    "a ring": [("B", "A", 60, 60), ("C", "B", 60, 60), ("A", "C", 60, 60), ("B", "D", 51, 51)],
    "a class that comes together": [("R", "B", 60, 60), ("B", "C", 60, 60), ("B", "R", 30, 30), ("C", "R", 30, 30)],
    "both in one round": [
        (owner, owned, share, share)
        for owner, owned, share in [("P", "A1", 60), ("P", "A2", 60), ("Q", "B1", 60), ("Q", "B2", 60)]
        + [("B1", "P", 30), ("B2", "P", 30), ("A1", "Q", 30), ("A2", "Q", 30)]
    ],
    "half": [("X", "T", 50, 50), ("Y", "T", 50, 50)],
}


def answer(program, *arguments):
    told = subprocess.run([program, *arguments, "--format", "csv", "--quiet", "--as-of", "2024-01-01"], check=True, capture_output=True, text=True)
    return list(csv.DictReader(told.stdout.splitlines()))


def compare(spark, program, name, rows):
    with tempfile.TemporaryDirectory() as folder:
        edges, listed = Path(folder) / "edges.csv", Path(folder) / "listed.txt"
        with edges.open("w", newline="") as file:
            csv.writer(file).writerows([("owner", "owned", "min", "max"), *rows])
        on_list = sorted({row[0] for row in rows})[:3]
        listed.write_text("\n".join(on_list) + "\n")
        data = ["--data", str(edges)]
        frame = ultimate.read(spark, str(edges))
        frame.write.parquet(str(Path(folder) / "edges"))
        frame = ultimate.read(spark, str(Path(folder) / "edges"))
        alone = {(row["entity"], row["controller"]) for row in answer(program, "ultimate-controllers", *data)}
        there = {(row.entity, row.controller) for row in ultimate.ultimate_controllers(frame).collect()}
        assert alone == there, f"{name}: only alone {sorted(alone - there)[:5]}, only in Spark {sorted(there - alone)[:5]}"
        blocked = {(row["id"], row["status"]) for row in answer(program, "screen", "--listed", str(listed), *data)}
        entities = spark.createDataFrame([(entity,) for entity in on_list], "entity string")
        there = {(row.entity, row.status) for row in ultimate.blocked(frame, entities).collect()}
        assert blocked == there, f"{name}: only alone {sorted(blocked - there)[:5]}, only in Spark {sorted(there - blocked)[:5]}"
        print(f"tests/spark: {name}: {len(alone)} controllers, {len(blocked)} blocked", flush=True)
        return len(alone) + len(blocked)


def main():
    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    rows = sum(compare(spark, sys.argv[1], name, rows) for name, rows in CASES.items())
    for seed in range(int(sys.argv[2]) if len(sys.argv) > 2 else 4):
        rows += compare(spark, sys.argv[1], f"seed {seed}", graph(seed, 30 + 40 * seed, 60 + 120 * seed))
    assert rows > 300, rows
    spark.stop()


if __name__ == "__main__":
    main()
