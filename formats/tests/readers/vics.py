"""Reads VICS documents the way a known consumer does: cases in `value`, media in each, a path made of `RelativeFilePath`
with either kind of slash, numbers that may be text. Given an archive, it looks whether each path is in it.
Usage: vics.py DOCUMENT..."""

import json
import sys
import zipfile


def category(media):
    value = media.get("Category")
    return int(value) if value is not None and str(value) != "" else None


def records(document):
    for case in document.get("value") or document.get("Cases") or []:
        yield from case["Media"] if "Media" in case else [case]


def main(path):
    names = None
    if path.endswith(".zip"):
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            document = json.loads(archive.read("vics.json").decode("utf-8-sig"))
    else:
        document = json.loads(open(path, "rb").read().decode("utf-8-sig"))
    media = list(records(document))
    for record in media:
        relative = record.get("RelativeFilePath")
        if names is not None:
            assert relative and relative.replace("\\", "/") in names, relative
        assert len(record["MD5"]) == 32 and record["MediaFiles"][0]["MD5"] == record["MD5"]
    return {
        "marker": "vicsdatamodel" in json.dumps(document).lower(),
        "categories": [category(record) for record in media],
        "paths": [record.get("RelativeFilePath") for record in media],
        "md5": [record["MD5"] for record in media],
        "ids": [record["MediaID"] for record in media],
    }


print(json.dumps([main(path) for path in sys.argv[1:]]))
