"""Names of one's own: which domains are asked about, what lies below them, which labels are tried."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from scanner.errors import ConfigError
from scanner.hosts import fold

# Some fifty, where organisations put assistants, support, documentation and what they try out.
COMMON = (
    "agent", "agents", "ai", "answers", "api", "app", "apps", "ask", "assistant", "bot", "bots",
    "chat", "chatbot", "community", "contact", "copilot", "demo", "desk", "dev", "developer",
    "developers", "docs", "email", "faq", "genai", "gpt", "help", "helpcenter", "helpdesk", "hr",
    "kb", "knowledge", "labs", "learn", "llm", "mail", "mcp", "meet", "meeting", "ml", "models",
    "portal", "search", "service", "status", "studio", "support", "talk", "tickets", "voice", "www",
)  # fmt: skip
NOBODY = "gnomon-"  # how a label begins that nobody gave a name
_LONGEST = 253  # RFC 1035, section 2.3.4


def domains_of(text: str) -> tuple[str, ...]:
    """Return the domains in a text with commas, as A-labels, in order. Raises ConfigError."""
    return tuple(sorted({_domain(one) for one in _parts(text)}))


def labels_of(text: str) -> tuple[str, ...]:
    """Return the labels to try: the common ones, and those in a text with commas."""
    return tuple(sorted({*COMMON, *(_label(one) for one in _parts(text))}))


def is_below(name: str, domains: Iterable[str]) -> bool:
    """Whether a name is one of the domains or lies below one."""
    return any(name == one or name.endswith(f".{one}") for one in domains)


def is_name(name: str) -> bool:
    """Whether a name is one that a question may hold."""
    return len(name) <= _LONGEST and all(map(_is_label, name.split(".")))


def nobodys_label(domain: str) -> str:
    """Return a label that nobody gave a name: whatever answers to it answers to all.

    It is the same each time, so that two scans ask the same.
    """
    return f"{NOBODY}{hashlib.blake2b(domain.encode(), digest_size=6).hexdigest()}"


def _parts(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _domain(text: str) -> str:
    name = fold(text.encode()).rstrip(".")
    if "." not in name or not is_name(name):
        raise ConfigError(f"{text!r} is no domain; give one such as example.org")
    if name.rsplit(".", 1)[1].isdigit():
        raise ConfigError(f"{text!r} is an address; give a domain such as example.org")
    return name


def _label(text: str) -> str:
    label = text.lower()
    if not all(map(_is_label, label.split("."))):
        raise ConfigError(f"{text!r} is no label; give one such as chat")
    return label


def _is_label(label: str) -> bool:
    """Whether a label is one that a question may hold: letters, digits, hyphens, underscores."""
    plain = label.replace("-", "").replace("_", "")
    return 0 < len(label) <= 63 and plain.isascii() and plain.isalnum()
