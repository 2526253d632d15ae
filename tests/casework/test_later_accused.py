"""Whom later words accuse: by themselves, or read on from what stood before them; and where the case goes then."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest

from functions.casework.access import is_accused
from functions.casework.case import CaseHead, Escalation
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.routing.later_accused import (
    accuses,
    clock_anew,
    gone_up,
    keeping_from,
    kept_away,
    newly_accused,
)
from functions.casework.stages import Stage
from functions.casework.understanding.accused import Kept, accused_of
from functions.config.settings import DEMO, load_directory
from tests.casework.trees import a_head

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")


@pytest.mark.parametrize(
    ("before", "text", "whom"),
    [
        ("Lampu mati, kata petugas dishub", "mereka minta uang baru mau memperbaiki", ["kutim-dishub"]),
        ("Jalan rusak di depan rumah. Ini soal Dinas PUPR.", "Mereka minta suap.", ["kutim-dpupr"]),
        ("", "mereka minta uang baru mau memperbaiki", []),
        ("", "Petugas dishub minta uang.", ["kutim-dishub"]),
        ("  \n", "Petugas dishub minta uang.", ["kutim-dishub"]),
        ("Laporan tentang Dinas Perhubungan: petugasnya minta uang.", "Terima kasih, mohon diperiksa.", []),
    ],
)
def test_words_are_read_on_from_those_before(before: str, text: str, whom: list[str]) -> None:
    assert [each.agency for each in newly_accused(text, before, DIRECTORY, "kutim")] == whom


DESKS = ("kutim", "kutim-inspektorat", "pusat", "kutim-dishub")


@pytest.mark.parametrize("oversight", [False, True])
@pytest.mark.parametrize("holder", DESKS)
def test_a_case_moves_to_no_desk_that_is_accused_nor_one_of_oversight_to_the_coordinator(
    holder: str, oversight: bool
) -> None:
    for meant in (each for size in range(1, 5) for each in combinations(DESKS, size)):
        head = a_head(instance="kutim", holder=holder, oversight=oversight)
        after = kept_away(head, Kept(meant=meant), DIRECTORY, bind=False)
        if after.holder == holder:
            continue  # it is not accused, or nobody else is left
        assert not any(is_accused(after.holder, code, DIRECTORY) for code in meant), meant
        assert not (oversight and after.holder == "kutim"), meant
        assert any(is_accused(holder, code, DIRECTORY) for code in meant), meant


@pytest.mark.parametrize(
    ("out", "steps", "left"),
    [
        ("pusat", 3, Escalation(2, "kutim-inspektorat")),  # the first two had been reached, and still are
        ("pusat", 2, Escalation(2, "kutim-inspektorat")),
        ("kutim", 1, Escalation(0, "")),  # the next one does not move into its place
        ("kutim", 2, Escalation(1, "kutim-inspektorat")),
        ("kutim-dishub", 2, Escalation(2, "kutim-inspektorat")),
    ],
)
def test_who_had_been_reached_and_is_not_out_stays_so_and_nobody_else(out: str, steps: int, left: Escalation) -> None:
    reached = ("kutim", "kutim-inspektorat", "pusat")[steps - 1]
    head = replace(a_head(instance="kutim", holder="kutim-dpupr"), escalation=Escalation(steps, reached))
    assert gone_up(head, keeping_from(head, [out]), DIRECTORY).escalation == left


HELD_BY = "kutim-dishub"
NAMED = "Pegawai disdukcapil minta 150 ribu di Busang."
GUESSED = "Petugasnya minta uang 200 ribu buat KTP di Busang."
NOBODY = "Ada yang minta uang ke warga tiap bulan di Telen."
LAMP = "lampu jalan di Kombeng mati sudah seminggu depan kantor pos"


@pytest.mark.parametrize("before", [NAMED, GUESSED, NOBODY])
@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("dishub pak", "kutim-dishub"),
        ("orang pu yang minta", "kutim-dpupr"),
        ("kominfo itu", "kutim-diskominfo"),
        ("yang minta inspektorat", "kutim-inspektorat"),
        ("mereka dari pu", "kutim-dpupr"),
        ("bukan pu tapi dishub", "kutim-dishub"),
        ("ya dishub, siapa lagi", "kutim-dishub"),
        ("pak kadinsos sendiri", "kutim-dinsos"),
        ("katanya sih dishub", "kutim-dishub"),
        ("satpol pp pak yg narik", "kutim-satpolpp"),
    ],
)
def test_an_office_that_later_words_only_point_to_did_what_the_case_tells(before: str, text: str, whom: str) -> None:
    assert whom in [each.agency for each in newly_accused(text, before, DIRECTORY, "kutim")]


@pytest.mark.parametrize("before", [NAMED, GUESSED, NOBODY])
@pytest.mark.parametrize(
    "text",
    [
        "depan dishub pak",
        "sudah lapor ke dishub",
        "sudah lapor dishub tapi belum ada tindakan",
        "terima kasih dishub",
        "makasih pu sudah diperbaiki",
        "petugas pu sudah datang kemarin, terima kasih",
        "tolong dishub turun",
        "lokasinya depan satpol pp",
        "belakang kantor kominfo",
        "pu belum datang",
    ],
)
def test_an_office_nearby_told_before_or_thanked_did_nothing(before: str, text: str) -> None:
    named = {"kutim-dishub", "kutim-dpupr", "kutim-diskominfo", "kutim-satpolpp"}
    assert not named & {each.agency for each in newly_accused(text, before, DIRECTORY, "kutim") if not each.undone}


@pytest.mark.parametrize("text", ["dishub pak", "kominfo itu", "dari dinas sosial", "katanya sih dishub"])
def test_where_nobody_did_anything_an_office_that_is_pointed_to_did_nothing(text: str) -> None:
    assert newly_accused(text, LAMP, DIRECTORY, "kutim") == ()
    assert newly_accused(text, "", DIRECTORY, "kutim") == ()
    assert newly_accused(text, "", DIRECTORY, "kutim", accusing=True)


@pytest.mark.parametrize(
    "text",
    [
        "petugasnya bilang hrs bayar dl baru diperbaiki",
        "mereka nyuruh saya cabut laporan, ngancam",
        "kemarin dua org dr kantor itu datang marah2 ke sy",
        "teknisi nya jual kabel bekas ke pengepul",
        "dishub yg narik",
    ],
)
def test_they_are_whoever_works_on_the_case(text: str) -> None:
    signal = "lampu merah di Telen padam sudah tiga hari"
    assert HELD_BY in [each.agency for each in newly_accused(text, signal, DIRECTORY, "kutim", HELD_BY)]


@pytest.mark.parametrize(
    "text",
    [
        "petugasnya sudah datang tadi pagi, ramah",
        "mereka belum datang",
        "petugasnya bilang tunggu alat",
        "terima kasih petugasnya cepat",
        "orang dinas perhubungan sudah ukur",
        "preman mukul sopir di situ",
        "saya sudah bayar pajak",
    ],
)
def test_whoever_works_on_the_case_is_not_accused_by_what_they_do(text: str) -> None:
    signal = "lampu merah di Telen padam sudah tiga hari"
    assert HELD_BY not in accused_of(newly_accused(text, signal, DIRECTORY, "kutim", HELD_BY))


def test_they_are_no_inspectors_where_a_case_accuses_somebody() -> None:
    told = newly_accused("petugasnya minta uang lagi", "", DIRECTORY, "kutim", "kutim-inspektorat", accusing=True)
    assert "kutim-inspektorat" not in [each.agency for each in told]


def test_they_are_nobody_where_whoever_held_it_was_removed() -> None:
    assert newly_accused("petugasnya minta uang 100 ribu", "", DIRECTORY, "kutim", "kutim-lama") == ()


def test_they_are_those_whom_the_words_name_and_not_whoever_works_on_the_case() -> None:
    told = newly_accused("Petugas dishub minta uang. Mereka memukul saya.", LAMP, DIRECTORY, "kutim", "kutim-dpupr")
    assert [each.agency for each in told] == [HELD_BY]


@pytest.mark.parametrize(
    ("facts", "said"),
    [({}, False), ({"about_agency": HELD_BY}, True), ({"kept_from": (HELD_BY,)}, True)],
)
def test_a_case_accuses_by_its_field_or_by_later_words(facts: dict[str, object], said: bool) -> None:
    assert accuses(a_head(instance="kutim", **facts)) is said


TODAY = date(2026, 6, 9)
LATE = {"instance": "kutim", "holder": HELD_BY, "stage": Stage.DIPROSES, "due": date(2026, 6, 5)}
UP = Escalation(1, "kutim")


def anew(holder: str, **facts: object) -> CaseHead:
    """A case that was at a unit and went up, after it came to another desk."""
    before = a_head(**LATE, escalated=UP.steps, escalated_to=UP.agency)
    return clock_anew(
        before,
        a_head(**LATE | {"holder": holder} | facts, escalated=UP.steps, escalated_to=UP.agency),
        TODAY,
        Deadlines(),
    )


def test_a_case_that_stays_or_is_over_keeps_its_clock() -> None:
    assert (anew(HELD_BY).escalation, anew(HELD_BY).clock.due) == (UP, LATE["due"])
    assert anew("kutim", stage=Stage.SELESAI).escalation == UP


def test_a_case_that_words_take_from_its_desk_is_sorted_anew_and_is_at_nobodys_above() -> None:
    moved = anew("kutim", stage=Stage.DIALIHKAN)
    assert (moved.stage, moved.escalation, moved.clock.handed_on) == (Stage.DIALIHKAN, Escalation(), None)
    assert moved.clock.due > TODAY
    stays = anew("kutim", stage=Stage.BANDING)
    assert (stays.escalation, stays.clock.due) == (Escalation(), LATE["due"])
