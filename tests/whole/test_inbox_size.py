"""An officer's page costs the same at 1, 100 and 10,000 cases (1,000 every day): so many questions to the store, so many
bytes."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.casework.case import CaseHead
from functions.casework.stages import Stage
from functions.crypto.seal.public_keys import Purpose
from functions.storage.sqlite.store import SqliteStore
from tests.case_heads import changed
from tests.depth import deep
from tests.room import fast_folder
from tests.world import World

HTML = {"Accept": "text/html"}
MANY = deep(10_000, 1_000)
SIZES = (1, 100, MANY)
UNIT = "kutim-dpupr"


class Counted(SqliteStore):
    """A store that counts what it is asked, and how many rows it gives."""

    def reset(self) -> None:
        self.asked: Counter[str] = Counter()
        self.given = 0

    def page(self, *args: Any, **kwargs: Any) -> Any:
        self.asked["page"] += 1
        page = super().page(*args, **kwargs)
        self.given += len(page.heads)
        return page

    def read_case(self, case_id: str) -> Any:
        self.asked["case"] += 1
        return super().read_case(case_id)

    def read_head(self, case_id: str) -> Any:
        self.asked["head"] += 1
        return super().read_head(case_id)


def count_openings(world: World) -> list[str]:
    """The cases whose key the desk opens from now on, in order: opening is what costs."""
    private, opened = world.keys.private(Purpose.DESK), []

    class Watched:
        keys = private.keys

        def knows(self, instance: str, key_id: str) -> bool:
            return private.knows(instance, key_id)

        def open_case(self, head: CaseHead) -> bytes:
            opened.append(head.case_id)
            return private.open_case(head)

    object.__setattr__(world.cases, "desk_keys", Watched)
    return opened


@pytest.fixture(scope="module")
def seen() -> Iterator[dict[tuple[int, str], tuple[Counter[str], int, int]]]:
    """What the inbox and its last page cost at each size: questions, rows, bytes."""
    folder = fast_folder()
    store = Counted(folder / "lapor.sqlite")
    store.reset()
    world = World(folder, store)
    first = world.report()
    pattern = store.read_head(first["tracking_id"])
    events = store.read_case(first["tracking_id"]).events
    found, made = {}, 1
    for size in SIZES:
        while made < size:
            made += 1
            head = changed(
                pattern,
                case_id=f"{made:04d}-AAAA-{made // 10_000:04d}",
                holder=UNIT,
                stage=Stage.DIDISPOSISIKAN,
                handed_on=pattern.received_on,
                due=pattern.clock.due + timedelta(days=made % 40),
            )
            store.create_case(head, events, ())
        opened = count_openings(world)
        for agency in (UNIT, "kutim"):
            desk = world.desk_of(agency)
            store.reset()
            opened.clear()
            page = desk.client.get("/desk/", headers=HTML)
            assert page.status_code == 200
            assert len(opened) == len(set(opened)), "a case's key was opened twice for one page"
            found[size, agency] = (Counter(store.asked), store.given, len(page.data))
    yield found
    shutil.rmtree(folder)


@pytest.mark.parametrize("agency", [UNIT, "kutim"])
def test_a_page_asks_the_same_however_many_wait(
    seen: dict[tuple[int, str], tuple[Counter[str], int, int]], agency: str
) -> None:
    hundred, many = seen[100, agency], seen[MANY, agency]
    # Its cases, whether there is more, whether a flood waits; a unit's, whether it is the second on others' cases.
    assert hundred[0] == many[0] == Counter({"page": 4 if agency == UNIT else 3})
    assert hundred[1] == many[1] <= 22
    assert seen[1, agency][0] <= many[0]
    assert abs(many[2] - hundred[2]) < 2_000  # other words in the same twenty lines
    assert many[2] < 25_000
