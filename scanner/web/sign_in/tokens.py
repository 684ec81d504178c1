"""ID tokens: what an OpenID provider says of who signed in, believed once everything fits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from scanner.errors import GnomonError

# Signed with a key that only the provider has. Not "none", and not HS256: there the public key, or
# the client's secret, would do.
_SIGNED = frozenset(f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)) | {
    "EdDSA",
    "Ed25519",
}
_USUAL = ("RS256",)  # where a provider does not say
_SKEW = 120  # seconds by which its clock may differ from ours


class TokenError(GnomonError):
    """A token that is not believed, and why."""


class UnknownKeyError(TokenError):
    """A token signed with a key that the provider did not have when it was asked."""


def algorithms_of(offered: object) -> tuple[str, ...]:
    """Return the algorithms that are accepted of those that a provider says it signs with."""
    said = offered if isinstance(offered, list) and offered else _USUAL
    return tuple(one for one in said if isinstance(one, str) and one in _SIGNED)


def claims_of(
    token: str,
    keys: Iterable[Mapping[str, Any]],
    algorithms: Sequence[str],
    expected: Mapping[str, str],
    now: datetime,
) -> Mapping[str, Any]:
    """Return what a token says. Raises TokenError.

    ``expected`` are its ``issuer``, ``client_id`` and ``nonce``, and the ``access_token`` beside it.
    """
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    try:
        read = _verified(token, list(keys), algorithms)
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": expected["issuer"]},
                "aud": {"essential": True, "value": expected["client_id"]},
            },
            dict(expected),
        )
        claims.validate(now=int(now.timestamp()), leeway=_SKEW)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise TokenError(f"the ID token is not valid: {error}") from error
    return dict(claims)


def _verified(token: str, keys: Sequence[Mapping[str, Any]], algorithms: Sequence[str]) -> Any:
    """Return the token, read with the one key that it names, or with the only one there is."""
    from joserfc import jwt
    from joserfc.jws import JWSRegistry, extract_compact

    if not algorithms:  # an empty list would mean the usual ones, HS256 among them
        raise TokenError("the provider offers no algorithm that is safe")
    header = extract_compact(token.encode("utf-8")).protected
    if header.get("alg") not in algorithms:
        raise TokenError(
            f"the ID token is signed with {header.get('alg')!r}, which is not accepted"
        )
    registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
    return jwt.decode(token, _key(header, keys), registry=registry)


def _key(header: Mapping[str, Any], keys: Sequence[Mapping[str, Any]]) -> Any:
    from joserfc.jwk import JWKRegistry

    public = [one for one in keys if one.get("kty") != "oct" and one.get("use", "sig") == "sig"]
    named = header.get("kid")
    fitting = [one for one in public if named is None or one.get("kid") == named]
    if len(fitting) != 1:
        raise UnknownKeyError(f"{len(fitting)} keys of the provider fit the ID token")
    key = fitting[0]
    if key.get("alg", header.get("alg")) != header.get("alg"):
        raise TokenError("the ID token is signed otherwise than its key says")
    return JWKRegistry.import_key(dict(key))
