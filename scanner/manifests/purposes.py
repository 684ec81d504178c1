"""What the files of a folder are for, as its name tells: tests, examples, making the rest."""

from __future__ import annotations

import re

from scanner.model import Group

# Folders whose files are about the application beside them, and what for.
_FOLDERS = {
    Group.TEST: ("test", "tests", "testing", "__tests__", "__mocks__", "spec", "specs", "e2e",
                 "testdata", "fixtures", "benchmark", "benchmarks", "evals"),
    Group.EXAMPLE: ("example", "examples", "sample", "samples", "demo", "demos", "docs", "doc", "tutorials", "cookbook"),
    Group.DEV: (".github", ".gitlab", ".circleci", ".devcontainer", ".vscode", ".idea", "ci", "scripts", "tools"),
}  # fmt: skip
_GROUP_OF = {name: group for group, names in _FOLDERS.items() for name in names}
# Where the folders begin that are the names of packages: src/main/java/com/acme/samples
_PACKAGES = re.compile(r"(?:^|.*?/)src/\w+/(?:java|kotlin|scala|groovy)/")
# At the top of a tree only: elsewhere a program keeps there what its agents may call.
_AT_THE_TOP = frozenset({"tools"})


def group_of_folder(folder: str) -> Group | None:
    """Return what a folder's files are for, by its name or that of one around it; None if no name tells."""
    folder = folder.lower()
    if packages := _PACKAGES.match(folder):
        folder = packages[0]
    for depth, name in enumerate(folder.split("/")):
        if name in _GROUP_OF and (depth == 0 or name not in _AT_THE_TOP):
            return _GROUP_OF[name]
    return None
