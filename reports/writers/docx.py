"""Papers as Word documents: poured into a template, ours or the user's own.

A template is a Word document with places in double braces; docs/templates.md lists them. What
is filled in is always text: it is neither read as a place nor as markup.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.html import TEMPLATES
from reports.paper import Paper
from reports.texts import Texts
from reports.writers import in_words
from scanner.errors import UsageError

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

_OURS = TEMPLATES / "paper.docx"
# What a place in a template may raise, beside the template engine itself; broken XML is a SyntaxError.
_OF_TEMPLATES = (ArithmeticError, AttributeError, SyntaxError, TypeError, ValueError)


def write(paper: Paper, texts: Texts, template: Path | None = None) -> bytes:
    """Return the paper as a Word document. Raises UsageError for a template that cannot be used."""
    from reports.writers.zips import packed_at

    chosen = template or _OURS
    word = _opened(chosen)
    _pour(word, paper, texts, chosen)
    _describe(word, paper)
    out = io.BytesIO()
    word.save(out)
    return packed_at(out.getvalue(), paper.head.made_at)


def _opened(path: Path) -> DocxTemplate:
    from zipfile import BadZipFile

    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate

    try:
        word = DocxTemplate(io.BytesIO(path.read_bytes()))
        word.init_docx()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error
    except (BadZipFile, KeyError, OpcError, SyntaxError, ValueError) as error:
        raise UsageError(f"{path}: not a Word document (.docx) that can be a template") from error
    return word


def _pour(word: DocxTemplate, paper: Paper, texts: Texts, path: Path) -> None:
    from docx import Document
    from jinja2 import TemplateError

    from reports.writers.word_body import Body
    from reports.writers.word_styles import complete, has_bullets

    styles = complete(word.get_docx(), Document(str(_OURS)))
    body = Body(word, paper, texts, styles, "" if has_bullets(word.get_docx()) else "•\t")
    try:
        word.render(_places(body, paper, texts), _environment(texts))
    except (*_OF_TEMPLATES, TemplateError) as error:
        if path == _OURS:
            raise
        raise UsageError(
            f"{path}: a place in this template cannot be filled in: {_first_line(error)}; "
            "docs/templates.md lists the places"
        ) from error
    if _is_torn(word):
        raise UsageError(
            f"{path}: whole sections stand within a line of this template; "
            "write {{p body }}, with a p, in a paragraph of its own"
        )
    if not body.has_blind_spots:
        raise UsageError(
            f"{path}: this template leaves out what the evidence cannot show; "
            "put {{p body }} or {{p sections.blind }} in a paragraph of its own"
        )


def _is_torn(word: DocxTemplate) -> bool:
    """Return whether paragraphs stand where only text may."""
    from docx.oxml.ns import qn

    document: Any = word.docx
    return any(len(text) for text in document.element.body.iter(qn("w:t")))


def _places(body: Any, paper: Paper, texts: Texts) -> Mapping[str, Any]:
    return {
        "title": paper.title,
        "subtitle": paper.subtitle,
        "about": texts("common.about"),
        "head": paper.head,
        "data": paper.data,
        "body": body.whole(paper),
        "sections": body.sections(paper),
        "facts": body.facts(paper.head),
    }


def _environment(texts: Texts) -> SandboxedEnvironment:
    """Return what fills in a template: without its reach into Python, and with everything escaped."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def worded(value: Any) -> Any:
        return value if hasattr(value, "__html__") else in_words(value, texts)

    return ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=worded
    )


def _first_line(error: Exception) -> str:
    said = (str(error) or type(error).__name__).splitlines()[0]
    return said.replace("'dict object' has no attribute", "nothing here is named")


def _describe(word: DocxTemplate, paper: Paper) -> None:
    """Say whose document it is and of when, where Word keeps that, and in what language it is."""
    from docx.oxml.ns import qn

    from scanner.output import clean

    document: Any = word.docx  # what was filled in; get_docx would open the template anew
    about = document.core_properties
    about.title = clean(paper.title)[:255]
    about.author = clean(paper.head.organisation)[:255]
    about.last_modified_by = paper.head.tool
    about.language = paper.head.language
    about.revision = 1
    about.created = about.modified = paper.head.made_at.astimezone(UTC).replace(tzinfo=None)
    for spoken in document.styles.element.iter(qn("w:lang")):
        spoken.set(qn("w:val"), {"en": "en-GB", "fr": "fr-FR"}[paper.head.language])
