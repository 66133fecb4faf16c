"""polars: a table of edges with ids as numbers, sorted by what is owned; a question joins step by step."""

import polars

from questions import LEAST, LONGEST, main


class Graph:
    def __init__(self, edges):
        ids = polars.concat([edges["owner_id"].rename("id"), edges["owned_id"].rename("id")]).unique()
        self.ids = polars.DataFrame({"id": ids}).with_row_index("number")
        for column in ["owner_id", "owned_id"]:
            numbers = self.ids.rename({"id": column, "number": column.removesuffix("_id")})
            edges = edges.join(numbers, on=column, how="left").drop(column)
        self.edges = edges.sort("owned")

    def counts(self):
        return self.ids.height, self.edges.height


def edges(path):
    return Graph(polars.read_csv(path, schema_overrides={"share": polars.Float64}))


def gleif(parties, relationships):
    relationships = polars.scan_csv(relationships, infer_schema=False)
    direct = relationships.filter(polars.col("Relationship.RelationshipType") == "IS_DIRECTLY_CONSOLIDATED_BY")
    ends = {"owner_id": "Relationship.EndNode.NodeID", "owned_id": "Relationship.StartNode.NodeID"}
    graph = Graph(direct.select(**ends, share=polars.lit(50.0)).collect())
    columns = ["LEI", "Entity.LegalName", "Entity.LegalJurisdiction", "Entity.EntityStatus"]
    graph.parties = polars.read_csv(parties, columns=columns, infer_schema=False)
    return graph


LOADS = {"edges.csv": edges, "gleif_lei.csv + gleif_rr.csv": gleif}


def owners(graph, subject):
    front = graph.ids.filter(polars.col("id") == subject).select(owned="number", part=polars.lit(100.0))
    steps = []
    for _ in range(LONGEST):
        front = (
            front.join(graph.edges, on="owned")
            .group_by("owner")
            .agg(part=(polars.col("part") * polars.col("share") / 100).sum())
            .filter(polars.col("part") > LEAST)
            .rename({"owner": "owned"})
        )
        if front.is_empty():
            break
        steps.append(front)
    if not steps:
        return []
    total = polars.concat(steps).group_by("owned").agg(polars.col("part").sum())
    named = total.join(graph.ids, left_on="owned", right_on="number").filter(polars.col("id") != subject)
    return list(named.select("id", "part").iter_rows())


if __name__ == "__main__":
    main(__file__, "polars", LOADS, owners)
