"""Holds FollowTheMoney files against the model of the package followthemoney.

    ftm.py FILE...

`ftm validate` itself drops what is wrong and says nothing. So its output is held against its input: every value must come
through, every entity must satisfy its schema, every link must lead to an entity of the schema that it asks for.
"""

import collections
import json
import subprocess
import sys

from followthemoney import model
from followthemoney.exc import InvalidData


def lines(text):
    return [json.loads(line) for line in text.split("\n") if line]


def complaints(before, after):
    yield from (f"lost entity {entity['id']}" for entity in before[len(after) :])
    schemata = {entity["id"]: model.get(entity["schema"]) for entity in before}
    if len(schemata) != len(before):
        yield "an id stands twice"
    for one, other in zip(before, after):
        schema = schemata[one["id"]]
        if schema is None:
            yield f"unknown schema {one['schema']}"
            continue
        if one["id"] != other["id"]:
            yield f"id {one['id']} became {other['id']}"
        for name in schema.required:
            if not one["properties"].get(name):
                yield f"{one['schema']} without {name}"
        try:
            schema.validate(one)
        except InvalidData as error:
            yield f"{one['schema']}: {error.errors}"
        for name, values in one["properties"].items():
            prop = schema.get(name)
            if prop is None:
                yield f"{one['schema']} has no property {name}"
                continue
            kept = other["properties"].get(name, [])
            if len(kept) != len(set(values)):
                yield f"{one['schema']}.{name}: {values} became {kept}"
            for value in values if prop.range else []:
                target = schemata.get(value)
                if target is None or not target.is_a(prop.range):
                    yield f"{one['schema']}.{name} leads to {target and target.name}, not to {prop.range.name}"


def check(path):
    """The number of complaints about a file, each kind of which is printed."""
    validated = subprocess.run(["ftm", "validate", "-i", path], check=True, capture_output=True, text=True)
    with open(path, encoding="utf-8") as file:
        before = lines(file.read())
    found = collections.Counter(complaints(before, lines(validated.stdout)))
    kinds = collections.Counter(entity["schema"] for entity in before)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
    print(f"{path}: {counts}; {sum(found.values())} complaints")
    for what, count in found.most_common(10):
        print(f"  {count} x {what}")
    return sum(found.values())


sys.exit(1 if sum([check(path) for path in sys.argv[1:]]) else 0)
