"""What waits is joined whole, and a place that came before its matter is told, so that a forged one is seen."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import heard
from tests.world import World

LAMP = "lampu jalan depan sekolah mati sudah seminggu anak anak takut"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.mark.parametrize(
    ("first", "place"),
    [
        ("saya di Sangkulirang", "Sangkulirang"),
        ("desa marah haloq pak", "Telen"),
        ("perkenalkan saya ketua karang taruna marah haloq", "Telen"),
        ("kami warga Kaliorang", "Kaliorang"),
    ],
)
def test_a_place_that_came_before_is_told_with_the_code(world: World, first: str, place: str) -> None:
    heard(world, first)
    answer = heard(world, LAMP)
    assert code(answer)
    assert say.PLACE_BEFORE.format(place=place) in answer


@pytest.mark.parametrize("first", ["saya di Sangkulirang", "kami warga Kaliorang", "saya warga Bengalon"])
def test_it_is_told_in_danger_too_and_where_lapor_brings_it(world: World, first: str) -> None:
    place = first.rsplit(maxsplit=1)[-1]
    heard(world, first)
    told = say.PLACE_BEFORE.format(place=place)
    assert told in heard(world, "TOLONG ADA RUMAH TERBAKAR API SDH BESAR DEKAT BENSIN ECERAN")
    heard(world, first, "+6281200000098")
    assert told in heard(world, "LAPOR", "+6281200000098")


def test_what_is_told_and_comes_back_is_no_word_of_a_person(world: World) -> None:
    heard(world, "saya di Sangkulirang")
    answer = heard(world, LAMP)
    heard(world, answer)
    assert len(bodies(world, code(answer))) == 1


def test_a_place_in_the_same_sms_is_not_told_again(world: World) -> None:
    assert "sebelumnya" not in heard(world, f"{LAMP} di Kaliorang")


@pytest.mark.parametrize("first", ["saya di Sangkulirang", "kami warga Kaliorang", "desa marah haloq pak"])
def test_a_place_of_an_earlier_day_joins_no_report_and_the_place_is_asked(world: World, first: str) -> None:
    heard(world, first)
    world.later(days=1)
    answer = heard(world, LAMP)
    assert answer.endswith(say.WHERE)
    assert bodies(world, code(answer)) == [LAMP]


@pytest.mark.parametrize(
    ("matter", "place"),
    [
        ("uang pkh kami dipakai arisan ibu ketua", "saya warga desa Sepaso di Bengalon"),
        ("mas anter galon 2 ke blok f yaa", "saya di Sangkulirang"),
        ("besok arisan di rumah bu yanti jam 4", "desa marah haloq pak"),
        ("usulan perbaikan jembatan desa kami sdh sampai mana ya pak", "kami warga Kaliorang"),
    ],
)
def test_what_waits_since_an_earlier_day_is_not_replaced_by_a_place(world: World, matter: str, place: str) -> None:
    heard(world, matter)
    assert not cases(world)
    world.later(days=2)
    assert not cases(world)
    heard(world, place)
    answer = heard(world, "LAPOR") if not cases(world) else world.phone.texts[-1].text
    assert bodies(world, code(answer)) == [f"{matter}\n{place}"]


def test_what_waits_too_long_is_gone_all_the_same(world: World) -> None:
    heard(world, "uang pkh kami dipakai arisan ibu ketua")
    world.later(days=3)
    heard(world, "saya warga desa Sepaso di Bengalon")
    assert bodies(world, code(heard(world, "LAPOR"))) == ["saya warga desa Sepaso di Bengalon"]
