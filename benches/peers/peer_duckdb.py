"""DuckDB: tables of edges, sorted by what is owned and by owners; a question is a loop of joins."""

import duckdb

from questions import LEAST, LONGEST, main


class Graph:
    """Edges with numbers for ids, in the order of owners and once more in that of what is owned; names beside them."""

    def __init__(self, edges, names="select null::text as id, null::text as name limit 0"):
        self.base = base = duckdb.connect()
        base.execute("set preserve_insertion_order = false")
        for step in edges[:-1]:
            base.execute(step)
        base.execute(f"create table raw as {edges[-1]}")
        base.execute(f"create table names as {names}")
        both = "select owner_id as id from raw union select owned_id from raw"
        base.execute(f"create table entities as select id, row_number() over ()::int as number from ({both})")
        base.execute(
            """create table edges as
            select owner.number as owner, owned.number as owned, owner_id, owned_id, share from raw
            join entities as owner on owner.id = owner_id join entities as owned on owned.id = owned_id
            order by owned, owner"""
        )
        base.execute("create table held as select owner, owned, share from edges order by owner, owned")

    def counts(self):
        return tuple(self.base.execute(f"select count(*) from {table}").fetchone()[0] for table in ["entities", "edges"])


def lines(path, members):
    columns = ", ".join(f"{name}: '{kind}'" for name, kind in members.items())
    read = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    return f"create table records as select * from {read}"


def edges(path):
    return Graph([f"select owner_id, owned_id, share from read_csv('{path}', header = true)"])


def bods(path):
    share = 'STRUCT("exact" DOUBLE, minimum DOUBLE)'
    details = f"""STRUCT(name VARCHAR, names STRUCT(fullName VARCHAR)[], subject VARCHAR, interestedParty VARCHAR,
        interests STRUCT("type" VARCHAR, share {share})[])"""
    members = {"recordId": "VARCHAR", "recordType": "VARCHAR", "recordDetails": details}
    stated = "recordDetails.interests[1].share"
    interests = f"""select recordDetails.interestedParty as owner_id, recordDetails.subject as owned_id,
        coalesce({stated}.exact, {stated}.minimum) as share from records where recordType = 'relationship'"""
    names = """select recordId as id, coalesce(recordDetails.name, recordDetails.names[1].fullName) as name
        from records where recordType <> 'relationship'"""
    return Graph([lines(path, members), interests], names)


def psc(path):
    data = """STRUCT(kind VARCHAR, name VARCHAR, ceased_on VARCHAR, natures_of_control VARCHAR[],
        identification STRUCT(registration_number VARCHAR), links STRUCT(self VARCHAR))"""
    owner = """case when data.kind like 'corporate%' then data.identification.registration_number
        else regexp_extract(data.links.self, '[^/]*$') end"""
    interests = f"""select {owner} as owner_id, company_number as owned_id,
        list_filter(data.natures_of_control, lambda x: x like 'ownership-of-shares-%')[1][21:22]::int as share
        from records where data.natures_of_control is not null and data.ceased_on is null"""
    names = f"select {owner} as id, data.name as name from records where data.name is not null"
    return Graph([lines(path, {"company_number": "VARCHAR", "data": data}), interests], names)


def ftm(path):
    properties = "STRUCT(name VARCHAR[], owner VARCHAR[], asset VARCHAR[], percentage VARCHAR[])"
    interests = """select properties.owner[1] as owner_id, properties.asset[1] as owned_id,
        try_cast(properties.percentage[1] as double) as share from records where schema = 'Ownership'"""
    names = "select id, properties.name[1] as name from records where schema <> 'Ownership'"
    return Graph([lines(path, {"id": "VARCHAR", "schema": "VARCHAR", "properties": properties}), interests], names)


def gleif(parties, relationships):
    names = f"""select LEI as id, "Entity.LegalName" as name, "Entity.LegalJurisdiction" as place,
        "Entity.EntityStatus" as status from read_csv('{parties}', header = true, all_varchar = true)"""
    interests = f"""select "Relationship.EndNode.NodeID" as owner_id, "Relationship.StartNode.NodeID" as owned_id,
        50.0 as share from read_csv('{relationships}', header = true, all_varchar = true)
        where "Relationship.RelationshipType" = 'IS_DIRECTLY_CONSOLIDATED_BY'"""
    return Graph([interests], names)


LOADS = {
    "edges.csv": edges,
    "bods.jsonl": bods,
    "psc.jsonl": psc,
    "ftm.jsonl": ftm,
    "gleif_lei.csv + gleif_rr.csv": gleif,
}


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
    main(__file__, "DuckDB", LOADS, owners)
