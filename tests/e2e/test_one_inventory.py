"""One inventory from many sources: exactly the systems that a person would write down by hand.

ChatGPT      DNS, proxy, a token of Google (the console's list and a recorded account), expenses
OpenAI API   proxy logs; and two repositories that are built on it, each a system of its own
Claude       DNS, and the two applications of its Entra connector
Otter        a token of Entra, and a CASB's list of discovered applications
Jira         DNS: software that may embed AI, which is a question and no system
"""

import json
from pathlib import Path
from typing import Any

import pytest

from scanner.store import Reader
from tests.running import gnomon

_DNS = (
    "19-Nov-2026 08:00:01.123 client @0x7f 10.0.0.7#5353 (chatgpt.com): "
    "query: chatgpt.com IN A +E(0)K (10.0.0.1)\n"
    "19-Nov-2026 08:00:02.123 client @0x7f 10.0.0.8#5353 (claude.ai): "
    "query: claude.ai IN A +E(0)K (10.0.0.1)\n"
    "19-Nov-2026 08:00:03.123 client @0x7f 10.0.0.9#5353 (harbour.atlassian.net): "
    "query: harbour.atlassian.net IN A +E(0)K (10.0.0.1)\n"
    "19-Nov-2026 08:00:04.123 client @0x7f 10.0.0.9#5353 (www.harbour.example): "
    "query: www.harbour.example IN A +E(0)K (10.0.0.1)\n"
)
_PROXY = (
    "1795226310.136     15 10.0.0.7 TCP_TUNNEL/200 1832 CONNECT chatgpt.com:443 ana "
    "HIER_DIRECT/203.0.113.7 -\n"
    "1795226311.136     15 10.0.1.2 TCP_TUNNEL/200 1832 CONNECT api.openai.com:443 - "
    "HIER_DIRECT/203.0.113.8 -\n"
    "1795226312.136     15 10.0.0.9 TCP_TUNNEL/200 1832 CONNECT www.harbour.example:443 tom "
    "HIER_DIRECT/203.0.113.9 -\n"
)
_CHATGPT_OF_GOOGLE = "77377267392-9l01lg5gpscp40cc30cc5gke03n6uu3b.apps.googleusercontent.com"
_ACCESSED = (
    "App Name,Type,Id,Verification Status,Users,Access,Requested Services,"
    "Requested Services with Scopes,Ownership\n"
    f"ChatGPT,Web Application,{_CHATGPT_OF_GOOGLE},Verified,12,Not configured,"
    '[Drive],"[Drive : [https://www.googleapis.com/auth/drive.readonly, openid]]",Third party\n'
    "Zoom,Web Application,999-z.apps.googleusercontent.com,Verified,40,Not configured,"
    '[Calendar],"[Calendar : [https://www.googleapis.com/auth/calendar, openid]]",Third party\n'
)
_GOOGLE: list[dict[str, Any]] = [
    {"gnomon": "account", "version": 1, "connector": "google", "tenant": {"id": "C0harbour"},
     "began": "2026-11-20T06:00:00+00:00"},
    {"operation": "google.tokens", "parameters": {"userKey": f"u-{1:020x}"}, "page": 1,
     "items": [{"clientId": _CHATGPT_OF_GOOGLE, "displayText": "ChatGPT",
                "scopes": ["https://www.googleapis.com/auth/drive.readonly", "openid"]}]},
    {"ended": [{"operation": "google.tokens", "parameters": {"userKey": f"u-{1:020x}"},
                "state": "complete", "reason": ""}]},
]  # fmt: skip
_ENTRA_APPS = (
    "id,displayName,appId,createdDateTime,state,homepage\n"
    "0a,M365 MCP Client for Claude,08ad6f98-a4f8-4635-bb8d-f1a3044760f0,2026-02-03T08:11:12Z,"
    "Activated,\n"
    "0b,M365 MCP Server for Claude,07c030f6-5743-41b7-ba00-0a6e85f37c17,2026-02-03T08:11:12Z,"
    "Activated,\n"
)
_ENTRA: list[dict[str, Any]] = [
    {"gnomon": "account", "version": 1, "connector": "entra", "tenant": {"id": "t-harbour"},
     "began": "2026-11-20T06:00:00+00:00"},
    {"operation": "entra.service_principals", "parameters": {}, "page": 1,
     "items": [{"id": "0c", "appId": "11111111-2222-3333-4444-555555555555",
                "displayName": "Notes for meetings", "replyUrls": ["https://otter.ai/callback"],
                "verifiedPublisher": {}, "servicePrincipalType": "Application"}]},
    {"ended": [{"operation": "entra.service_principals", "parameters": {}, "state": "complete", "reason": ""}]},
]  # fmt: skip
_CASB = (
    "Application,Category,Risk Level,Status,Domains,Users,Bytes Uploaded,Last seen\n"
    "Otter.ai,Productivity,Medium,Unsanctioned,otter.ai,4,1 MB,2026-11-19\n"
    "Miro,Collaboration,Low,Sanctioned,miro.com,40,1 GB,2026-11-19\n"
)
_EXPENSES = (
    "Employee,Email,Department,Vendor,Expense Amount,Currency,Expense Date,Memo\n"
    "Ana,ana@harbour.example,Sales,OPENAI *CHATGPT SUBSCR,20,eur,2026-11-14,\n"
    "Tom,tom@harbour.example,Sales,Harbour Taxi,31,eur,2026-11-15,\n"
)
_BOT = '[project]\nname = "bot"\nversion = "1"\ndependencies = ["openai==1.2.3"]\n'
_QUOTES = '{"name": "quotes", "version": "1.0.0", "dependencies": {"openai": "4.1.0"}}'

