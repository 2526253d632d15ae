"""The trail of changes: what a notice tells together, what is new since a version, and which names it remembers."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.directory.agencies import DirectoryError, FormerName
from functions.casework.directory.diff import Change, What
from functions.casework.directory.trail import IMPORTS, Trail, decode_trail, encode_trail, without_addresses

TODAY = date(2026, 11, 27)
HIRED = Change("officers", "a-9", What.ADDED, {"agency": ("", "a2"), "role": ("", "officer")})


def renamed(code: str, old: str, new: str) -> Change:
    return Change("agencies", code, What.CHANGED, {"name": (old, new)})


def trail(instance: str, *entries: tuple[int, str]) -> Trail:
    """A trail with an entry for each version and instance."""
    made = Trail(instance)
    for version, concerned in entries:
        made = made.with_entry(TODAY, "a-1", version, [HIRED], concerned)
    return made


@pytest.mark.parametrize(
    ("known", "n", "told"),
    [
        (trail("a", (3, ""), (3, ""), (4, "")), 1, [1]),  # officers change no version: each has its own notice
        (trail("a", (3, ""), (3, ""), (4, "")), 2, [2]),
        (trail("a", (3, "")), 2, []),  # of a store that was put back
        (trail(IMPORTS, (3, "a"), (3, "b"), (4, "a")), 1, [1, 2]),  # an import is told to all at once
        (trail(IMPORTS, (3, "a"), (3, "b"), (4, "a")), 3, [3]),
        (trail(IMPORTS, (3, "a")), 2, []),
    ],
)
def test_what_one_notice_tells(known: Trail, n: int, told: list[int]) -> None:
    assert [entry.n for entry in known.told(n)] == told


def test_what_was_changed_since_a_version() -> None:
    known = trail("a", (1, ""), (2, ""), (2, ""), (3, ""))
    assert {version: [entry.n for entry in known.since(version)] for version in range(4)} == {
        0: [1, 2, 3, 4],
        1: [2, 3, 4],
        2: [4],
        3: [],
    }


def test_a_lost_name_is_one_of_its_government_and_a_governments_own_of_all() -> None:
    of_unit, of_all = renamed("a2", "Dinas Lama", "Dinas Baru"), renamed("a", "Kabupaten Lama", "Kabupaten Baru")
    came = Change("agencies", "a3", What.ADDED, {"name": ("", "Dinas Tiga")})
    wanted = [
        FormerName("a2", "Dinas Lama", "2026-11-27", "a"),
        FormerName("a", "Kabupaten Lama", "2026-11-27", ""),
    ]
    at_desk = Trail("a").with_entry(TODAY, "a-1", 1, [of_unit, of_all, came, HIRED])
    imported = Trail(IMPORTS).with_entry(TODAY, IMPORTS, 1, [of_unit, of_all, came, HIRED], "a")
    assert [*at_desk.names()] == [*imported.names()] == wanted
    centre = Trail(IMPORTS).with_entry(TODAY, IMPORTS, 1, [renamed("top", "Pusat", "Pusat Nasional")])
    assert [*centre.names()] == [FormerName("top", "Pusat", "2026-11-27", "")]


def test_whatever_is_taken_out_moved_or_altered_is_seen() -> None:
    whole = trail("a", (1, ""), (2, ""), (3, ""))
    assert whole.broken() is None
    first, second, third = whole.entries
    altered = replace(second, by="a-2")
    for entries, n in (
        ((first, third), 2),
        ((second, third), 1),
        ((first, third, second), 2),
        ((first, altered, third), 2),
        ((first, replace(second, n=3), third), 2),
        ((first, replace(second, changes=()), third), 2),
        ((first, replace(second, version=9), third), 2),
        ((first, replace(second, instance="b"), third), 2),
    ):
        assert replace(whole, entries=entries).broken() == n
    assert replace(whole, instance="b").broken() == 1, "another government's trail"


def test_a_trail_is_read_as_it_was_written() -> None:
    known = trail(IMPORTS, (1, "a"), (1, ""))
    assert decode_trail(IMPORTS, encode_trail(known)) == known
    with pytest.raises(DirectoryError, match="the trail of a cannot be read"):
        decode_trail("a", b"torn")


def test_no_address_stands_in_a_trail() -> None:
    moved = Change("officers", "a-5", What.CHANGED, {"email": ("lama@a.example.id", "baru@a.example.id")})
    assert without_addresses(moved).fields == {"email": ("*", "*")}
    assert without_addresses(HIRED) == HIRED
    name = renamed("a2", "Dinas Lama", "Dinas Baru")
    assert without_addresses(name) == name
