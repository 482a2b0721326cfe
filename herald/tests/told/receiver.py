"""A receiver of webhooks that checks each call with a stranger's program and behaves as it is told: a status, `redirect`,
`die` (hangs up without an answer), `lag` (answers when nobody listens any more). Prints its port, which refuses calls until
it has read the secrets, then that it listens, then each call."""

import datetime
import http.server
import json
import socketserver
import sys
import time

from standardwebhooks import webhooks
from standardwebhooks.webhooks import Webhook

behaviours = sys.argv[1].split(",")


def clock(second):
    """The house of the test has a clock of its own: the stranger's program is told that it is this second."""

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromtimestamp(second, tz)

    return Clock


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        how = behaviours.pop(0) if behaviours else "204"
        verified = []
        webhooks.datetime = clock(float(self.headers["webhook-timestamp"]))
        for secret in secrets:
            try:
                Webhook(secret).verify(body, dict(self.headers))
                verified.append(True)
            except Exception:
                verified.append(False)
        call = {"path": self.path, "verified": verified, "id": self.headers["webhook-id"], "body": json.loads(body)}
        print(json.dumps({**call, "headers": str(self.headers)}), flush=True)
        if how == "die":
            self.connection.close()
            return
        if how == "lag":
            time.sleep(20)
            return
        self.send_response(302 if how == "redirect" else int(how))
        if how == "redirect":
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Receiver, bind_and_activate=False)
server.server_bind()
print(json.dumps({"port": server.server_address[1]}), flush=True)
secrets = sys.stdin.readline().strip().split(",")
server.server_activate()
print(json.dumps({"listens": True}), flush=True)
server.serve_forever()
