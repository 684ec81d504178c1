"""The signature base keeps its own rules, and a broken file is told by path and line."""

from datetime import date
from pathlib import Path

import pytest

from scanner.compiled import open_base
from scanner.matching import Matcher
from signatures.checks import check
from signatures.loader import read_folders
from tests.running import gnomon
from tests.signatures import GOOD
from tests.support import the_base

TODAY = date(2026, 11, 21)


def problems_of(text: str, folder: Path) -> list[str]:
    (folder / "acme.yaml").write_text(text)
    pack = read_folders([folder])
    found = check(pack, Matcher(pack.vendors).match_value, TODAY)
    return [f"{problem.path.name}:{problem.line}: {problem.message}" for problem in found]


def test_the_built_in_base_is_clean_and_large() -> None:
    known = the_base()
    errors = [one for one in check(known.pack, known.matcher.match_value, TODAY) if not one.warns]
    assert errors == []
    assert len(known.pack.vendors) >= 900
    assert sum(len(vendor.products) for vendor in known.pack.vendors) >= 1600


def test_an_overlay_adds_a_vendor_and_changes_the_version(tmp_path: Path) -> None:
    assert problems_of(GOOD, tmp_path) == []
    known = open_base([tmp_path])
    met = known.matcher.match_host("api.acme-ai.example")
    assert met is not None
    assert met.product_key == "acme/chat"
    assert known.pack.version != the_base().pack.version


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("category: assistant", "category: robot", "acme.yaml:11: Invalid enum value 'robot'"),
        ("name: Acme Chat", "nmae: Acme Chat", "acme.yaml:10: unknown key 'nmae'"),
        ("schema: 1", "schema: 2", "acme.yaml:1: schema is 2; this gnomon reads 1"),
        ("suffix: [acme-ai.example]", "suffix: [Acme-AI.example]", "'Acme-AI.example' is not a lower"),
        ("suffix: [acme-ai.example]", "suffix: [amazonaws.com]", "belongs to a whole cloud"),
        ("suffix: [acme-ai.example]", "pattern: ['api.*.example']", "leaves the registrable domain open"),
        ("confidence: 90", "confidence: 0", "confidence 0 is not from 1 to 100"),
        ("evidence: use", "evidence: presence", "presence evidence may not claim more than 50"),
        ("no_match: [notacme-ai.example]", "no_match: []", "near misses that must not are both required"),
        ("no_match: [notacme-ai.example]", "no_match: [x.acme-ai.example]", "must not match 'x.acme"),
        ("match: [acme-ai.example, ", "match: [other.example, ", "must match 'other.example', which meets nothing"),
        ("sources: [a test]", "sources: []", "no source says so"),
        ("id: acme.chat.host", "id: Acme_Chat", "not lower-case words joined by dots"),
        ("channel: host", "channel: oauth", "a name alone is none"),
        ("channel: host", "channel: package", "no purl"),
        ("updated: 2026-11-21", "updated: soon", "acme.yaml:7: "),
        ("products:", "products: [", "not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_path_and_line(
    before: str, after: str, said: str, tmp_path: Path
) -> None:
    assert before in GOOD
    found = problems_of(GOOD.replace(before, after), tmp_path)
    assert any(said in one for one in found), found


def test_a_host_of_two_products_is_told(tmp_path: Path) -> None:
    (tmp_path / "zeta.yaml").write_text(GOOD.replace("id: acme", "id: zeta"))
    assert [one for one in problems_of(GOOD, tmp_path) if "also in" in one] == [
        "zeta.yaml:14: zeta.chat.host: acme-ai.example is also in acme.chat.host"
    ]


def test_one_bad_file_does_not_stop_the_load(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("{")
    (tmp_path / "acme.yaml").write_text(GOOD)
    pack = read_folders([tmp_path])
    assert "acme" in {vendor.id for vendor in pack.vendors}
    assert [problem.path.name for problem in pack.problems] == ["bad.yaml"]


def test_match_answers_in_order_with_null_for_the_unknown() -> None:
    values = b"api.openai.com\nevilopenai.com\n\nAPI.OpenAI.COM.\nwww.example.org\n"
    rows = gnomon(
        "signatures", "match", "--channel", "host", "--format", "ndjson", stdin=values
    ).ndjson()
    assert [row and (row["value"], row["vendor"], row["product"]) for row in rows] == [
        ("api.openai.com", "openai", "openai-api"),
        None,
        ("API.OpenAI.COM.", "openai", "openai-api"),
        None,
    ]
    assert {"vendor_name", "category", "detection", "kind", "confidence"} < set(rows[0])


@pytest.mark.parametrize(
    ("channel", "value", "vendor"),
    [
        ("package", "pkg:pypi/OpenAI@1.2.3", "openai"),
        ("package", "pkg:npm/%40anthropic-ai/sdk", "anthropic"),
        ("package", "pkg:pypi/requests", None),
        ("env", "ANTHROPIC_API_KEY", "anthropic"),
        ("env", "GITHUB_TOKEN", None),
        ("oauth", "client_id=e0476654-c1d5-430b-ab80-70cbd947616a;app_name=Whatever", "openai"),
        ("oauth", "app_name=ChatGPT;client_id=11111111-2222-3333-4444-555555555555", None),
        ("dns_txt", "openai-domain-verification=dv-AbCdEfGhIjKlMnOpQrStUvWx", "openai"),
        ("host_path", "www.bing.com/chat", "microsoft"),
        ("host_path", "www.bing.com/search", None),
    ],
)
def test_match_works_on_other_channels(channel: str, value: str, vendor: str | None) -> None:
    (row,) = gnomon(
        "signatures", "match", "--channel", channel, value, "--format", "ndjson"
    ).ndjson()
    assert (row and row["vendor"]) == vendor


def test_a_model_api_of_nobody_we_know_is_told_by_its_path() -> None:
    values = ["llm.corp.example/v1/chat/completions", "www.corp.example/v1/chat"]
    found = gnomon(
        "signatures", "match", "--channel", "host_path", *values, "--format", "json"
    ).json()
    assert found[0]["product"] == "unknown-model-api"
    assert found[0]["kind"] == "candidate"
    assert found[1] is None


def test_list_and_show() -> None:
    rows = gnomon("signatures", "list", "--format", "ndjson").ndjson()
    assert {"product", "name", "vendor", "detections", "channels"} <= set(rows[0])
    assert gnomon("signatures", "show", "openai").json()["name"] == "OpenAI"
    ran = gnomon("signatures", "check")
    assert (ran.code, "no problems" in ran.err) == (0, True)
