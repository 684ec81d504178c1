"""Google's own services: what its policies, logs and Cloud call them, and the hosts they are known by."""

from __future__ import annotations

from typing import Final, NamedTuple

from scanner.model import App, Identifier

GEMINI: Final = "gemini_app"
GEMINI_IN_WORKSPACE: Final = "gemini_in_workspace_apps"
NOTEBOOK: Final = "notebooklm"
STUDIO: Final = "workspace_studio"


class _Known(NamedTuple):
    title: str
    host: str


# By the names that policies and logs use. A service that is not here keeps its name alone.
_SERVICES: Final = {
    GEMINI: _Known("Gemini", "gemini.google.com"),
    GEMINI_IN_WORKSPACE: _Known("Gemini in Workspace", "appsgenaiserver-pa.clients6.google.com"),
    NOTEBOOK: _Known("NotebookLM", "notebooklm.google.com"),
    STUDIO: _Known("Google Workspace Studio", "studio.workspace.google.com"),
    "ai_studio": _Known("Google AI Studio", "aistudio.google.com"),
    "colab": _Known("Google Colab", "colab.research.google.com"),
    "appsheet": _Known("AppSheet", "www.appsheet.com"),
}
_OTHER_NAMES: Final = {"gemini_notebook": NOTEBOOK, "gemini": GEMINI, "gemini app": GEMINI}


def service_key(name: str) -> str:
    """Return the key of a service of Workspace, whichever of its names is given."""
    lowered = name.strip().lower()
    return f"service:{_OTHER_NAMES.get(lowered, lowered)}"


def service(name: str) -> App:
    """Return a service of Workspace as an application, with the names that tell which it is."""
    key = service_key(name)
    own = key.partition(":")[2]
    known = _SERVICES.get(own)
    if known is None:
        return App(key, name=name, kind="service")
    return App(
        key,
        name=known.title,
        kind="service",
        identifiers=((Identifier.APP_ID, own), (Identifier.HOST, known.host)),
    )


def cloud_key(host: str) -> str:
    """Return the key of an API of Google Cloud, known by its host."""
    return f"api:{host.strip().lower()}"


def cloud_api(host: str, title: str = "") -> App:
    """Return an API of Google Cloud as an application."""
    lowered = host.strip().lower()
    return App(
        cloud_key(lowered),
        name=title or lowered,
        kind="API",
        identifiers=((Identifier.HOST, lowered),),
    )
