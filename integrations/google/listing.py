"""In which order Google is asked: whose account, what there is, and then about AI alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

from integrations.connector import Run
from integrations.google import chrome, cloud, directory, policies, reports, vertex
from integrations.google.consent import coverage, coverage_note
from integrations.google.suite import cloud_key
from integrations.operations import Operation
from scanner.model import Asset, Tenant

_DAY: Final = 86_400
_IN_VAIN: Final = 5  # requests of one kind, after which the others are not tried either
_LOGS: Final = (
    reports.TOKEN_AUTHORIZE,
    reports.TOKEN_REVOKE,
    reports.GEMINI_ACTIVITY,
    reports.STUDIO_ACTIVITY,
    reports.NOTEBOOK_ACTIVITY,
    reports.SAML_ACTIVITY,
)


def identify(run: Run) -> Tenant | None:
    """Return whose account it is; None where it does not say."""
    run.read(directory.CUSTOMER)
    for _, item in run.items(directory.CUSTOMER):
        if id_ := item.text("id"):
            domain = item.text("customerDomain")
            name = item.at("postalAddress").text("organizationName") or domain
            return Tenant("google", id_, name, (domain,) if domain else ())
    return None


def collect(run: Run) -> None:
    """Read everything that the profile holds."""
    _workspace(run)
    _google_cloud(run)
    _about_ai(run)
    _say_what_is_seen(run)


def _say_what_is_seen(run: Run) -> None:
    """Say which grants are seen: the log goes back half a year, and silent ones are in no log."""
    followed = run.was_complete(reports.TOKEN_AUTHORIZE)
    listed = run.was_complete(directory.TOKENS)
    has_gap = followed is None or listed is None or followed - listed > reports.DAYS * _DAY
    is_listed = run.wants(directory.TOKENS) and any(run.items(directory.TOKENS))
    state = coverage(is_listed, listed is not None, has_gap)
    run.note(reports.TOKEN_AUTHORIZE, coverage_note(state))


def _workspace(run: Run) -> None:
    run.read(directory.USERS)
    run.read(directory.UNITS)
    for log in _LOGS:
        run.read(log, startTime=run.since(log, reports.DAYS))
    activity = reports.TOKEN_ACTIVITY
    run.read(activity, startTime=run.since(activity, reports.ACTIVITY_DAYS))
    since = run.since(reports.GEMINI_SETTINGS, reports.DAYS)
    for event in reports.SETTING_EVENTS:
        run.read(reports.GEMINI_SETTINGS, eventName=event, startTime=since)
    for operation in (
        policies.SERVICE_STATUS,
        chrome.SAAS_USAGE,
        chrome.EXTENSIONS,
        chrome.EXTENSION_REQUESTS,
    ):
        run.read(operation)
    run.read(directory.SEATS, productId=directory.GEMINI_PRODUCT, customerId=run.tenant.id)
    _each(run, directory.TOKENS, ({"userKey": one} for one in _people(run)))


def _people(run: Run) -> Iterator[str]:
    """Yield the addresses of those who can sign in: Google refuses to tell of anybody else."""
    for _, item in run.items(directory.USERS):
        address = item.text("primaryEmail")
        if address and item.flag("suspended") is not True and item.flag("archived") is not True:
            yield address


def _google_cloud(run: Run) -> None:
    projects = sorted(_projects(run))
    _each(run, cloud.SERVICES, ({"project": one} for one in projects))
    on = set(_switched_on(run))
    _each(run, cloud.KEYS, _in(on, cloud.GEMINI_API))
    if organization := run.settings.get("organization", ""):
        for kind, query in cloud.SEARCHES:
            run.read(cloud.ASSETS, organization=organization, assetType=kind, query=query)
    location = run.settings.get("location", "") or "us-central1"
    for operation in (vertex.ENDPOINTS, vertex.AGENTS):
        places = ({**one, "location": location} for one in _in(on, cloud.VERTEX))
        _each(run, operation, places)
    _each(run, vertex.ENGINES, _in(on, cloud.SEARCH))


def _projects(run: Run) -> set[str]:
    """Return the projects to ask about: those named, or all that are seen."""
    named = {one.strip() for one in run.settings.get("projects", "").split(",")} - {""}
    if named:
        return named
    run.read(cloud.PROJECTS)
    return {item.text("projectId") for _, item in run.items(cloud.PROJECTS)} - {""}


def _switched_on(run: Run) -> Iterator[tuple[str, str]]:
    """Yield each project with those of its APIs about which there is more to ask."""
    wanted = {cloud_key(host) for host in (cloud.GEMINI_API, cloud.VERTEX, cloud.SEARCH)}
    for parameters, item in run.items(cloud.SERVICES):
        for record in cloud.service_records(item, parameters):
            if isinstance(record, Asset) and record.app in wanted:
                yield parameters.get("project", ""), record.app


def _in(on: Iterable[tuple[str, str]], host: str) -> Iterator[dict[str, str]]:
    """Yield the projects in which an API is switched on, as parameters."""
    for project in sorted({project for project, key in on if key == cloud_key(host)}):
        yield {"project": project}


def _about_ai(run: Run) -> None:
    """Ask who uses what is AI; of other applications only totals are read."""
    keys = sorted({app.key for app, _ in run.ai_apps()})
    _each(run, chrome.SAAS_VISITORS, _named(keys, chrome.saas_key(""), "app"))
    _each(run, chrome.EXTENSION_DEVICES, _named(keys, chrome.extension_key(""), "appId"))


def _named(keys: Iterable[str], beginning: str, parameter: str) -> Iterator[dict[str, str]]:
    for key in keys:
        if key.startswith(beginning):
            yield {parameter: key.removeprefix(beginning)}


def _each(run: Run, operation: Operation, asked: Iterable[Mapping[str, str]]) -> None:
    """Read an operation for each of some things; not for all if it is refused for the first few.

    A scope that nobody granted is so for 100,000 people too; they need not be refused one by one.
    """
    in_vain = 0
    waiting = iter(asked)
    if (first := next(waiting, None)) is None:
        run.read_each(operation, ())
        return
    for parameters in chain((first,), waiting):
        in_vain = -1 if run.read(operation, **parameters) or in_vain < 0 else in_vain + 1
        if in_vain >= _IN_VAIN:
            return
