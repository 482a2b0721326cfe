"""Opens a package with Python's own zip reader and holds it to its manifest. Usage: check_zip.py ARCHIVE"""

import hashlib
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    manifest = json.loads(archive.read("manifest.json"))
    listed = {member["name"]: member for member in manifest["members"]}
    names = set(archive.namelist())
    assert names == set(listed) | {"manifest.json", "manifest.sig"}, names ^ set(listed)
    for name, member in listed.items():
        content = archive.read(name)
        assert len(content) == member["size"], name
        assert hashlib.sha256(content).hexdigest() == member["sha256"], name
    digest = hashlib.sha256(archive.read("manifest.json")).hexdigest()
    assert f"sha256 {digest}\n" in archive.read("manifest.sig").decode("utf-8")
    print(len(names))
