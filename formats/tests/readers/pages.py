"""Reads reports as pages, the way their known readers do: a label that is one element by itself, and the one element to the
right of it; and the text of every page with two more programs. Usage: pages.py DOCUMENT..."""

import json
import sys

import pdfplumber
import pypdf
from py_pdf_parser.loaders import load_file

LABELS = ["IP Address:", "MD5:", "Filename:"]


def right_of(path):
    document = load_file(path)
    found = {}
    for label in LABELS:
        values = []
        for element in document.elements.filter_by_text_equal(label):
            values.append(document.elements.to_the_right_of(element).extract_single_element().text())
        found[label] = values
    return found


def main(path):
    with pdfplumber.open(path) as pages:
        plumbed = "\n".join(page.extract_text() or "" for page in pages.pages)
        pictures = sum(len(page.images) for page in pages.pages)
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return {"right": right_of(path), "pypdf": text, "pdfplumber": plumbed, "pictures": pictures}


print(json.dumps([main(path) for path in sys.argv[1:]]))
