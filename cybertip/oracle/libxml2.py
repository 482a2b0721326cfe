"""Says of every fixture whether libxml2 accepts it under the schema that we serve; the output is a golden text.

Usage: python libxml2.py XSD-FOLDER FIXTURES-FOLDER > FIXTURES-FOLDER/golden/libxml2.txt   (needs lxml)
"""

import pathlib
import sys

from lxml import etree

xsd, fixtures = map(pathlib.Path, sys.argv[1:])
schemas = {name: etree.XMLSchema(etree.parse(xsd / f"{name}.xsd")) for name in ("current", "strict-2025-11")}
for path in sorted(fixtures.glob("good/*.xml")) + sorted(fixtures.glob("bad/*.xml")):
    schema = schemas["strict-2025-11" if path.name.startswith("strict-") else "current"]
    print(path.parent.name, path.stem, "accepted" if schema.validate(etree.parse(path)) else "rejected")
