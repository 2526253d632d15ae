"""A refused look-up does the same work whatever the reason: counted, not timed, so that no load makes it red.

On the code of before a hidden case cost a reading of all its events, and an unknown receipt spared the unwrapping.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from functions.actions.common.even_lookup import EvenLookup
from functions.actions.reporter.receipt_lookup import ReceiptLookup
from functions.casework.problems import NotFoundProblem
from functions.casework.receipt import parse_receipt, receipt_from_bytes
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.interface import CaseNotFoundError
from functions.storage.sqlite.cases import SqliteCases
from tests.world import World

UNKNOWN = "4F7K-2M9Q-XR3D"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count store reads, found or not, unwrappings and derivations, each with its size where it has one."""
    done: Counter[str] = Counter()

    def count(owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def counting(*given: Any, **named: Any) -> Any:
            try:
                answer = real(*given, **named)
            except CaseNotFoundError:
                done[f"{name} of nothing"] += 1
                raise
            except Exception:
                done[name] += 1
                raise
            done[name] += 1
            return answer

        monkeypatch.setattr(owner, name, counting)

    count(SqliteCases, "read_case")
    count(SqliteCases, "read_head")
    count(opening, "unwrap_with_receipt")
    count(sealing, "receipt_keys")
    yield done


def test_a_hidden_case_costs_an_officer_what_an_unknown_one_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = world.report(about_agency="kutim-dpupr")
    for n in range(5):  # a case with much in it is not slower to refuse
        words = {"receipt": sent["receipt"], "body": f"Masih {n}.", "message_key": f"{n}" * 16}
        assert world.post("/api/thread/messages", words).status_code == 201
    desk, path = world.desk_of("kutim-dpupr"), "/desk/cases/"
    hidden = desk.get(path + sent["tracking_id"])
    with counted(monkeypatch) as done:
        assert desk.get(path + sent["tracking_id"]).data == hidden.data
        of_hidden = Counter(done)
        done.clear()
        assert desk.get(path + UNKNOWN).data == hidden.data
    assert of_hidden == done == Counter({"read_head": 1, "read_head of nothing": 1})


@pytest.mark.parametrize("act", ["messages", "close", "stage"])
def test_acts_are_refused_after_the_same_work(world: World, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    sent = world.report(about_agency="kutim-dpupr")
    desk = world.desk_of("kutim-dpupr")
    typed = {"body": "Halo", "message_key": "k" * 16, "outcome": "dijelaskan", "stage": "diproses", "reason": "Alasan."}
    told = []
    with counted(monkeypatch) as done:
        for number in (sent["tracking_id"], UNKNOWN):
            assert desk.post(f"/desk/cases/{number}/{act}", typed).status_code == 404
            told.append(Counter(done))
            done.clear()
    assert told[0] == told[1]


def test_an_unknown_receipt_costs_what_a_known_one_does(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known, unknown = parse_receipt(world.report()["receipt"]), receipt_from_bytes(bytes(13))
    world.converse.read(known)
    cases = ReceiptLookup(world.store, world.converse.even)
    with counted(monkeypatch) as done:
        cases.find(known)
        of_known = Counter(done)
        done.clear()
        with pytest.raises(NotFoundProblem):
            cases.find(unknown)
    assert of_known == done
    assert done["unwrap_with_receipt"] == done["read_case"] == done["read_case of nothing"] == 1
    assert done["receipt_keys"] == 1


def test_where_nothing_was_met_yet_nothing_is_read_in_its_place() -> None:
    asked: list[str] = []

    def read(number: str) -> str:
        asked.append(number)
        raise CaseNotFoundError

    assert EvenLookup[str]().find(read, UNKNOWN) == (None, False)
    assert asked == [UNKNOWN]


def test_what_stood_in_may_be_gone_meanwhile() -> None:
    even, there = EvenLookup[str](), {"A": "a"}

    def read(number: str) -> str:
        if number not in there:
            raise CaseNotFoundError
        return there[number]

    assert even.find(read, "A") == ("a", True)
    assert even.find(read, "B") == ("a", False)
    there.clear()
    assert even.find(read, "B") == (None, False)
