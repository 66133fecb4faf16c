"""Holds BODS files against the official validator, libcovebods: schema and additional checks.

    bods.py FILE...

The list of org-id.guide, which the validator fetches, is used where it can be had; without a network only that one check
takes every scheme that looks like a code.
"""

import collections
import json
import re
import sys

import libcove2.common
import requests


class AnyCode:
    """Every text that looks like a code of org-id.guide."""

    def __contains__(self, scheme):
        return re.fullmatch(r"[A-Z0-9]{2}(-[A-Z0-9]{2,})+", scheme) is not None


def schemes(fetch=libcove2.common.get_orgids_prefixes):
    try:
        return fetch()
    except (requests.exceptions.RequestException, OSError, ValueError, KeyError):
        print("  (the list of org-id.guide cannot be fetched: schemes are only checked for their form)")
        return AnyCode()


UNLISTED = "entity_identifiers_not_known_scheme"
KNOWN = schemes()
libcove2.common.get_orgids_prefixes = lambda *_, **__: KNOWN

# Only now, so that the tasks take the list above.
import libcovebods.additionalfields
import libcovebods.config
import libcovebods.data_reader
import libcovebods.jsonschemavalidate
import libcovebods.run_tasks
import libcovebods.schema


def check(path):
    """The number of reports on a file, each kind of which is printed."""
    with open(path, encoding="utf-8") as file:
        statements = json.load(file)
    reader = libcovebods.data_reader.DataReader(str(path))
    config = libcovebods.config.LibCoveBODSConfig()
    schema = libcovebods.schema.SchemaBODS(reader, config)
    if schema.schema_version != "0.4":
        print(f"{path}: is taken for version {schema.schema_version}")
        return 1
    errors = libcovebods.jsonschemavalidate.JSONSchemaValidator(schema).validate(reader)
    checks = libcovebods.run_tasks.process_additional_checks(reader, config, schema)["additional_checks"]
    # The scheme of a number is the data's: one that org-id.guide does not list is shown and not held against the writer.
    unlisted = {check["scheme"] for check in checks if check["type"] == UNLISTED}
    checks = [check for check in checks if check["type"] != UNLISTED]
    if unlisted:
        print(f"  schemes that org-id.guide does not list: {', '.join(sorted(unlisted))}")
    fields = libcovebods.additionalfields.AdditionalFields(schema).process(reader)
    kinds = collections.Counter(statement["recordType"] for statement in statements)
    counts = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "nothing"
    print(f"{path}: {counts}; {len(errors)} schema errors, {len(checks)} reports, {len(fields)} unknown fields")
    found = collections.Counter(str(error.json())[:300] for error in errors)
    found.update(f"{report['type']}: {str(report)[:300]}" for report in checks)
    found.update(f"field outside of the standard: {field}" for field in fields)
    for what, count in found.most_common(10):
        print(f"  {count} x {what}")
    return sum(found.values())


sys.exit(1 if sum([check(path) for path in sys.argv[1:]]) else 0)
