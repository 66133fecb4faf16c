"""DuckDB: a table of edges with an index by what is owned; a question is a loop of joins."""

import duckdb

from questions import LEAST, LONGEST, main


class Graph:
    def __init__(self, path):
        self.base = duckdb.connect()
        self.base.execute("create table edges as from read_csv(?, header = true)", [path])
        self.base.execute("create index by_owned on edges (owned_id)")

    def counts(self):
        both = "select owner_id as id from edges union select owned_id from edges"
        entities = self.base.execute(f"select count(*) from ({both})").fetchone()[0]
        return entities, self.base.execute("select count(*) from edges").fetchone()[0]


STEP = """
    create or replace temp table front as
    select owner_id as id, sum(part * share / 100) as part
    from front join edges on owned_id = id group by owner_id having sum(part * share / 100) > ?
"""


def owners(graph, subject):
    base = graph.base
    base.execute("create temp table front as select ? as id, 100.0::double as part", [subject])
    base.execute("create temp table total (id text, part double)")
    for _ in range(LONGEST):
        base.execute(STEP, [LEAST])
        if base.execute("insert into total from front").fetchone()[0] == 0:
            break
    return base.execute("select id, sum(part) from total where id <> ? group by id", [subject]).fetchall()


if __name__ == "__main__":
    main(__file__, "DuckDB", Graph, owners)
