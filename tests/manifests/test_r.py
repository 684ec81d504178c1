"""R: DESCRIPTION and renv.lock."""

import pytest

from scanner.manifests import Group, Mention, Project, Tie, Unreadable
from scanner.manifests.kinds.r_description import MANIFEST as DESCRIPTION
from scanner.manifests.kinds.renv_lock import MANIFEST as LOCK
from scanner.model import Identifier
from tests.manifests.support import found, mentions


def _wanted(name: str, line: int, version: str = "", group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:cran/{name}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.DECLARED, group, is_direct=True)


def test_a_description_names_the_package_and_what_it_needs() -> None:
    text = """\
Package: answers
Title: Answers
    Mail
Version: 0.1.0
Authors@R: c(
    person("Ana", "Lima", , "ana@example.org", role = c("aut", "cre")),
    person(given = "Bo", family = "Ek"))
Description: Imports: openai, torch. Uses tensorflow,
    keras and others.
Depends: R (>= 4.1), ellmer
Imports:
    httr2 (>= 1.0.0),
    stats, utils,
    torch (>= 0.13),R6
LinkingTo: Rcpp
Suggests:
    testthat (>= 3.0.0),
    keras3
Enhances: tfdatasets
Remotes: tidyverse/ragnar
Encoding: UTF-8
"""
    assert found(DESCRIPTION, "DESCRIPTION", {"DESCRIPTION": text}) == [
        Project("answers", "0.1.0", "Answers Mail", ("Ana Lima", "Bo Ek")),
        _wanted("ellmer", 10),
        _wanted("httr2", 12, ">= 1.0.0"),
        _wanted("torch", 14, ">= 0.13"),
        _wanted("R6", 14),
        _wanted("Rcpp", 15, group=Group.BUILD),
        _wanted("testthat", 17, ">= 3.0.0", Group.OPTIONAL),
        _wanted("keras3", 18, group=Group.OPTIONAL),
    ]


def test_older_ones_name_authors_in_words() -> None:
    text = "Package: a\nVersion: 1\nAuthor: Ana Lima\nMaintainer: Ana Lima <ana@example.org>\n"
    people = ("Ana Lima", "Ana Lima <ana@example.org>")
    assert found(DESCRIPTION, "DESCRIPTION", {"DESCRIPTION": text}) == [
        Project("a", "1", people=people)
    ]


@pytest.mark.parametrize("text", ["", "Unnamed repository; edit this file.\n", "A note: torch\n"])
def test_another_description_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(DESCRIPTION, "DESCRIPTION", {"DESCRIPTION": text})


_LOCK = """\
{
  "R": {"Version": "4.4.1", "Repositories": [{"Name": "CRAN", "URL": "https://x.example.org"}]},
  "Bioconductor": {"Version": "3.19"},
  "Packages": {
    "BiocGenerics": {
      "Package": "BiocGenerics", "Version": "0.50.0", "Source": "Bioconductor",
      "Requirements": ["R", "methods"]
    },
    "ellmer": {
      "Package": "ellmer", "Version": "0.1.1", "Source": "Repository", "Repository": "CRAN",
      "Imports": ["httr2 (>= 1.0)", "utils"], "Suggests": ["torch"]
    },
    "httr2": {
      "Package": "httr2", "Version": "1.1.0", "Source": "Repository",
      "Requirements": ["cli", "R6"]
    },
    "cli": {"Package": "cli", "Version": "3.6.3", "Source": "Repository"},
    "torch": {"Package": "torch", "Version": "0.13.0", "Source": "GitHub",
      "RemoteUsername": "mlverse", "RemoteRepo": "torch", "LinkingTo": ["cli"]}
  }
}
"""


def _locked(
    value: str,
    line: int,
    version: str,
    is_direct: bool | None,
    *via: str,
    group: Group = Group.RUNTIME,
) -> Mention:
    value = f"pkg:{value}"
    return Mention(Identifier.PACKAGE, value, line, version, Tie.LOCKED, group, is_direct, via)


def test_a_lock_does_not_tell_what_is_direct() -> None:
    assert mentions(LOCK, "renv.lock", _LOCK) == [
        _locked("bioconductor/BiocGenerics", 5, "0.50.0", None),
        _locked("cran/ellmer", 9, "0.1.1", None),
        _locked("cran/httr2", 13, "1.1.0", None),
        _locked("cran/cli", 17, "3.6.3", None),
        _locked("cran/torch", 18, "0.13.0", None),
    ]


def test_the_description_beside_tells_what_is_direct() -> None:
    beside = "Package: a\nImports: ellmer\nSuggests: torch, ellmer\n"
    assert mentions(LOCK, "renv.lock", _LOCK, DESCRIPTION=beside) == [
        _locked("bioconductor/BiocGenerics", 5, "0.50.0", False),
        _locked("cran/ellmer", 9, "0.1.1", True),
        _locked("cran/httr2", 13, "1.1.0", False, "pkg:cran/ellmer"),
        _locked("cran/cli", 17, "3.6.3", False, "pkg:cran/ellmer", "pkg:cran/httr2"),
        _locked("cran/torch", 18, "0.13.0", True, group=Group.OPTIONAL),
    ]


@pytest.mark.parametrize("text", ["{}", "[]", '{"Packages": []}', '{"Packages": {"a": 1}}'])
def test_what_is_not_renvs_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        found(LOCK, "renv.lock", {"renv.lock": text})
