"""One way to the network for all three HTTP stacks: ours, msal's and google-auth's.

Proxy, certificates and timeouts are decided here, once, from gnomon.toml and else from the usual
variables of the environment; no stack looks at the environment for itself. Left alone,
``requests`` lets REQUESTS_CA_BUNDLE override what it was told to trust.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from functools import cached_property
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

from scanner.config import NetworkSettings
from scanner.errors import ConfigError

if TYPE_CHECKING:
    import httpx2
    import requests

USER_AGENT = "gnomon"


class Network:
    """The configured way to the network."""

    def __init__(self, settings: NetworkSettings, environ: Mapping[str, str] | None = None) -> None:
        self._settings = settings
        self._environ = os.environ if environ is None else environ

    @property
    def proxy(self) -> str:
        """The proxy that requests go through; "" for none."""
        named = self._settings.proxy
        if named is None:
            named = self._environ.get("HTTPS_PROXY") or self._environ.get("https_proxy") or ""
        return "" if "*" in self.without_proxy else named

    @property
    def without_proxy(self) -> tuple[str, ...]:
        """The hosts and domains that are reached without the proxy."""
        if self._settings.no_proxy:
            return self._settings.no_proxy
        named = self._environ.get("NO_PROXY") or self._environ.get("no_proxy") or ""
        return tuple(one.strip() for one in named.split(",") if one.strip())

    @property
    def ca_file(self) -> str:
        """The certificates to trust; "" for those of the system."""
        return self._settings.ca_file or self._environ.get("SSL_CERT_FILE", "")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know who set up something that does not count here."""
        other = self._environ.get("REQUESTS_CA_BUNDLE")
        if other and other != self.ca_file:
            return (
                "REQUESTS_CA_BUNDLE is set and not used; set ca_file under [network] in gnomon.toml",
            )
        return ()

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """What is trusted: a file of certificates, or what the system trusts. Raises ConfigError."""
        if self.ca_file:
            if not Path(self.ca_file).is_file():
                raise ConfigError(f"{self.ca_file}: no such file of certificates; see [network]")
            try:
                return ssl.create_default_context(cafile=self.ca_file)
            except ssl.SSLError as error:
                raise ConfigError(f"{self.ca_file}: not certificates in PEM: {error}") from error
        import truststore

        return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def goes_direct(self, host: str) -> bool:
        """Whether a host is reached without the proxy."""
        return bool(proxy_bypass_environment(host, {"no": ",".join(self.without_proxy)}))

    def client(self) -> httpx2.Client:
        """Return our own client. It follows no redirects and asks the environment nothing."""
        import httpx2

        return httpx2.Client(**self.options())

    def options(self) -> dict[str, Any]:
        """Return what makes an httpx2 client our own, for libraries that make one themselves."""
        import httpx2

        mounts: dict[str, Any] = {}
        if self.proxy:
            try:
                mounts["all://"] = httpx2.HTTPTransport(verify=self.trust, proxy=self.proxy)
            except ValueError as error:
                shown = f"...@{self.proxy.rpartition('@')[2]}" if "@" in self.proxy else self.proxy
                raise ConfigError(f"{shown}: no proxy's address") from error
            mounts |= {_pattern(one): None for one in self.without_proxy}
        return {
            "verify": self.trust,
            "mounts": mounts,
            "trust_env": False,
            "follow_redirects": False,
            "cookies": CookieJar(_no_cookies()),
            "timeout": httpx2.Timeout(
                self._settings.timeout, connect=self._settings.connect_timeout
            ),
            "headers": {"User-Agent": USER_AGENT, "Accept": "application/json"},
        }

    def requests_session(self) -> requests.Session:
        """Return a session for msal and google-auth with the same proxy, trust and timeouts."""
        import requests
        from requests.adapters import HTTPAdapter

        network = self

        class Adapter(HTTPAdapter):
            def init_poolmanager(self, *args: Any, **named: Any) -> Any:
                return super().init_poolmanager(*args, ssl_context=network.trust, **named)

            def proxy_manager_for(self, *args: Any, **named: Any) -> Any:
                return super().proxy_manager_for(*args, ssl_context=network.trust, **named)

            def build_connection_pool_key_attributes(self, *args: Any, **named: Any) -> Any:
                host, pool = super().build_connection_pool_key_attributes(*args, **named)
                return host, {**pool, "ssl_context": network.trust}

            def send(self, request: Any, *args: Any, **named: Any) -> Any:
                named["timeout"] = network._settings.timeout
                named["proxies"] = network._proxies(request.url)
                return super().send(request, *args, **named)

        session = requests.Session()
        session.trust_env = False
        session.cookies.set_policy(_no_cookies())
        session.headers["User-Agent"] = USER_AGENT
        session.mount("https://", Adapter())
        return session

    def _proxies(self, url: str) -> dict[str, str]:
        from urllib.parse import urlsplit

        if not self.proxy or self.goes_direct(urlsplit(url).hostname or ""):
            return {}
        return {"https": self.proxy}


def _no_cookies() -> DefaultCookiePolicy:
    """Return a policy that keeps no cookie: one request tells a service nothing of another."""
    return DefaultCookiePolicy(allowed_domains=[])


def _pattern(name: str) -> str:
    """Return how our client spells a name that is reached without the proxy."""
    return f"all://*{name.lstrip('*')}" if name.startswith((".", "*.")) else f"all://{name}"
