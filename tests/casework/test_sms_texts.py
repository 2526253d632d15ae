"""What is answered by SMS about one case, about several, and to a first report."""

from datetime import date

import pytest

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, AgencyKind
from functions.casework.formats.gsm import PARTS_MAX, count, units
from functions.casework.formats.sms_closing import quoted
from functions.casework.formats.sms_texts import (
    ADD,
    WENT_UP,
    WHERE,
    added_which,
    asked_whom,
    received,
    state,
    states,
    which,
)
from functions.casework.stages import FACTS, Stage
from tests.storage.examples import make_head

CODE, DUE = "WWWWW-WWWWW-WWWWW-WWWWW-WWWWW", date(2026, 12, 30)


def first(*places: str, danger: bool = False, placed: bool = False) -> str:
    return received(CODE, DUE, danger=danger, placed=placed, places=places)


@pytest.mark.parametrize(
    ("places", "asked"),
    [
        (["Bengalon", "Rantau Pulung"], "Balas: Bengalon / Rantau Pulung?"),
        (["Sangatta Utara", "Sangatta Selatan"], "Balas: Utara / Selatan?"),
        (["Long", "Long Mesangat"], "Balas: Long / Long Mesangat?"),  # none is left without a name
        (["Rantau Ulu", "Sandaran Ulu"], "Balas: Rantau Ulu / Sandaran Ulu?"),  # with it the part is full
        (["Rantau Ilir", "Sandaran Ulu"], WHERE),
        ([], WHERE),
    ],
)
def test_the_first_answer_asks_which_place_is_meant_if_the_names_fit(places: list[str], asked: str) -> None:
    assert first(*places).endswith(f"{CODE} {asked}")
    assert units(first(*places)) <= 160
    assert first(*places, placed=True).endswith(f"{CODE} {ADD}")


def test_in_danger_the_first_answer_takes_one_part_as_well_however_long_the_names() -> None:
    for length in range(10, 40):
        assert count(first("Rantau", "s" * length, danger=True)) == 1


def agency(name: str, spoken: str = "") -> Agency:
    return Agency("kutim-x", name, AgencyKind.UNIT, "kutim", spoken=spoken)


def test_two_of_the_accused_are_named_as_people_call_them() -> None:
    accused = [agency("Dinas Perhubungan", "Dishub, Pak Kadis"), agency("Kelurahan Teluk"), agency("Dinas Sosial")]
    asked = asked_whom("Laporan diterima.", accused)
    assert asked.startswith("Laporan diterima. Tentang Dishub, Kelurahan Teluk? Mereka tidak kami perlihatkan")
    assert asked_whom("Laporan diterima.", []) == "Laporan diterima."


def case(stage: Stage = Stage.DIPROSES, **facts: object) -> CaseHead:
    head: CaseHead = make_head(stage=stage, due=DUE, **facts)  # type: ignore[no-untyped-call]  # examples.py has no types
    return head


@pytest.mark.parametrize(
    ("head", "danger", "late", "up"),
    [
        (case(), False, False, False),
        (case(escalated=1), False, True, True),
        (case(escalated=2), False, True, True),
        (case(escalated=1), True, False, False),  # in danger nobody reads of deadlines
        (case(), True, False, False),
        (case(Stage.DITAHAN, escalated=1), False, False, False),  # it waits for its reporter
    ],
)
def test_who_asks_hears_that_a_late_case_went_up(head: CaseHead, danger: bool, late: bool, up: bool) -> None:
    said = state(head, "AAAAA", danger=danger)
    assert ("Lewat batas 30/12" in said, said.endswith(WENT_UP)) == (late, up)


def test_several_cases_are_told_with_the_command_for_the_latest() -> None:
    said = states([("AAAAA", case()), ("BBBBB", case(Stage.DITANGGAPI))])
    assert said.startswith(f"Laporan Anda: AAAAA: {FACTS[Stage.DIPROSES].sms}; BBBBB: {FACTS[Stage.DITANGGAPI].sms}. ")
    assert said.endswith("ketik CEK BBBBB.")


def test_of_many_cases_the_latest_four_are_told() -> None:
    shorts = [f"WWWW{n}" for n in range(6)]
    for said in (
        states([(short, case(Stage.DITAHAN)) for short in shorts]),
        which(shorts, "SELESAI"),
        added_which("WWWWW", shorts),
    ):
        assert [short for short in shorts if short in said] == shorts[2:]


def test_no_answer_costs_more_than_three_parts() -> None:
    assert PARTS_MAX == 3
    assert count(quoted("Petugas datang besok pagi. " * 60, "https://lapor.example.id")) == 3
