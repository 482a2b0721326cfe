"""Walks one report through a running house with the PyPI package ncmec-cybertip 0.1.1, a client we did not write.

Usage: ncmec_cybertip_walk.py BASE USERNAME PASSWORD. Prints "ok" when every answer was what the client expects.
"""

import asyncio
import hashlib
import sys
from datetime import datetime, timezone

from ncmec_cybertip import (
    ApiError, CyberTiplineClient, Email, EventName, FileAnnotations, FileDetails, FileRelevance, IncidentSummary,
    IncidentType, InternetDetails, IpCaptureEvent, Person, PersonOrUserReported, Report, Reporter, WebPageIncident,
    file_hashes,
)
from ncmec_cybertip.report import ChatImIncident, ReportAnnotations

CONTENT = b"a synthetic note, nothing more"


def report(annotations):
    return Report(
        incident_summary=IncidentSummary(
            incident_type=IncidentType.ONLINE_ENTICEMENT,
            report_annotations=annotations,
            incident_date_time=datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)),
        internet_details=[
            InternetDetails(web_page_incident=WebPageIncident(
                url=["http://harbor-chat.example/x"], third_party_hosted_content=True)),
            InternetDetails(chat_im_incident=ChatImIncident(chat_client="Harbor", content="a & <b> \u00e9"))],
        reporter=Reporter(reporting_person=Person(first_name="Robin", email=[Email(value="r@harbor-chat.example")])),
        person_or_user_reported=PersonOrUserReported(esp_identifier="u1", ip_capture_event=[
            IpCaptureEvent(ip_address="192.0.2.1", event_name=EventName.LOGIN, port=4444)]))


async def refused(call, code):
    try:
        await call
    except ApiError as error:
        assert code is None or error.response_code == code, (error.response_code, code)
        return
    raise SystemExit(f"expected a refusal with {code}")


async def walk(base, username, password):
    async with CyberTiplineClient(username=username, password=password, base_url=base) as client:
        assert (await client.status()).report_id is None
        assert "schema" in await client.get_xsd()
        number = (await client.submit(report(ReportAnnotations(sextortion=True)))).report_id
        uploaded = await client.upload(number, CONTENT, filename="b\u00e9nin.txt")
        assert uploaded.hash == hashlib.md5(CONTENT).hexdigest()
        await client.file_info(FileDetails(
            report_id=number, file_id=uploaded.file_id, original_file_name="a.txt",
            file_relevance=FileRelevance.REPORTED, file_annotations=FileAnnotations(generative_ai=True),
            original_file_hash=file_hashes(CONTENT), additional_info=["one", "two"]))
        assert (await client.finish(number)).file_ids == [uploaded.file_id]
        await refused(client.finish(number), 5102)
        await refused(client.retract(number), 5102)
        await refused(client.upload(number, CONTENT, filename="late.txt"), 5102)
        second = await client.submit(report(ReportAnnotations(informational=True)))
        assert (await client.retract(second.report_id)).report_id == second.report_id
        await refused(client.retract(second.report_id), 5101)
        await refused(client.retract(4_000_000_000), 5001)
    async with CyberTiplineClient(username=username, password="wrong", base_url=base) as stranger:
        await refused(stranger.status(), None)


asyncio.run(walk(*sys.argv[1:4]))
print("ok")
