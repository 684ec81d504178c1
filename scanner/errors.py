"""What can go wrong, in words a person can act on, each with its exit code.

Exit codes are part of the command line's contract (see docs/exit-codes.md).
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """The process exit codes of every command. Stable: scripts rely on them."""

    DONE = 0
    ERROR = 1
    USAGE = 2
    NOTHING_RECOGNISED = 3
    INCOMPLETE = 4
    # With --fail-on, of what was asked for the gravest.
    NEW = 10
    UNREVIEWED = 11
    PROHIBITED = 12


class GnomonError(Exception):
    """Something that stops a command; the text says what happened, where, and what to do next."""

    exit_code = ExitCode.ERROR


class UsageError(GnomonError):
    """The command was asked for something that does not exist or cannot be combined."""

    exit_code = ExitCode.USAGE


class ConfigError(GnomonError):
    """A gnomon.toml that cannot be read or says something it may not say."""

    exit_code = ExitCode.USAGE


class StoreError(GnomonError):
    """The database cannot be opened, read or written. What it held before is untouched."""


class SourceError(GnomonError):
    """One evidence source cannot be read. The scan goes on with the others."""
