"""What Claude Enterprise's analytics mean: people, connectors, skills and plugins over a month."""

from __future__ import annotations

from collections.abc import Iterator

from integrations.anthropic.records import CLAUDE, CODE, PRODUCTS, Parameters
from integrations.fields import Item
from scanner.model import Activity, Asset, Person, Record, Seat

# Where a row counts use, of which product, and what it is called there. The first that counts.
_UNIFIED = "chat_cowork_unified_metrics"
_SESSIONS = "distinct_session_count"
COUNTED = (
    (CLAUDE, "chat", ("chat_metrics.message_count",)),
    (CLAUDE, "chat and Cowork", (f"{_UNIFIED}.chat.message_count",)),
    (CLAUDE, "Cowork in chat", (f"{_UNIFIED}.sessions.message_count",)),
    (CLAUDE, "Cowork", ("cowork_metrics.message_count",)),
    (CLAUDE, "design", ("design_metrics.message_count",)),
    (CLAUDE, "science", ("science_metrics.message_count",)),
    *(
        (CLAUDE, f"office: {one}", (f"office_metrics.{one}.message_count",))
        for one in ("excel", "outlook", "powerpoint", "word")
    ),
    (CLAUDE, "Claude in Slack", ("claude_tag_metrics.active_message_count",)),
    (
        CODE,
        "sessions",
        (
            f"claude_code_metrics.core_metrics.{_SESSIONS}",
            "claude_code_metrics.core_metrics.commit_count",
        ),
    ),
)


def user_activity(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a member's seat and what was used of each product."""
    user = item.at("user")
    if not (key := user.text("id")):
        return
    last = item.time("last_activity_date")
    yield PRODUCTS[CLAUDE]
    yield Person(key, user.text("email_address"))
    yield Seat(CLAUDE, person=key, last_used=last, may_tell_use=True)
    for app, detail, paths in COUNTED:
        if events := next(filter(None, (_number(item, path) for path in paths)), 0):
            yield PRODUCTS[app]
            yield Activity(app, key, last, events, detail=detail)


def connector(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a connector: an MCP server or another service that Claude read from or wrote to."""
    if not (key := item.text("connector_name")):
        return
    reads, writes = item.number("read_call_count"), item.number("write_call_count")
    other = item.number("unclassified_call_count")
    yield PRODUCTS[CLAUDE]
    yield Asset(
        CLAUDE,
        "connector",
        key,
        item.text("connector_display_name") or key,
        detail=_numbers(
            item,
            (
                ("read_call_count", "reads"),
                ("write_call_count", "writes"),
                ("unclassified_call_count", "other calls"),
                ("individual_auth_distinct_user_count", "people signed in themselves"),
                ("managed_auth_distinct_user_count", "people signed in by the organisation"),
            ),
        ),
    )
    yield from _use(item, reads + writes + other, f"connector {key}")


def skill(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield a skill: instructions that people gave Claude, for themselves or for all."""
    if not (key := item.text("skill_name")):
        return
    yield PRODUCTS[CLAUDE]
    name = item.text("skill_display_name") or key
    yield Asset(CLAUDE, "skill", key, name, detail=item.text("share_status"))
    yield from _use(item, item.number("invocation_count"), f"skill {key}")


def plugin_use(item: Item, _parameters: Parameters) -> Iterator[Record]:
    """Yield the use of a plugin, also of one that the organisation did not offer."""
    key = item.text("plugin_id") or item.text("plugin_name")
    if not key:
        return
    yield PRODUCTS[CLAUDE]
    installs = _numbers(item, (("install_count", "installs"),))
    yield Asset(CLAUDE, "plugin", key, item.text("plugin_name"), detail=installs)
    yield from _use(item, item.number("invocation_count"), f"plugin {key}")


def _use(item: Item, events: int, detail: str) -> Iterator[Record]:
    people = item.number("distinct_user_count")
    if events or people:
        yield Activity(CLAUDE, events=max(1, events), people=people, detail=detail)


def _number(item: Item, path: str) -> int:
    *above, name = path.split(".")
    for one in above:
        item = item.at(one)
    return item.number(name)


def _numbers(item: Item, named: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{count} {text}" for name, text in named if (count := item.number(name)))
