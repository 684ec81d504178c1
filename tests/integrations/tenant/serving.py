"""The server of a contract tenant, on loopback over TLS, and the settings that lead to it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import trustme

from tests.integrations.entra.tenant import CLIENT, SECRET, TENANT
from tests.integrations.tenant.faults import Asked
from tests.integrations.tenant.service import Service


@contextmanager
def served(service: Service) -> Iterator[Path]:
    """Serve a tenant; gives the certificates to trust."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # an answer in one piece: in two, each would wait for the other's receipt

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            query = dict(parse_qsl(parts.query))
            asked = Asked(self.command, parts.path, query, body, token)
            reply = service.answer(asked, dict(parse_qsl(body)))
            content = reply.content()
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/json")
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if reply.is_cut else content)
            self.close_connection = self.close_connection or reply.is_cut

        do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.base = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with authority.cert_pem.tempfile() as certificates:
            yield Path(certificates)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client_source(service: Service, folder: Path, **settings: str) -> dict[str, str]:
    """Return the settings by which the connector asks a served tenant; writes the secret's file."""
    secret = folder / "client-secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    return {
        "tenant": TENANT,
        "client_id": CLIENT,
        "client_secret": "file:client-secret",
        "login_host": service.base,
        "graph_host": service.base,
        **settings,
    }
