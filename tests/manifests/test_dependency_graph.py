"""What pulls in a package, and for what."""

from scanner.manifests import Group, Mention, Tie, Trouble
from scanner.manifests.dependency_graph import Entry, Graph, Route, mentions, routes, strongest
from scanner.model import Identifier


def _entries(**needs: list[str]) -> dict[str, Entry]:
    return {name: Entry(f"pkg:npm/{name}", "1", 1, some) for name, some in needs.items()}


def _via(*names: str) -> tuple[str, ...]:
    return tuple(f"pkg:npm/{name}" for name in names)


def test_the_shortest_way_for_what_is_closest_to_what_runs() -> None:
    entries = _entries(app=["a"], a=["b"], b=["c"], c=["a"], tool=["c", "d"], d=[], alone=[])
    assert routes(entries, {"app": Group.RUNTIME, "tool": Group.DEV, "gone": Group.DEV}) == {
        "app": Route(Group.RUNTIME, ()),
        "a": Route(Group.RUNTIME, _via("app")),
        "b": Route(Group.RUNTIME, _via("app", "a")),
        "c": Route(Group.RUNTIME, _via("app", "a", "b")),
        "tool": Route(Group.DEV, ()),
        "d": Route(Group.DEV, _via("tool")),
    }


def test_a_direct_one_that_others_run_with_runs_and_begins_chains() -> None:
    entries = _entries(app=["p", "k"], p=["q"], k=["tool"], tool=["q"], q=[])
    found = routes(entries, {"app": Group.RUNTIME, "tool": Group.DEV})
    assert found["tool"] == Route(Group.RUNTIME, ())
    assert found["q"] == Route(Group.RUNTIME, _via("tool"))


def test_what_a_package_can_do_without_is_optional() -> None:
    graph = Graph(_entries(app=[], a=["b"], b=[]))
    graph.connect("app", [("a", True)])
    graph.want("app", Group.DEV)
    graph.want("app", Group.RUNTIME)
    graph.want("app", Group.TEST)
    assert routes(graph.entries, graph.direct) == {
        "app": Route(Group.RUNTIME, ()),
        "a": Route(Group.OPTIONAL, _via("app")),
        "b": Route(Group.OPTIONAL, _via("app", "a")),
    }
    assert graph.first(["x", "b", "a"]) == "b"
    assert graph.first(["x"]) is None


def _locked(name: str, is_direct: bool | None, *via: str, group: Group = Group.RUNTIME) -> Mention:
    value = f"pkg:npm/{name}"
    channel = Identifier.PACKAGE
    return Mention(channel, value, 1, "1", Tie.LOCKED, group, is_direct, _via(*via))


def test_entries_without_a_value_stand_for_what_they_need() -> None:
    entries = {**_entries(a=["folder"], b=[], c=[]), "folder": Entry("", needs=["b"])}
    entries["lock"] = Entry("", needs=["c"])
    assert list(mentions(entries, {"a": Group.DEV, "lock": Group.RUNTIME})) == [
        _locked("a", True, group=Group.DEV),
        _locked("b", False, "a", group=Group.DEV),
        _locked("c", True),
    ]


def test_a_package_in_a_version_is_said_once_by_its_best_way() -> None:
    entries = {**_entries(a=["b1"]), "b1": Entry("pkg:npm/b", "1", 1)}
    entries["b2"] = Entry("pkg:npm/b", "1", 9)
    assert list(mentions(entries, {"a": Group.RUNTIME, "b2": Group.TEST})) == [
        _locked("a", True),
        _locked("b", True),
    ]


def test_what_is_not_told_stays_open() -> None:
    entries = _entries(a=["b"], b=[])
    entries["b"].group = Group.DEV
    b = _locked("b", None, "a", group=Group.DEV)
    assert list(mentions(entries, {"a": Group.RUNTIME}, is_whole=False)) == [_locked("a", True), b]
    assert list(mentions(entries, None)) == [_locked("a", None), b._replace(via=())]
    assert list(Graph(entries, troubles=[Trouble("x", 1)]).found())[2:] == [Trouble("x", 1)]


def test_long_chains_are_cut() -> None:
    entries = _entries(**{f"p{n}": [f"p{n + 1}"] for n in range(10_000)})
    found = routes(entries, {"p0": Group.RUNTIME})
    assert found["p3"].via == _via("p0", "p1", "p2")
    assert len(found["p9999"].via or ()) == 64


def test_the_group_closest_to_what_runs() -> None:
    assert strongest([Group.EXAMPLE, Group.TEST, Group.OPTIONAL]) is Group.OPTIONAL
