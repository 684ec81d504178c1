"""What a component shows: that an application contains AI, that AI helped to make it, or neither."""

from __future__ import annotations

import re

from scanner.model import Category, Component, EvidenceKind, Group, Identifier, Signature

# What programs call by an address of it; that of any other is a link to read.
_CALLED = frozenset(
    {
        Category.MODEL_API,
        Category.MODEL_GATEWAY,
        Category.INFERENCE_HOSTING,
        Category.LOCAL_RUNTIME,
        Category.AGENT_PLATFORM,
        Category.ML_PLATFORM,
        Category.TOOL_API,
        Category.VECTOR_DB,
        Category.OBSERVABILITY,
        Category.EVALUATION,
        Category.GUARDRAILS,
        Category.MCP_SERVER,
        Category.SEARCH_RESEARCH,
        Category.TRANSLATION,
        Category.IMAGE_VIDEO,
        Category.AUDIO_VOICE,
    }
)
_HOSTS = (Identifier.HOST, Identifier.HOST_PATH)
# What writes programs; where development or a pipeline runs it, it is no part of what they make.
_MAKING = frozenset({Category.CODING_AGENT, Category.CODING_ASSISTANT, Category.APP_BUILDER})
_OF_MAKERS = (Group.DEV, Group.BUILD)
_RUN_BY_MAKERS = (Identifier.PACKAGE, Identifier.GITHUB_ACTION, Identifier.CONTAINER)
# Where people read and get keys, and no program calls.
_PAGES = (
    "www.",
    "docs.",
    "console.",
    "dashboard.",
    "help.",
    "status.",
    "blog.",
    "legal.",
    "apidoc.",
)
_PAGE = re.compile(
    r"/(?:api-?keys?|billing|docs|documentation|home|legal|policies|pricing|privacy|settings|sign-?up"
    r"|(?:[\w-]+-)?privacy-policy|terms-of-\w+)(?:\.html?)?(?:/|$)"
)


# Types of a library for those who write programs, and data of a language: they run nothing.
_STUBS = re.compile(
    r"pkg:pypi/(?:types-.+|.+-stubs|mypy-boto3(?:-.+)?|[a-z]{2}-(?:core|dep|ent)-(?:web|news|wiki)-\w+)"
    r"|pkg:npm/(?:%40|@)types/.+"
)


def has_stubs(package: str) -> bool:
    """Whether a package, by its purl, is but types of libraries or data, and no program."""
    return _STUBS.fullmatch(package) is not None


def says_nothing(signature: Signature, channel: Identifier) -> bool:
    """Whether a name in a tree is nothing to tell: the address of a service that may have AI too.

    Slack's own has no part of Slack AI in it; in a log it at least shows who uses Slack.
    """
    return channel in _HOSTS and signature.detection.evidence is EvidenceKind.PRESENCE


def is_built(signature: Signature, component: Component) -> bool:
    """Whether a component shows that an application contains AI, rather than that AI helped to make it."""
    kind = signature.detection.evidence
    if component.speaks_to or has_stubs(component.value):
        return False
    if component.channel is Identifier.CONTAINER:
        return kind.creates_system  # what runs beside it is part of it
    if component.channel in _HOSTS:
        return kind.creates_system and _is_called(signature, component.value)
    return kind is EvidenceKind.BUILD


def _is_called(signature: Signature, host: str) -> bool:
    """Whether what is written into a program as an address is called by it, and no mere link."""
    is_page = host.startswith(_PAGES) or _PAGE.search(host)
    return signature.product.category in _CALLED and not is_page


def is_tool(signature: Signature, component: Component) -> bool:
    """Whether a component is AI that people make the application with, such as a coding agent."""
    kind = signature.detection.evidence
    if component.channel is Identifier.CONTAINER and component.group.is_shipped:
        return False
    is_run = component.group in _OF_MAKERS and component.channel in _RUN_BY_MAKERS
    if is_run and signature.product.category in _MAKING:
        return kind.creates_system
    is_other = kind.creates_system and kind is not EvidenceKind.BUILD
    return is_other and component.channel not in _HOSTS


def is_sample(component: Component) -> bool:
    """Whether a file for a tool lies among tests, examples or documentation: nobody works by it."""
    return component.channel is Identifier.FILE and component.group in (Group.TEST, Group.EXAMPLE)


def is_shipped(signature: Signature, component: Component) -> bool:
    """Whether a component alone makes an application an AI system.

    A key in it does not: it may be a sample, and who has a key calls by something else too.
    """
    is_enough = component.channel is not Identifier.KEY_SHAPE and component.is_shipped
    return is_enough and is_built(signature, component)
