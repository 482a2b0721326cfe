"""Reads le-download JSON the way one known consumer does: it indexes keys without asking, parses every time with one
fixed form, takes the first reported person, the last address of a file and the first tag of each tag group."""

import json
import sys
from datetime import datetime

FORM = "%Y-%m-%dT%H:%M:%SZ"


def captures(source):
    return [] if source is None else source["sourceCaptures"]


def person(entry):
    for key in ("firstName", "middleName", "lastName", "espUserId", "dateOfBirth"):
        entry[key]
    name = entry["screenName"]
    mails = entry["emails"]
    phones = entry["phones"]
    seen = []
    for capture in captures(entry["sourceInformation"]):
        if capture["captureType"] == "IP Address":
            at = capture["dateTime"]
            seen.append([capture["value"], None if at is None else datetime.strptime(at, FORM).isoformat()])
    return {
        "screen": None if name is None else name["value"],
        "emails": [] if mails is None else [mail["value"] for mail in mails["emails"]],
        "phones": [] if phones is None else [phone["value"] for phone in phones["phones"]],
        "ips": seen,
    }


def file(entry):
    last = None
    for capture in captures(entry["sourceInformation"]):
        if capture["captureType"] == "IP Address":
            last = [capture["value"], datetime.strptime(capture["dateTime"], FORM).isoformat()]
    tags = entry["ncmecTags"]
    notes = entry["additionalInformations"]
    return {
        "name": entry["filename"],
        "original": entry["originalFilename"],
        "class": entry["industryClassification"],
        "viewed": {True: "Yes", False: "No", None: "Unknown"}[entry["viewedByEsp"]],
        "hash": entry["verificationHash"],
        "upload": last,
        "tags": [] if tags is None else [group["tags"][0]["value"] for group in tags["groups"]],
        "note": notes[0]["value"] if notes else None,
    }


def main(path):
    with open(path, encoding="utf-8") as stream:
        report = json.load(stream)
    told = report["reportedInformation"]
    datetime.strptime(report["dateReceived"], FORM)
    datetime.strptime(told["incidentSummary"]["incidentDateTime"], FORM)
    people = told["reportedPeople"]["reportedPersons"]
    return {"first": person(people[0]), "files": [file(entry) for entry in told["uploadedFiles"]["uploadedFiles"]]}


print(json.dumps([main(path) for path in sys.argv[1:]]))
