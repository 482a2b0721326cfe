"""Checks documents against a JSON Schema with the `jsonschema` package. Usage: check_schema.py SCHEMA DOCUMENT..."""

import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1], encoding="utf-8") as stream:
    schema = json.load(stream)
Draft202012Validator.check_schema(schema)
validator = Draft202012Validator(schema)
wrong = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as stream:
        document = json.load(stream)
    for error in validator.iter_errors(document):
        wrong += 1
        print(path, "/".join(str(part) for part in error.absolute_path), error.message[:300])
sys.exit(1 if wrong else 0)
