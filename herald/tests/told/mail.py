"""A mail server that takes messages after STARTTLS and a login only, and puts off the first. Prints its port, then each
message that it took."""

import asyncio
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

certificate, key, password = sys.argv[1:4]
put_off = [True]


class Handler:
    async def handle_DATA(self, server, session, envelope):
        if put_off:
            put_off.pop()
            return "451 4.3.0 come back later, night.desk@agency.example"
        message = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None}
        print(json.dumps({**message, "data": envelope.content.decode()}), flush=True)
        return "250 OK"


def known(server, session, envelope, mechanism, data):
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"house", password.encode())
    return AuthResult(success=good)


async def main():
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()

    def smtp():
        return SMTP(
            Handler(),
            loop=loop,
            hostname="localhost",
            tls_context=context,
            require_starttls=True,
            authenticator=known,
            auth_required=True,
        )

    server = await loop.create_server(smtp, "127.0.0.1", 0)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await server.serve_forever()


asyncio.run(main())
