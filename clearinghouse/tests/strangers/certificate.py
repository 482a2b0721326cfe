"""A system of an agency that shows a certificate, with nothing but Python's own library. Reads from standard input what to
ask, a line each: `{"to", "token", "form", "cert", "key"}`; answers each with a line `{"status", "body"}`.
    python certificate.py AUTHORITY"""

import json
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request


def asked(one):
    context = ssl.create_default_context(cafile=sys.argv[1])
    if one["cert"]:
        context.load_cert_chain(one["cert"], one["key"])
    form = one.get("form")
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(one["to"], data=body)
    if one.get("token"):
        request.add_header("Authorization", f"Bearer {one['token']}")
    try:
        with urllib.request.urlopen(request, context=context, timeout=60) as answer:
            return {"status": answer.status, "body": json.load(answer)}
    except urllib.error.HTTPError as refused:
        return {"status": refused.code, "body": json.load(refused)}


for line in sys.stdin:
    print(json.dumps(asked(json.loads(line))), flush=True)
