"""A tenant that is not there: Microsoft's token service and Graph on loopback, over TLS.

It checks what is sent as Microsoft does: a client's assertion against the certificate that is
registered, a secret, a code that a person enters; and a token for each request.
"""

from __future__ import annotations

import json
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
CLIENT = "11111111-2222-3333-4444-555555555555"
SECRET = "a-secret-that-nobody-has"
CORE = ("Application.Read.All", "AuditLog.Read.All", "Directory.Read.All")
_KEY = "k" * 32

Answer = tuple[int, dict[str, Any]]


@dataclass
class Entra:
    """The service: what it has, who may come in, and what was asked of it."""

    certificate: bytes = b""  # registered with the application, in PEM
    roles: tuple[str, ...] = CORE
    pages: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    waits_for_code: int = 1  # how often it says that the person has not entered the code
    asked: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)  # methods and paths of all requests
    tokens: list[dict[str, str]] = field(default_factory=list)  # bodies of the requests for them
    headers: list[Mapping[str, Any]] = field(default_factory=list)  # of the assertions
    revoked: set[str] = field(default_factory=set)
    base: str = ""

    def answer(self, path: str, query: dict[str, str], body: dict[str, str], token: str) -> Answer:
        if path.endswith("/.well-known/openid-configuration"):
            here = f"{self.base}/{TENANT}"
            return 200, {
                "issuer": f"{here}/v2.0",
                "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
                "token_endpoint": f"{here}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{here}/oauth2/v2.0/devicecode",
            }
        if path.endswith("/devicecode"):
            return 200, {
                "device_code": "code",
                "user_code": "ABC-DEF",
                "verification_uri": "https://login.example/device",
                "message": "Enter ABC-DEF at https://login.example/device",
                "expires_in": 60,
                "interval": 0,
            }
        if path.endswith("/token"):
            self.tokens.append(body)
            return self._token(body)
        return self._graph(path, query, token)

    def _token(self, body: dict[str, str]) -> Answer:
        if body["grant_type"] == "client_credentials":
            refused = self._refused(body)
            return refused or (200, self._granted(body, roles=list(self.roles)))
        if body["grant_type"] == "refresh_token":
            return 200, self._granted(body, scp="User.Read Directory.Read.All")
        if self.waits_for_code:
            self.waits_for_code -= 1
            return 400, {"error": "authorization_pending", "error_description": "AADSTS70016"}
        return 200, self._granted(body, scp="User.Read Directory.Read.All")

    def _refused(self, body: dict[str, str]) -> Answer | None:
        if "client_assertion" in body:
            return self._of_assertion(body["client_assertion"])
        if body.get("client_secret") != SECRET:
            return _refusal(7000215, "Invalid client secret provided.")
        return None

    def _of_assertion(self, assertion: str) -> Answer | None:
        """Refuse an assertion that the registered certificate did not sign, with PS256."""
        known = x509.load_pem_x509_certificate(self.certificate)
        self.headers.append(jwt.get_unverified_header(assertion))
        audience = f"{self.base}/{TENANT}/oauth2/v2.0/token"
        try:
            jwt.decode(
                assertion,
                known.public_key(),  # type: ignore[arg-type]
                algorithms=["PS256"],
                audience=audience,
                issuer=CLIENT,
            )
        except jwt.InvalidTokenError:
            return _refusal(
                700027, "The certificate with identifier used to sign is not registered."
            )
        return None

    def _granted(self, body: dict[str, str], **claims: object) -> dict[str, Any]:
        number = len(self.tokens)
        content = {"aud": body.get("scope", ""), "tid": TENANT, "jti": str(number), **claims}
        found = {
            "token_type": "Bearer",
            "expires_in": 3600,
            "access_token": jwt.encode(content | {"exp": int(time.time()) + 3600}, _KEY),
        }
        if body["grant_type"] == "client_credentials":
            return found
        person = {"oid": "ana", "tid": TENANT, "aud": CLIENT, "preferred_username": "ana",
                  "sub": "ana", "iss": "x", "exp": int(time.time()) + 3600}  # fmt: skip
        info = "eyJ1aWQiOiJhbmEiLCJ1dGlkIjoidGVuYW50In0"  # {"uid":"ana","utid":"tenant"}
        return found | {
            "refresh_token": "refresh",
            "id_token": jwt.encode(person, _KEY),
            "client_info": info,
            "scope": body.get("scope", ""),
        }

    def _graph(self, path: str, query: dict[str, str], token: str) -> Answer:
        self.asked.append(path)
        if not token or token in self.revoked:
            return 401, {"error": {"code": "InvalidAuthenticationToken", "message": "no"}}
        rows = self.pages.get(path)
        if rows is None:
            return 200, {"value": []}
        at, size = int(query.get("$skiptoken", "0")), 2
        body: dict[str, Any] = {"value": rows[at : at + size]}
        if at + size < len(rows):
            body["@odata.nextLink"] = f"{self.base}{path}?$skiptoken={at + size}"
        return 200, body


def _refusal(code: int, text: str) -> Answer:
    return 401, {
        "error": "invalid_client",
        "error_description": f"AADSTS{code}: {text}\r\nTrace ID: 1",
        "error_codes": [code],
    }


@contextmanager
def served(entra: Entra) -> Iterator[Path]:
    """Serve a tenant on loopback; gives the certificates to trust."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            entra.sent.append(f"{self.command} {parts.path}")
            status, body = entra.answer(
                parts.path, dict(parse_qsl(parts.query)), dict(parse_qsl(text)), token
            )
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET  # noqa: N815 - the library's name

    authority = trustme.CA()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", "127.0.0.1").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    entra.base = f"https://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        with authority.cert_pem.tempfile() as certificates:
            yield Path(certificates)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def client_certificate() -> tuple[str, bytes, str]:
    """Return a key with its certificate as one PEM, the certificate alone, and its thumbprint."""
    made = trustme.CA(key_type=trustme.KeyType.RSA).issue_cert(
        "gnomon.example", key_type=trustme.KeyType.RSA
    )
    leaf = made.cert_chain_pems[0].bytes()
    whole = made.private_key_pem.bytes() + leaf
    fingerprint = x509.load_pem_x509_certificate(leaf).fingerprint(SHA256()).hex()
    return whole.decode(), leaf, fingerprint
