"""An OpenID provider: what it says of itself, and what it is asked, all over TLS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from integrations.network import Network
from integrations.secrets import Secret
from scanner.config import OidcSettings
from scanner.errors import GnomonError

_PATH = "/.well-known/openid-configuration"
_KEPT = timedelta(hours=1)
_PAUSE = timedelta(minutes=1)  # between two looks for a key that is not there
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(GnomonError):
    """The provider cannot be reached, or answers what it may not."""


@dataclass(slots=True)
class _Known:
    """Something that was fetched, and when."""

    content: Mapping[str, Any]
    at: datetime


class Provider:
    """Where people sign in. What it says is kept for an hour; each call blocks its thread."""

    def __init__(self, settings: OidcSettings, secret: Secret, network: Network) -> None:
        self.settings = settings
        self._secret = secret
        self._network = network
        self._metadata: _Known | None = None
        self._keys: _Known | None = None

    @property
    def known(self) -> Mapping[str, Any]:
        """What it said of itself when it was asked last; nothing before that."""
        return self._metadata.content if self._metadata else {}

    def metadata(self, now: datetime) -> Mapping[str, Any]:
        """Return what it says of itself. Raises ProviderError."""
        if self._metadata is None or now - self._metadata.at > _KEPT:
            found = self._fetched(self.settings.issuer.rstrip("/") + _PATH)
            self._metadata = _Known(_checked(found, self.settings.issuer), now)
        return self._metadata.content

    def keys(self, now: datetime, is_new_wanted: bool = False) -> list[Mapping[str, Any]]:
        """Return its public keys, asked again where one was not among them. Raises ProviderError."""
        wait = _PAUSE if is_new_wanted else _KEPT
        if self._keys is None or now - self._keys.at > wait:
            self._keys = _Known(self._fetched(self.metadata(now)["jwks_uri"]), now)
        found = self._keys.content.get("keys")
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    def sign_in_address(
        self, back: str, state: str, nonce: str, verifier: str, now: datetime
    ) -> str:
        """Return where a browser is sent to sign in. Raises ProviderError."""
        endpoint = self.metadata(now)["authorization_endpoint"]
        with self._client(back, now) as client:
            address, _ = client.create_authorization_url(
                endpoint, state=state, nonce=nonce, code_verifier=verifier
            )
        return str(address)

    def exchange(self, code: str, verifier: str, back: str, now: datetime) -> Mapping[str, Any]:
        """Return the tokens that a code stands for. Raises ProviderError."""
        with self._client(back, now) as client:
            tokens = client.fetch_token(
                self.metadata(now)["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
        return dict(tokens)

    def user_info(self, access_token: str, now: datetime) -> Mapping[str, Any]:
        """Return what more it says of somebody; nothing if it has no place for that."""
        endpoint = self.metadata(now).get("userinfo_endpoint")
        if not endpoint:
            return {}
        return self._fetched(endpoint, {"Authorization": f"Bearer {access_token}"})

    def _fetched(self, address: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        import httpx2

        with _explained(address), httpx2.Client(**self._network.options()) as client:
            answer = client.get(address, headers=dict(headers or {}))
            answer.raise_for_status()
            content = answer.json()
        if not isinstance(content, dict):
            raise ProviderError(f"{address} answers no JSON object")
        return content

    @contextmanager
    def _client(self, back: str, now: datetime) -> Iterator[Any]:
        from authlib.integrations.httpx_client import OAuth2Client

        metadata, settings = self.metadata(now), self.settings
        with (
            _explained(settings.issuer),
            OAuth2Client(
                settings.client_id,
                self._secret.reveal(),
                token_endpoint_auth_method=_way(settings, metadata),
                scope=" ".join(settings.scopes),
                redirect_uri=back,
                code_challenge_method="S256",
                **self._network.options(),
            ) as client,
        ):
            yield client


def _way(settings: OidcSettings, metadata: Mapping[str, Any]) -> str:
    """Return how the secret is sent: in the body, which knows no two ways to spell it, if that may be."""
    ways = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    named = settings.client_auth or ("post" if "client_secret_post" in ways else "basic")
    return f"client_secret_{named}"


def _checked(found: Mapping[str, Any], issuer: str) -> Mapping[str, Any]:
    """Return a provider's words of itself. Raises ProviderError where they are another's."""
    if found.get("issuer") != issuer:
        raise ProviderError(
            f"the provider at {issuer} says that it is {found.get('issuer')!r}: "
            "write the issuer in [web.oidc] as it does"
        )
    for name in (*_NEEDED, "userinfo_endpoint", "end_session_endpoint"):
        said = found.get(name)
        if (said is None and name in _NEEDED) or not str(said or "https://").startswith("https://"):
            raise ProviderError(
                f"the provider at {issuer} gives no {name} that begins with https://"
            )
    return found


@contextmanager
def _explained(address: str) -> Iterator[None]:
    """Turn what can go wrong on the way into one sentence; answers may hold secrets and stay out."""
    import httpx2
    from authlib.integrations.base_client import OAuthError

    try:
        yield
    except httpx2.HTTPStatusError as error:
        raise ProviderError(f"{address} answers {error.response.status_code}") from error
    except httpx2.HTTPError as error:
        raise ProviderError(f"{address} cannot be reached: {error}") from error
    except OAuthError as error:
        raise ProviderError(f"{address} refuses: {error.error}") from error
    except ValueError as error:
        raise ProviderError(f"{address} answers no JSON") from error
