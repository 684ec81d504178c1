"""What a Julia Project.toml wants; the reader of Manifest.toml needs it for what is direct."""

from __future__ import annotations

import posixpath
from typing import Any

from scanner.manifests import Group
from scanner.manifests.untyped import mapping

_ENVIRONMENTS = {"test": Group.TEST, "docs": Group.DEV}


def wanted(data: dict[str, Any], folder: str) -> dict[str, tuple[str, Group]]:
    """Return each package with the section that names it and what it is for."""
    main = _ENVIRONMENTS.get(posixpath.basename(folder), Group.RUNTIME)
    extras = Group.TEST if set(mapping(data.get("targets"))) <= {"test"} else Group.DEV
    found: dict[str, tuple[str, Group]] = {}
    for section, group in (("deps", main), ("weakdeps", Group.OPTIONAL), ("extras", extras)):
        for name in mapping(data.get(section)):
            found.setdefault(name, (section, group))
    return found
