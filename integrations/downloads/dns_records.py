"""What a domain publishes, without asking anybody: a zone file, or saved answers of dig.

    $ORIGIN harbour-pine.example.
    @     3600 IN TXT   "openai-domain-verification=dv-Example0Example0Example0"
    help       IN CNAME custom.intercom.help.

Reference: https://www.rfc-editor.org/rfc/rfc1035#section-5
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from integrations.downloads import Beginning, Download, Opened
from integrations.fields import Item
from integrations.public_dns.records import published
from integrations.public_dns.zones import Entry, entries, unread
from scanner.hosts import registrable_domain
from scanner.model import Record

_LARGEST = 64 * 1024 * 1024
_DIG = re.compile(r"^; <<>> DiG \S|^;; ->>HEADER<<- opcode: ", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\$(?:ORIGIN[ \t]+\S*\.|TTL[ \t]+\d)", re.MULTILINE)
_SOA = re.compile(
    r"^(?:@|[\w.-]+)?[ \t]+(?:\d\w*[ \t]+)?(?:IN[ \t]+)?SOA[ \t]+[\w.-]+[ \t]+[\w.\\-]+[ \t]+[(\d]",
    re.MULTILINE,
)
_RECORD = re.compile(r"[\w.*-]+\.[ \t]+\d+[ \t]+IN[ \t]+[A-Z][A-Z0-9]{0,9}[ \t]+\S")


def recognises(beginning: Beginning) -> bool:
    """Whether a file has the marks of dig or of a zone, or records and nothing else."""
    text = beginning.text
    if "\0" in text or beginning.is_json:
        return False
    if _DIG.search(text) or _DIRECTIVE.search(text) or _SOA.search(text):
        return True
    lines = [one for one in text.splitlines() if one.strip() and not one.startswith(";")]
    return bool(lines) and all(map(_RECORD.match, lines))


def missing(file: Opened) -> str:
    """Return what was asked for and has no answer in the file, and what lies in other files."""
    path = file.beginning.path
    if path.stat().st_size > _LARGEST:
        return "larger than 64 MiB: not read"
    return unread(path.read_text(file.beginning.encoding, "replace"))


def read(file: Opened) -> Iterator[Record]:
    """Yield what the records of the domain say, and nothing of those that they lead to."""
    path = file.beginning.path
    if path.stat().st_size > _LARGEST:
        return  # ``missing`` says so
    with path.open(encoding=file.beginning.encoding, errors="replace") as lines:
        found = list(entries(lines, file.bad))
    own = _own(found)
    for one in found:
        if registrable_domain(one.name) in own:
            yield from published(Item(one._asdict(), file.bad), {})


def _own(found: list[Entry]) -> set[str]:
    """Return the domains whose records these are: not those that are only there because a name
    leads to them."""
    led_to = {one.value for one in found if one.type == "CNAME"}
    return {registrable_domain(one.name) for one in found if one.name not in led_to}


DOWNLOAD = Download(
    name="dns-records",
    title="DNS records: a zone file, or saved answers of dig",
    system="dns",
    reference="https://www.rfc-editor.org/rfc/rfc1035#section-5",
    recognises=recognises,
    read=read,
    missing=missing,
    samples={
        "harbour-pine.zone": (
            b"$TTL 3600\n"
            b"$ORIGIN harbour-pine.example.\n"
            b"@ IN SOA ns1 hostmaster (2026111601 7200 900 1209600 3600)\n"
            b"  IN NS ns1\n"
            b'  IN TXT "openai-domain-verification=dv-Example0Example0Example0"\n'
            b"ns1 IN A 192.0.2.1\n"
            b"help IN CNAME custom.intercom.help.\n"
        ),
        "answers.txt": (
            b"\n; <<>> DiG 9.18.49 <<>> TXT harbour-pine.example\n"
            b";; global options: +cmd\n"
            b";; Got answer:\n"
            b";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 42001\n"
            b";; flags: qr rd ra; QUERY: 1, ANSWER: 1, AUTHORITY: 0, ADDITIONAL: 1\n\n"
            b";; QUESTION SECTION:\n"
            b";harbour-pine.example.\t\tIN\tTXT\n\n"
            b";; ANSWER SECTION:\n"
            b'harbour-pine.example.\t3600\tIN\tTXT\t"v=spf1 include:mail.example.com -all"\n\n'
            b";; Query time: 4 msec\n"
        ),
        "short.txt": b"help.harbour-pine.example. 3600 IN CNAME custom.intercom.help.\n",
    },
    verified_by="BIND 9.18 and its dig",
)
