"""Holds CASE/UCO bundles against the shapes of an ontology with `case-utils`, strictly: no information, no warning, no
unknown concept. Usage: case_validate.py VERSION BUNDLE..."""

import sys
import warnings

from case_utils.case_validate import validate

version, *paths = sys.argv[1:]
warnings.simplefilter("ignore")
for path in paths:
    result = validate(path, case_version=version)
    if not result.conforms or result.undefined_concepts:
        print(path, result.text, result.undefined_concepts)
        sys.exit(1)
print(len(paths))
