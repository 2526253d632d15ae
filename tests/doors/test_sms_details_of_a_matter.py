"""What belongs to a matter stays with it: a plea for secrecy, a detail, the rest of it, its place, its price."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_texts as say
from functions.casework.understanding.about import wants_secrecy
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.places import places_in
from functions.casework.understanding.sorts import Sort
from functions.config.settings import DEMO, load_directory
from tests.doors.test_sms import bodies, code
from tests.doors.test_sms_held import heard, muted
from tests.world import World

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
LAMP = "lampu jalan di kandolo mati sejak lebaran"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


# Secrecy and silence


@pytest.mark.parametrize(
    "text",
    [
        "Mohon nama sama nomor sy jgn sampai ketahuan orang kantor, takut nanti bantuan kami distop",
        "tolong jgn blg aku yg lapor yaa",
        "jangan ki bilang saya yang lapor nah",
        "nama kami tolong jangan disebut ya pak, takut dimusuhi satu kampung",
        "jgn sampe kades tau saya yg lapor pak",
        "jgn kasih tau siapa2 kalo sy yg ngadu, takut dikeluarkan",
        "rahasiakan nama saya ya bu, saya takut",
        "pak ojo ngomong nek aku sing lapor",
        "identitas sy tolong dirahasiakan, takut dipersulit urus surat di desa",
    ],
)
def test_a_plea_for_secrecy_is_answered_with_the_promise(world: World, text: str) -> None:
    first = code(heard(world, "BLT di desa Sepaso Timur dipotong 50rb per orang sama pak kades"))
    answer = heard(world, text)
    assert say.UNTOLD in answer, answer
    assert not muted(world)
    assert any(text[:15] in body for body in bodies(world, first))


@pytest.mark.parametrize(
    "text",
    [
        "jgn sampai ketahuan suami, jangan sms lagi",
        "rahasiakan nama saya, jangan balas ke nomor ini",
        "takut ketahuan, hp dipegang suami",
        "jgn dibalas nanti ketahuan bos",
    ],
)
def test_a_plea_beside_an_order_to_be_silent_is_obeyed(world: World, text: str) -> None:
    heard(world, LAMP)
    assert heard(world, text) == ""
    assert muted(world)


@pytest.mark.parametrize(
    "text",
    [
        "jangan bilang besok lagi pak, sudah tiga bulan",
        "petugas jangan sampai telat lagi",
        "bilang ke pln jangan mati terus",
    ],
)
def test_what_only_denies_is_no_plea_for_secrecy(text: str) -> None:
    assert not wants_secrecy(text)


def test_fear_alone_without_a_word_of_reaching_is_no_silence() -> None:
    plea = "nomor sy jgn sampai ketahuan orang desa pak, takut dicoret dr daftar"
    assert nature_of(plea, Standing.ASKED).sort is not Sort.SILENCE


# Where it is


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("pustu susuk dlm kosong, anak sy panas terpaksa naik kapal k sangkulirang", "Sandaran"),
        ("BLT di desa sy Tepian Baru dipotong kades", "Bengalon"),
        ("di kampung kami teluk baru air mati", "Muara Ancalong"),
        ("jln baru separo diaspal", ""),
        ("aspal cuma separuh jalan", ""),
        ("longsor jln poros wahau - bengalon, separo jalan hilang", "Muara Wahau/Bengalon"),
        ("jalan poros wahau bengalon rusak", "Muara Wahau/Bengalon"),
        ("jalan poros bengalon rusak di km 20", "Bengalon"),
        ("jalan di kaubun arah bengalon rusak", "Kaubun"),
        ("lampu jalan sangatta utara mati", "Sangatta Utara"),
        ("jalan poros desa sepaso timur bengalon rusak", "Bengalon"),
    ],
)
def test_where_words_are(text: str, where: str) -> None:
    found = places_in(text, DIRECTORY, "kutim")
    names = [DIRECTORY.districts[each].name for each in (found.district, *found.possible) if each]
    assert sorted(names) == sorted(filter(None, where.split("/")))
