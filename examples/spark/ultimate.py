"""Ultimate controllers and blocked entities of an edge list in a Spark lake: DataFrames only, nothing to install beside Spark.

    spark-submit ultimate.py --edges EDGES --controllers OUT [--listed FILE --blocked OUT]

EDGES is Parquet, or CSV with a header: owner, owned and share in percent, or min and max where the share is a range; one row for
each interest of the day that is asked about, rows of one pair add up. Shareholdings only: rights that give control without a
share, indirect interests, nominees, rival accounts and dates are what `cuibono cluster` decides. For what the edge list can say
both give the same rows.
"""

import argparse

from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as F

WHOLE = 1_000_000_000  # shares are integers inside, in parts per billion: no float meets a threshold


def columns(edges: DataFrame) -> DataFrame:
    """One row for each pair, with what is certain and what is possible."""
    names = set(edges.columns)
    low, high = ("min", "max") if {"min", "max"} <= names else ("share", "share")
    ppb = lambda column: F.round(F.col(column).cast("double") * 10_000_000).cast("long")
    pairs = (
        edges.select(F.col("owner").cast("string"), F.col("owned").cast("string"), ppb(low).alias("low"), ppb(high).alias("high"))
        .groupBy("owner", "owned")
        .agg(F.least(F.sum("low"), F.lit(WHOLE)).alias("low"), F.least(F.sum("high"), F.lit(WHOLE)).alias("high"))
        .where("high > 0")
    )
    # Where the shares stated sum to more than the whole, each is only an upper limit.
    of_entity = Window.partitionBy("owned")
    excess = F.greatest(F.sum("low").over(of_entity) - WHOLE, F.lit(0))
    return pairs.withColumn("low", F.greatest(F.col("low") - excess, F.lit(0))).withColumn(
        "all_low", F.sum("low").over(of_entity)
    )


def kept(frame: DataFrame) -> DataFrame:
    """The rows themselves, without how they came about: plans would double with every round."""
    return frame.localCheckpoint(eager=True)


def ends(pointers: DataFrame) -> DataFrame:
    """node, end, in_ring: where chains of pointers (node, up) end. A ring ends at its smallest id.

    To take one's owner's label again and again would go round in a ring for ever. So everybody looks twice as far in each round;
    whoever has no end when nobody else finds one runs into a ring.
    """
    seen = kept(pointers.select("node", F.col("up").alias("at"), F.col("up").alias("smallest"), F.lit(False).alias("is_end")))
    before = None
    steps = 0
    while True:
        moving = seen.where("not is_end").count()
        if moving == 0 or (moving == before and 2**steps >= moving):
            break
        before, steps = moving, steps + 1
        ahead = seen.select(F.col("node").alias("there"), F.col("at").alias("on"), F.col("smallest").alias("least"), F.col("is_end").alias("ended"))
        seen = kept(
            seen.join(ahead, F.col("at") == F.col("there"), "left").select(
                "node",
                F.coalesce("on", "at").alias("at"),
                F.least("smallest", F.coalesce("least", "smallest")).alias("smallest"),
                # Who points at nobody further is an end.
                (F.col("is_end") | F.col("there").isNull() | F.coalesce("ended", F.lit(False))).alias("is_end"),
            )
        )
    # Everybody who is left has got into a ring, and who is in one has gone all around it.
    lost = seen.where("not is_end")
    ring = kept(lost.select(F.col("at").alias("member")).distinct())
    least = lost.join(ring, F.col("node") == F.col("member")).select("member", F.col("smallest").alias("leader"))
    ringed = lost.join(least, F.col("at") == F.col("member")).select("node", F.col("leader").alias("end"))
    in_ring = ring.select(F.col("member").alias("node"), F.lit(True).alias("in_ring"))
    all_ends = seen.where("is_end").select("node", F.col("at").alias("end")).unionByName(ringed)
    return kept(all_ends.join(in_ring, "node", "left").select("node", "end", F.coalesce("in_ring", F.lit(False)).alias("in_ring")))


def closures(starts: DataFrame, votes: DataFrame) -> DataFrame:
    """start, member: everything that each start controls, itself included."""
    pairs = kept(starts.select(F.col("start"), F.col("start").alias("member")))
    while True:
        count = pairs.count()
        joined = (
            pairs.join(votes, F.col("member") == F.col("owner"))
            .groupBy("start", "owned")
            .agg(F.sum("low").alias("low"))
            .where(F.col("low") * 2 > WHOLE)
            .select("start", F.col("owned").alias("member"))
        )
        pairs = kept(pairs.unionByName(joined).distinct())
        if pairs.count() == count:
            return pairs


