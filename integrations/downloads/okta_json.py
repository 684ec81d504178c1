"""Okta: saved answers of its API, applications and the system log, told apart by their first item.

    [{"id": "0oa1", "name": "openai", "label": "ChatGPT", "signOnMode": "SAML_2_0", ...}]

Reference: https://developer.okta.com/docs/api/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from integrations.downloads import Beginning, Download, Once, Opened
from integrations.fields import Item
from integrations.okta.events import parse_consent, parse_sign_in
from integrations.okta.records import parse_app
from scanner.model import App, Record

_APP = frozenset({"id", "label", "signOnMode"})
_EVENT = frozenset({"eventType", "published", "actor", "outcome"})
_CONSENTS = ("app.oauth2.as.consent.grant", "app.oauth2.consent.grant", "app.oauth2.admin.consent.grant")  # fmt: skip
_SIGN_IN = "user.authentication.sso"


def recognises(beginning: Beginning) -> bool:
    """Whether it is a list of applications, or of events."""
    names = set(beginning.first[1].names())
    return names >= _APP or names >= _EVENT


def read(file: Opened) -> Iterator[Record]:
    """Yield what each application or event says; events of other things are counted."""
    once = Once()
    for _, item in file.items():  # noqa: PERF102 - pairs of a list, no dict
        if set(item.names()) >= _APP:
            yield from parse_app(item, {})
        elif parse := _reader(item.text("eventType")):
            yield from once.new(_named(item))
            yield from parse(item, {})
        else:
            file.ignored["event of another kind"] += 1


def _reader(event: str) -> Callable[[Item, Mapping[str, str]], Iterator[Record]] | None:
    if event == _SIGN_IN:
        return parse_sign_in
    return parse_consent if event in _CONSENTS else None


def _named(item: Item) -> Iterator[App]:
    """Yield the applications that an event names, which no listing may hold."""
    for target in item.items("target"):
        if target.text("type") == "AppInstance" and target.text("id"):
            yield App(target.text("id"), target.text("displayName"), idp="okta")


DOWNLOAD = Download(
    name="okta-json",
    title="Okta API answers (JSON)",
    system="okta",
    reference="https://developer.okta.com/docs/api/",
    recognises=recognises,
    read=read,
    samples={
        "apps.json": (
            b'[{"id": "0oa1gjh63g214q0Hq0g4", "name": "openai", "label": "ChatGPT", "status":'
            b' "ACTIVE", "signOnMode": "SAML_2_0", "settings": {"signOn": {"ssoAcsUrl":'
            b' "https://auth.openai.com/sso/acs"}}}]\n'
        ),
        "logs.json": (
            b'[{"actor": {"id": "00u1", "type": "User", "alternateId": "ana@harbour.example"},'
            b' "eventType": "user.authentication.sso", "outcome": {"result": "SUCCESS"},'
            b' "published": "2026-11-19T08:00:00.123Z", "uuid": "1b-2", "target": [{"id":'
            b' "0oa1gjh63g214q0Hq0g4", "type": "AppInstance", "displayName": "Claude"}]}]\n'
        ),
    },
    verified_by="the vendor's contract",
)
