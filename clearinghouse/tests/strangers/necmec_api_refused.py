"""Sends what the PyPI package necmec-api sends: JSON with wrong field names. The house must refuse it and stay up.

Usage: necmec_api_refused.py BASE USERNAME PASSWORD. Prints "ok" when the client saw a refusal.
"""

import json
import logging
import sys
import tempfile

from necmec_api.api import NecmecAPI

logging.disable(logging.CRITICAL)
base, username, password = sys.argv[1:4]
paths = {f"{name}_url": f"/{name}" for name in ("status", "xsd", "submit", "upload", "fileinfo", "finish", "retract")}
with tempfile.NamedTemporaryFile("w", suffix=".json") as config:
    json.dump({"test": {"base_url": base, **paths}}, config)
    config.flush()
    client = NecmecAPI(config.name, username, password, "test")
    assert client.post_submit("<report/>") is None
    assert client.post_finish("1") is None
print("ok")
