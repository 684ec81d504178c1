"""Google on loopback over TLS: a service for tokens that verifies what is signed, and some lists."""

from __future__ import annotations

import base64
import json
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests
import trustme
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from requests.adapters import HTTPAdapter

from integrations.network import Network
from scanner.config import NetworkSettings

Answer = Callable[[str, Mapping[str, str]], tuple[int, object]]
CLIENT_ID = "104729385610473829156"
_AUDIENCE = "https://oauth2.googleapis.com/token"  # whichever address it is sent to
ACCOUNT = "scanner@harbour.iam.gserviceaccount.com"
_KEY = rsa.generate_private_key(65537, 2048)
_OTHER_KEY = rsa.generate_private_key(65537, 2048)


class Google:
    """One customer. ``delegated`` are the scopes that its administrator entered for the client."""

    def __init__(self, folder: Path, answer: Answer | None = None) -> None:
        self.delegated: set[str] = set()
        self.answer = answer or (lambda _path, _query: (404, {}))
        self.claims: list[dict[str, Any]] = []
        self.asked: list[tuple[str, dict[str, str], str]] = []
        self.skew = 0.0
        self.may_sign = True
        self.signed: list[str] = []
        self.ca_file = folder / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.address = f"https://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def key_file(self, is_other: bool = False) -> str:
        """Return the key file of the service account, or one whose key was withdrawn."""
        pem = (_OTHER_KEY if is_other else _KEY).private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        return json.dumps(
            {
                "type": "service_account",
                "private_key_id": "kid1",
                "private_key": pem.decode(),
                "client_email": ACCOUNT,
                "client_id": CLIENT_ID,
                "token_uri": f"{self.address}/token",
            }
        )

    def token(self, body: Mapping[str, str]) -> tuple[int, object]:
        """Answer as Google's service for tokens does."""
        if body.get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return 400, {"error": "unsupported_grant_type"}
        head, payload, signature = body["assertion"].split(".")
        try:
            _KEY.public_key().verify(
                _bytes(signature),
                f"{head}.{payload}".encode(),
                padding.PKCS1v15(),
                hashes.SHA256(),
            )
        except InvalidSignature:
            return _refused("invalid_grant", "Invalid JWT Signature.")
        claims = json.loads(_bytes(payload))
        self.claims.append(claims)
        return self._granted(json.loads(_bytes(head)), claims)

    def sign(self, path: str, body: Mapping[str, str]) -> tuple[int, object]:
        """Answer as the service that signs for service accounts does."""
        if not self.may_sign:
            return 403, {"error": {"code": 403, "status": "PERMISSION_DENIED"}}
        self.signed.append(path.rpartition("/")[2].removesuffix(":signJwt"))
        signed = jwt.encode(json.loads(body["payload"]), _KEY, algorithm="RS256")
        return 200, {"keyId": "kid2", "signedJwt": signed}

    def _granted(self, head: Mapping[str, str], claims: Mapping[str, Any]) -> tuple[int, object]:
        scopes = claims["scope"].split()
        if head["alg"] != "RS256" or claims["aud"] != _AUDIENCE:
            return _refused("invalid_grant", "Invalid JWT")
        if abs(claims["iat"] - time.time() - self.skew) > 600:
            return _refused(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            )
        if claims.get("sub", "").startswith("nobody@"):
            return _refused("invalid_grant", "Invalid email or User ID")
        if "sub" in claims and not set(scopes) <= self.delegated:
            return 401, {
                "error": "unauthorized_client",
                "error_description": "Client is unauthorized to retrieve access tokens using this "
                "method, or client not authorized for any of the scopes requested.",
            }
        token = f"token-{len(self.claims)}"
        return 200, {"access_token": token, "expires_in": 3599, "token_type": "Bearer"}


class Rerouted(Network):
    """A way to the network on which Google's own hosts are the one on loopback."""

    def __init__(self, google: Google) -> None:
        super().__init__(NetworkSettings(ca_file=str(google.ca_file)), environ={})
        self._address = google.address

    def requests_session(self) -> requests.Session:
        session = super().requests_session()
        adapter, address = session.get_adapter("https://"), self._address

        class Away(HTTPAdapter):
            def send(self, request: Any, *args: Any, **named: Any) -> Any:
                request.url = address + urlsplit(request.url).path
                return adapter.send(request, *args, **named)

        for host in ("iamcredentials", "oauth2"):
            session.mount(f"https://{host}.googleapis.com", Away())
        return session


def _refused(code: str, text: str) -> tuple[int, object]:
    return 400, {"error": code, "error_description": text}


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _handler(google: Google) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            if self.path.endswith(":signJwt"):
                self._answer(*google.sign(self.path, json.loads(body)))
            else:
                self._answer(*google.token(dict(parse_qsl(body))))

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            query = dict(parse_qsl(asked.query))
            google.asked.append((asked.path, query, self.headers.get("Authorization", "")))
            self._answer(*google.answer(asked.path, query))

        def _answer(self, status: int, body: object) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler
