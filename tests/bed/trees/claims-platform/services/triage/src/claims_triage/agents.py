"""Agents of ours: people who work on claims."""

from __future__ import annotations


def run(model: object, answer: object) -> str:
    import anthropic

    return anthropic.Anthropic().messages.create(model=FALLBACK, max_tokens=9, messages=[]).id


FALLBACK = "claude-3-5-haiku-latest"
