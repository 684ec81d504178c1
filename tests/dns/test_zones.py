"""Zone files and saved answers of dig: what they hold is read, what they lack is said."""

from __future__ import annotations

import io
import shutil
import socket
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.public_dns.zones import Entry, entries, unread
from tests.running import EXAMPLE, Ran, gnomon

NAMED, DIG = shutil.which("named"), shutil.which("dig")
DOMAIN = "harbour-pine.example"
ZONE = EXAMPLE / "dns" / f"{DOMAIN}.zone"


def _read(text: str) -> tuple[list[Entry], Counter[str]]:
    bad: Counter[str] = Counter()
    return list(entries(io.StringIO(text), bad)), bad


def test_owners_times_classes_and_parentheses_are_as_rfc_1035_has_them() -> None:
    assert _read(
        "$ORIGIN a.example.\n"
        "$TTL 1h\n"
        "@ 3600 IN TXT one\n"
        '  IN 2h TXT ( "t" ; a comment\n'
        '  "wo" )\n'
        "\tTXT three\n"
        "\n"
        "Chat CNAME bot.Vendor.example.\n"
        "$ORIGIN eu\n"
        "chat CNAME bot\n"
        "b.example. IN MX 10 mx.c.example.\n"
    ) == (
        [
            Entry("a.example", "TXT", "one"),
            Entry("a.example", "TXT", "two"),
            Entry("a.example", "TXT", "three"),
            Entry("chat.a.example", "CNAME", "bot.vendor.example"),
            Entry("chat.eu.a.example", "CNAME", "bot.eu.a.example"),
            Entry("b.example", "MX", "mx.c.example"),
        ],
        {},
    )


@pytest.mark.parametrize(
    "line",
    [
        "x IN BOGUS y",
        "x IN MX ten mx",
        'x IN TXT "never closed',
        "x IN CNAME (",
        "x IN CNAME a..b",
        "x IN CNAME y z",
        "x CH TXT chaos",
        f"{'a' * 64} IN CNAME y",
        "$ORIGIN a..b",
        "$COLOUR blue",
        "x IN TXT )",
    ],
)
def test_a_record_that_cannot_be_read_is_counted_and_the_next_is_read(line: str) -> None:
    found, bad = _read(f"$ORIGIN a.example.\n{line}\n\nb TXT ok\n")
    assert (found, bad.total()) == ([Entry("b.a.example", "TXT", "ok")], 1)


def test_no_other_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "more.zone").write_text("secret.example. IN TXT secret\n")
    text = f"$INCLUDE {tmp_path}/more.zone\n$GENERATE 1-9 a$ CNAME b\nb.example. IN TXT open\n"
    assert _read(text) == (
        [Entry("b.example", "TXT", "open")],
        {"$INCLUDE": 1, "$GENERATE": 1},
    )
    assert unread(text) == "$GENERATE, $INCLUDE is not followed"


@given(st.text(max_size=400) | st.binary(max_size=400).map(lambda raw: raw.decode("latin-1")))
def test_whatever_a_file_holds_it_ends(text: str) -> None:
    found, _ = _read(text)
    assert len(found) <= len(text)


def _scan(path: Path, *arguments: object) -> Ran:
    db = path.with_suffix(".db")
    return gnomon("dns", "--from", path, "--db", db, "--format", "json", *arguments)


def _names(path: Path) -> set[str]:
    db = path.with_suffix(".db")
    rows = gnomon("inventory", "list", "--db", db, "--format", "json").json()
    return {one["name"] for one in rows}


def test_the_zone_of_the_example_shows_what_the_domain_publishes(tmp_path: Path) -> None:
    copy = tmp_path / "zone"
    copy.write_bytes(ZONE.read_bytes())
    (source,) = _scan(copy).json()["sources"]
    assert (source["status"], source["notes"]) == ("complete", [])
    assert _names(copy) == {"Azure OpenAI", "Botpress", "ChatGPT", "Claude"}


