"""``gnomon capture``: the names that pass an interface, for a while; never what was said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from scanner.commands._shared import db_option, now, settings

if TYPE_CHECKING:
    from scanner.capture.live import Interface, Person

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


@click.command("capture")
@click.argument("interface")
@click.option(
    "--for",
    "duration",
    metavar="TIME",
    help="How long, such as 90s, 15m, 1h, 2d [default: until Ctrl-C].",
)
@click.option("--write", is_flag=True, help="Add what it shows to the inventory at the end.")
@db_option
def command(interface: str, duration: str | None, write: bool, db: str | None) -> int:
    """Listen to INTERFACE for names in DNS, TLS, QUIC and HTTP, and print them or add them to the
    inventory.

    What packets carry beyond the names, addresses, times and byte counts is kept nowhere. It needs
    the privilege to listen, so run it with sudo; that is given up as soon as the interface is open,
    and packets are read as whoever called sudo, else as nobody. Ctrl-C ends it, and keeps what came.
    """
    import os

    from scanner import spill
    from scanner.capture.live import Interface, whose

    seconds = _seconds(duration)
    opened, person = Interface(interface), whose()
    if not write:
        with os.fdopen(os.dup(1), "wb") as out:
            return _listen(opened, person, seconds, out)
    if person is not None and not person.is_nobody:  # what is written is to be theirs
        _become(person)
        person = None
    with spill.scratch() as folder:
        path = folder / "capture.ndjson"
        with path.open("wb") as out:
            code = _listen_apart(opened, person, seconds, out)
        return code or _scan(path, interface, db)


def _seconds(duration: str | None) -> float | None:
    """Return a time in seconds; None where there is no end. Raises UsageError."""
    from scanner.errors import UsageError

    if duration is None:
        return None
    found = re.fullmatch(r"(\d{1,6})([smhd])", duration)
    if found is None or not int(found[1]):
        raise UsageError(f"--for {duration}: give a time such as 90s, 15m, 1h or 2d")
    return float(int(found[1]) * _UNITS[found[2]])


def _listen(
    interface: Interface, person: Person | None, seconds: float | None, out: IO[bytes]
) -> int:
    """Give up all privileges, then read packets to the end that was set, or a signal."""
    import signal
    import time

    from scanner.capture.live import give_up_privileges, load_everything
    from scanner.capture.packets import packets_of
    from scanner.capture.reading import Reader
    from scanner.errors import ExitCode
    from scanner.output import say

    load_everything()
    give_up_privileges(person)
    signals: list[int] = []
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, lambda number, _: signals.append(number))
    end = None if seconds is None else time.monotonic() + seconds
    say(f"gnomon: listening to {interface.name}{'' if end else '; Ctrl-C ends it'}")
    reader, first = Reader(), 1
    for some in interface.packets(
        lambda: bool(signals) or (end is not None and time.monotonic() >= end)
    ):
        if some:
            _put(out, reader.read(packets_of(some, first)))
            first += len(some)
    dropped = interface.dropped()
    _put(out, reader.end())
    say(f"gnomon: {interface.name}: {first - 1:,} packets of TCP and UDP")
    if dropped:
        say(f"gnomon: {interface.name}: {dropped:,} packets came too fast and were not seen")
    return ExitCode.INCOMPLETE if dropped else ExitCode.DONE


def _become(person: Person) -> None:
    """Go on as whoever called sudo, with the home that they have."""
    import os
    import pwd

    from scanner.capture.live import give_up_privileges

    os.environ["HOME"] = pwd.getpwuid(person.user).pw_dir
    give_up_privileges(person)


def _put(out: IO[bytes], lines: list[bytes]) -> None:
    if lines:
        out.write(b"\n".join(lines) + b"\n")
        out.flush()


def _listen_apart(
    interface: Interface, person: Person | None, seconds: float | None, out: IO[bytes]
) -> int:
    """Listen in a process of its own: it has no privilege, and this one sees no packet."""
    import os
    import signal

    from scanner.errors import ExitCode, GnomonError
    from scanner.output import say

    child = os.fork()
    if child == 0:
        code: int = ExitCode.ERROR
        try:
            code = _listen(interface, person, seconds, out)
        except GnomonError as error:
            say(f"gnomon: {error}")
        finally:
            os._exit(code)
    interface.close()
    for one in (signal.SIGINT, signal.SIGTERM):  # the terminal tells both, others this one
        signal.signal(one, lambda number, _: os.kill(child, number))
    _, status = os.waitpid(child, 0)
    for one, usual in (
        (signal.SIGINT, signal.default_int_handler),
        (signal.SIGTERM, signal.SIG_DFL),
    ):
        signal.signal(one, usual)
    return os.waitstatus_to_exitcode(status)


def _scan(path: Path, interface: str, db: str | None) -> int:
    """Add what was heard to the inventory, as any log."""
    from scanner.commands import scan
    from scanner.inputs import LogInput
    from scanner.output import OutputFormat

    log = LogInput(str(path), "capture", label=f"capture of {interface}", written=now())
    return scan.scan_and_print(settings(db=db), [log], OutputFormat.TABLE)
