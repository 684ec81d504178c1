"""Write, or check, what the documentation takes from the code.

python docs/generate.py          writes docs/*.md, the README's tables and the JSON Schemas
python docs/generate.py --check  says which of them are out of date, and fails if any is
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages import (
    ROOT,
    base,
    between,
    commands,
    database,
    exports,
    logs,
    records,
    reports,
    roles,
    trees,
)


def readme() -> str:
    """The first page, with the channels and the formats."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    text = between(text, "channels", base.channels_table())
    return between(text, "formats", logs.formats_list())


PAGES = {"README.md": readme}
for part in (base, commands, database, exports, logs, records, reports, roles, trees):
    PAGES.update(part.PAGES)


def main() -> int:
    """Write what is out of date, or only say so; returns the exit code."""
    stale = []
    for name, make in PAGES.items():
        path = ROOT / name
        text = make()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if "--check" not in sys.argv:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        print(f"out of date: {', '.join(stale)}; run python docs/generate.py", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
