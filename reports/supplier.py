"""The review of one supplier (A.10): evidence, questions with what is known, agreement, decision."""

from __future__ import annotations

from reports import About, Report, as_paper
from reports.head import blind_section, head_of
from reports.material import Material
from reports.paper import Paper
from reports.supplier_agreements import later_sections
from reports.supplier_annexes import annexes
from reports.supplier_answers import differences, question_sections
from reports.supplier_data import SupplierReview, review_data
from reports.supplier_sections import sections


def compose(material: Material) -> Paper:
    """Return the review of the supplier that the material is about."""
    texts, record = material.texts, material.supplier_record(material.about)
    return Paper(
        name="supplier",
        title=texts("supplier.title", name=record.name),
        subtitle=texts("supplier.subtitle", version=record.version),
        head=head_of(material),
        sections=(
            *sections(material, record),
            *question_sections(material, record),
            differences(material, record),
            *later_sections(material, record),
            blind_section(material),
            *annexes(material, record),
        ),
        data=review_data(record, texts),
    )


REPORT = Report(
    "supplier",
    "The review of one supplier: what rests on it, 36 questions, responsibilities, decision",
    as_paper(compose, "html", "docx", "md", "json"),
    about=About.SUPPLIER,
    compose=compose,
    data=SupplierReview,
)
