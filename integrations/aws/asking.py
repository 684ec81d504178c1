"""In which order AWS is asked, whose account it is, how often, and with which permissions."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping

from integrations.aws.operations import (
    COSTS,
    COSTS_BY_REGION,
    IDENTITY,
    INVOCATIONS,
    OF_REGIONS,
)
from integrations.aws.products import app_of
from integrations.connector import Run, Size
from integrations.periods import day
from scanner.model import Tenant

HOME = "us-east-1"
EVENTS = ("InvokeModel", "InvokeModelWithResponseStream", "Converse", "ConverseStream")
_DAYS = 30
_DAYS_OF_CALLS = 7
_REGIONS = 2  # that are guessed for a plan
_CALLS = 10  # of a person a day, for a plan
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d+")


def identify(run: Run) -> Tenant | None:
    """Return the account of the caller."""
    run.read(IDENTITY)
    for _, item in run.items(IDENTITY):
        if account := item.text("Account"):
            return Tenant("aws", account)
    return None


def collect(run: Run) -> None:
    """Read the costs first: they say in which regions there is something to list."""
    end = day(run.since(IDENTITY, 0), 1)  # the end is exclusive
    run.read(COSTS, start=day(run.since(COSTS, _DAYS)), end=end)
    if not run.settings.get("regions"):
        run.read(COSTS_BY_REGION, start=day(end, -1 - _DAYS), end=end)
    regions = regions_of(run)
    for operation in OF_REGIONS:
        for region in regions:
            run.read(operation, region=region)
    start = run.since(INVOCATIONS, _DAYS_OF_CALLS)
    for region in regions:
        for event in EVENTS:
            run.read(INVOCATIONS, region=region, event=event, start=start)


def regions_of(run: Run) -> list[str]:
    """Return the regions to look in: those that are named, or where AI costs something."""
    named = run.settings.get("regions", "")
    if named:
        return sorted({one.strip() for one in named.split(",") if one.strip()})
    return sorted(set(_billed_regions(run))) or [HOME]


def _billed_regions(run: Run) -> Iterator[str]:
    for _, item in run.items(COSTS_BY_REGION):
        for group in item.items("Groups"):
            service, region = (*group.texts("Keys"), "", "")[:2]
            if app_of(service) is not None and _REGION.fullmatch(region):
                yield region


def requests(size: Size) -> dict[str, int]:
    """Return how often each operation is sent, for two regions."""
    calls = size.people * _CALLS * _DAYS_OF_CALLS
    pages = math.ceil(calls / INVOCATIONS.page_size)
    return {
        IDENTITY.id: 1,
        COSTS.id: 1,
        COSTS_BY_REGION.id: 1,
        **{one.id: _REGIONS for one in OF_REGIONS},
        INVOCATIONS.id: max(_REGIONS * len(EVENTS), pages),
    }


def consent(_settings: Mapping[str, str], scopes: Iterable[str]) -> str:
    """Return the IAM policy that allows it, in one line."""
    statement = {"Effect": "Allow", "Action": sorted(scopes), "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
