"""A stranger's client of tus 1.0 files a report whose one file arrives in parts: base address, user name, password."""

import base64
import hashlib
import io
import sys
import urllib.request

from tusclient.client import TusClient

base, username, password = sys.argv[1:4]
basic = "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
REPORT = (
    "<report><incidentSummary><incidentType>Child Sex Tourism</incidentType>"
    "<incidentDateTime>2026-02-03T14:05:00Z</incidentDateTime></incidentSummary>"
    "<reporter><reportingPerson><email>desk@harbor-chat.example</email></reportingPerson></reporter></report>"
)


def post(path, kind, body):
    headers = {"Authorization": basic, "Content-Type": kind}
    request = urllib.request.Request(f"{base}/{path}", body.encode(), headers)
    return urllib.request.urlopen(request).read().decode()


def element(document, name):
    return document.split(f"<{name}>")[1].split("<")[0]


report = element(post("submit", "text/xml; charset=utf-8", REPORT), "reportId")
content = bytes(range(256)) * 8192

client = TusClient(f"{base}/uploads", headers={"Authorization": basic})
words = {"id": report, "filename": "evidence.bin", "filetype": "application/octet-stream"}
first = client.uploader(
    file_stream=io.BytesIO(content), chunk_size=500_000, metadata=words, upload_checksum=True
)
first.upload_chunk()
first.upload_chunk()
assert first.offset == 1_000_000, first.offset

# Another run of the client, which knows nothing but the address, goes on with it.
second = client.uploader(file_stream=io.BytesIO(content), chunk_size=500_000, url=first.url, upload_checksum=True)
assert second.offset == 1_000_000, second.offset
second.upload()
assert second.offset == len(content), second.offset

file = second.url.rsplit("/", 1)[1]
head = urllib.request.Request(second.url, method="HEAD", headers={"Authorization": basic, "Tus-Resumable": "1.0.0"})
digest = urllib.request.urlopen(head).headers["Repr-Digest"]
assert base64.b64encode(hashlib.sha256(content).digest()).decode() in digest, digest
done = post("finish", "application/x-www-form-urlencoded", f"id={report}")
assert f"<fileId>{file}</fileId>" in done, done
print("ok")
