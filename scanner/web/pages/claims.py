"""What people say of a system in the browser: its roles, who answers for it, its scope, its record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scanner.errors import UsageError
from scanner.inventory.owners import confirm
from scanner.inventory.record import set_field
from scanner.inventory.record_fields import BY_NAME
from scanner.inventory.recording import ConflictError, Outcome
from scanner.inventory.role_decisions import decide_role
from scanner.inventory.scope import Place, decide_scope
from scanner.inventory.verdicts import a_day, midnight
from scanner.model import RoleStatus
from scanner.web.pages.system import Typed, shown
from scanner.web.people import Role
from scanner.web.visit import Answer, Page, Refused, Sent, Visit, number_of

Act = Callable[[], Outcome | None]


def said(visit: Visit, form: str, section: str, act: Act, done: str) -> Answer:
    """Record what was said; where it cannot be, the page comes back with all that was typed."""
    system = visit.path["system"]
    if system not in visit.material.standpoints:
        return Refused(404, visit.texts("web.refused.gone"))
    try:
        outcome = act()
    except ConflictError as error:
        return shown(visit, system, Typed(form, visit.form, str(error), error.newer), 409)
    except UsageError as error:
        return shown(visit, system, Typed(form, visit.form, str(error)), 400)
    is_same = outcome is not None and outcome.decision is None
    visit.tell(visit.texts("web_system.stands") if is_same else done)
    return Sent(f"/systems/{system}#{section}")


def role(visit: Visit) -> Answer:
    """Record that a role is held, or is not."""
    name, status = visit.said("role"), visit.said("status")
    if status not in (RoleStatus.CONFIRMED, RoleStatus.REJECTED):
        return Refused(400, visit.texts("web.refused.missing"))
    texts = visit.texts
    done = texts("common.pair", what=texts.of("role", name), then=texts.of("claim", status))
    return said(
        visit,
        visit.said("form"),
        "roles",
        lambda: decide_role(
            visit.writer, visit.path["system"], name, RoleStatus(status), visit.said("reason"),
            visit.person.name, visit.now, visit.said("sub_role"), seen(visit),
        ),
        done,
    )  # fmt: skip


def owner(visit: Visit) -> Answer:
    """Record who answers for a system."""
    name = visit.said("owner")
    return said(
        visit,
        visit.said("form"),
        "owner",
        lambda: confirm(
            visit.writer, visit.config, visit.path["system"], name, visit.said("reason"),
            visit.person.name, visit.now, visit.said("unit"), seen(visit),
        ),
        visit.texts("web_system.owner.done", owner=name),
    )  # fmt: skip


def scope(visit: Visit) -> Answer:
    """Record whether a system is in the scope; only an approver leaves one out."""
    place = visit.said("place")
    if place not in set(Place):
        return Refused(400, visit.texts("web.refused.missing"))
    if place == Place.OUT and not visit.person.may(Role.APPROVER):
        return visit.refusal(Role.APPROVER)
    return said(
        visit,
        visit.said("form"),
        "scope",
        lambda: decide_scope(
            visit.writer, visit.path["system"], Place(place), visit.said("reason"),
            visit.person.name, visit.now, visit.said("code"), _day(visit), seen(visit),
        ),
        visit.texts("web_system.scope.done", place=visit.texts.of("place", place)),
    )  # fmt: skip


def value(visit: Visit) -> Answer:
    """Record a field of the record; one value a line where it has several, and none withdraws it."""
    name = visit.said("field")
    typed = (line for one in visit.form.get("value", ()) for line in one.splitlines())
    lines = [one.strip() for one in typed if one.strip()]
    texts = lines if _has_several(name) else ["\n".join(lines)] if lines else []
    label = visit.texts(f"register.field.{name}") if name in BY_NAME else name
    return said(
        visit,
        f"field-{name}",
        f"field-{name}",
        lambda: set_field(
            visit.writer, visit.path["system"], name, texts, visit.said("reason"),
            visit.person.name, visit.now, seen(visit),
        ),
        visit.texts("web_system.field.done" if texts else "web_system.field.gone", field=label),
    )  # fmt: skip


def seen(visit: Visit) -> int:
    """Return the newest decision that the form was shown with."""
    return number_of(visit.said("seen"))


def _has_several(name: str) -> bool:
    return name in BY_NAME and str(BY_NAME[name].kind) in ("texts", "choices", "objects")


def _day(visit: Visit) -> datetime | None:
    text = visit.said("review_due")
    try:
        return midnight(a_day(text)) if text else None
    except ValueError as error:
        raise UsageError(str(error)) from None


PAGES = (
    Page("/systems/{system}/role", role, Role.REVIEWER, writes=True),
    Page("/systems/{system}/owner", owner, Role.REVIEWER, writes=True),
    Page("/systems/{system}/scope", scope, Role.REVIEWER, writes=True),
    Page("/systems/{system}/field", value, Role.REVIEWER, writes=True),
)
