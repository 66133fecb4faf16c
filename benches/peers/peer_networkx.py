"""networkx: a directed graph with shares on its edges."""

import csv

import networkx

from questions import by_steps, main


class Graph(networkx.DiGraph):
    def counts(self):
        return self.number_of_nodes(), self.number_of_edges()


def load(path):
    graph = Graph()
    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        graph.add_weighted_edges_from(((owner, owned, float(share)) for owner, owned, share in rows), weight="share")
    return graph


def owners(graph, subject):
    above = lambda entity: ((owner, graph.edges[owner, entity]["share"]) for owner in graph.predecessors(entity))
    return by_steps(above, subject)


if __name__ == "__main__":
    main(__file__, "networkx", {"edges.csv": load}, owners)
