"""What belongs to a matter stays with it: a plea for secrecy, a detail, the rest of it, its place, its price."""

from pathlib import Path

import pytest

from functions.casework.formats import sms_about
from functions.casework.formats import sms_texts as say
from functions.casework.understanding.about import asked_about, wants_secrecy
from functions.casework.understanding.danger import is_in_danger
from functions.casework.understanding.nature import nature_of
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.opinion.seeming_silence import speaks_of_messages
from functions.casework.understanding.places import places_in
from functions.casework.understanding.sorts import Sort
from functions.config.settings import DEMO, load_directory
from tests.doors.test_sms import bodies, cases, code
from tests.doors.test_sms_held import close, heard, muted
from tests.world import World

DIRECTORY = load_directory(DEMO / "kutai-timur.toml")
LAMP = "lampu jalan di kandolo mati sejak lebaran"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def officer_asks(world: World, receipt: str, words: str) -> None:
    case_id = world.read(receipt)["tracking_id"]
    asked = {"body": words, "message_key": "0" * 32}
    assert world.hand_over(case_id).post(f"/desk/cases/{case_id}/messages", asked).status_code in (200, 201)
    world.run_courier()


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


def stands(world: World) -> list[str]:
    return sorted(world.directory.districts[head.district].name for head in cases(world))


def test_a_road_between_two_districts_is_asked_about_and_answered(world: World) -> None:
    answer = heard(world, "aspal poros kaubun - sangkulirang putus separo badan jalan, mobil gantian lewat")
    assert "Sangkulirang / Kaubun?" in answer or say.WHERE in answer
    assert "Kaubun" in heard(world, "masuk kaubun pak, habis tanjakan sebelum jembatan kecil, plang nya tidak ada")
    assert stands(world) == ["Kaubun"]


@pytest.mark.parametrize(
    "text",
    [
        "masuk muara wahau pak, sebelum jembatan sungai kecil dari arah kota",
        "tempatnya itu di muara wahau pak, dekat simpang tiga",
        "lokasi wilayah muara wahau pak, dekat kebun sawit yang dulu",
    ],
)
def test_another_place_for_the_same_matter_is_asked_about(world: World, text: str) -> None:
    first = code(heard(world, "jalan longsor di bengalon pak, separo aspal hilang"))
    answer = heard(world, text)
    assert "Bengalon" in answer or "kecamatan Muara Wahau" in answer, answer
    assert len(cases(world)) == 1
    assert any(text[:20] in body for body in bodies(world, first))
    if "mana:" in answer:
        assert "Muara Wahau" in heard(world, "muara wahau")
    assert stands(world) == ["Muara Wahau"]


@pytest.mark.parametrize(
    "text",
    [
        "akhirnya kami carter mobil ke wahau 600rb bawa bapak",
        "kami harus beli air galon sampai ke sangkulirang pak, jauh sekali",
        "suami saya kerja di muara wahau jadi tidak bisa urus",
        "obatnya dikirim dari sangkulirang tiap bulan pak tapi tidak sampai",
    ],
)
def test_where_somebody_goes_is_no_other_matter_and_asks_nothing(world: World, text: str) -> None:
    heard(world, "puskesmas di telen tutup kalau malam, tidak ada yang jaga")
    answer = heard(world, text)
    assert "ditambahkan" in answer, answer
    assert "mana:" not in answer
    assert stands(world) == ["Telen"]


def test_where_something_comes_from_is_no_other_matter(world: World) -> None:
    heard(world, "truk sawit hancurkan jalan di desa sepaso bengalon")
    heard(world, "truknya masuk dari kaliorang tiap malam pak")
    assert stands(world) == ["Bengalon"]


# A detail of the matter, and the rest of it


@pytest.mark.parametrize(
    ("first", "placed", "detail"),
    [
        (LAMP, "", "dari simpang tiga sampai kuburan pak. 5 titik mati semua"),
        (
            "lampu jalan padam dua minggu gelap sekali",
            "kaubun",
            "bumi etam, dari gerbang desa sampai sd. 4 tiang padam total",
        ),
        (
            "sampah menumpuk tidak diangkut",
            "rantau pulung",
            "tepatnya manunggal jaya, depan pasar. sampah sudah sampai jalan",
        ),
        ("air pdam tidak jalan sudah 5 hari", "kongbeng", "miau baru rt 4 sampai rt 7 airnya tidak jalan semua"),
        ("jembatan kayu di kaliorang lapuk", "", "yang di bukit makmur, papan jembatan lepas 3, motor sering jatuh"),
        ("jalan rusak parah sudah setahun", "kongbeng", "marga mulya, dari pasar sampai jembatan. aspal rusak semua"),
        (
            "sampah numpuk bau sekali",
            "sangkulirang",
            "benua baru ilir, dari dermaga sampai pasar. sampah numpuk 3 titik",
        ),
    ],
)
def test_the_exact_spot_opens_no_second_case(world: World, first: str, placed: str, detail: str) -> None:
    receipt = code(heard(world, first))
    if placed:
        heard(world, placed)
    heard(world, detail)
    assert len(cases(world)) == 1
    assert any(detail[:20] in body for body in bodies(world, receipt))


