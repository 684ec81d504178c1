"""Files that say where an application is run: of hosts, clouds, systemd and telephones.

    # fly.toml
    app = "answers"

That there is such a file is told, by its name, and nothing of what it sets. Names that other
programs use too are told only where the file holds what the host asks for.
Reference: https://docs.cloud.google.com/appengine/docs/standard/reference/app-yaml
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scanner.manifests import Document, Found, Manifest, Mention, Tie, Unreadable
from scanner.model import Identifier

_HEAD = 64 * 1024
_NAMES = (
    *("vercel.json", "netlify.toml", "fly.toml", "render.yaml", "railway.json", "railway.toml"),
    *("Procfile", "heroku.yml", "wrangler.toml", "wrangler.json", "wrangler.jsonc"),
    *("firebase.json", "serverless.yml", "serverless.yaml", "samconfig.toml", "apprunner.yaml"),
    *("zappa_settings.json", "app.yaml", "azure.yaml", "eas.json", "Podfile"),
    "AndroidManifest.xml",
)
_SPELLED = {name.lower(): name for name in _NAMES}
_UNIT = "systemd.service"
# A line that a file of that name has, and that is no comment; most need only have some text.
_HOLDS = {
    "fly.toml": re.compile(
        r"^(?:app|primary_region)\s*=|^\[+(?:build|http_service|services)\b", re.M
    ),
    "netlify.toml": re.compile(r"^\s*\[+\w", re.M),
    "app.yaml": re.compile(r"^(?:runtime|env)\s*:", re.M),
    "azure.yaml": re.compile(r"^services\s*:", re.M),
    "serverless.yml": re.compile(r"^(?:provider|functions|component)\s*:", re.M),
    "serverless.yaml": re.compile(r"^(?:provider|functions|component)\s*:", re.M),
    "render.yaml": re.compile(r"^(?:services|databases|previews|projects)\s*:", re.M),
    "Procfile": re.compile(r"^[A-Za-z][\w-]*\s*:\s*\S", re.M),
    "Podfile": re.compile(r"^\s*(?:target|platform)\b(?!.*:(?:osx|macos))", re.M),
    "AndroidManifest.xml": re.compile(r"<application\b"),  # a library has none
    _UNIT: re.compile(r"^ExecStart\s*=", re.M),
}
_ANY = re.compile(r"^\s*[^\s#;/]", re.M)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read(document: Document) -> Iterator[Found]:
    name = _SPELLED.get(document.name.lower(), _UNIT)
    text = document.text
    if "\0" in text:
        raise Unreadable("no text")
    text = _COMMENT.sub(lambda one: "\n" * one[0].count("\n"), text) if "<!--" in text else text
    if found := _HOLDS.get(name, _ANY).search(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Mention(Identifier.FILE, name, line, tie=Tie.CONFIGURED)


MANIFEST = Manifest(
    name="hosting",
    title="Files of hosts and of what is installed",
    files=(*_NAMES, "*.service"),
    read=read,
    reference="https://docs.cloud.google.com/appengine/docs/standard/reference/app-yaml",
    head=_HEAD,
    samples={
        "answers/fly.toml": b"""\
# Where it runs
app = "answers"
""",
        "deploy/answers.service": b"""\
[Unit]
Description=Answers

[Service]
ExecStart=/opt/answers/bin/serve
""",
    },
)
