"""The formats of logs: the list for the first page, and a page with a sample of each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pages import NOTE
from scanner.logs import Format, Proof
from scanner.registry import BINARIES, ENVELOPES, FORMATS, values


def formats_table() -> str:
    """The formats and what each can prove."""
    rows = ["| format | `--log-format` | " + " | ".join(Proof) + " |"]
    rows.append("|---|---|" + ":-:|" * len(Proof))
    for one in values(FORMATS):
        marks = " | ".join("yes" if proof in one.proves else "" for proof in Proof)
        rows.append(f"| [{one.title}]({one.reference}) | `{one.name}` | {marks} |")
    return "\n".join(rows) + "\n"


def formats_page() -> str:
    lines = ["# Log formats\n", NOTE + formats_table()]
    lines.append(
        "\nEvery format is told by its content; `--log-format` forces one. `gnomon detect FILE` says "
        "how each format did on a log. Formats of your own: see [the README](../README.md).\n"
    )
    lines.append("\n## Envelopes\n\n" + _plain_table(values(ENVELOPES)))
    lines.append("\n## Logs that are no text\n\n" + _plain_table(values(BINARIES)))
    lines.extend(f"\n## {one.title}\n\n```\n{_sample(one)}```\n" for one in values(FORMATS))
    return "".join(lines)


def _plain_table(plugins: Iterable[Any]) -> str:
    rows = "".join(f"| `{one.name}` | [{one.title}]({one.reference}) |\n" for one in plugins)
    return f"| name | what it is |\n|---|---|\n{rows}"


def _sample(one: Format) -> str:
    return one.sample.decode("utf-8", "backslashreplace")


def formats_list() -> str:
    """The formats by name, for the first page."""
    names = ", ".join(one.title for one in sorted(values(FORMATS), key=_by_title))
    return f"{len(values(FORMATS))} formats: {names}.\n"


def _by_title(one: Format) -> str:
    return one.title.casefold()


PAGES = {"docs/formats.md": formats_page}
