"""Reads what `cuibono convert` writes with the programs for which it is meant.

    tables.py JSONL GRAPHML GEXF PARQUET_FOLDER CSV_FOLDER

All five are made of the same data. Counts, end points and sums must agree with the JSON Lines. Needs networkx, duckdb and
polars.
"""

import json
import math
import sys
from pathlib import Path

import duckdb
import networkx
import polars

NAMES = ["entities", "interests", "sources", "jurisdictions"]
ONE = {"entity": "entities", "interest": "interests", "source": "sources", "jurisdiction": "jurisdictions"}


def expect(what, found, expected):
    if found != expected:
        sys.exit(f"{what}: {found!r} instead of {expected!r}")


def agree(what, found, expected):
    """Counts are equal; sums of floating-point numbers depend on the order."""
    if not all(math.isclose(a, b, rel_tol=1e-9) for a, b in zip(found, expected, strict=True)):
        sys.exit(f"{what}: {found!r} instead of {expected!r}")


def records(path):
    tables = {name: [] for name in NAMES}
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            record = json.loads(line)
            tables[ONE[record["type"]]].append(record)
    return tables


def network(name, graph, tables):
    expect(f"{name}: directed", graph.is_directed(), True)
    expect(f"{name}: nodes", graph.number_of_nodes(), len(tables["entities"]))
    expect(f"{name}: edges", graph.number_of_edges(), len(tables["interests"]))
    ids = dict(graph.nodes(data="entity_id"))
    ends = sorted((ids[a], ids[b], of["interest_id"], of.get("min")) for a, b, of in graph.edges(data=True))
    order = lambda edge: (edge[:3], edge[3] is None, edge[3] or 0)
    stated = [(i["owner"], i["owned"], i["id"], i.get("min")) for i in tables["interests"]]
    expect(f"{name}: ends and shares", sorted(ends, key=order), sorted(stated, key=order))
    names = sorted(of["name"] for _, of in graph.nodes(data=True))
    expect(f"{name}: names", names, sorted(entity["name"] for entity in tables["entities"]))


def sums(rows):
    total = lambda column: math.fsum(row.get(column) or 0 for row in rows)
    stated = sum(1 for row in rows if row.get("min") is not None)
    return (len(rows), stated, total("min"), total("max"))


def main():
    jsonl, graphml, gexf, parquet, tables_csv = map(Path, sys.argv[1:])
    tables = records(jsonl)
    network("GraphML", networkx.read_graphml(graphml), tables)
    network("GEXF", networkx.read_gexf(gexf), tables)
    expected = sums(tables["interests"])
    for name in NAMES:
        file = parquet / f"{name}.parquet"
        expect(f"polars: {name}", polars.read_parquet(file).height, len(tables[name]))
        counted = duckdb.sql(f"SELECT count(*) FROM '{file}'").fetchall()[0][0]
        expect(f"DuckDB: {name}", counted, len(tables[name]))
    query = """SELECT count(*), count(min), coalesce(sum(min), 0), coalesce(sum("max"), 0) FROM {}"""
    found = duckdb.sql(query.format(f"'{parquet}/interests.parquet'")).fetchall()[0]
    agree("DuckDB: sums of Parquet", found, expected)
    frame = polars.read_parquet(parquet / "interests.parquet")
    found = (frame.height, frame["min"].count(), frame["min"].sum(), frame["max"].sum())
    agree("polars: sums of Parquet", found, expected)
    expect("polars: type of a day", frame["start_day"].dtype, polars.Date)
    found = duckdb.sql(query.format(f"read_csv('{tables_csv}/interests.csv')")).fetchall()[0]
    agree("DuckDB: sums of CSV", found, expected)
    print(f"networkx, DuckDB and polars agree on {expected[0]} interests and {len(tables['entities'])} entities")


if __name__ == "__main__":
    main()
