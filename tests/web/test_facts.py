"""Facts are read once: decisions leave them, and a scan has them read beside the pages."""

from pathlib import Path

import pytest

from scanner.inventory.review import decide
from scanner.inventory.verdicts import State
from scanner.model import Act, Decision
from scanner.store import Store
from scanner.web import facts as module
from scanner.web.facts import FactKeeper
from tests.running import SQUID, gnomon
from tests.support import NOW


@pytest.fixture
def db(tmp_path: Path) -> Path:
    (tmp_path / "first.log").write_bytes(SQUID)
    assert gnomon("scan", tmp_path / "first.log", "--db", tmp_path / "g.db").code == 0
    return tmp_path / "g.db"


@pytest.fixture
def keeper(db: Path):
    made = FactKeeper(db, lambda reader: reader.facts())
    yield made
    made.close()


def scan_again(db: Path) -> None:
    log = db.parent / "second.log"
    log.write_bytes(SQUID.replace(b"api.openai.com", b"claude.ai"))
    assert gnomon("scan", log, "--db", db).code == 0


def names(keeper: FactKeeper) -> list[str]:
    return [one.name for one in keeper.facts()]


def test_a_decision_leaves_the_facts_as_they_are(db: Path, keeper: FactKeeper) -> None:
    before, state = keeper.facts(), keeper.state()
    with Store(db) as store:
        decide(store, before[0].id, State.REJECTED, "no", "ana", NOW)
    assert keeper.state() != state
    assert keeper.facts() is before


def test_a_merge_has_them_read_at_once(db: Path, keeper: FactKeeper) -> None:
    first, second = keeper.facts()
    with Store(db) as store:
        said = Decision(
            first.id, "merge", "one", "ana", NOW, act=Act.MERGE, value={"other": second.id}
        )
        store.decide(said)
    assert [one.id for one in keeper.facts()] == [first.id]


def test_after_a_scan_few_facts_are_waited_for(db: Path, keeper: FactKeeper) -> None:
    before = names(keeper)
    scan_again(db)
    assert set(names(keeper)) - set(before) == {"Claude"}


def test_many_are_read_beside_and_taken_over(
    db: Path, keeper: FactKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_QUICK", 0.0)  # everything takes long
    before = names(keeper)
    state = keeper.state()
    scan_again(db)
    assert names(keeper) == before
    keeper._beside.submit(lambda: None).result()  # what stood before it in the line is done
    assert keeper.state() != state
    assert "Claude" in names(keeper)
