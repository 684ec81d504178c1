"""Jenkinsfile: the images, variables and shell steps of a pipeline; the program is not run.

    agent { docker { image 'python:3.12' } }
    steps { sh 'pip install openai' }

Reference: https://www.jenkins.io/doc/book/pipeline/syntax/
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Group, Manifest, Mention, Unreadable
from scanner.manifests.images import image
from scanner.manifests.pipelines import for_build, once
from scanner.manifests.settings import setting, variable
from scanner.manifests.shell import installs

_STRING = r"(?:'''(?P<{0}3>.*?)'''|\"\"\"(?P<{0}6>.*?)\"\"\"|'(?P<{0}1>(?:[^'\\\n]|\\.)*)'|\"(?P<{0}2>(?:[^\"\\\n]|\\.)*)\")"
_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"
    rf"|\b(?P<step>sh|bat|powershell|pwsh|image|docker\.image|variable)\b\s*[(:]?\s*(?:script:\s*)?{_STRING.format('a')}"
    rf"|\b(?P<name>[A-Z][A-Z0-9_]{{2,}})\s*=\s*(?:{_STRING.format('b')}|credentials\b)"
    rf"|{_STRING.format('c')}",
    re.DOTALL,
)


def read(document: Document) -> Iterator[Found]:
    if "\0" in document.text:
        raise Unreadable("no text")
    yield from once(for_build(_mentions(document.text)))


def _mentions(text: str) -> Iterator[Mention]:
    line, counted = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if found["name"]:
            yield from setting(found["name"], _text(found, "b"), line)
        elif found["step"] in ("image", "docker.image"):
            yield from image(_text(found, "a"), line, Group.BUILD)
        elif found["step"] == "variable":
            yield from variable(_text(found, "a"), line)
        elif found["step"]:
            yield from installs(_text(found, "a"), line)


def _text(found: re.Match[str], group: str) -> str:
    return next((found[f"{group}{n}"] for n in "3612" if found[f"{group}{n}"] is not None), "")


MANIFEST = Manifest(
    name="jenkinsfile",
    title="Jenkinsfile",
    files=("Jenkinsfile", "Jenkinsfile.*", "*.jenkinsfile"),
    read=read,
    reference="https://www.jenkins.io/doc/book/pipeline/syntax/",
    samples={
        "Jenkinsfile": b"""\
pipeline {
  agent { docker { image 'python:3.12' } }
  environment { OPENAI_API_KEY = credentials('openai') }
  stages { stage('review') { steps {
    sh '''
      pip install openai
      python review.py
    '''
  } } }
}
"""
    },
)
