"""Reads le-download JSON the way another known consumer does: it asks for most keys, but searches in the sender's name,
walks lists that are null elsewhere, takes the first capture of a file and all tags of the first tag group, and prints
intended recipients among the suspects."""

import json
import sys


def walk(source):
    return source["sourceCaptures"] if source else []


def line(text, label):
    found = [part[len(label):].strip() for part in text.splitlines() if part.startswith(label)]
    return found[0] if found else None


def person(entry):
    return {
        "screen": entry["screenName"]["value"] if entry.get("screenName") else None,
        "emails": [mail["value"] for mail in entry["emails"]["emails"]] if entry.get("emails") else [],
        "phones": [phone["value"] for phone in entry["phones"]["phones"]] if entry.get("phones") else [],
        "contact": entry.get("additionalContactInformation"),
        "races": [race["value"] for race in entry["races"]],
        "ips": [
            [capture["value"], capture.get("dateTime"), capture.get("port"), capture.get("eventName")]
            for capture in walk(entry.get("sourceInformation"))
            if capture["captureType"] == "IP Address"
        ],
    }


def file(entry):
    first = next((capture for capture in walk(entry.get("sourceInformation"))), None)
    tags = entry.get("ncmecTags")
    notes = entry.get("additionalInformations") or []
    return {
        "name": entry["filename"],
        "original": entry.get("originalFilename"),
        "class": entry.get("industryClassification"),
        "viewed": {True: "Yes", False: "No"}.get(entry.get("viewedByEsp"), "Unknown"),
        "hash": entry["verificationHash"],
        "upload": [first["value"], first["dateTime"].rstrip("Z")] if first else None,
        "tags": [tag["value"] for tag in tags["groups"][0]["tags"]] if tags and tags["groups"] else [],
        "note": notes[0]["value"] if notes else None,
    }


def mail(entry):
    text = entry["contents"][0]["value"]
    return {"from": line(text, "From:"), "to": line(text, "To:"), "id": line(text, "X-Ymail-Msg-Id:")}


def page(entry):
    text = entry["additionalInformations"][0]["value"]
    urls = [c["value"] for c in entry["sourceInformation"]["sourceCaptures"] if c["captureType"] == "URL"]
    return {"url": urls[0], "type": line(text, "Type:"), "text": line(text, "Text:")}


def main(path):
    data = open(path, "rb").read().decode("utf-8")
    report = json.loads(data)
    told = report["reportedInformation"]
    sender = told["reportingEsp"]["espName"]
    suspects = told["reportedPeople"]["reportedPersons"] + told["intendedRecipients"]["intendedRecipients"]
    return {
        "sender": "Example" in sender or "Chat" in sender,
        "suspects": [person(entry) for entry in suspects],
        "mails": [mail(entry) for entry in told["incidentDetails"]["emailIncident"]],
        "pages": [page(entry) for entry in told["incidentDetails"]["webpageIncident"]],
        "notes": [entry["value"] for entry in told["additionalInformations"]],
        "files": [file(entry) for entry in told["uploadedFiles"]["uploadedFiles"]],
    }


print(json.dumps([main(path) for path in sys.argv[1:]]))
