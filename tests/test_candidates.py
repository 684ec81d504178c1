"""What looks like AI and is named by no signature: from a log to the queue, and out of it."""

from pathlib import Path
from typing import Any

import pytest

from scanner import compiled
from scanner.model import EvidenceKind
from scanner.store import Reader
from signatures import loader
from signatures.writer import write
from tests.running import Ran, gnomon
from tests.support import detection, vendor

ALL = loader.BUILT_IN


@pytest.fixture(autouse=True)
def built_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a few of the built-in vendors in the place of all: an overlay has all read again."""
    folder = tmp_path / "built-in"
    folder.mkdir()
    for name in ("openai", "anthropic", "deepseek"):
        (folder / f"{name}.yaml").write_bytes((ALL / name[0] / f"{name}.yaml").read_bytes())
    monkeypatch.setattr(loader, "BUILT_IN", folder)
    monkeypatch.setattr(compiled, "BUILT_IN", folder)
    monkeypatch.setenv("GNOMON_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


def squid(*requests: str) -> bytes:
    """Return a line of Squid for each ``METHOD URL``."""
    return b"".join(
        b"%d.000 15 10.0.0.7 TCP_MISS/200 1832 %s ana HIER_DIRECT/203.0.113.7 text/html\n"
        % (1795226310 + number, request.encode())
        for number, request in enumerate(requests)
    )


def scan(*arguments: object) -> Ran:
    return gnomon("scan", *arguments, "--format", "json")


def seen(log: Path, *requests: str, into: str = "gnomon.db") -> None:
    """Scan a log of these requests."""
    log.write_bytes(squid(*requests))
    assert scan(log, "--db", into).code == 0


def listed(*arguments: object) -> list[dict[str, Any]]:
    """Return the candidates as they are listed."""
    ran = gnomon("candidates", "list", *arguments, "--format", "json")
    assert ran.code == 0
    return ran.json()


def signals(*arguments: object) -> dict[str, list[str]]:
    """Return the signals of each candidate that is listed."""
    return {one["subject"]: one["signals"] for one in listed(*arguments)}


def statuses() -> dict[str, str]:
    """Return what was decided on each candidate."""
    return {one["subject"]: one["status"] for one in listed("--all")}


def systems() -> list[str]:
    """Return the names of the inventory."""
    return [one["name"] for one in gnomon("inventory", "list", "--format", "json").json()]


def decided(subject: str) -> list[tuple[str, str, str]]:
    """Return what was decided about a candidate, by whom and why, the newest first."""
    with Reader(Path("gnomon.db"), read_only=True) as store:
        found = store.decisions_on(f"candidate:host:{subject}")
    return [(one.verdict, one.by, one.reason) for one in found]


def test_a_post_to_a_model_api_of_squid_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b"1795226310.136 15 10.0.0.7 TCP_MISS/200 1832 POST http://gw.harbour.example/llm/v1/chat/completions?key=1 ana HIER_DIRECT/203.0.113.7 application/json\n"
        b"1795226311.136 15 10.0.0.7 TCP_MISS/200 1832 GET http://docs.pine.example/v1/chat/completions ana HIER_DIRECT/203.0.113.7 text/html\n"
        b"1795226312.136 15 10.0.0.7 TCP_MISS/201 1832 POST http://shop.oak.example/v1/orders ana HIER_DIRECT/203.0.113.7 text/html\n"
        b"1795226313.136 15 10.0.0.7 TCP_MISS/200 1832 POST http://shop.oak.example/?next=/v1/chat/completions ana HIER_DIRECT/203.0.113.7 text/html\n"
        b"1795226314.000  0 10.0.0.8 NONE/400 3494 GET error:invalid-request - HIER_NONE/- text/html\n"
        b"1795226315.000  0 10.0.0.8 what is this\n"
    )
    assert account(log) == ("squid", 6, 4, 1, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_post_to_a_model_api_of_w3c_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b"#Software: Example Proxy 7.3\n"
        b"#Fields: date time c-ip cs-username cs-method cs-host cs-uri-path cs-uri-query sc-status\n"
        b"2026-11-20 08:01:02 10.0.0.7 ana POST gw.harbour.example /llm/v1/chat/completions ?key=1 200\n"
        b"2026-11-20 08:01:03 10.0.0.7 ana GET docs.pine.example /v1/chat/completions - 200\n"
        b"2026-11-20 08:01:04 10.0.0.7 ana POST shop.oak.example /v1/orders - 201\n"
        b"2026-11-20 08:01:05 10.0.0.7 ana POST - /v1/chat/completions - 400\n"
        b"2026-11-20 08:01:06 too short\n"
    )
    assert account(log) == ("w3c", 7, 3, 3, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_post_to_a_model_api_of_zeek_tsv_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b"#separator \\x09\n#path\thttp\n"
        b"#fields\tts\tuid\tid.orig_h\tmethod\thost\turi\tstatus_code\n"
        b"1795226310.1\tC1\t10.0.0.7\tPOST\tgw.harbour.example\t/llm/v1/chat/completions?key=1\t200\n"
        b"1795226311.1\tC2\t10.0.0.7\tGET\tdocs.pine.example\t/v1/chat/completions\t200\n"
        b"1795226312.1\tC3\t10.0.0.7\tPOST\tshop.oak.example\t/v1/orders\t201\n"
        b"1795226313.1\tC4\t10.0.0.7\tPOST\t-\t/v1/chat/completions\t400\n"
        b"1795226314.1\tC5\n"
    )
    assert account(log) == ("zeek-tsv", 8, 3, 4, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_post_to_a_model_api_of_zeek_json_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b'{"ts":1795226310.1,"uid":"C1","id.orig_h":"10.0.0.7","method":"POST","host":"gw.harbour.example","uri":"/llm/v1/chat/completions?key=1","status_code":200}\n'
        b'{"ts":1795226311.1,"uid":"C2","id.orig_h":"10.0.0.7","method":"GET","host":"docs.pine.example","uri":"/v1/chat/completions","status_code":200}\n'
        b'{"ts":1795226312.1,"uid":"C3","id.orig_h":"10.0.0.7","method":"POST","host":"shop.oak.example","uri":"/v1/orders","status_code":201}\n'
        b'{"ts":1795226313.1,"uid":"C4","id.orig_h":"10.0.0.7","method":"POST","uri":"/v1/chat/completions","status_code":400}\n'
        b'{"ts":1795226314.1,"uid":"C5",\n'
    )
    assert account(log) == ("zeek-json", 5, 3, 1, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_post_to_a_model_api_of_csv_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b"timestamp,client_ip,user,method,url,status_code\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,ana,post,https://gw.harbour.example/llm/v1/chat/completions?key=1,200\n"
        b"2026-11-20T08:01:03Z,10.0.0.7,ana,GET,https://docs.pine.example/v1/chat/completions,200\n"
        b"2026-11-20T08:01:04Z,10.0.0.7,ana,POST,https://shop.oak.example/v1/orders,201\n"
        b"2026-11-20T08:01:05Z,10.0.0.7,ana,POST,-,201\n"
        b"2026-11-20T08:01:06Z,10.0.0.7\n"
    )
    assert account(log) == ("csv", 6, 3, 2, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_path_and_a_host_in_columns_of_their_own_are_one_url(log: Path) -> None:
    log.write_bytes(
        b"timestamp,client_ip,method,http_host,uri,status_code\n"
        b"2026-11-20T08:01:02Z,10.0.0.7,POST,gw.harbour.example,/v1/messages?beta=true,200\n"
        b"2026-11-20T08:01:03Z,10.0.0.7,GET,docs.pine.example,/v1/messages,200\n"
    )
    assert account(log) == ("csv", 3, 2, 1, 0)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_post_to_a_model_api_of_json_lines_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b'{"time":"2026-11-20T08:01:02Z","url":"https://gw.harbour.example/llm/v1/chat/completions?key=1","method":"POST"}\n'
        b'{"time":"2026-11-20T08:01:03Z","url":"https://docs.pine.example/v1/chat/completions","method":"GET"}\n'
        b'{"time":"2026-11-20T08:01:04Z","url":"https://shop.oak.example/v1/orders","method":"POST"}\n'
        b'{"time":"2026-11-20T08:01:05Z","note":"nothing happened"}\n'
        b'{"time":"2026-11-20T08:01:06Z",\n'
    )
    assert account(log) == ("jsonl", 5, 3, 1, 1)
    assert signals() == {"harbour.example": ["api_path"]}


def account(log: Path) -> tuple[str, int, int, int, int]:
    """Scan a log; return its format and how many lines were read, parsed, ignored, rejected."""
    (source,) = scan(log).json()["sources"]
    assert source["status"] == "complete"
    return (
        source["format"],
        source["read"],
        source["parsed"],
        source["ignored"],
        source["rejected"],
    )


def test_a_post_to_a_model_api_of_tmg_is_a_sign_and_a_get_is_none(log: Path) -> None:
    log.write_bytes(
        b"#Software: Microsoft Forefront Threat Management Gateway\n"
        b"#Fields: c-ip cs-username date time r-host cs-protocol s-operation cs-uri sc-status\n"
        b"10.0.0.7 ana 2026-11-20 08:01:02 gw.harbour.example http POST http://gw.harbour.example/v1/messages 200\n"
        b"10.0.0.7 ana 2026-11-20 08:01:03 docs.pine.example http GET http://docs.pine.example/v1/messages 200\n"
    )
    assert account(log) == ("w3c", 4, 2, 2, 0)
    assert signals() == {"harbour.example": ["api_path"]}


def test_a_candidate_is_listed_with_its_reasons(log: Path) -> None:
    seen(
        log,
        "POST http://gw.harbour.example/v1/chat/completions",
        "POST http://gw.harbour.example/v1/chat/completions",
        "POST http://www.example.org/",
    )
    assert listed() == [
        {
            "subject": "harbour.example",
            "channel": "host",
            "score": 90,
            "status": "open",
            "seen_as": ["gw.harbour.example"],
            "signals": ["api_path"],
            "proven": False,
            "level": "used",
            "records": 2,
            "first_seen": "2026-11-21T01:58:30Z",
            "last_seen": "2026-11-21T01:58:31Z",
            "reasons": ["request to an OpenAI-style model API (90)"],
            "sources": [str(log)],
        }
    ]


def test_a_name_of_interest_is_one_weak_signal(log: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443", "GET http://www.notely.ai/", "CONNECT example.org:443")
    (found,) = listed()
    assert (found["subject"], found["signals"], found["records"]) == ("notely.ai", ["name"], 2)
    assert (found["score"], found["proven"]) == (35, False)


def test_a_name_and_a_request_prove_it_together(log: Path) -> None:
    seen(log, "POST http://api.notely.ai/v1/chat/completions")
    (found,) = listed()
    assert (found["subject"], found["signals"]) == ("notely.ai", ["api_path", "name"])
    assert (found["score"], found["proven"]) == (94, True)


def test_reading_the_documentation_of_an_api_proves_nothing(log: Path) -> None:
    seen(log, "GET http://docs.notely.ai/reference/chat/completions")
    assert signals() == {"notely.ai": ["name"]}


def test_advertising_names_are_no_candidates(log: Path) -> None:
    seen(
        log, "GET http://sync.notely.ai/", "CONNECT rtb2.copy.ai:443", "CONNECT drift-pixel.ai:443"
    )
    assert listed("--all") == []


def test_known_vendors_are_systems_and_never_candidates(log: Path) -> None:
    seen(
        log,
        "POST http://api.openai.com/v1/chat/completions",
        "CONNECT chatgpt.com:443",
        "CONNECT claude.ai:443",
        "POST http://api.deepseek.com/chat/completions",
    )
    assert listed("--all") == []
    assert len(systems()) == 4


def test_a_candidate_is_never_in_the_inventory(log: Path) -> None:
    seen(log, "POST http://api.notely.ai/v1/chat/completions", "CONNECT claude.ai:443")
    assert signals() == {"notely.ai": ["api_path", "name"]}
    assert systems() == ["Claude"]


def test_a_model_api_on_shared_infrastructure_is_a_candidate_by_its_whole_host(
    log: Path, built_in: Path
) -> None:
    shared = detection("cloud.any", evidence=EvidenceKind.SUPPORTING, suffix=("cloud.example",))
    (built_in / "cloud.yaml").write_text(write(vendor("cloud", shared)))
    seen(
        log,
        "POST http://ana-llm.eu.cloud.example/v1/messages",
        "GET http://gpt.eu.cloud.example/",
        "POST http://eu.cloud.example/v1/orders",
    )
    assert signals() == {"ana-llm.eu.cloud.example": ["api_path"]}


def test_the_same_log_twice_gives_the_same_counts(log: Path) -> None:
    seen(log, "POST http://gw.harbour.example/v1/messages", "CONNECT app.notely.ai:443")
    before = listed()
    assert scan(log).json()["sources"][0]["status"] == "already_read"
    assert listed() == before


def test_a_grown_log_counts_each_line_once(log: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    seen(log, "CONNECT app.notely.ai:443", "CONNECT notely.ai:443")
    assert [one["records"] for one in listed()] == [2]


def test_two_logs_add_up(log: Path, tmp_path: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    seen(tmp_path / "b.log", "POST http://notely.ai/v1/messages")
    (found,) = listed()
    assert (found["records"], found["signals"]) == (2, ["api_path", "name"])
    assert found["sources"] == [str(log), str(tmp_path / "b.log")]


def test_the_surest_is_listed_first_and_lower_scores_can_be_left_out(log: Path) -> None:
    seen(
        log,
        "CONNECT app.notely.ai:443",
        "POST http://gw.harbour.example/v1/messages",
        "POST http://api.scribe.ai/v1/chat/completions",
    )
    order = ["scribe.ai", "harbour.example", "notely.ai"]
    assert [one["subject"] for one in listed()] == order
    assert [one["subject"] for one in listed("--min-score", 60)] == order[:2]
    assert listed("--min-score", 100) == []
    assert gnomon("candidates", "list", "--min-score", 101).code == 2


def test_candidates_are_listed_as_a_table_and_as_csv_too(log: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    assert "its name ends in .ai (35)" in gnomon("candidates", "list").out
    assert gnomon("candidates", "list", "--format", "csv").out.splitlines() == [
        "subject,score,seen_as,signals,level,records,first_seen,last_seen,reasons,status,channel",
        "notely.ai,35,app.notely.ai,name,connected,1,2026-11-21T01:58:30Z,2026-11-21T01:58:30Z,"
        "its name ends in .ai (35),open,host",
    ]


def test_without_a_database_nothing_is_listed_decided_or_made(tmp_path: Path, own: Path) -> None:
    for arguments in (
        ["list"],
        ["promote", "notely.ai", "--into", own],
        ["dismiss", "notely.ai", "--by", "Ana", "--reason", "why"],
    ):
        ran = gnomon("candidates", *arguments)
        assert (ran.code, "gnomon.db: no such database" in ran.err) == (1, True)
    assert not (tmp_path / "gnomon.db").exists()
    assert not own.exists()


def test_one_weak_signal_is_promoted_by_a_person_alone(log: Path, own: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    refused = gnomon("candidates", "promote", "notely.ai", "--into", own)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        "gnomon: one signal alone is not enough for notely.ai; "
        "a person may decide it: --by NAME --reason WHY\n"
    )
    assert (own.exists(), decided("notely.ai"), statuses()) == (False, [], {"notely.ai": "open"})
    promoted = gnomon(
        "candidates", "promote", "notely.ai", "--into", own, "--by", "Ana", "--reason", "we pay it"
    )
    assert promoted.code == 0
    assert (
        promoted.out == f"notely.ai: now known by {own}/own-notely-ai.yaml; scan again to see it\n"
    )
    assert promoted.err == (
        f'gnomon: add signatures = ["{own}"] to gnomon.toml, or give --signatures\n'
    )
    assert decided("notely.ai") == [("promoted", "Ana", "we pay it")]


def test_what_is_promoted_is_a_system_of_the_next_scan_and_no_candidate(
    log: Path, own: Path
) -> None:
    seen(log, "CONNECT app.notely.ai:443", "CONNECT scribe.ai:443")
    options = (
        "--by",
        "Ana",
        "--reason",
        "ours",
        "--name",
        "Notely",
        "--category",
        "meeting-notetaker",
    )
    assert gnomon("candidates", "promote", "notely.ai", "--into", own, *options).code == 0
    assert systems() == []
    ran = scan(log, "--signatures", own)
    assert (ran.code, ran.json()["signature_problems"]) == (0, [])
    (system,) = gnomon("inventory", "list", "--format", "json").json()
    assert (system["name"], system["category"]) == ("Notely", "meeting-notetaker")
    assert (system["evidence_level"], system["events"]) == ("connected", 1)
    assert signals() == {"scribe.ai": ["name"]}
    assert statuses() == {"scribe.ai": "open"}


def test_a_signature_made_by_promotion_passes_the_checks(log: Path, own: Path) -> None:
    seen(log, "POST http://api.notely.ai/v1/messages", "POST http://gw.harbour.example/v1/messages")
    subjects = ("notely.ai", "harbour.example")
    gnomon("candidates", "promote", *subjects, "--into", own, "--by", "Ana", "--reason", "ours")
    ran = gnomon("signatures", "check", own)
    assert [line for line in ran.out.splitlines() if str(own) in line] == []


def test_proven_takes_those_on_which_two_signals_agree(log: Path, own: Path) -> None:
    seen(
        log,
        "POST http://api.scribe.ai/v1/chat/completions",
        "POST http://gw.harbour.example/v1/messages",
        "CONNECT app.notely.ai:443",
    )
    ran = gnomon("candidates", "promote", "--proven", "--into", own)
    assert ran.code == 0
    assert [file.name for file in own.iterdir()] == ["own-scribe-ai.yaml"]
    assert decided("scribe.ai") == [
        (
            "promoted",
            "two independent signals",
            "its name ends in .ai; request to an OpenAI-style model API",
        )
    ]
    assert list(signals()) == ["harbour.example", "notely.ai"]
    assert scan(log, "--signatures", own).json()["systems"]["total"] == 1
    assert systems() == ["scribe.ai"]


def test_proven_leaves_alone_what_was_dismissed(log: Path, own: Path) -> None:
    seen(log, "POST http://api.scribe.ai/v1/chat/completions")
    gnomon("candidates", "dismiss", "scribe.ai", "--by", "Ana", "--reason", "a test")
    assert gnomon("candidates", "promote", "--proven", "--into", own).code == 0
    assert list(own.glob("*")) == []
    assert statuses() == {"scribe.ai": "dismissed"}


def test_gnomon_toml_names_the_folder_that_promotion_writes_into(
    log: Path, own: Path, tmp_path: Path
) -> None:
    (tmp_path / "gnomon.toml").write_text('signatures = ["own"]\n')
    own.mkdir()
    seen(log, "POST http://api.notely.ai/v1/messages")
    ran = gnomon("candidates", "promote", "notely.ai")
    assert (ran.code, ran.err) == (0, "")
    assert (own / "own-notely-ai.yaml").is_file()
    assert [one["status"] for one in listed("--all")] == ["promoted"]
    assert scan(log).json()["systems"]["total"] == 1


def test_of_a_domain_that_is_no_ai_by_name_only_the_hosts_that_behaved_so_are_promoted(
    log: Path, own: Path
) -> None:
    requests = (
        "POST http://gw.harbour.example/v1/messages",
        "GET http://www.harbour.example/",
        "CONNECT mail.harbour.example:443",
    )
    seen(log, *requests)
    gnomon(
        "candidates", "promote", "harbour.example", "--into", own, "--by", "Ana", "--reason", "ours"
    )
    scan(log, "--signatures", own)
    shown = gnomon("inventory", "show", "harbour.example", "--format", "json").json()
    assert shown["hosts"] == [{"host": "gw.harbour.example", "records": 1}]


def test_of_a_domain_that_is_ai_by_name_every_host_is_promoted(log: Path, own: Path) -> None:
    seen(log, "POST http://api.notely.ai/v1/messages", "CONNECT sync.notely.ai:443")
    gnomon("candidates", "promote", "notely.ai", "--into", own)
    scan(log, "--signatures", own)
    shown = gnomon("inventory", "show", "notely.ai", "--format", "json").json()
    assert [one["host"] for one in shown["hosts"]] == ["api.notely.ai", "sync.notely.ai"]


def test_every_host_that_behaved_so_is_promoted_whatever_the_api(log: Path, own: Path) -> None:
    seen(
        log,
        "POST http://claude-like.harbour.example/v1/messages",
        "POST http://gemini-like.harbour.example/v1/models/m:generateContent",
    )
    gnomon(
        "candidates", "promote", "harbour.example", "--into", own, "--by", "Ana", "--reason", "ours"
    )
    scan(log, "--signatures", own)
    shown = gnomon("inventory", "show", "harbour.example", "--format", "json").json()
    hosts = ["claude-like.harbour.example", "gemini-like.harbour.example"]
    assert [one["host"] for one in shown["hosts"]] == hosts


def test_another_host_of_a_promoted_domain_is_a_candidate_again(
    log: Path, own: Path, tmp_path: Path
) -> None:
    seen(log, "POST http://gw.harbour.example/v1/messages")
    gnomon(
        "candidates", "promote", "harbour.example", "--into", own, "--by", "Ana", "--reason", "ours"
    )
    later = tmp_path / "later.log"
    later.write_bytes(squid("POST http://lab.harbour.example/v1/messages"))
    scan(log, later, "--signatures", own)
    assert signals() == {"harbour.example": ["api_path"]}


def test_promotion_never_replaces_a_built_in_vendor(log: Path, own: Path, built_in: Path) -> None:
    known = vendor("notely-ai", detection("notely-ai.web", suffix=("notely.example",)))
    (built_in / "notely-ai.yaml").write_text(write(known))
    seen(log, "POST http://api.notely.ai/v1/messages", "CONNECT www.notely.example:443")
    assert systems() == ["Notely-Ai"]
    gnomon("candidates", "promote", "notely.ai", "--into", own)
    gnomon("scan", log, "--db", "again.db", "--signatures", own)
    ran = gnomon("inventory", "list", "--db", "again.db", "--format", "json")
    assert sorted(one["name"] for one in ran.json()) == ["Notely-Ai", "notely.ai"]


def test_promotion_never_overwrites_a_file_of_the_users(log: Path, own: Path) -> None:
    own.mkdir()
    mine = write(vendor("notely-ai", detection("mine", suffix=("mine.example",))))
    (own / "own-notely-ai.yaml").write_text(mine)
    seen(log, "POST http://api.notely.ai/v1/messages")
    gnomon("candidates", "promote", "notely.ai", "--into", own)
    assert (own / "own-notely-ai.yaml").read_text() == mine


def test_what_stands_for_further_hosts_is_never_promoted(
    log: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scanner.evidence._SIGNS_BOUND", 1)
    seen(
        log,
        "CONNECT first.ai:443",
        "CONNECT app.notely.ai:443",
        "POST http://gw.harbour.example/v1/messages",
    )
    gnomon("candidates", "promote", "--proven", "--into", own)
    assert list(own.glob("*")) == []


def test_dismissal_hides_a_candidate_and_all_shows_it(log: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443", "CONNECT scribe.ai:443")
    ran = gnomon("candidates", "dismiss", "notely.ai", "--by", "Ana", "--reason", "a magazine")
    assert (ran.code, ran.out, ran.err) == (0, "notely.ai: dismissed\n", "")
    assert list(signals()) == ["scribe.ai"]
    assert statuses() == {"notely.ai": "dismissed", "scribe.ai": "open"}
    assert scan(log).code == 0
    assert list(signals()) == ["scribe.ai"]


def test_decisions_are_added_and_never_changed(log: Path, own: Path) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    gnomon("candidates", "dismiss", "notely.ai", "--by", "Ana", "--reason", "a magazine")
    gnomon("candidates", "dismiss", "notely.ai", "--by", "Ben", "--reason", "still one")
    gnomon("candidates", "promote", "notely.ai", "--by", "Ana", "--reason", "a bot", "--into", own)
    assert decided("notely.ai") == [
        ("promoted", "Ana", "a bot"),
        ("dismissed", "Ben", "still one"),
        ("dismissed", "Ana", "a magazine"),
    ]
    assert statuses() == {"notely.ai": "promoted"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["promote", "--into", "own"], "name a candidate, or give --proven"),
        (["promote", "notely.ai"], "name a folder with --into, and in gnomon.toml"),
        (
            ["promote", "none.ai", "no.ai", "--into", "own"],
            "no candidate is none.ai, no.ai; see `gnomon candidates list`",
        ),
        (["promote", "notely.ai", "none.ai", "--into", "own", "--by", "x"], "is none.ai;"),
        (["promote", "notely.ai", "--into", "own", "--category", "nonsense"], "'nonsense'"),
        (["dismiss", "none.ai", "--by", "x", "--reason", "y"], "no candidate is none.ai;"),
        (["dismiss", "notely.ai", "none.ai", "--by", "x", "--reason", "y"], "is none.ai;"),
        (["dismiss", "notely.ai", "--by", "x"], "Missing option '--reason'"),
        (["dismiss", "notely.ai", "--reason", "x"], "Missing option '--by'"),
        (["dismiss", "--by", "x", "--reason", "y"], "Missing argument 'SUBJECTS...'"),
        (["judge", "--channel", "nonsense", "x"], "'nonsense'"),
    ],
)
def test_usage_is_explained_and_nothing_is_decided(
    arguments: list[str], said: str, log: Path, own: Path
) -> None:
    seen(log, "CONNECT app.notely.ai:443")
    ran = gnomon("candidates", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err
    assert (statuses(), own.exists()) == ({"notely.ai": "open"}, False)


def judged(*arguments: object, stdin: bytes = b"") -> dict[str, tuple[Any, ...]]:
    """Return for each judged value what names it, its score, and whether it is proven."""
    ran = gnomon("candidates", "judge", *arguments, "--format", "json", stdin=stdin)
    assert (ran.code, ran.err) == (0, "")
    return {one["value"]: (one["named"], one["score"], one["proven"]) for one in ran.json()}


def test_values_are_judged_by_their_looks_unless_a_signature_names_them() -> None:
    assert judged("notely.ai", "sync.notely.ai", "claude.ai", "www.example.org") == {
        "notely.ai": (None, 35, False),
        "sync.notely.ai": (None, None, None),
        "claude.ai": ("anthropic/claude", None, None),
        "www.example.org": (None, None, None),
    }


def test_values_are_judged_with_what_their_publisher_says() -> None:
    assert judged("notely.ai", "www.example.org", "--text", "your AI assistant") == {
        "notely.ai": (None, 77, True),
        "www.example.org": (None, 65, False),
    }


def test_lines_of_standard_input_are_values_with_their_texts() -> None:
    lines = (
        b"notely.ai\tyour AI assistant\r\nwww.example.org\tgarden tools\nscribe.ai\nclaude.ai\tx\n"
    )
    assert judged(stdin=lines) == {
        "notely.ai": (None, 77, True),
        "www.example.org": (None, None, None),
        "scribe.ai": (None, 35, False),
        "claude.ai": ("anthropic/claude", None, None),
    }


def test_no_lines_are_no_values() -> None:
    assert judged(stdin=b"") == {}


def test_packages_are_judged_by_what_they_are_built_on() -> None:
    channel = ("--channel", "package")
    built_on_ai = ("--depends", "pkg:npm/left-pad", "--depends", "pkg:npm/openai@4.2.0")
    assert judged(*channel, "pkg:npm/tidy", *built_on_ai) == {"pkg:npm/tidy": (None, 75, False)}
    assert judged(*channel, "pkg:npm/tidy-gpt", *built_on_ai) == {
        "pkg:npm/tidy-gpt": (None, 85, True)
    }
    assert judged(*channel, "pkg:npm/tidy", "--depends", "pkg:npm/left-pad") == {
        "pkg:npm/tidy": (None, None, None)
    }
    assert judged(*channel, "pkg:pypi/openai") == {
        "pkg:pypi/openai": ("openai/openai-api", None, None)
    }


def test_depends_holds_for_every_line_of_standard_input() -> None:
    lines = b"pkg:npm/tidy\npkg:npm/neat\tan LLM client\n"
    assert judged("--channel", "package", "--depends", "pkg:npm/openai", stdin=lines) == {
        "pkg:npm/tidy": (None, 75, False),
        "pkg:npm/neat": (None, 91, True),
    }


def test_urls_are_judged_by_host_and_path() -> None:
    values = ("gw.harbour.example/v1/messages", "notely.ai/v1/messages", "notely.ai/about")
    assert judged("--channel", "host_path", *values) == {
        "gw.harbour.example/v1/messages": (None, 70, False),
        "notely.ai/v1/messages": (None, 80, True),
        "notely.ai/about": (None, 35, False),
    }


def test_judging_stores_nothing(tmp_path: Path) -> None:
    judged("notely.ai")
    assert not (tmp_path / "gnomon.db").exists()


def test_a_host_is_judged_however_it_is_spelled() -> None:
    assert judged("Notely.AI", "notely.ai.") == {
        "Notely.AI": (None, 35, False),
        "notely.ai.": (None, 35, False),
    }


def test_a_line_of_odd_bytes_spoils_no_other() -> None:
    ran = gnomon("candidates", "judge", "--format", "json", stdin=b"notely.ai\n\xff.example\n")
    assert ran.json()[0]["score"] == 35


def test_an_argument_of_odd_bytes_is_judged_or_refused() -> None:
    assert gnomon("candidates", "judge", "\udcff.example").code in (0, 2)
