"""A mail server inside the throw-away Debian: takes letters over TLS from whoever knows the password, into files.

Runs there as ``letterbox.py FOLDER CERTIFICATE KEY PASSWORD`` with Debian's own Python and aiosmtpd.
"""

import asyncio
import itertools
import ssl
import sys
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

folder, certificate, key, password = sys.argv[1:]
numbers = itertools.count(1)


class Handler:
    """Writes each letter into a file of its own."""

    async def handle_DATA(self, server, session, envelope):
        if not session.authenticated:
            return "530 sign in first"
        Path(folder, f"{next(numbers)}.eml").write_bytes(envelope.original_content)
        return "250 taken"


def known(server, session, envelope, mechanism, data):
    return AuthResult(success=data.password == password.encode(), handled=False)


context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
context.load_cert_chain(certificate, key)
controller = Controller(
    Handler(),
    hostname="127.0.0.1",
    port=465,
    ssl_context=context,
    server_hostname="localhost",
    authenticator=known,
    auth_require_tls=False,  # the library does not count TLS from the start as TLS
)
controller.start()
asyncio.new_event_loop().run_forever()
