"""Which product an application is: by identifiers, client id, owner's tenant, publisher, addresses.

The keys are asked in that order, and the first that tells is believed. A display name can be chosen
by anyone: alone it makes a candidate and never a system, but for lists that name applications
themselves (``names``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache

from scanner.accounts import names
from scanner.accounts.likeness import signs_of
from scanner.accounts.names import Called, Likeness
from scanner.hosts import fold, host_of_url
from scanner.matching import Matcher
from scanner.model import App, Identifier, Shape, Signature, SignKey
from scanner.shapes import Shapes
from scanner.spelling import self_and_parents

# Hosts that identity providers, clouds and gateways share among all their customers, beside those
# that the signatures' own checks refuse.
_SHARED = frozenset(
    [
        "localhost",
        "login.microsoftonline.us",
        "login.windows.net",
        "b2clogin.com",
        "ciamlogin.com",
        "azure-api.net",
        "azure-apim.net",
        "azurestaticapps.net",
        "azurecontainerapps.io",
        "sharepoint.us",
        "powerapps.com",
        "okta-emea.com",
        "oktapreview.com",
        "onelogin.com",
        "jumpcloud.com",
        "auth0app.com",
        "us.auth0.com",
        "eu.auth0.com",
        "netlify.app",
        "render.com",
        "onrender.com",
        "fly.dev",
        "railway.app",
        "ngrok.io",
        "ngrok.app",
        "ngrok-free.app",
        "replit.app",
        "repl.co",
        "replit.dev",
        "glitch.me",
        "lovable.app",
        "bubbleapps.io",
        "amazoncognito.com",
        "awsapprunner.com",
        "run.app",
        "cloudfunctions.net",
        "firebaseapp.com",
        "herokuapp.com",
        "hf.space",
        "streamlit.app",
        "gradio.live",
        "oauth.pstmn.io",
        "getpostman.com",
        "zapier.com",
        "make.com",
        "integromat.com",
        "n8n.cloud",
        "tray.io",
        "workato.com",
        "appspot.com",
        "atlassian.net",
        "slack.com",
        "zendesk.com",
        "salesforce.com",
        "force.com",
        "service-now.com",
        "chromiumapp.org",
        "chrome.google.com",
        "chromewebstore.google.com",
        "apps.apple.com",
        "play.google.com",
    ]
)


class Meaning:
    """Looks applications up, each once."""

    def __init__(self, matcher: Matcher, shapes: Shapes | None = None) -> None:
        self._matcher = matcher
        self._shapes = shapes
        self._known: dict[App, Signature | None] = {}

    def of(self, app: App) -> Signature | None:
        """Return the product that an application is; None if nothing that can be relied on tells."""
        if app not in self._known:
            self._known[app] = self._found(app)
        return self._known[app]

    def signs(self, app: App) -> list[tuple[SignKey, Shape]]:
        """Return what looks like AI about an application that is no product that is known."""
        if self._shapes is None or self.of(app) is not None:
            return []
        return signs_of(app, self._shapes, self._called(app), bool(self._contenders(app)))

    def _found(self, app: App) -> Signature | None:
        contenders = self._contenders(app)
        if contenders:
            is_one = len({one.vendor.id for one in contenders}) == 1
            return self._preferred(app, contenders) if is_one else None
        if not app.is_named_by_catalogue:
            return None
        found = self._called(app)
        return names.by_name(found) if found.likeness is Likeness.NAMED else None

    def _called(self, app: App) -> Called:
        return names.called(app, self._matcher)

    def _contenders(self, app: App) -> list[Signature]:
        """Return what the strongest key that tells anything says; products of several vendors are
        as many answers as none."""
        for rank in self._ranks(app):
            found = [one for one in rank if one is not None]
            systems = [one for one in found if one.detection.evidence.creates_system]
            if found:
                return systems or found
        return []

    def _ranks(self, app: App) -> Iterator[Iterable[Signature | None]]:
        """Yield what the keys of each rank say, the strongest rank first."""
        yield (self._identified(channel, value) for channel, value in app.identifiers)
        yield (self._oauth(key, app) for key in ("client_id",))
        yield (self._oauth(key, app) for key in ("owner_tenant",))
        yield (self._of_domain(one, app) for one in app.domains)
        if not app.is_own:
            yield (self._of_url(one) for one in app.urls)

    def _identified(self, channel: Identifier, value: str) -> Signature | None:
        found = self._matcher.match_value(channel, value)
        if found is not None or channel is not Identifier.DNS_CNAME:
            return found
        # Whoever's name leads to a host has an account there, as one whose replies go there.
        host = self._matcher.match_host(value)
        if host is not None and host.detection.evidence.creates_system:
            return host
        return self._of_key("reply_url_domain", value) or host

    def _oauth(self, key: str, app: App) -> Signature | None:
        value = getattr(app, key)
        return self._matcher.match_value(Identifier.OAUTH, f"{key}={value}") if value else None

    def _of_domain(self, domain: str, app: App) -> Signature | None:
        host = fold(domain.encode("utf-8", "replace"))
        found = self._unshared(host, lambda name: self._of_key("publisher_domain", name))
        if found is None and app.is_named_by_catalogue:
            found = self._unshared(host, self._of_host)
        return found

    def _of_url(self, url: str) -> Signature | None:
        host = fold(host_of_url(url.encode("utf-8", "replace")))
        return self._unshared(host, self._of_host)

    def _of_host(self, host: str) -> Signature | None:
        if found := self._of_key("reply_url_domain", host):
            return found
        known = self._matcher.match_host(host)
        return known if known and known.detection.evidence.creates_system else None

    def _of_key(self, key: str, host: str) -> Signature | None:
        return self._matcher.match_value(Identifier.OAUTH, f"{key}={host}")

    def _unshared(self, host: str, ask: Callable[[str], Signature | None]) -> Signature | None:
        """Return what a host says, but not what it says only as one of many below a shared name."""
        if not host or ";" in host:
            return None
        found = ask(host)
        if found is None:
            return None
        shared = next((one for one in self_and_parents(host) if one in _shared()), None)
        of_shared = ask(shared) if shared else None
        return None if of_shared and of_shared.product_key == found.product_key else found

    def _preferred(self, app: App, contenders: list[Signature]) -> Signature:
        """Return one of several products of one vendor: that of the application's name, if any.

        Whose it is a domain proves, but a vendor's products share theirs: there the name tells
        which of them it is, though that product has no key of its own.
        """
        called = self._called(app).products
        named = {one.product_key for one in called}
        if not named & {one.product_key for one in contenders} and not self._is_exact(contenders):
            vendor = contenders[0].vendor.id
            if own := [one for one in called if one.vendor.id == vendor]:
                return names.by_name(Called(Likeness.NAMED, tuple(own)))
        return min(
            contenders,
            key=lambda one: (
                one.product_key not in named,
                -one.detection.confidence,
                one.product_key,
                one.detection.id,
            ),
        )

    @staticmethod
    def _is_exact(contenders: list[Signature]) -> bool:
        """Whether an identifier or a client id told, which belong to one product alone."""
        by_domain = (Identifier.OAUTH, Identifier.HOST, Identifier.HOST_PATH)
        return any(
            one.detection.channel not in by_domain or one.detection.client_id for one in contenders
        )


@cache
def _shared() -> frozenset[str]:
    from signatures.checks.formats import TOO_WIDE

    return _SHARED | TOO_WIDE
