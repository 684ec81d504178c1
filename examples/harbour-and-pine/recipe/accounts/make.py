#!/usr/bin/env python3
"""Write the accounts of Harbour & Pine: recordings and downloads, the same each time.

usage: make.py FOLDER [EXAMPLE]

With the folder of the example, what they show is written into its expected.json and EXPECTED.md.
"""
import json
import sys
from pathlib import Path

import downloads
import entra
import expected
import github
import google
import okta


def make(folder: Path) -> None:
    """Write every account into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, account in (("entra", entra), ("github", github), ("google", google), ("okta", okta)):
        account.write(folder / f"{name}.ndjson")
    for name, text in (
        ("google-accessed-apps.csv", google.accessed_apps()),
        ("google-oauth-log.csv", google.oauth_log()),
        ("workshop-sso.csv", downloads.workshop_sso()),
        ("expenses.csv", downloads.expenses()),
        ("applications.csv", downloads.register()),
        ("browser-extensions.csv", downloads.extensions()),
    ):
        (folder / name).write_text(text, encoding="utf-8")


def expect(example: Path) -> None:
    """Put what the accounts show beside what the logs show."""
    known = json.loads((example / "expected.json").read_text(encoding="utf-8"))
    known["accounts"] = expected.figures()
    text = json.dumps(known, indent=1, ensure_ascii=False)
    (example / "expected.json").write_text(text + "\n", encoding="utf-8")
    page = (example / "EXPECTED.md").read_text(encoding="utf-8").partition(expected.TITLE)[0].rstrip()
    (example / "EXPECTED.md").write_text(f"{page}\n\n{expected.page(known['accounts'])}", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        expect(Path(sys.argv[2]))
