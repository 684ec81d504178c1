"""Which applications a source tree holds, and which of its files belong to which."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from scanner.manifests import Project
from scanner.manifests.purposes import group_of_folder
from scanner.model import Group

# What is served as it lies there, a recipe to download too, is no application.
_SERVED = "static"
# Folders that only hold how others are built and run.
_DELIVERY = frozenset(
    {"docker", "deploy", "deployment", "infra", "infrastructure", "k8s", "kubernetes", "helm"}
    | {"charts", "chart", "terraform", "ops", "requirements", "config", "configs", ".docker"}
    | {"kustomize", "deployments"}
)
# Kinds of files that say how something is run, and not what it is made of.
_RECIPES = frozenset({"docker-compose", "dockerfile", "hosting"})
# Below these folders, what differs from place to place.
_STAGES = frozenset({"base", "overlays", "dev", "development", "staging", "prod", "production"})
_WORD = re.compile(r"[a-z0-9]+")
# What a generator will put a name in place of: {{folder_name}}, <%= name %>, ${name}, __name__.
_OPEN_NAME = re.compile(r"\{[{%]|<%|\$\{|__\w+__")
# A module of Go is called by where it can be had: git.harbour.example/dispatch/chat/v2.
_MODULE_PATH = re.compile(r"[\w-]+(?:\.[\w-]+)+/(?:.*?/)??([^/]+)(?:/v\d+)?")


@dataclass(slots=True)
class Place:
    """A folder in which an application is built: what files there say of it."""

    folder: str
    projects: list[Project] = field(default_factory=list)
    has_dependencies: bool = False  # some file there declares packages
    is_deployable: bool = False
    is_program: bool = False  # some file says what it is made of, and not only how it is run

    def tell(self, project: Project, kind: str) -> None:
        """Note what a file of some kind says."""
        self.projects.append(project)
        self.is_deployable |= project.is_deployable
        self.is_program |= kind not in _RECIPES

    def add(self, other: Place) -> None:
        """Add what other files of the folder say."""
        self.projects += other.projects
        self.has_dependencies |= other.has_dependencies
        self.is_deployable |= other.is_deployable
        self.is_program |= other.is_program


def group_of(path: str, own: Group) -> Group:
    """Return what a file's mention is for: what the file says, unless its folder says another thing."""
    if not own.is_shipped:
        return own
    return group_of_folder(posixpath.dirname(path)) or own


def roots(places: Mapping[str, Place]) -> list[str]:
    """Return the folders that are applications, the tree itself first.

    A folder is one if it has a project of its own or is deployed with packages of its own, unless
    it lies among the tests or examples of another, or only holds how others are delivered.
    """
    has_programs = any(one.is_program for one in places.values() if not _delivers(one.folder))
    found = [""]
    for folder, place in sorted(places.items()):
        is_recipe = has_programs and not place.is_program and _delivers(posixpath.dirname(folder))
        if folder and not is_recipe and _is_root(place):
            found.append(folder)
    return found


def root_of(path: str, folders: Container[str]) -> str:
    """Return the application that a file belongs to: the innermost that it lies in."""
    folder = posixpath.dirname(path)
    while folder and folder not in folders:
        folder = posixpath.dirname(folder)
    return folder


def is_for_delivery(folder: str) -> bool:
    """Whether a folder lies among those that only hold how others are built and run."""
    return not _DELIVERY.isdisjoint(folder.lower().split("/"))


def name_of(place: Place | None, folder: str, tree: str) -> str:
    """Return what an application is called: as its project says, else as its folder is called."""
    project = project_of(place, folder)
    if project and (name := project.name.strip()):
        path = _MODULE_PATH.fullmatch(name)
        return path[1] if path else name
    return posixpath.basename(folder) if folder else tree


def project_of(place: Place | None, folder: str) -> Project | None:
    """Return what a folder's files say of it: one that calls it by more than the folder's name, if any."""
    named = [one for one in place.projects if one.name.strip()] if place else []
    told = [one for one in named if one.name.strip() != posixpath.basename(folder)]
    return next(iter([*told, *named]), None)


def _delivers(folder: str) -> bool:
    """Whether a folder, or one around it, is called after delivery: cloud-deployments/openshift."""
    return not _DELIVERY.isdisjoint(_WORD.findall(folder.lower()))


def _is_root(place: Place) -> bool:
    names = place.folder.lower().split("/")
    if group_of_folder(place.folder) or _is_delivery(names) or _SERVED in names:
        return False
    if any(_OPEN_NAME.search(one.name) for one in place.projects):
        return False  # what others are made from
    return bool(place.projects and any(one.name for one in place.projects)) or (
        place.has_dependencies and place.is_deployable
    )


def _is_delivery(names: list[str]) -> bool:
    """Whether a folder only holds how others are delivered: kubernetes, deploy/overlays/prod."""
    while len(names) > 1 and names[-1] in _STAGES:
        names = names[:-1]
    return names[-1] in _DELIVERY
