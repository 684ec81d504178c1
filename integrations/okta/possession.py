"""Proof of possession (DPoP): a token that is of use only with a key that was made for this run.

Okta asks for it of new service apps. Each request carries a statement, signed with that key, of
what it is: its method, its address, and the token that goes with it.
Reference: https://www.rfc-editor.org/rfc/rfc9449
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable

_ALGORITHM = "ES256"


class Possession:
    """A key of this run, and the word that the service wants in what is signed with it."""

    def __init__(self, now: Callable[[], float]) -> None:
        from cryptography.hazmat.primitives.asymmetric import ec

        self._now = now
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.nonce = ""

    def proof(self, method: str, address: str, token: str = "") -> str:
        """Return the statement that belongs to one request."""
        import uuid

        import jwt
        from jwt.algorithms import ECAlgorithm

        claims = {
            "htm": method,
            "htu": address.partition("#")[0].partition("?")[0],
            "iat": int(self._now()),
            "jti": str(uuid.uuid4()),
        }
        if token:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if self.nonce:
            claims["nonce"] = self.nonce
        public = ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        headers = {"typ": "dpop+jwt", "jwk": public}
        return jwt.encode(claims, self._key, _ALGORITHM, headers=headers)
