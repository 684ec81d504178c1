"""What may be asked of GitHub about repositories: their lists of components, and some files.

Files are read by the hash that the tree gives them: one request each, of one revision, whatever is
in their paths. They go to the readers of manifests; nothing here makes records of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.fields import Item
from integrations.operations import Operation, Paging, Profile
from scanner.model import Record

HEADERS = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_REST = "https://docs.github.com/en/rest"
_READS = (("contents:read",),)


def no_records(_item: Item, _parameters: Mapping[str, str]) -> Iterator[Record]:
    """Yield nothing: it is read by ``plan`` or ``repositories``."""
    yield from ()


REPOSITORIES = Operation(
    id="github.repositories",
    title="Repositories",
    host="github",
    path="/orgs/{org}/repos",
    next_paths=("/organizations/{number}/repos",),
    query={"per_page": "100"},
    why="Which repositories there are, to look into those that are worked on.",
    fields=("name", "owner.login", "default_branch", "html_url", "archived", "disabled", "size"),
    parse=no_records,
    reference=f"{_REST}/repos/repos#list-organization-repositories",
    paging=Paging.LINK,
    page_size=100,
    scopes=(("metadata:read",),),
    profile=Profile.PLUS,
    quota="github.core",
    headers=HEADERS,
    verified_by=("contract", "vendor example"),
)

SBOM = Operation(
    id="github.sbom",
    title="Components of a repository",
    host="github",
    path="/repos/{owner}/{repo}/dependency-graph/sbom",
    why="Which AI libraries a repository depends on, in one request.",
    fields=(
        "sbom.SPDXID",
        "sbom.spdxVersion",
        "sbom.name",
        "sbom.packages[].SPDXID",
        "sbom.packages[].name",
        "sbom.packages[].versionInfo",
        "sbom.packages[].externalRefs[].referenceCategory",
        "sbom.packages[].externalRefs[].referenceType",
        "sbom.packages[].externalRefs[].referenceLocator",
        "sbom.relationships[].relationshipType",
        "sbom.relationships[].spdxElementId",
        "sbom.relationships[].relatedSpdxElement",
    ),
    parse=no_records,
    reference=f"{_REST}/dependency-graph/sboms",
    scopes=_READS,
    profile=Profile.PLUS,
    quota="github.sbom",
    headers=HEADERS,
    verified_by=("contract", "vendor example"),
)

TREE = Operation(
    id="github.tree",
    title="Names of a repository's files",
    host="github",
    path="/repos/{owner}/{repo}/git/trees/{tree_sha}",
    query={"recursive": "1"},
    why="Which manifests and agent files a repository has; their names say it.",
    fields=("sha", "truncated", "tree[].path", "tree[].mode", "tree[].size", "tree[].sha"),
    parse=no_records,
    reference=f"{_REST}/git/trees#get-a-tree",
    scopes=_READS,
    profile=Profile.PLUS,
    quota="github.core",
    headers=HEADERS,
    verified_by=("contract", "vendor example"),
)

BLOB = Operation(
    id="github.blob",
    title="A manifest or an agent file",
    host="github",
    path="/repos/{owner}/{repo}/git/blobs/{file_sha}",
    why="What a manifest or an agent file names: read only for files that are called like one.",
    fields=("sha", "encoding", "content"),
    parse=no_records,
    reference=f"{_REST}/git/blobs#get-a-blob",
    scopes=_READS,
    profile=Profile.PLUS,
    quota="github.core",
    headers=HEADERS,
    verified_by=("documentation",),
)

FILES = (REPOSITORIES, SBOM, TREE, BLOB)
