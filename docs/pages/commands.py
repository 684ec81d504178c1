"""The help of every command, and what its exit code says."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pages import NOTE
from scanner.cli import gnomon
from scanner.errors import ExitCode

_EXIT_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.ERROR: "error: a broken signature file, an unusable database, a check that failed",
    ExitCode.USAGE: "usage: a path, an option, a name or a setting that does not exist",
    ExitCode.NOTHING_RECOGNISED: "nothing that was named is a log that can be read",
    ExitCode.INCOMPLETE: "done, but some source (or signature file) could not be read, or not whole",
    ExitCode.NEW: "`scan --fail-on new`: an AI system that no scan before had shown",
    ExitCode.UNREVIEWED: "`scan --fail-on unreviewed`: an AI system that nobody has decided on",
    ExitCode.PROHIBITED: "`scan --fail-on prohibited`: an AI system that was prohibited",
}


def commands_page() -> str:
    """The help of every command, as the terminal shows it."""
    parts = ["# Command reference\n\n", NOTE]
    for path, command in _commands(gnomon, "gnomon"):
        context = click.Context(command, info_name=path, max_content_width=100)
        parts.append(f"## {path}\n\n```\n{command.get_help(context)}\n```\n\n")
    return "".join(parts).rstrip() + "\n"


def _commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _commands(inner, f"{path} {name}")


def exit_codes_page() -> str:
    rows = "".join(f"| {code.value} | {_EXIT_MEANINGS[code]} |\n" for code in ExitCode)
    return f"# Exit codes\n\n{NOTE}| code | meaning |\n|---|---|\n{rows}"


PAGES = {"docs/commands.md": commands_page, "docs/exit-codes.md": exit_codes_page}
