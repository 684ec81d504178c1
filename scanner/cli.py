"""The command line: one group, each command in a file of its own that is imported when it runs."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from pathlib import Path
from typing import cast

import click

from scanner import __version__
from scanner.errors import ExitCode, GnomonError

_COMMANDS = Path(__file__).parent / "commands"


class LazyGroup(click.Group):
    """Finds its commands by the files of ``scanner/commands``."""

    def list_commands(self, _: click.Context) -> list[str]:
        names = (module.name for module in pkgutil.iter_modules([str(_COMMANDS)]))
        return sorted(name for name in names if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"scanner.commands.{cmd_name}")
        return cast("click.Command", module.command)


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 error, 2 usage, 3 nothing recognised, 4 some source incomplete.",
)
@click.version_option(__version__, prog_name="gnomon")
def gnomon() -> None:
    """Find the AI that your organisation really uses, from evidence it already has."""


def main() -> None:
    """Run the command line; every error becomes one sentence and its documented exit code."""
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123 - open until the end
    try:
        code = gnomon.main(standalone_mode=False)
        sys.stdout.flush()
    except GnomonError as error:
        code = _fail(str(error), error.exit_code)
    except click.Abort:
        code = _fail("stopped; what was finished before is kept", ExitCode.ERROR)
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.DONE
    except OSError as error:  # a full disk, a terminal that is gone
        code = _fail(f"output failed: {error.strerror or error}", ExitCode.ERROR)
    sys.exit(code if isinstance(code, int) else ExitCode.DONE)


def _fail(message: str, code: ExitCode) -> ExitCode:
    from scanner.output import say

    say(f"gnomon: {message}")
    return code


if __name__ == "__main__":
    main()
