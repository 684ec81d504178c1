"""Tests of the signature base itself; here what they share: one good file, and a small base."""

from pathlib import Path

import pytest

GOOD = """\
schema: 1
id: acme
name: Acme AI
kind: vendor
tier: basic
status: active
updated: 2026-11-21
products:
  - id: chat
    name: Acme Chat
    category: assistant
    ai_nature: pure
    detections:
      - id: acme.chat.host
        channel: host
        suffix: [acme-ai.example]
        evidence: use
        confidence: 90
        sources: [a test]
        tests:
          match: [acme-ai.example, api.acme-ai.example]
          no_match: [notacme-ai.example]
"""


def a_base_of(
    folder: Path, patch: pytest.MonkeyPatch, text: str = GOOD, name: str = "acme"
) -> Path:
    """Make one file the whole built-in base: opening the real one takes seconds."""
    base = folder / "built-in"
    (base / name[0]).mkdir(parents=True)
    (base / name[0] / f"{name}.yaml").write_text(text)
    for module in ("signatures.loader", "signatures.checks", "scanner.compiled"):
        patch.setattr(f"{module}.BUILT_IN", base)
    patch.setenv("GNOMON_CACHE", str(folder / "cache"))
    patch.chdir(folder)
    return base
