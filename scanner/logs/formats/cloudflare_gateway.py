"""Cloudflare Gateway's DNS, HTTP and network logs in one file, as one collector receives them.

    {"Datetime":"2026-11-20T08:01:02Z","QueryName":"api.openai.com","QueryTypeName":"A","RCode":0,"ResolverDecision":"allowedOnNoPolicyMatch","SrcIP":"10.0.0.7"}
    {"Action":"forward","Datetime":"2026-11-20T08:01:02Z","DestinationIP":"203.0.113.9","SNI":"claude.ai","SourceIP":"10.0.0.7","Transport":"tcp"}

Each record is read as in a log of its own, and a file of one kind is left to the format of that.
Reference: https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/
"""

from __future__ import annotations

from scanner.hosts import HostTable
from scanner.logs import OF_A_PROXY, Format, Proof
from scanner.logs.clock import Clock
from scanner.logs.formats import cloudflare_dns, cloudflare_http, cloudflare_network
from scanner.logs.lines import Parsed, Refused, by_line, of_json

_PARSERS = (
    of_json(cloudflare_dns.Record, cloudflare_dns.parse),
    of_json(cloudflare_http.Record, cloudflare_http.parse),
    of_json(cloudflare_network.Record, cloudflare_network.parse),
)


def parse(line: bytes, hosts: HostTable, clock: Clock) -> Parsed:
    """Return what a record of any of Gateway's logs shows."""
    for parse_one in _PARSERS:
        found = parse_one(line, hosts, clock)
        if not isinstance(found, Refused):
            return found
    return Refused("no record of Gateway: not of its DNS, its HTTP nor its network log")


FORMAT = Format(
    name="cloudflare-gateway",
    title="Cloudflare Gateway, several logs in one (Logpush)",
    read=by_line(parse),
    specificity=58,
    proves=OF_A_PROXY - {Proof.BYTES_UP, Proof.BYTES_DOWN},
    reference="https://developers.cloudflare.com/logs/logpush/logpush-job/datasets/account/",
    sample=(
        b'{"Datetime":"2026-11-20T08:01:02Z","DeviceName":"laptop-ana","Email":"ana@corp.example",'
        b'"QueryName":"api.openai.com","QueryTypeName":"A","RCode":0,'
        b'"ResolverDecision":"allowedOnNoPolicyMatch","SrcIP":"10.0.0.7"}\n'
        b'{"Action":"allow","Datetime":"2026-11-20T08:01:03Z","Email":"ana@corp.example",'
        b'"HTTPHost":"api.openai.com","HTTPMethod":"POST","HTTPStatusCode":200,'
        b'"SourceIP":"10.0.0.7","URL":"https://api.openai.com/v1/responses"}\n'
        b'{"Action":"forward","Datetime":"2026-11-20T08:01:04Z","DestinationIP":"203.0.113.9",'
        b'"SNI":"claude.ai","SourceIP":"10.0.0.7","Transport":"tcp"}\n'
    ),
)
