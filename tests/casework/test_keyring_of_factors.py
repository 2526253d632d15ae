"""How often a code of a second factor may be guessed, what a fresh officer has, and who is told of what."""

from datetime import date

from functions.casework.access import Viewer
from functions.casework.directory.agencies import Role
from functions.casework.factors.keyring import MOST, NAME_MAX, Factor, Keyring, Kind
from functions.casework.factors.standing import Policy, Strictness, helps_somebody
from functions.config.settings import DEMO, load_directory

HOUR = 500_000


def missed(times: int, hour: int = HOUR, ring: Keyring | None = None) -> Keyring:
    ring = ring or Keyring()
    for _ in range(times):
        ring = ring.missed(hour)
    return ring


def helped_wrongly(times: int, hour: int = HOUR) -> Keyring:
    ring = Keyring(code=b"a helper's code")
    for _ in range(times):
        ring = ring.help_missed(hour)
    return ring


def test_a_fresh_officer_has_guessed_nothing() -> None:
    ring = Keyring()
    assert (ring.misses, ring.hour, ring.hour_misses, ring.help_hour, ring.help_misses) == (0, 0, 0, 0, 0)
    assert not ring.closed
    assert (Policy().strictness, Policy().days) == (Strictness.REQUIRED, 30)
    assert Factor("aWQ", Kind.PASSKEY, "ponsel", date(2026, 11, 27)).count == 0, (
        "a key that counts none has signed nothing"
    )
    assert (MOST, NAME_MAX) == (6, 40)  # factors of one officer, and the characters that their page tells


def test_five_wrong_codes_rest_for_the_hour_and_twenty_in_a_row_for_good() -> None:
    """Three codes of a million hold at once, so twenty tries are right six times in 100,000."""
    assert not missed(4).resting(HOUR)
    assert missed(5).resting(HOUR)
    assert not missed(5).resting(HOUR + 1)
    assert not missed(4, HOUR + 1, missed(4)).resting(HOUR + 1), "each hour counts anew"
    assert not missed(19).closed
    assert missed(20).closed


def test_the_fifth_wrong_code_of_a_helper_in_an_hour_voids_the_one_that_waits() -> None:
    assert [helped_wrongly(times).help_misses for times in (1, 4)] == [1, 4]
    assert helped_wrongly(4).code
    assert not helped_wrongly(4).help_resting(HOUR)
    fifth = helped_wrongly(5)
    assert not fifth.code
    assert fifth.help_resting(HOUR)
    assert not fifth.help_resting(HOUR + 1)
    later = helped_wrongly(4).help_missed(HOUR + 1)
    assert (later.help_misses, later.code) == (1, b"a helper's code"), "each hour counts anew"
    assert not fifth.resting(HOUR), "and keeps the owner's own codes from nothing"


def test_whose_link_is_for_one_case_has_no_page_of_those_they_help() -> None:
    directory = load_directory(DEMO / "kutai-timur.toml")
    assert helps_somebody(Viewer("o1", "kutim", Role.COORDINATOR), directory)
    assert not helps_somebody(Viewer("o1", "kutim", Role.COORDINATOR, "CASE"), directory)
    assert not helps_somebody(Viewer("o1", "removed", Role.COORDINATOR), directory)
