"""Runs ``gnomon`` without waiting for quotas, and says at the end how much memory it took, in MiB."""

from __future__ import annotations

import resource
import sys
from unittest import mock

from integrations.pace import SystemClock
from scanner.cli import main


def run() -> None:
    """Run the command line with the arguments of this process."""
    try:
        with mock.patch.object(SystemClock, "sleep"):
            main()
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        sys.stderr.write(f"peak {peak} MiB\n")


if __name__ == "__main__":
    run()
