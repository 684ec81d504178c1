"""Devices: osquery and Fleet, Jamf, any inventory, browser extensions."""

import json
from typing import Any

import pytest

from integrations.downloads.browser_extensions import DOWNLOAD as EXTENSIONS
from integrations.downloads.installed_apps import DOWNLOAD as SOFTWARE
from integrations.downloads.jamf_computers import DOWNLOAD as JAMF
from integrations.downloads.osquery import DOWNLOAD as OSQUERY
from scanner.model import App, Identifier, Install
from tests.integrations.downloads.support import read
from tests.support import at

_ID = "difoiogjjojoaoomphldepapgpbgkhkb"
_ROWS: list[tuple[dict[str, str], tuple[Identifier, str] | None, str]] = [
    (
        {"name": "ChatGPT.app", "bundle_identifier": "com.openai.chat", "path": "/A/ChatGPT.app",
         "bundle_short_version": "1.2"},
        (Identifier.BUNDLE, "com.openai.chat"), "com.openai.chat",
    ),
    (
        {"name": "Cursor", "version": "1.2", "install_location": "C:\\Cursor",
         "publisher": "Anysphere"},
        None, "cursor|anysphere",
    ),
    (
        {"name": "Sidebar", "identifier": _ID, "browser_type": "chrome", "version": "1.2"},
        (Identifier.BROWSER_EXT, _ID), _ID,
    ),
    (
        {"name": "Claude-Code", "publisher": "Anthropic", "publisher_id": "u", "version": "1.2"},
        (Identifier.IDE_EXT, "anthropic.claude-code"), "anthropic.claude-code",
    ),
    (
        {"name": "Lang_Chain.core", "version": "1.2", "summary": "", "directory": "/x"},
        (Identifier.PACKAGE, "pkg:pypi/lang-chain-core"), "pkg:pypi/lang-chain-core",
    ),
    (
        {"name": "@anthropic-ai/sdk", "version": "1.2", "homepage": "", "directory": "/x"},
        (Identifier.PACKAGE, "pkg:npm/%40anthropic-ai/sdk"), "pkg:npm/%40anthropic-ai/sdk",
    ),
    (
        {"pid": "7", "name": "", "path": "C:\\Ollama\\ollama.exe", "cmdline": "secret",
         "parent": "1", "version": "1.2"},
        (Identifier.PROCESS, "ollama.exe"), "ollama.exe",
    ),
    (
        {"pid": "7", "port": "11434", "protocol": "6", "address": "::", "version": "1.2"},
        (Identifier.PORT, "11434"), "port 11434",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("row", "identifier", "key"), _ROWS, ids=[key for *_, key in _ROWS])
def test_each_table_of_osquery_as_json_and_as_csv(
    row: dict[str, str], identifier: tuple[Identifier, str] | None, key: str
) -> None:
    names = list(row)
    table = "|".join(["host_display_name", *names]) + "\n" + "|".join(["mac-07", *row.values()])
    for text in (
        json.dumps({"host": "mac-07", "rows": [row]}),
        json.dumps([{**row, "host_display_name": "mac-07"}]),
        json.dumps({"results": [{"host_name": "mac-07", "columns": row}]}),
        table + "\n",
    ):
        app, install = read(OSQUERY, text)
        assert isinstance(app, App)
        assert (app.key, app.identifiers) == (key, (identifier,) if identifier else ())
        assert install == Install(key, device="mac-07", version="1.2")
        assert "secret" not in repr((app, install))


def test_rows_of_osquery_that_name_nothing_are_counted() -> None:
    rows: list[dict[str, Any]] = [
        {"pid": "7", "port": "0", "protocol": "6", "address": ""},
        {"pid": "8", "port": 11434, "protocol": "6", "address": "::"},
    ]
    assert read(OSQUERY, json.dumps(rows), bad={"(row)": 1}) == [
        App("port 11434", "port 11434", identifiers=((Identifier.PORT, "11434"),),
            kind="listening port"),
        Install("port 11434"),
    ]  # fmt: skip


def test_a_computer_of_jamf() -> None:
    computer = {
        "id": "7",
        "udid": "0f-1",
        "general": {"name": "Mac-07", "reportDate": "2026-11-16T16:00:00Z"},
        "userAndLocation": {"username": "ana", "email": ""},
        "applications": [
            {"name": "Claude.app", "version": 1, "bundleId": ["x"]},
            {"name": "", "bundleId": ""},
        ],
    }
    assert read(
        JAMF, json.dumps({"totalCount": 1, "results": [computer]}), bad={"bundleId": 1}
    ) == [
        App("Claude", "Claude", kind="software"),
        Install("Claude", "ana", "Mac-07", version="1", seen=at("2026-11-16T16:00:00Z")),
    ]


def test_software_of_any_inventory() -> None:
    text = (
        "Hostname;Software Name;Publisher;Version;Last seen\n"
        "L-7;Ollama;Ollama Inc.;0.5;01.11.2026 08:00\n"
    )
    assert read(SOFTWARE, text) == [
        App(
            "ollama|ollamainc",
            "Ollama",
            publisher="Ollama Inc.",
            kind="software",
            is_named_by_catalogue=True,
        ),
        Install("ollama|ollamainc", device="L-7", version="0.5", seen=at("2026-11-01T08:00:00Z")),
    ]


def test_extensions_are_known_by_their_ids() -> None:
    text = (
        f"Extension ID,Extension Name,Browsers\n{_ID},Sidebar,41\nbuilt-in,PDF,3\n{_ID},Sidebar,2\n"
    )
    assert read(EXTENSIONS, text, bad={"id": 1}) == [
        App(_ID, "Sidebar", identifiers=((Identifier.BROWSER_EXT, _ID),), kind="extension"),
        Install(_ID, devices=41),
        Install(_ID, devices=2),
    ]


def test_osquerys_log_of_results_shows_what_is_there() -> None:
    around = {"hostIdentifier": "mac-07", "unixTime": 1795066549, "name": "pack_it"}
    chat, gone = (
        {"name": f"{one}.app", "bundle_identifier": one, "path": f"/A/{one}.app"}
        for one in ("com.openai.chat", "com.gone")
    )
    lines = [
        {**around, "action": "added", "columns": {"username": "ana", "uid": "501"}},
        {**around, "action": "removed", "columns": gone},
        {**around, "action": "added", "columns": chat},
        {**around, "action": "snapshot", "snapshot": [chat, {"pid": "7", "time": "1"}]},
    ]
    app, *installs = read(OSQUERY, "\n".join(map(json.dumps, lines)))
    assert isinstance(app, App)
    assert app.key == "com.openai.chat"
    assert installs == [
        Install("com.openai.chat", device="mac-07", seen=at("2026-11-19T05:35:49Z"))
    ] * 2  # fmt: skip


def test_a_computer_of_jamfs_classic_api() -> None:
    app = {"name": "ChatGPT.app", "version": "1.2", "bundle_id": "com.openai.chat"}
    computer = {
        "general": {"name": "Mac-07", "report_date_utc": "2026-11-16T16:00:00.000+0000"},
        "location": {"username": "ana", "email_address": "ana@harbour.example"},
        "software": {"applications": [app]},
    }
    identifiers = ((Identifier.BUNDLE, "com.openai.chat"),)
    assert read(JAMF, json.dumps({"computer": computer})) == [
        App("com.openai.chat", "ChatGPT", identifiers=identifiers, kind="software"),
        Install("com.openai.chat", "ana@harbour.example", "Mac-07", version="1.2",
                seen=at("2026-11-16T16:00:00Z")),
    ]  # fmt: skip
