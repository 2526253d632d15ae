"""A case's head: the names of its facts, what deletion leaves of it, and that pages ask for what it has."""

import re
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given

from functions.casework.case import CaseHead, Lift, Mode, Publication
from functions.casework.case_changes import tombstone
from functions.casework.case_fields import DEFAULTS, PLACES, flat, unflat
from functions.casework.field_fates import Erased, Kept, remains
from tests.storage.examples import heads, make_head

FUNCTIONS = Path(__file__).parents[2] / "functions"
# All that deletion writes over, by hand and not from the declarations: whoever moves one changes it here too.
GONE: dict[str, Any] = dict.fromkeys(("wrap_receipt", "wrap_desk", "subject", "contact", "fingerprint"), b"")
GONE |= dict.fromkeys(("key_id", "escalated_to", "sp4n", "second", "assigned", "lift_by", "origin"), "")
GONE |= dict.fromkeys(("priority", "texted"), False)
GONE |= {"identity": Mode.ANONIM, "escalated": 0, "held_on": None, "terms": (), "shredded": True}
GONE |= {"unmasked": ()}
GONE |= {"lift": Lift.NONE, "lift_on": None, "publication": Publication.NONE, "agreed": 0}


def leaves(kind: Any, at: str = "") -> dict[str, Any]:
    """The fields of a record and of those in it, each by its path, with its type."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        found |= leaves(hint, f"{at}{name}.") if is_dataclass(hint) else {f"{at}{name}": hint}
    return found


@given(heads(3))
def test_a_tombstone_keeps_all_but_what_can_tell_of_somebody(head: CaseHead) -> None:
    assert flat(tombstone(head)) == flat(head) | GONE | {"version": head.version + 1}
    assert tombstone(head).reporter == make_head().reporter


@dataclass(frozen=True)
class Part:
    said: Kept[int] = 1
    empty: Erased[tuple[str, ...]] = ("default",)


@dataclass(frozen=True)
class Whole:
    text: Erased[str]
    raw: Erased[bytes]
    kept: Kept[bytes]
    part: Part = Part()


@dataclass(frozen=True)
class Silent:
    said: Kept[int] = 1
    silent: int = 1


@dataclass(frozen=True)
class Outside:
    silent: Silent = Silent()


def test_each_field_goes_by_what_it_says() -> None:
    left = remains(Whole("text", b"raw", b"kept", Part(2, ("a", "b"))))
    assert left == Whole("", b"", b"kept", Part(2, ("default",)))


@pytest.mark.parametrize("record", [Silent(), Outside()])
def test_a_field_that_does_not_say_whether_it_survives_deletion_is_refused(record: object) -> None:
    with pytest.raises(TypeError, match=r"Silent\.silent does not say whether it survives deletion"):
        remains(record)


def test_every_field_of_a_head_says_whether_it_survives_deletion() -> None:
    """``remains`` refuses the whole head where one does not, and what is erased can be erased twice."""
    head = make_head()
    assert remains(remains(head)) == remains(head) != head


def test_every_field_has_one_name_in_the_store() -> None:
    assert sorted(PLACES.values()) == sorted(leaves(CaseHead))
    assert len(PLACES) == len(set(PLACES.values())) == 62


@given(heads(3))
def test_facts_by_name_are_the_whole_head(head: CaseHead) -> None:
    facts = flat(head)
    assert list(facts) == list(PLACES)
    assert unflat(facts) == head
    assert unflat({name: value for name, value in facts.items() if value != DEFAULTS.get(name, ...)}) == head


def test_a_head_cannot_do_without_what_has_no_default() -> None:
    facts = flat(make_head())
    with pytest.raises(KeyError, match="due"):
        unflat({name: value for name, value in facts.items() if name != "due"})


def test_pages_ask_a_head_for_what_it_has() -> None:
    """A template says nothing of a name that is not there: it shows an empty place."""
    known = leaves(CaseHead).keys() | {name for name, value in vars(CaseHead).items() if isinstance(value, property)}
    texts = [path.read_text() for path in FUNCTIONS.rglob("templates/*.html")]
    asked = {name for text in texts for name in re.findall(r"\bhead\.(\w+(?:\.\w+)*)", text)}
    assert {"clock.due", "case_id", "open"} <= asked
    assert asked <= known, asked - known


def test_a_head_is_a_few_records() -> None:
    assert len(fields(CaseHead)) <= 24
    assert all(len(fields(hint)) <= 8 for hint in get_type_hints(CaseHead).values() if is_dataclass(hint))
