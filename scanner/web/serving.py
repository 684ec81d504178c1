"""Starting the server: where it listens, who may come in, and that nobody else does."""

from __future__ import annotations

import getpass
import ipaddress
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scanner.config import Config, OidcSettings, WebSettings
from scanner.errors import UsageError
from scanner.store import Store
from scanner.web import audit
from scanner.web.app import Application
from scanner.web.holding import Holding
from scanner.web.place import Place, place_of
from scanner.web.sign_in import Entrance
from scanner.web.sign_in.link import Link

if TYPE_CHECKING:
    from scanner.compiled import SignatureBase

_MOST_AT_ONCE = 200  # connections; more are told to come back


def serve(
    config: Config,
    open_signatures: Callable[[Config], SignatureBase],
    host: str,
    port: int,
    by: str | None,
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> None:
    """Serve until it is stopped. Raises UsageError where that would not be safe."""
    try:
        import starlette  # noqa: F401
        import uvicorn
    except ImportError as error:
        raise UsageError("the review application needs more: install gnomon[web]") from error
    with listen(host, port) as listening:
        place = place_of(config.web.url or f"http://{_named(host)}:{listening.getsockname()[1]}")
        entrance = entrance_of(config, host, place, by, say)
        known = open_signatures(config)
        with Store(config.database):  # brings an older database up to date
            pass
        holding = Holding(config, known.matcher, known.pack.version)
        made = Application(config, holding, entrance, place, now).starlette()
        if isinstance(entrance, Link):
            entrance.tell()
        else:
            say(f"The review application: {place.origin}/")
        say("Stop it with Ctrl-C.")
        audit.to_stderr()
        # An access log would write down the link that lets somebody in.
        options = uvicorn.Config(
            made,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_AT_ONCE,
        )
        uvicorn.Server(options).run(sockets=[listening])


def entrance_of(
    config: Config, host: str, place: Place, by: str | None, say: Callable[[str], None]
) -> Entrance:
    """Return how people come in. Raises UsageError where everybody could, or could listen."""
    web = config.web
    is_ours_alone = _is_loopback(host) and _is_loopback(place.name)
    if web.oidc is not None or web.proxy is not None:
        _check(web, place, is_ours_alone)
    if web.oidc is not None:
        return _oidc(web.oidc, config, place)
    if web.proxy is not None:
        from scanner.web.sign_in.proxy import Proxy

        return Proxy(web.proxy, web.roles)
    if is_ours_alone:
        return Link(by or getpass.getuser(), place.origin, say)
    raise UsageError(
        f"{place.origin if _is_loopback(host) else host} can be reached by others: say in "
        "gnomon.toml how they sign in ([web.oidc] or [web.proxy]), or serve this machine alone"
    )


def _check(web: WebSettings, place: Place, is_ours_alone: bool) -> None:
    """Refuse to serve where others could read along, or nobody could come in."""
    if not is_ours_alone and not place.is_secure:
        raise UsageError(
            "beyond this machine people come by https alone, for sessions could be read on the "
            'way: say url = "https://..." under [web], and let a proxy in front end TLS'
        )
    if not any(web.roles.values()):
        raise UsageError(
            "nobody could come in: say under [web.roles] which groups are reader, reviewer and "
            'approver ("*" is everybody who can sign in)'
        )


def _oidc(settings: OidcSettings, config: Config, place: Place) -> Entrance:
    from integrations.network import Network
    from integrations.secrets import secret_of
    from scanner.web.sign_in.oidc import Oidc
    from scanner.web.sign_in.provider import Provider

    folder = Path(config.folder) if config.folder else Path.cwd()
    secret = secret_of(settings.client_secret, "[web.oidc] client_secret", folder)
    return Oidc(Provider(settings, secret, Network(config.network)), config.web.roles, place)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there. Raises UsageError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise UsageError(f"{host}:{port}: cannot listen there: {error.strerror}") from error
    made.listen(128)
    return made


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host
