"""The logs beside Zeek's conn.log that name its connections."""

import gzip
from pathlib import Path

import pytest

from scanner.inputs import LogInput
from scanner.logs.formats import zeek_json, zeek_tsv
from scanner.logs.lines import batch_of
from scanner.model import Findings
from scanner.privacy import Privacy, Pseudonyms
from scanner.reading import Tools, companions
from scanner.reading.companions import companions_of, flows, note, stamp, suffices
from scanner.reading.tasks import Looked, look
from scanner.shapes import Shapes
from tests.support import NOW, a_matcher

_SSL = (
    b"#path\tssl\n#fields\tts\tuid\tid.orig_h\tserver_name\testablished\n"
    b"1795226310.1\tC1\t10.0.0.7\tApi.OpenAI.com\tT\n"
    b"1795226310.2\tC2\t10.0.0.7\twww.example.org\tT\n"
    b"1795226310.3\tC3\t10.0.0.7\tchatgpt.com\tF\n"
    b"1795226310.4\tC4\t10.0.0.7\t-\tT\n"
)
_QUIC = b'{"ts":1795226310.5,"uid":"C5","id.orig_h":"10.0.0.8","server_name":"chatgpt.com"}\n'
_CONN = (
    b"#path\tconn\n#fields\tts\tuid\tid.orig_h\tconn_state\torig_bytes\tresp_bytes\n"
    b"1795226310.1\tC1\t10.0.0.7\tSF\t50000\t900\n"
    b"1795226310.2\tC2\t10.0.0.7\tSF\t60000\t900\n"
    b"1795226310.5\tC5\t10.0.0.8\tSF\t700\t900\n"
)


def _tools(folder: Path) -> Tools:
    return Tools(
        formats=[zeek_tsv.FORMAT, zeek_json.FORMAT],
        envelopes=[],
        binaries=[],
        matcher=a_matcher(),
        shapes=Shapes([]),
        pseudonyms=Pseudonyms(b"k" * 32, Privacy.IDENTIFIED),
        folder=folder,
        now=NOW,
    )


def _looked(path: Path) -> Looked:
    return look(_tools(path.parent), LogInput(str(path)), [], "stamp", 1)


def _bytes_up(found: Findings) -> dict[tuple[str, str], tuple[int, int, str]]:
    return {
        (key.detection, key.actor): (one.events, one.bytes_up, one.level.label)
        for key, one in found.evidence.items()
    }


@pytest.mark.parametrize(
    ("conn", "ssl"),
    [
        ("conn.log", "ssl.log"),
        ("conn.log", "quic.log"),
        ("conn.log.gz", "ssl.log"),
        ("conn.log", "ssl.log.gz"),
        ("conn.2026-11-20-08-00-00.log", "ssl.2026-11-20-08-00-00.log"),
        ("conn.08:00:00-09:00:00.log.gz", "ssl.08:00:00-09:00:00.log.gz"),
        ("conn_20261120.log", "ssl_20261120.log"),
        ("sensor1-conn.json.log", "sensor1-ssl.json.log"),
    ],
)
def test_a_companion_is_called_as_the_log_is(conn: str, ssl: str, tmp_path: Path) -> None:
    (tmp_path / ssl).touch()
    assert companions.companions(tmp_path / conn) == [tmp_path / ssl]


@pytest.mark.parametrize(
    ("conn", "ssl"),
    [
        ("conn.09:00:00-10:00:00.log", "ssl.08:00:00-09:00:00.log"),
        ("dns.log", "ssl.log"),
        ("ssl.log", "ssl.log"),
        ("connections.log", "sslections.log"),
        ("conn_long.log", "ssl.log"),
    ],
)
def test_a_log_of_another_time_or_kind_is_none(conn: str, ssl: str, tmp_path: Path) -> None:
    (tmp_path / ssl).touch()
    assert companions.companions(tmp_path / conn) == []


def test_a_folder_or_nothing_of_that_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "ssl.log").mkdir()
    assert companions.companions(tmp_path / "conn.log") == []


def test_logs_of_other_formats_standard_input_and_archives_have_none(tmp_path: Path) -> None:
    (tmp_path / "ssl.log").touch()
    conn = str(tmp_path / "conn.log")
    assert companions_of(LogInput(conn), "zeek-tsv") == (tmp_path / "ssl.log",)
    assert companions_of(LogInput(conn), "squid") == ()
    assert companions_of(LogInput("-"), "zeek-tsv") == ()
    assert companions_of(LogInput(conn, label="logs.zip/conn.log"), "zeek-tsv") == ()


def test_the_connections_to_wanted_hosts_by_their_ids(tmp_path: Path) -> None:
    (tmp_path / "ssl.log.gz").write_bytes(gzip.compress(_SSL))
    (tmp_path / "quic.log").write_bytes(_QUIC)
    paths = [tmp_path / "ssl.log.gz", tmp_path / "quic.log"]
    assert flows(_tools(tmp_path), paths) == {b"C1": "api.openai.com", b"C5": "chatgpt.com"}