# What a person would write down: name, suppliers, kind, and the senses that show it.
_BY_HAND = {
    ("ChatGPT", "OpenAI", "used"): {"app", "dns", "expense", "grant", "proxy", "sso"},
    ("OpenAI API", "OpenAI", "used"): {"proxy"},
    ("bot", "OpenAI", "built"): {"code"},
    ("quotes", "OpenAI", "built"): {"code"},
    ("Claude", "Anthropic", "used"): {"app", "dns"},
    ("Otter", "Otter.ai", "used"): {"activity", "app"},
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bed")
    (root / "gnomon.toml").write_text("")
    files = {
        "dns/query.log": _DNS,
        "proxy/access.log": _PROXY,
        "exports/accessed-apps.csv": _ACCESSED,
        "exports/google.jsonl": _lines(_GOOGLE),
        "exports/entra-apps.csv": _ENTRA_APPS,
        "exports/entra.jsonl": _lines(_ENTRA),
        "exports/discovered.csv": _CASB,
        "exports/expenses.csv": _EXPENSES,
        "code/bot/pyproject.toml": _BOT,
        "code/bot/bot.py": "import openai\n\nclient = openai.OpenAI()\n",
        "code/quotes/package.json": _QUOTES,
        "code/quotes/index.js": 'import OpenAI from "openai";\nnew OpenAI();\n',
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    paths = (root / name for name in ("dns", "proxy", "exports", "code/bot", "code/quotes"))
    ran = gnomon("scan", *paths, "--db", root / "x.db", "--jobs", 1, "--format", "json")
    assert {one["status"] for one in ran.json()["sources"]} == {"complete"}, ran.out
    return root / "x.db"


def _lines(rows: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows)


def _systems(db: Path) -> list[Any]:
    found: list[Any] = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    return found


def test_it_holds_what_a_person_would_write_down_and_nothing_else(db: Path) -> None:
    found = {
        (one["name"], one["supplier"], one["kind"]): set(one["channels"]) for one in _systems(db)
    }
    assert found == _BY_HAND


def test_each_system_shows_the_sources_that_it_was_seen_in(db: Path) -> None:
    found = {
        one["name"]: {Path(each["source"].partition("#")[0]).name for each in _shown(db, one)}
        for one in _systems(db)
        if one["kind"] == "used"
    }
    assert {name: len(sources) for name, sources in found.items()} == {
        "ChatGPT": 5, "OpenAI API": 1, "Claude": 2, "Otter": 2,
    }, found  # fmt: skip


def _shown(db: Path, system: dict[str, Any]) -> list[dict[str, Any]]:
    shown = gnomon("inventory", "show", system["id"], "--db", db, "--format", "json").json()
    evidence: list[dict[str, Any]] = shown["evidence"]
    return evidence


def test_it_has_the_suppliers_that_a_person_would_write_down(db: Path) -> None:
    rows = gnomon("suppliers", "list", "--db", db, "--format", "json").json()
    direct = {one["name"]: one["on_it"] for one in rows if one["direct"]}
    assert direct == {
        "OpenAI": ["bot", "ChatGPT", "OpenAI API", "quotes"],
        "Anthropic": ["Claude"],
        "Otter.ai": ["Otter"],
    }


def test_jira_is_a_question_and_what_is_no_ai_is_nothing(db: Path) -> None:
    with Reader(db, read_only=True) as store:
        asked = [one["supplier"] for one in store.questions()]
        known = {one.name for one in store.systems()}
    assert "Atlassian" in asked
    assert not known & {"Jira", "Zoom", "Miro", "Harbour Taxi"}