def ultimate_controllers(edges: DataFrame) -> DataFrame:
    """entity, controller: as `cuibono ultimate-controllers` has it; a class that controls itself under its smallest id."""
    votes = kept(columns(edges).where("low > 0").select("owner", "owned", "low"))
    nodes = votes.select(F.col("owner").alias("node")).unionByName(votes.select(F.col("owned").alias("node"))).distinct()
    roots = kept(nodes.select("node", F.col("node").alias("root")))
    ring_members, from_below = None, None
    while True:
        # Who holds a majority of a root, everybody counting for its own root.
        groups = (
            votes.join(roots.where("node = root").select("node"), F.col("owned") == F.col("node"))
            .drop("node")
            .join(roots.select(F.col("node").alias("holder"), F.col("root").alias("up")), F.col("owner") == F.col("holder"))
            .groupBy(F.col("owned").alias("node"), "up")
            .agg(F.sum("low").alias("low"))
            .where(F.col("low") * 2 > WHOLE)
        )
        groups = kept(groups)
        from_below = groups.where("node = up").select("node")
        pointers = groups.where("node <> up").select("node", "up")
        if pointers.count() == 0:
            break
        found = ends(pointers)
        if ring_members is None:
            ring_members = kept(found.where("in_ring").select("node", "end"))
        roots = kept(
            roots.join(found.select(F.col("node").alias("moved"), "end"), F.col("root") == F.col("moved"), "left").select(
                "node", F.coalesce("end", "root").alias("root")
            )
        )
    labels = classes(roots, votes, ring_members, from_below)
    return (
        roots.join(labels, "root", "left")
        .where((F.col("node") != F.col("root")) | F.col("controller").isNotNull())
        .select(F.col("node").alias("entity"), F.coalesce("controller", "root").alias("controller"))
    )


def classes(roots: DataFrame, votes: DataFrame, rings: DataFrame, from_below: DataFrame) -> DataFrame:
    """root, controller: the roots that stand for several entities which control one another, and their smallest ids."""
    members = roots.select(F.col("node").alias("start"), "root")
    if rings is not None:
        ends_of_rings = rings.groupBy("end").agg(F.min("node").alias("controller")).select(F.col("end").alias("root"), "controller")
        from_below = from_below.join(ends_of_rings, F.col("node") == F.col("root"), "left_anti")
    asked = kept(members.join(from_below, F.col("root") == F.col("node")).select("start", "root"))
    below = closures(asked.select("start"), votes)
    mutual = (
        asked.join(below, "start")
        .where((F.col("member") == F.col("root")) & (F.col("start") != F.col("root")))
        .groupBy("root")
        .agg(F.min("start").alias("other"))
        .select("root", F.least("root", "other").alias("controller"))
    )
    return mutual if rings is None else mutual.unionByName(ends_of_rings)


def blocked(edges: DataFrame, listed: DataFrame) -> DataFrame:
    """entity, status: whom a list blocks under the 50 % rule, listed parties included."""
    held = kept(columns(edges))
    on_list = listed.select(F.col("entity")).distinct()

    def fixpoint(enough):
        members = kept(on_list)
        while True:
            count = members.count()
            sums = (
                held.join(members, F.col("owner") == F.col("entity"))
                .groupBy("owned")
                .agg(F.sum("low").alias("low"), F.sum("high").alias("high"), F.first("all_low").alias("all_low"))
            )
            members = kept(members.unionByName(sums.where(enough).select(F.col("owned").alias("entity"))).distinct())
            if members.count() == count:
                return members

    certain = fixpoint(F.col("low") * 2 >= WHOLE)
    at_best = F.least(F.col("high"), F.lit(WHOLE) - (F.col("all_low") - F.col("low")))
    possible = fixpoint(at_best * 2 >= WHOLE)
    status = lambda frame, word: frame.select("entity", F.lit(word).alias("status"))
    return (
        status(on_list, "listed")
        .unionByName(status(certain.subtract(on_list), "certain"))
        .unionByName(status(possible.subtract(certain), "possible"))
    )


def read(spark: SparkSession, path: str) -> DataFrame:
    return spark.read.csv(path, header=True) if path.rstrip("/").endswith(".csv") else spark.read.parquet(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edges", required=True)
    parser.add_argument("--controllers", help="folder for CSV: entity, controller")
    parser.add_argument("--listed", help="text file with one id a line")
    parser.add_argument("--blocked", help="folder for CSV: entity, status")
    arguments = parser.parse_args()
    spark = SparkSession.builder.appName("cuibono").getOrCreate()
    edges = read(spark, arguments.edges)
    if arguments.controllers:
        ultimate_controllers(edges).write.csv(arguments.controllers, header=True)
    if arguments.blocked:
        lines = spark.read.text(arguments.listed).select(F.trim("value").alias("entity"))
        listed = lines.where("entity <> '' and not entity like '#%'")
        blocked(edges, listed).write.csv(arguments.blocked, header=True)
    spark.stop()


if __name__ == "__main__":
    main()