def test_records_of_those_that_a_name_leads_to_are_not_ones_own(tmp_path: Path) -> None:
    """A resolver that was asked for the TXT of an alias answers with those of its target."""
    path = tmp_path / "answers.txt"
    path.write_text(
        f"chat.{DOMAIN}. 300 IN CNAME bots.vendor.example.\n"
        'bots.vendor.example. 60 IN TXT "openai-domain-verification=dv-Example0Example0Example0"\n'
    )
    assert _scan(path).code == 0
    assert _names(path) == set()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("status: SERVFAIL", "answers that say nothing: SERVFAIL (1)"),
        ("status: REFUSED", "answers that say nothing: REFUSED (1)"),
        ("status: NXDOMAIN", "answers that say nothing: NXDOMAIN (1)"),
    ],
)
def test_an_answer_of_dig_that_says_nothing_is_not_nothing(
    tmp_path: Path, said: str, reason: str
) -> None:
    path = tmp_path / "answers.txt"
    path.write_text(
        f"; <<>> DiG 9.18.49 <<>> TXT {DOMAIN}\n"
        f";; ->>HEADER<<- opcode: QUERY, {said}, id: 42001\n"
        f";{DOMAIN}.\t\tIN\tTXT\n"
    )
    ran = _scan(path)
    (source,) = ran.json()["sources"]
    assert (ran.code, source["status"], source["reason"]) == (4, "partial", reason)


def test_from_asks_nobody(tmp_path: Path) -> None:
    ran = gnomon("dns", DOMAIN, "--from", ZONE, "--db", tmp_path / "x.db")
    assert ran.code == 2
    assert "--from asks nobody" in ran.err


@contextmanager
def _bind(folder: Path) -> Iterator[int]:
    """Serve the example's zone with BIND on a free port of loopback."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    (folder / "named.conf").write_text(
        f'options {{ directory "{folder}"; listen-on port {port} {{ 127.0.0.1; }};'
        f" listen-on-v6 {{ none; }}; pid-file none; recursion no; session-keyfile none;"
        f' managed-keys-directory "{folder}"; }};\ncontrols {{}};\n'
        f'zone "{DOMAIN}" {{ type primary; file "{folder}/zone"; }};\n'
    )
    (folder / "zone").write_bytes(ZONE.read_bytes())
    command = [str(NAMED), "-c", str(folder / "named.conf"), "-g"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        said = next((one for one in server.stderr if one.rstrip().endswith("running")), None)
        try:
            assert said is not None, "named did not start"
            yield port
        finally:
            server.terminate()
            server.stderr.read()


@pytest.mark.skipif(NAMED is None, reason="BIND is not installed (bind9)")
def test_a_real_server_shows_what_the_file_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with _bind(tmp_path) as port:
        ran = gnomon(
            "dns", DOMAIN, "--resolver", f"127.0.0.1:{port}", "--pace", 100,
            "--db", tmp_path / "zone.db", "--format", "json",
        )  # fmt: skip
    assert ran.code == 0
    assert {one["status"] for one in ran.json()["sources"]} == {"complete"}
    assert _names(tmp_path / "zone") == {"Azure OpenAI", "Botpress", "ChatGPT", "Claude"}


@pytest.mark.skipif(NAMED is None or DIG is None, reason="BIND and dig are not installed")
def test_what_dig_prints_is_read(tmp_path: Path) -> None:
    with _bind(tmp_path) as port:
        asked = [str(DIG), "@127.0.0.1", "-p", str(port), DOMAIN, "TXT", f"ask.{DOMAIN}", "CNAME"]
        said = subprocess.run(asked, capture_output=True, check=True).stdout
        short = subprocess.run(
            [*asked[:4], "+noall", "+answer", *asked[4:]], capture_output=True, check=True
        ).stdout
    for name, content in (("long", said), ("short", short)):
        path = tmp_path / name
        path.write_bytes(content)
        assert _scan(path).code == 0
        assert _names(path) == {"Botpress", "ChatGPT", "Claude"}
