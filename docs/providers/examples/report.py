"""Sends one report with one file. Needs Python 3.9 and nothing else.

CLEARINGHOUSE_URL       such as http://localhost:8480/ispws
CLEARINGHOUSE_USER      user name of your credential
CLEARINGHOUSE_PASSWORD  its password
"""

import base64
import os
import urllib.request
import uuid
import xml.etree.ElementTree as ET

URL = os.environ["CLEARINGHOUSE_URL"]
LOGIN = base64.b64encode(
    f"{os.environ['CLEARINGHOUSE_USER']}:{os.environ['CLEARINGHOUSE_PASSWORD']}".encode()
).decode()

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<report>
  <incidentSummary>
    <incidentType>Online Enticement of Children for Sexual Acts</incidentType>
    <incidentDateTime>2026-02-03T14:05:11Z</incidentDateTime>
  </incidentSummary>
  <reporter>
    <reportingPerson><email>trust@harbor.example</email></reportingPerson>
  </reporter>
</report>
"""

FILE_DETAILS = """<?xml version="1.0" encoding="UTF-8"?>
<fileDetails>
  <reportId>{report}</reportId>
  <fileId>{file}</fileId>
  <originalFileName>sample.bin</originalFileName>
  <fileViewedByEsp>true</fileViewedByEsp>
</fileDetails>
"""


def call(endpoint, body, content_type):
    """Posts to an endpoint and answers with its document. A refusal raises, with the reason."""
    request = urllib.request.Request(f"{URL}/{endpoint}", data=body, method="POST")
    request.add_header("Authorization", f"Basic {LOGIN}")
    request.add_header("Content-Type", content_type)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return ET.fromstring(answer.read())
    except urllib.error.HTTPError as refused:
        help_text = refused.headers.get("Response-Help", "")
        raise SystemExit(f"{endpoint}: {refused.code}\n{refused.read().decode()}\n{help_text}")


def xml(endpoint, document):
    return call(endpoint, document.encode(), "text/xml; charset=utf-8")


def form(endpoint, report, file=None):
    """Posts a form with the report's id and, if there is one, a file."""
    border = uuid.uuid4().hex
    head = f'--{border}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report}\r\n'
    body = head.encode()
    if file is not None:
        name, content = file
        part = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body += part.encode() + content + b"\r\n"
    body += f"--{border}--\r\n".encode()
    return call(endpoint, body, f"multipart/form-data; boundary={border}")


# 1. Open the report. Only the incident's type and time are needed; send whatever else you know.
report = xml("submit", REPORT).findtext("reportId")
# 2. Send a file. A file id is text, never a number.
file = form("upload", report, ("sample.bin", b"an invented file")).findtext("fileId")
# 3. Say what you know about the file.
xml("fileinfo", FILE_DETAILS.format(report=report, file=file))
# 4. Finish. When this answers, the report is filed and durable.
form("finish", report)
print(f"filed report {report} with file {file}")