@pytest.mark.parametrize(
    ("first", "second", "where"),
    [
        (
            "lampu jalan di kaubun mati",
            "LAPOR guru sd di kaubun jarang masuk kelas sudah sebulan",
            ["Kaubun", "Kaubun"],
        ),
        (
            "jembatan di kaliorang lapuk",
            "puskesmas di muara bengkal tidak ada dokter sudah dua minggu ini pak",
            ["Kaliorang", "Muara Bengkal"],
        ),
    ],
)
def test_another_matter_is_still_a_report_of_its_own(world: World, first: str, second: str, where: list[str]) -> None:
    heard(world, first)
    heard(world, second)
    assert stands(world) == where


@pytest.mark.parametrize(
    "rest",
    [
        "Baru separo pak yang diratain.yg sebelah kali arah kebun masih lumpur kabeh.tolong dilanjut",
        "yang dikerjakan cuma setengah pak, sisanya ke arah sungai masih hancur, tolong diteruskan",
        "belum semua pak, baru sampai masjid, ujung yang ke kebun belum tersentuh alat",
        "baru sebelah kiri yang ditimbun pak, mohon dilanjutkan sampai ujung kampung",
    ],
)
def test_only_half_of_a_closed_matter_reopens_it(world: World, rest: str) -> None:
    receipt = code(heard(world, "Mohon jalan usaha tani bumi sejahtera kaliorang diperbaiki, truk tidak bisa masuk"))
    close(world, receipt)
    assert "dibuka lagi" in heard(world, rest)
    assert len(cases(world)) == 1


def test_another_matter_after_a_closing_is_a_report_though_it_says_half(world: World) -> None:
    close(world, code(heard(world, "jalan usaha tani bumi sejahtera kaliorang hancur")))
    heard(world, "guru sd di kaubun cuma separo yang masuk kelas tiap hari")
    assert len(cases(world)) == 2


@pytest.mark.parametrize(
    ("text", "settled"),
    [
        ("makasih pak kakeknya sdh dievakuasi. tinggal kami butuh air bersih sama selimut", False),
        ("alhamdulillah listrik sudah nyala pak, tapi kami masih perlu trafo baru", False),
        ("sudah diperbaiki pak makasih, tinggal menunggu lampunya", False),
        ("air sudah lancar makasih. cuma kami msh kurang 2 kran", False),
        ("sudah lancar pak, tidak perlu apa2 lagi, terima kasih", True),
        ("sudah beres pak, tidak butuh mobil tangki lagi", True),
    ],
)
def test_good_news_that_still_needs_something_is_no_end(world: World, text: str, settled: bool) -> None:
    receipt = code(heard(world, "banjir di sangatta selatan, belum ada bantuan, listrik mati, air tidak ada"))
    answer = heard(world, text)
    assert ("menurut Anda sudah selesai" in answer) is settled, answer
    assert any(text[:20] in body for body in bodies(world, receipt))


# What something costs, and what an office does


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("klo ga bayar lapak diangkat katanya", "how"),
        ("ongkos kapalnya 350rb sekali jalan, bisa dibantu?", "how"),
        ("kalau tidak bayar 50rb anak tidak boleh ujian", "how"),
        ("bayar ga pak?", "cost"),
        ("ini gratis apa kena pulsa", "cost"),
        ("lapor di sini ada biayanya kah", "cost"),
        ("bayar tidak? pulsa saya tipis", "cost"),
        ("sms ini kena tarif berapa", "cost"),
        ("Selamat siang mau tanya kalau ktp hilang urusnya langsung ke capil atau bisa di kecamatan", "other"),
        ("mau nanya pak nik anak salah, ngurusnya di dukcapil atau di desa ya", "other"),
        ("brp biaya bikin ktp baru", "other"),
        ("ktp saya disimpan kah kalau lapor", "safe"),
        ("data saya aman kah di dukcapil", "safe"),
    ],
)
def test_what_is_asked_of_this_number(text: str, topic: str) -> None:
    assert asked_about(text) == topic


def test_a_threat_to_who_does_not_pay_is_told_that_it_was_added(world: World) -> None:
    first = code(heard(world, "pedagang sayur pasar bengalon ditarik retribusi 2x sehari, yg siang karcis tidak ada"))
    answer = heard(world, "klo ga bayar lapak diangkat katanya")
    assert answer.startswith("Sudah ditambahkan"), answer
    assert any("lapak diangkat" in body for body in bodies(world, first))
    assert heard(world, "sms ini bayar ga?").startswith(sms_about.ABOUT_CASE["cost"])


