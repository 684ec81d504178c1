"""The policies of Workspace: which of its services are switched on, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from integrations.fields import Item
from integrations.google.answers import AUTH, NEXT_PAGE, mask
from integrations.google.suite import service
from integrations.operations import Operation, Paging
from scanner.model import Record, Setting


def service_status_records(item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield whether a service of Workspace is on, for a unit or a group.

    The unit is its id, as in ``orgUnits/03ph8a2z2dvk5ts``.
    """
    setting, place = item.at("setting"), item.at("policyQuery")
    name, dot, kind = setting.text("type").removeprefix("settings/").rpartition(".")
    state = setting.at("value").text("serviceState")
    if not dot or kind != "service_status" or state not in ("ENABLED", "DISABLED"):
        return
    app = service(name)
    yield app
    yield Setting(
        app.key,
        "service",
        is_on=state == "ENABLED",
        unit=place.text("group") or place.text("orgUnit"),
    )


_POLICY_FIELDS: Final = (
    "policyQuery.orgUnit",
    "policyQuery.group",
    "setting.type",
    "setting.value.serviceState",
)
SERVICE_STATUS: Final = Operation(
    id="google.service_status",
    title="Services that are switched on",
    host="identity",
    path="/v1/policies",
    why="for which units Gemini, NotebookLM, AI Studio and others are on; needs a super administrator",
    fields=_POLICY_FIELDS,
    parse=service_status_records,
    reference="https://docs.cloud.google.com/identity/docs/reference/rest/v1/policies/list",
    query={
        "filter": r"setting.type.matches('^.*\\.service_status$')",
        "pageSize": "100",
        "fields": mask("policies", _POLICY_FIELDS, depth=2),
    },
    items="policies",
    paging=Paging.TOKEN,
    page_token=NEXT_PAGE,
    page_size=100,
    scopes=((f"{AUTH}cloud-identity.policies.readonly",),),
)

OPERATIONS: Final = (SERVICE_STATUS,)
