"""What is just a receipt and what is just none, at each bound of the search in words."""

import random

import pytest

from functions.casework.receipt import ALPHABET, Receipt
from functions.casework.understanding.receipts import TAKEN_OUT, receipt_begins, receipts_in, without_receipts

LETTERS = [sign for sign in ALPHABET if sign.isalpha()]
LUCK = random.Random(19)  # noqa: S311 - the same each time


def mixed() -> Receipt:
    """Return a receipt each of whose groups has a letter, three digits and a letter."""
    data = ""
    for place in range(5):
        while True:
            more = LUCK.choice(LETTERS) + "".join(LUCK.choices("0123456789", k=3))
            if Receipt((data + more).ljust(20, "0")).groups[place][-1].isalpha():
                break
        data += more
    return Receipt(data)


ONE, TWO = mixed(), mixed()
CODE, GROUPS = "".join(ONE.groups), ONE.groups


def wrong(*places: int) -> list[str]:
    """Return the groups with the last sign changed of some."""
    return [
        group[:4] + next(c for c in ALPHABET if c.isalpha() and c != group[4]) if at in places else group
        for at, group in enumerate(GROUPS)
    ]


def spans(text: str) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in receipts_in(text)]


def broken(groups: list[str], blanks: int) -> str:
    """Return the signs of groups with so many blanks between them, none where groups meet."""
    signs = "".join(groups)
    inside = [at for at in range(1, 25) if at % 5][:blanks]
    return "".join(f" {sign}" if at in inside else sign for at, sign in enumerate(signs))


@pytest.mark.parametrize(("blanks", "found"), [(0, True), (1, True), (2, False), (11, False), (12, True)])
def test_signs_are_written_one_by_one_or_broken_between_groups(blanks: int, found: bool) -> None:
    assert bool(spans(broken(wrong(2), blanks))) is found


def test_groups_apart_are_within_two_hundred_code_points() -> None:
    """Of four groups: five of them would leave four."""
    first, *others = GROUPS[:4]
    near = f"{first} {'dan ' * 60}"[:182] + " ".join(["", *others])
    assert near.index(others[-1]) == 195
    assert spans(near)
    for more, found in ((5, True), (6, False)):
        assert bool(spans(near.replace(f"{first} ", f"{first} {'x' * more}"))) is found


@pytest.mark.parametrize(("beside", "found"), [("", True), ("Q", False), ("a Q", False), ("ya ", True)])
def test_three_right_groups_are_one_word(beside: str, found: bool) -> None:
    assert bool(spans(beside + "".join(wrong(1, 3)))) is found
    assert bool(spans("".join(wrong(1, 3)) + beside[::-1])) is found


def test_a_sign_lost_and_another_group_wrong_are_too_much() -> None:
    groups = wrong(2)
    groups[1] = groups[1][1:]
    assert not spans("-".join(groups))
    assert spans("-".join([GROUPS[0], GROUPS[1][1:], *GROUPS[2:]]))


@pytest.mark.parametrize("unseen", ["\x01", "\u200b", "\u0301", "\u2800", "\ufe0f"])
def test_what_shows_nothing_breaks_nothing(unseen: str) -> None:
    assert [found.receipt for found in receipts_in(unseen.join(CODE))] == [ONE]
    assert spans(broken(wrong(2), 2).replace(" ", unseen))


def test_two_that_touch_are_two() -> None:
    assert [found.receipt for found in receipts_in(CODE + "".join(TWO.groups))] == [ONE, TWO]


def test_a_place_in_a_text_that_was_cleaned_before_is_that_of_the_text() -> None:
    text = f"{TAKEN_OUT} dan {CODE}, ya"
    assert spans(text) == [(text.index(CODE), len(text) - 4)]
    assert without_receipts(text) == f"{TAKEN_OUT} dan {TAKEN_OUT}, ya"


def test_the_end_of_a_code_whose_last_group_is_broken_is_its_end() -> None:
    groups = wrong(2)
    text = "-".join([*groups[:4], f"{groups[4][:2]} {groups[4][2:]}"])
    assert spans(text) == [(0, len(text))]


def test_groups_in_another_order_open_nothing() -> None:
    swapped = [GROUPS[1], GROUPS[0], *GROUPS[2:]]
    assert [found.receipt for found in receipts_in(" dan ".join(swapped))] == [None]
    assert [found.receipt for found in receipts_in(" dan ".join(GROUPS))] == [ONE]


def test_four_groups_at_the_beginning_of_a_text_begin_there() -> None:
    text = " dan ".join(GROUPS[1:])
    assert spans(text) == [(0, len(text))]


@pytest.mark.parametrize("before", ["", "kode saya "])
@pytest.mark.parametrize("signs", [5, 7, 10, 24])
def test_a_receipt_begins_where_its_first_group_does(before: str, signs: int) -> None:
    assert receipt_begins(before + CODE[:signs]) == len(before)


@pytest.mark.parametrize("text", ["", "kode saya", CODE[5:10], CODE[:4]])
def test_none_begins_elsewhere(text: str) -> None:
    assert receipt_begins(text) is None