def test_a_question_for_an_office_waits_for_one_word(world: World) -> None:
    question = (
        "Selamat siang mau tanya kalau ktp hilang urusnya langsung ke capil atau bisa di kecamatan? Perlu surat polisi"
    )
    answer = heard(world, question)
    assert answer.startswith(sms_about.ABOUT["other"])
    assert "LAPOR" in answer.removeprefix(sms_about.ABOUT["other"])
    first = code(heard(world, "LAPOR"))
    assert bodies(world, first)[0] == question


# Half of a message


OPEN = (
    "Yth bapak saya warga rantau panjang kec telen mau sampaikan keluhan soal puskesmas. semalam saya bawa orang tua "
    "sesak ke puskesmas telen pintu dikunci setengah jam baru dibuka katanya oksigen"
)


@pytest.mark.parametrize(
    "half",
    [
        "habis dan mobil tdk ada bensin. akhirnya kami sewa mobil di muara wahau 600rb. mohon puskesmasnya ditegur",
        "dipinjam puskesmas di muara wahau belum dikembalikan sejak lebaran jadi kami disuruh pulang",
    ],
)
def test_half_of_a_cut_message_goes_where_the_first_half_went(world: World, half: str) -> None:
    first = code(heard(world, OPEN))
    heard(world, half)
    assert stands(world) == ["Telen"]
    assert any(half[:20] in body for body in bodies(world, first))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (OPEN, "Sekolah di muara wahau atapnya roboh, murid belajar di teras sudah dua minggu"),
        (OPEN, "pak sekolah di muara wahau atapnya roboh, murid belajar di teras sudah dua minggu"),
        (OPEN + " habis.", "sekolah di muara wahau atapnya roboh, murid belajar di teras sudah dua minggu"),
        (
            "puskesmas telen oksigen habis",
            "sekolah di muara wahau atapnya roboh, murid belajar di teras sudah dua minggu",
        ),
    ],
)
def test_what_begins_anew_or_follows_an_end_is_no_half(world: World, first: str, second: str) -> None:
    heard(world, first)
    heard(world, second)
    assert stands(world) == ["Muara Wahau", "Telen"]


# Danger that is past, and what is said beside it


@pytest.mark.parametrize(
    ("text", "danger"),
    [
        ("ambulans desa rusak dr bulan lalu. kmrn pasien mau lahiran dirujuk pake pick up warga", False),
        ("minggu lalu ibu mau melahirkan terpaksa naik perahu, bidan tidak ada", False),
        ("sejak kemarin istri mau melahirkan bidan tidak ada", True),
        ("kemarin istri mau lahiran di pick up sekarang pendarahan", True),
    ],
)
def test_a_birth_of_yesterday_is_no_danger_now(text: str, danger: bool) -> None:
    assert is_in_danger(text) is danger


def test_a_fever_on_the_way_is_not_told_112_again_with_the_fare(world: World) -> None:
    heard(
        world, "pustu susuk dlm kosong trus, mantri 3 minggu tdk balik. anak sy panas trpaksa naik kapal k sangkulirang"
    )
    assert not heard(world, "ongkosx 350 rb skali jln. kmi ini org susah").startswith(say.CALL)


def test_half_of_a_message_that_tells_who_moved_corrects_no_place(world: World) -> None:
    heard(
        world,
        "assalamualaikum bapak saya orang tua murid di sdn desa cipta graha kec kaubun ingin menyampaikan anak kami "
        "sudah tiga minggu tidak belajar karena gurunya",
    )
    heard(world, "pindah ke bengalon dan belum ada ganti. kepala sekolah cuma bilang sabar. mohon dikirim guru")
    assert stands(world) == ["Kaubun"]
    heard(world, "tolong dipindahkan ke kecamatan bengalon laporannya")
    assert stands(world) == ["Bengalon"]


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("nama anak saya jgn disebut ya pak kasian", True),
        ("nama warung ibu tolong jgn ditulis", True),
        ("sy takut identitas bocor, kades jual tanah kas desa", True),
        ("takut nama kami dikenali", True),
        ("nama jalannya bukan itu pak", False),
        ("takut pipanya bocor lagi", False),
        ("nama petugasnya jangan dirahasiakan", False),
    ],
)
def test_whose_names_are_to_be_kept(text: str, secret: bool) -> None:
    assert wants_secrecy(text) is secret


def test_a_plea_for_a_childs_name_withdraws_nothing(world: World) -> None:
    heard(world, "oknum guru smp di bengalon minta 300rb buat ambil rapor")
    answer = heard(world, "nama anak saya jgn disebut ya pak kasian")
    assert answer.startswith("Sudah ditambahkan")
    assert say.UNTOLD in answer


