"""Link headers: where a list goes on, among whatever else an answer points to.

    <https://api.github.com/orgs/acme/installations?page=2>; rel="next", <...?page=9>; rel="last"

Reference: https://www.rfc-editor.org/rfc/rfc8288
"""

from __future__ import annotations

import re

_PARAMETER = r""";\s*([\w!#$%&'*+.^`|~-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^\s",;]*))?"""
_LINK = re.compile(rf"<([^<>]*)>\s*((?:{_PARAMETER}\s*)*)")
_ONE = re.compile(_PARAMETER)


def next_of(header: str) -> str:
    """Return the address of the next page; "" if none is named."""
    for link in _LINK.finditer(header):
        parameters = _ONE.findall(link[2])
        # Of several relations in one link the first alone counts, as the RFC says.
        relation = next((value for name, value in parameters if name.lower() == "rel"), "")
        if "next" in relation.strip("\"'").lower().split():
            return link[1]
    return ""
