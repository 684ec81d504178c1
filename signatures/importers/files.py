"""The files of a source, read whole; what cannot be read is told by path, and by line if it has one."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
import zlib
from pathlib import Path
from typing import Any

from scanner.errors import UsageError

_LINE = re.compile(r" ?\(?(?:at )?line (\d+)")


def text_of(file: Path) -> str:
    """Return the text of a file that is UTF-8, unpacked if its name ends with .gz."""
    try:
        content = file.read_bytes()
        if file.suffix == ".gz":
            content = gzip.decompress(content)
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UsageError(f"{file}:{line}: is not UTF-8") from error
    except (OSError, EOFError, zlib.error) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from error


def toml_of(file: Path) -> dict[str, Any]:
    """Return what a TOML file holds."""
    text = text_of(file)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else text.count("\n") + 1
        raise UsageError(f"{file}:{line}: not TOML: {error}") from error


def json_of(file: Path) -> dict[str, Any]:
    """Return the object that a JSON file holds."""
    try:
        content = json.loads(text_of(file))
    except json.JSONDecodeError as error:
        raise UsageError(f"{file}:{error.lineno}: not JSON: {error.msg}") from error
    except RecursionError as error:
        raise UsageError(f"{file}: not JSON: nested too deep") from error
    if not isinstance(content, dict):
        raise UsageError(f"{file}:1: holds no JSON object")
    return content


def not_the_source(folder: Path, looked_for: str, source: str) -> UsageError:
    """Return the error to raise for a folder without the files that make it a source."""
    return UsageError(f"{folder}: found no {looked_for}; name the folder of {source}")
