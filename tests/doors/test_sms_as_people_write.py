"""What conversations as people write them broke, each with words of our own: the root of it, and what must stay."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_about
from functions.casework.formats import sms_texts as say
from functions.casework.understanding.about import surely_about
from functions.casework.understanding.danger import is_despair, is_in_danger
from functions.casework.understanding.places import places_in
from functions.casework.understanding.pointers import pointer_of
from functions.casework.understanding.said import what_is_said
from functions.casework.understanding.unaddressed import is_among_people
from functions.config.settings import DEMO, load_directory
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import heard
from tests.doors.test_sms_nothing_swallowed import ask
from tests.world import World

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
PRIVATE = "Urusan antarpribadi"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def district(text: str) -> str:
    found = places_in(text, DIRECTORY, "kutim")
    return DIRECTORY.districts[found.district].name if found.district else found.elsewhere


def at(world: World) -> list[str]:
    return sorted(world.directory.districts[head.district].name for head in cases(world))


# Silence


def test_who_asks_what_berhenti_does_hears_on(world: World) -> None:
    heard(world, "lampu jalan di kandolo mati sejak lebaran")
    answer = heard(world, "kalau saya ketik stop sms, laporannya ikut berhenti ga?")
    assert answer.startswith(sms_about.ABOUT_CASE["stop"])
    assert heard(world, "CEK")
    assert heard(world, "tiangnya juga miring ke jalan pak, tolong dicek sekalian")


def test_whom_to_reach_on_site_is_added_and_answered(world: World) -> None:
    first = code(heard(world, "sungai di nehas liah bing keruh sejak perusahaan buka lahan di hulu"))
    assert heard(world, "kalau turun hubungi kepala adat dulu pak biar ditemani ke hulu")
    assert any("kepala adat" in body for body in bodies(world, first))


# Places


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("kelompok tani sido makmur namanya", ""),
        ("perusahaannya pt sinar makmur lestari", ""),
        ("poktan karya bakti yang pegang traktornya", ""),
        ("warga sikka makmur minta air", "Long Mesangat"),
        ("desa suka makmur lampu mati", "Long Mesangat"),
        ("koperasi bengalon potong gaji", "Bengalon"),
        ("beasiswa kutim belum cair, saya kuliah di samarinda", ""),
        ("bpjs mati, anak dirawat di balikpapan", ""),
        ("saya ngekos di bontang, ktp hilang di rantau pulung", "Rantau Pulung"),
        ("jalan di samarinda rusak", "Kota Samarinda"),
        ("parkir rumah sakit di bontang liar", "Kota Bontang"),
    ],
)
def test_names_of_groups_and_where_somebody_stays_are_no_place_of_the_matter(text: str, where: str) -> None:
    assert district(text) == where


def test_the_name_of_a_group_is_an_addition(world: World) -> None:
    heard(world, "pupuk subsidi di bumi rapak kaubun habis terus")
    heard(world, "kelompok tani sido makmur pak namanya, ketuanya pak Sarno")
    assert at(world) == ["Kaubun"]


@pytest.mark.parametrize(
    ("text", "elsewhere"),
    [
        ("ini nomor pengaduan kukar kah? mau lapor sampah", "Kab. Kutai Kartanegara"),
        ("minta nomor pengaduan pdam bontang dong", "Kota Bontang"),
        ("min ini nomor lapor nya samarinda bukan", "Kota Samarinda"),
        ("apakah benar ini nomor bupati berau", "Kab. Berau"),
    ],
)
def test_who_asks_for_a_number_elsewhere_is_told_whose_this_is(world: World, text: str, elsewhere: str) -> None:
    assert heard(world, text).startswith(f"Ini nomor pengaduan Kabupaten Kutai Timur, bukan {elsewhere};")
    assert cases(world) == []


# A second matter


@pytest.mark.parametrize(
    ("first", "then", "where"),
    [
        (
            "pompa air di marga mulya kongbeng rusak",
            "makasih pompa sudah nyala. oh ya pak sekalian, lampu jalan depan balai mati semua",
            ["Kombeng", "Kombeng"],
        ),
        (
            "sampah di sepaso timur menumpuk",
            "sampahnya sudah diangkut pak. o iya parit depan sekolah mampet kalau hujan masuk kelas",
            ["Bengalon", "Bengalon"],
        ),
        ("atap pasar bengalon bocor", "LAPOR parkir liar bayar 5 ribu tanpa karcis", ["Bengalon", "Bengalon"]),
        ("jalan di kaubun rusak", "LAPOR puskesmas di muara bengkal ga ada dokter", ["Kaubun", "Muara Bengkal"]),
        ("pompa air di marga mulya kongbeng rusak", "pompa sudah nyala pak. oh ya makasih banyak", ["Kombeng"]),
        ("pompa air di marga mulya kongbeng rusak", "pompa sudah nyala. oh ya airnya dari pompa lancar", ["Kombeng"]),
    ],
)
def test_a_second_matter_beside_good_news_is_a_report_where_the_first_was(
    world: World, first: str, then: str, where: list[str]
) -> None:
    heard(world, first)
    heard(world, then)
    assert at(world) == where


def test_a_place_that_only_the_case_before_told_is_asked_for(world: World) -> None:
    heard(world, "atap pasar bengalon bocor")
    assert heard(world, "LAPOR parkir liar bayar 5 ribu tanpa karcis").split(" Tentang")[0].endswith(say.WHERE)


# Questions, quarrels, courtesy


@pytest.mark.parametrize(
    ("text", "readers"),
    [
        ("apakah kades termasuk yg baca laporan?", True),
        ("laporan ini nyampe ke meja kades ga", True),
        ("kepsek nya bisa liat sms ini ga", True),
        ("yg baca laporan ini orang dinasnya sendiri kah?", True),
        ("apakah mereka bisa membaca laporan kami", True),
        ("pak camat dapat laporan ini juga?", True),
        ("camat terima laporan tapi diam saja, kenapa?", False),
        ("laporan kami ke camat tidak pernah ditanggapi", False),
        ("laporan saya sudah sampai ke camat belum?", False),
        ("orang desa lihat laporan itu lalu marah2 ke kami", False),
        ("apa sudah sampai ke inspektorat laporan kami pak", False),
    ],
)
def test_who_asks_whether_somebody_is_among_the_readers_is_told(text: str, readers: bool) -> None:
    assert (surely_about(text) == "readers") is readers


@pytest.mark.parametrize(
    ("text", "talk", "pointed"),
    [
        ("woi udin balikin uangku 3 juta, janji2 terus", True, False),
        ("kembalikan duit ku sekarang, kamu janji tgl 1", True, False),
        ("tolong kembalikan uang saya yg dipungut petugas parkir", False, False),
        ("kembalikan uang saya, kamu sudah pungut retribusi dua kali", False, False),
        ("tetangga saya pinjam motor tidak dikembalikan, tolong ditegur", False, True),
        ("kakak ipar kuasai tanah warisan bapak, tolong ditengahi", False, True),
        ("mantan suami sy ga ngasih nafkah anak 6 bulan", False, True),
        ("koperasi sawit potong utang anggota, teman2 tdk dapat bagi hasil", False, False),
        ("petugas bansos minta uang, tetangga sampai utang", False, False),
        ("adik saya tidak boleh pulang sebelum lunas utang, bosnya pegang hpnya", False, False),
    ],
)
def test_a_private_quarrel_is_told_whose_matter_it_is_and_stays_kept(text: str, talk: bool, pointed: bool) -> None:
    assert is_among_people(text) is talk
    assert pointer_of(text).startswith(PRIVATE) is pointed


def test_a_private_quarrel_told_to_us_is_a_report_with_a_pointer(world: World) -> None:
    answer = heard(world, "pak tetangga si Udin pinjam uang 3 juta ga dibayar2, ditagih malah marah")
    assert code(answer)
    assert PRIVATE in answer
    assert "112" not in answer


@pytest.mark.parametrize(
    ("text", "permits"),
    [
        ("Mohon ijin bpk, anak saya di smp kombeng diminta bayar uang seragam 1 juta", False),
        ("assalamualaikum, mohon izin pak, pegawai capil minta uang rokok", False),
        ("izin melapor, guru sd kami minta uang buku", False),
        ("izin usaha saya dipersulit pegawai", True),
        ("izin bapak saya digantung, pegawai loketnya minta 1 juta", True),
        ("pegawai perijinan minta uang pelicin", True),
    ],
)
def test_who_asks_leave_to_speak_accuses_no_office_of_permits(text: str, permits: bool) -> None:
    accused = {each.agency for each in what_is_said(text, DIRECTORY, "kutim").accused}
    assert ("kutim-dpmptsp" in accused) is permits


# Danger, and words that thank nobody


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("yg satu guru itu jg mau cuti melahirkan bulan depan", False),
        ("bidan di sini cuti melahirkan, posyandu kosong", False),
        ("istri saya akan melahirkan bulan depan, puskesmas tidak punya bidan", False),
        ("istri saya mau melahirkan di jalan, tolong", True),
        ("istri pendarahan mau melahirkan, bidan cuti", True),
        ("lapor ke kantor sendiri sama aja bunuh diri pak", False),
        ("lewat jembatan itu kayak bunuh diri, paku semua lepas", False),
        ("saya mau bunuh diri saja", True),
        ("teman saya bunuh diri di kos", True),
        ("istri melahirkan pendarahan tapi alhamdulillah selamat dua2nya. tp tolonglah bidan ditaruh", False),
        ("selamat siang semua, ada orang hanyut di sungai", True),
        ("ibunya selamat, bayinya masih kejang", True),
    ],
)
def test_what_is_far_off_or_over_or_a_figure_of_speech_is_no_danger(text: str, danger: bool) -> None:
    assert is_in_danger(text) is danger


def test_a_figure_of_speech_comforts_nobody() -> None:
    assert not is_despair("jgn ke kantor sy laporannya, sama aja bunuh diri")
    assert is_despair("rasanya sama saja, lebih baik bunuh diri")


def test_resigned_words_beside_a_case_are_kept(world: World) -> None:
    first = code(heard(world, "sinyal di mugi rahayu tidak ada sama sekali, kapan dipasang tower"))
    ask(world, "Usulan tower sudah disampaikan ke Kominfo dan operator.")
    assert heard(world, "dari thn lalu jg bgtu jawabnya pak. ya sudahlah")
    assert any("bgtu jawabnya" in body for body in bodies(world, first))


def test_who_asks_how_a_report_ends_is_told(world: World) -> None:
    heard(world, "pbb tanah saya di kaliorang naik lima kali lipat, apa salah ketik")
    answer = heard(world, "ini laporannya harus saya tutup sendiri atau otomatis ditutup kalau sudah dijawab?")
    assert answer.startswith(sms_about.ABOUT_CASE["ends"])
