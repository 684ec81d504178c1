"""Fuzzes a target with atheris: ``python -m tests.fuzzing dns --seconds 300 --corpus FOLDER``.

What libFuzzer is given behind ``--`` it gets as it is. An input that crashes, or takes longer than a second, is
left in the corpus folder's parent as ``crash-...``.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["scanner", "integrations", "dns"]):
    from tests.fuzzing.targets import TARGETS

_MOST_SECONDS = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing")
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--corpus", type=Path, required=True)
    given, rest = parser.parse_known_args()
    run = TARGETS[given.target].run
    given.corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(TARGETS[given.target].seeds):
        (given.corpus / f"seed-{number}").write_bytes(seed)

    def once(data: bytes) -> None:
        begin = time.process_time()
        run(data)
        took = time.process_time() - begin
        assert took < _MOST_SECONDS, f"{len(data)} bytes took {took:.1f} seconds"

    options = [
        f"-max_total_time={given.seconds}",
        f"-artifact_prefix={given.corpus.parent}/{given.target}-",
        "-rss_limit_mb=2048",
        "-timeout=20",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, *rest, str(given.corpus)], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