def test_tsv_and_json_name_the_same_connections() -> None:
    as_json = (
        b'{"ts":1,"uid":"C1","server_name":"Api.OpenAI.com","established":true}\n'
        b'{"ts":1,"uid":"C3","server_name":"chatgpt.com","established":false}\n'
        b'{"ts":1,"uid":"C4","established":true}\n'
        b'{"ts":1,"uid":"C6","_path":"dns","query":"chatgpt.com"}\n'
        b'{"ts":1,"uid":"C7","server_name":"chatgpt.com","x":1e400}\n'
        b"no record\n"
    )
    hosts = a_matcher().host_table()
    named = [(b"C1", "api.openai.com")]
    assert list(zeek_json.flows([batch_of(as_json.splitlines())], hosts)) == named
    assert list(zeek_tsv.flows([batch_of(_SSL.splitlines())], hosts)) == named


def test_names_beyond_the_bound_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(companions, "_MOST", 2)
    path = tmp_path / "quic.log"
    path.write_bytes(b"".join(_QUIC.replace(b"C5", b"C%d" % number) for number in range(9)))
    assert flows(_tools(tmp_path), [path]) == {b"C0": "chatgpt.com", b"C1": "chatgpt.com"}


def test_a_companion_that_is_gone_or_damaged_harms_nothing(tmp_path: Path) -> None:
    rows = b"".join(b"1795226310.1\tD%d\t10.0.0.7\tchatgpt.com\tT\n" % n for n in range(9_999))
    (tmp_path / "ssl.log.gz").write_bytes(gzip.compress(_SSL + rows)[:-9_000])
    found = flows(_tools(tmp_path), [tmp_path / "quic.log", tmp_path / "ssl.log.gz"])
    assert found[b"C1"] == "api.openai.com"
    assert 1 < len(found) < 10_000
    assert stamp([tmp_path / "quic.log"]) == "|quic.log 0"


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_look_at_conn_ties_its_bytes_to_names(pack, tmp_path: Path) -> None:
    (tmp_path / "ssl.log").write_bytes(_SSL)
    (tmp_path / "quic.log").write_bytes(_QUIC)
    (tmp_path / "conn.log").write_bytes(pack(_CONN))
    looked = _looked(tmp_path / "conn.log")
    assert looked.shown is not None
    assert _bytes_up(looked.shown.findings) == {
        ("openai.api", "10.0.0.7"): (0, 50_000, "used"),
        ("openai.web", "10.0.0.8"): (0, 700, "connected"),
    }
    assert looked.shown.findings.hosts == {}
    assert looked.shown.notes == ("bytes are tied to the names in ssl.log and quic.log",)
    tally = looked.shown.tally
    assert (tally.parsed, tally.ignored) == (2, {"header": 2, "conn record without a host": 1})


def test_conn_alone_shows_nothing_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "conn.log").write_bytes(_CONN)
    looked = _looked(tmp_path / "conn.log")
    assert looked.shown is not None
    assert looked.shown.findings.evidence == {}
    assert looked.shown.notes == ()
    assert looked.shown.tally.parsed == 0
    assert looked.shown.tally.ignored["conn record without a host"] == 3


def test_other_companions_are_another_reading(tmp_path: Path) -> None:
    (tmp_path / "conn.log").write_bytes(_CONN)
    alone = _looked(tmp_path / "conn.log").reading
    (tmp_path / "ssl.log").write_bytes(_SSL)
    with_one = _looked(tmp_path / "conn.log").reading
    (tmp_path / "ssl.log").write_bytes(_SSL * 2)
    with_longer = _looked(tmp_path / "conn.log").reading
    assert len({alone, with_one, with_longer}) == 3
    assert suffices(with_one, alone)
    assert not suffices(alone, with_one)
    assert not suffices(with_one, with_longer)


def test_notes_name_the_companions() -> None:
    assert note([]) == ()
    assert note([Path("ssl.log")]) == ("bytes are tied to the names in ssl.log",)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_log_of_all_connections_names_them_itself(pack, tmp_path: Path) -> None:
    quic = b"#path\tquic\n#fields\tts\tuid\tid.orig_h\tserver_name\n1795226310.5\tC5\t10.0.0.8\tchatgpt.com\n"
    path = tmp_path / "zeek.log"
    path.write_bytes(pack(_CONN + _SSL + quic))
    looked = _looked(path)
    assert looked.shown is not None
    assert _bytes_up(looked.shown.findings) == {
        ("openai.api", "10.0.0.7"): (1, 50_000, "used"),
        ("openai.web", "10.0.0.7"): (1, 0, "attempt"),
        ("openai.web", "10.0.0.8"): (1, 700, "connected"),
    }
    assert looked.shown.notes == ()
    assert looked.shown.tally.ignored["conn record without a host"] == 1


def test_json_of_all_logs_ties_its_bytes_to_names_in_one_go(tmp_path: Path) -> None:
    path = tmp_path / "zeek.json"
    path.write_bytes(
        b'{"_path":"ssl","ts":1,"uid":"C1","id.orig_h":"10.0.0.7","server_name":"api.openai.com"}\n'
        b'{"_path":"conn","ts":1,"uid":"C1","id.orig_h":"10.0.0.7","conn_state":"SF","orig_bytes":50000,"resp_bytes":900}\n'
    )
    looked = _looked(path)
    assert looked.shown is not None
    assert _bytes_up(looked.shown.findings) == {("openai.api", "10.0.0.7"): (1, 50_000, "used")}
    assert looked.how is not None
    assert looked.how.names_itself
