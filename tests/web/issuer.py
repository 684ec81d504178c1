"""Harbour Sign-in: a small OpenID provider on loopback over TLS, which can be made to say anything.

Left alone it is honest: it checks the client's secret, the code and its PKCE verifier, and signs what
it says. ``claims``, ``header``, ``key`` and ``metadata`` are what a test changes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import trustme
from joserfc import jwt
from joserfc.jwk import RSAKey

from scanner.config import NetworkSettings

CLIENT, SECRET = "gnomon", "a-secret-that-nobody-has"
_KEY = RSAKey.generate_key(2048, {"kid": "first", "use": "sig"}, auto_kid=False)


@dataclass
class Issuer:
    """The provider: who signs in there, and what it says of them."""

    base: str
    ca_file: str
    now: Callable[[], datetime]
    key: RSAKey = field(default_factory=lambda: _KEY)
    keys: list[RSAKey] = field(default_factory=lambda: [_KEY])
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "first"})
    claims: dict[str, Any] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)
    user_info: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    token: str | None = None  # said in the place of one that is made
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def network(self) -> NetworkSettings:
        return NetworkSettings(proxy="", ca_file=self.ca_file)

    def sign_in(self, address: str) -> str:
        """Follow a browser that was sent here, and let it sign in; returns where it is sent back."""
        trust = ssl.create_default_context(cafile=self.ca_file)
        with httpx2.Client(verify=trust, trust_env=False) as client:
            return client.get(address).headers["location"].partition("/sign-in/back")[2]

    def described(self) -> dict[str, Any]:
        return {
            "issuer": self.base,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys",
            "userinfo_endpoint": f"{self.base}/me",
            "end_session_endpoint": f"{self.base}/out",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.metadata,
        }

    def id_token(self, nonce: str, access_token: str) -> str:
        if self.token is not None:
            return self.token
        at = int(self.now().timestamp())
        claims = {
            "iss": self.base,
            "sub": "7",
            "aud": CLIENT,
            "exp": at + 300,
            "iat": at,
            "nonce": nonce,
            "email": "ana@harbour.example",
            "email_verified": True,
            "groups": ["privacy"],
            **self.claims,
        }
        kept = {name: one for name, one in claims.items() if name not in self.left_out}
        return jwt.encode(self.header, kept, self.key, algorithms=[self.header["alg"]])

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], auth: str) -> Any:
        """Return what is answered: a JSON object, or the address of a redirect."""
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                return self.described()
            case "/keys":
                return {"keys": [one.as_dict(private=False) for one in self.keys]}
            case "/authorize":
                return self._code(query)
            case "/token":
                return self._tokens(form, auth)
            case "/me":
                return {"sub": "7", **self.user_info}
        return {}

    def _code(self, query: dict[str, str]) -> str:
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        back = urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def _tokens(self, form: dict[str, str], auth: str) -> dict[str, Any]:
        known = self.codes.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        hashed = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(hashed).rstrip(b"=").decode()
        if known is None or auth != f"Basic {basic}" or challenge != known["code_challenge"]:
            return {"error": "invalid_grant"}
        return {
            "access_token": "the-access-token",
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": self.id_token(known["nonce"], "the-access-token"),
        }


@contextmanager
def running(folder: Path, now: Callable[[], datetime]) -> Iterator[Issuer]:
    """Serve a provider until the test ends."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(trust)
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    issuer = Issuer(f"https://localhost:{server.server_port}", str(folder / "ca.pem"), now)
    server.RequestHandlerClass = _handler(issuer)  # type: ignore[assignment]
    server.socket = trust.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._answer(_plain(self.rfile.read(length).decode()))

        def _answer(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            auth = self.headers.get("Authorization", "")
            found = issuer.answer(parts.path, _plain(parts.query), form, auth)
            content = b"" if isinstance(found, str) else json.dumps(found).encode()
            self.send_response(302 if isinstance(found, str) else 400 if "error" in found else 200)
            if isinstance(found, str):
                self.send_header("Location", found)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def _plain(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