@pytest.mark.parametrize(
    "text", ["kata kadesnya nunggu anggaran", "jawabnya sabar terus dr bulan lalu", "katanya alat masih di wahau"]
)
def test_what_somebody_else_said_is_news_and_kept(world: World, text: str) -> None:
    first = code(
        heard(world, "mobil tangki desa batu balai muara bengkal ga bisa dipakai, bannya kempes dari tahun lalu")
    )
    answer = heard(world, text)
    assert "ditambahkan" in answer, answer
    assert any(text in body for body in bodies(world, first))


@pytest.mark.parametrize(
    "answer", ["bri pak", "Mandiri bu, cabang Sangatta", "BRI 0123 9988 77 an Suparmi ya pak", "bni"]
)
def test_the_name_of_a_bank_answers_an_officer(world: World, answer: str) -> None:
    """A bank's program puts a colon behind its name and tells what it did."""
    first = code(heard(world, "uang PIP anak saya di Kaliorang belum cair sejak bulan sembilan"))
    officer_asks(world, first, "Mohon info nama bank penyalur.")
    heard(world, answer)
    assert any(answer in body for body in bodies(world, first))


def test_a_report_that_begins_with_a_bank_is_one(world: World) -> None:
    heard(world, "BRI unit Kaubun antre dari subuh pak, kartu PKH kami ditahan petugasnya")
    assert len(cases(world)) == 1
    heard(world, "BRI: Trx debit Rp250.000 di AGEN BRILINK 14/11 09:11. Saldo Rp31.207")
    assert len(cases(world)) == 1


def test_a_wish_beside_thanks_is_kept(world: World) -> None:
    first = code(heard(world, "lahan kelompok tani kami di Segoy Makmur digarap perusahaan tanpa ganti rugi"))
    officer_asks(world, first, "Mediasi dijadwalkan bulan depan di kantor camat.")
    wish = "siap pak kami tunggu undangannya. klo bisa jgn hari jumat"
    heard(world, wish)
    assert any(wish in body for body in bodies(world, first))


def test_goods_that_are_hoarded_bury_nobody(world: World) -> None:
    heard(world, "penyaluran gas 3kg di kaliorang dijual 45rb")
    assert not heard(world, "mereka timbun di gudang belakang pak malam2").startswith(say.CALL)
    assert is_in_danger("dua orang tertimbun tanah di kaliorang")


@pytest.mark.parametrize(
    "text",
    [
        "tolong nomor hp saya jgn sampai ketahuan kades pak, takut dicoret dr daftar",
        "no hp sy jgn sampe bocor ke orang desa ya, takut",
        "mohon nomor wa kami jangan disebut ke kepala desa, takut dipersulit",
    ],
)
def test_a_plea_for_ones_number_is_no_silence(world: World, text: str) -> None:
    heard(world, "BLT di desa Sepaso Timur dipotong 50rb per orang sama pak kades")
    assert say.UNTOLD in heard(world, text)
    assert not muted(world)


@pytest.mark.parametrize(
    "second",
    [
        "sekalian pak lampu jalan depan balai desa mati semua dari lebaran",
        "selain itu sampah di pasar tidak diangkut sudah dua minggu bau sekali",
        "sekolah di kaubun atapnya roboh, murid belajar di teras sudah dua minggu",
    ],
)
def test_what_says_it_is_something_else_is_no_half(world: World, second: str) -> None:
    heard(world, OPEN)
    heard(world, second)
    assert len(cases(world)) == 2


@pytest.mark.parametrize(
    "text", ["takut ketahuan suami pak", "jgn sampai suami tau sy sms ini", "takut ketauan bos, dia serumah"]
)
def test_fear_of_who_shares_a_phone_is_left_to_the_opinion(text: str) -> None:
    assert speaks_of_messages(text)


@pytest.mark.parametrize(
    ("text", "reopens"),
    [
        ("makasih pak, silakan dilanjutkan kerjanya di tempat lain", False),
        ("laporan saya diteruskan ke siapa pak?", False),
        ("makasih tapi baru separo yang diaspal, tolong dilanjut", True),
        ("kok baru setengah yang ditimbun, kapan2 dilanjut ya", True),
    ],
)
def test_what_goes_on_reopens_only_where_something_is_missing(world: World, text: str, reopens: bool) -> None:
    close(world, code(heard(world, "jalan usaha tani bumi sejahtera kaliorang hancur, truk tidak bisa masuk")))
    assert ("dibuka lagi" in heard(world, text)) is reopens


def test_who_asks_to_close_beside_good_news_is_heard(world: World) -> None:
    heard(world, LAMP)
    assert "menurut Anda sudah selesai" in heard(world, "lampu sudah nyala pak, tinggal minta laporannya ditutup")
