"""Cloudflare Gateway's logs in one file, read."""

from scanner.logs.detection import judge, sample_lines
from scanner.logs.formats import cloudflare_dns, cloudflare_http, cloudflare_network
from scanner.logs.formats.cloudflare_gateway import FORMAT
from scanner.registry import FORMATS, values
from tests.support import clock, read

_LOGS = [one.FORMAT for one in (cloudflare_dns, cloudflare_http, cloudflare_network)]


def test_each_record_is_read_as_in_a_log_of_its_own() -> None:
    text = b"".join(one.sample for one in _LOGS)
    apart = [seen for one in _LOGS for seen in read(one, one.sample).observations]
    reading = read(FORMAT, text)
    assert [seen._replace(line=0) for seen in reading.observations] == [
        seen._replace(line=0) for seen in apart
    ]
    assert reading.account == (len(apart), {}, 0)


def test_a_file_of_one_kind_is_left_to_its_own_format() -> None:
    for one in _LOGS:
        assert judge(values(FORMATS), sample_lines(one.sample), clock())[0].format is one


def test_other_json_is_refused() -> None:
    assert read(FORMAT, b'{"QueryName":"api.openai.com"}\n[1]\nx\n').account == (0, {}, 3)
