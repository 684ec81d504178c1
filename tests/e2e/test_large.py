"""The memory of a scan: bounded by what it keeps apart, whatever the log's size."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_exactly_once import counted, write_vendors
from tests.running import ROOT

_MIB = 1 << 20
_HOSTS = (b"api.openai.com", b"chat.deepseek.com", b"claude.ai", b"gemini.google.com")
# Runs a scan that keeps a tenth of the usual keys, and says the most memory that the process has held. (What getrusage says is no less
# than what the process that started this one held.)
_MEASURED = """
import sys
from pathlib import Path
from scanner import cli, compiled, evidence
from signatures import loader
evidence._KEYS_BOUND //= 10
loader.BUILT_IN = compiled.BUILT_IN = Path(sys.argv.pop(1))
try:
    cli.main()
finally:
    status = Path("/proc/self/status").read_text()
    print(status.partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""


def _write(path: Path, clients: int, times: int) -> None:
    """Write a log of Squid: clients that ask for four hosts each, and so many times as much else."""
    row = b"1795226310.136 15 10.%d.%d.%d TCP_TUNNEL/200 9 CONNECT %s:443 - HIER_DIRECT/- -\n"
    with path.open("wb") as file:
        for number in range(clients * times):
            address = (number >> 16, number >> 8 & 255, number & 255)
            hosts = _HOSTS if number < clients else [b"www%d.example.org" % (number % 100)] * 4
            file.writelines(row % (*address, host) for host in hosts)


def _peak(log: Path, vendors: Path, db: Path) -> int:
    """Scan a log in one process; returns the most bytes of memory that it held."""
    done = subprocess.run(
        [sys.executable, "-c", _MEASURED, vendors, "scan", log, "--db", db, "--jobs", "1"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=120,
    )
    return int(done.stderr.split()[-1]) * 1024


def _keys(db: Path) -> int:
    return len(counted(db)["evidence"])


@pytest.mark.skipif(sys.platform != "linux", reason="the memory is asked for as Linux tells it")
def test_memory_is_bounded_however_many_keys_and_lines_a_log_has(tmp_path: Path) -> None:
    """A process keeps 30,000 keys (here 3,000) and writes the rest to files.

    All three logs are so large that they are sifted: numpy and the filter take 25 MiB. Measured
    beside that, with 30,000: 40 MiB for 100 keys, 57 for 35,000 (58 if each comes ten times), 77
    for 300,000. Here all keys would be 15 MiB.
    """
    vendors = write_vendors(tmp_path / "vendors")
    peaks = {}
    for name, clients, times in (("few", 25, 100), ("many", 5_000, 1), ("long", 5_000, 10)):
        _write(tmp_path / name, clients, times)
        peaks[name] = _peak(tmp_path / name, vendors, tmp_path / f"{name}.db")
        assert _keys(tmp_path / f"{name}.db") == 4 * clients
    assert peaks["many"] < peaks["few"] + 12 * _MIB
    assert peaks["long"] < peaks["many"] + 6 * _MIB
