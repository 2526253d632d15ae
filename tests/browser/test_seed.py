"""The way of a report as Kutai Timur tells it: the centre, Kominfo as *admin induk*, the agency as *admin pelaksana*, then
"berbalas komentar" between reporter and agency alone: the admin induk sees only whether it is finished."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from functions.config.settings import DEMO
from tests.browser.people import DESKTOP, LINK, Person, link, mail
from tests.server import Client, Running, running

CENTRE, INDUK, PELAKSANA = (
    "admin1@pusat.example.id",
    "koordinator1@diskominfo.example.id",
    "petugas1@disdik.example.id",
)
UNIT = "Dinas Pendidikan"
WORDS = "Atap dua ruang kelas bocor sejak September, murid belajar di teras."
ANSWER = "Tukang mulai Senin; sementara itu kelas pindah ke balai desa."
MORE = "Apakah balai desa cukup untuk dua kelas?"
END = "Atap sudah diganti, kedua kelas sudah kembali."
SAID = (WORDS, ANSWER, MORE, END)


@pytest.fixture(scope="module")
def national(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The demonstration with the national desk before the regency's, as SP4N-LAPOR! has it."""
    folder = tmp_path_factory.mktemp("national")
    directory = (DEMO / "kutai-timur.toml").read_text()
    place = 'region = "64.08"\n'
    assert directory.count(place) == 1
    path = folder / "directory.toml"
    path.write_text(directory.replace(place, place + 'sorted_by = "centre"\n'))
    with running(folder / "data", DIRECTORY_FILE=str(path)) as product:
        yield product


def sign_in(product: Running, email: str, about: str) -> Client:
    """The same officer by JSON, with the latest link of his about this case."""
    officer = Client(product.url)
    found = LINK.search(mail(officer, email, about)["text"])
    assert found
    officer.csrf = officer.post("/desk/session", {"token": found[1]})["csrf"]
    return officer


def hand_over(officer: Person, to: str, reason: str) -> None:
    officer.page.get_by_label("Teruskan ke").select_option(label=to)
    officer.write("Alasannya", reason)
    officer.press("Teruskan laporan")


def cannot_read(induk: Person, case_id: str) -> None:
    """He sees that it moves, and no word of it, whichever way he asks."""
    html = induk.page.content()
    assert not [words for words in SAID if words in html]
    asked = "async path => (await fetch(path, { headers: { Accept: 'application/json' } })).text()"
    for path in ("/desk/", f"/desk/cases/{case_id}"):
        answered = induk.page.evaluate(asked, path)
        assert case_id in answered
        assert not [words for words in SAID if words in answered]


@pytest.mark.long
def test_from_the_centre_to_the_agency_and_back_to_the_reporter(
    browser: Browser, national: Running, tmp_path: Path
) -> None:
    reporter = Person(browser, national.url)
    centre, induk, pelaksana = (Person(browser, national.url, screen=DESKTOP) for _ in range(3))
    post = Client(national.url)

    reporter.go("/lapor/")
    reporter.choose("Di kecamatan mana?", "Sangkulirang")
    reporter.write("Apa yang terjadi?", WORDS)
    reporter.press("Periksa sebelum dikirim")
    reporter.choose("Tentang apa?", "Sekolah dan guru")
    reporter.press("Kirim laporan", 201)
    receipt, case_id = reporter.code(), reporter.case_id()

    centre.sign_in_to(link(mail(post, CENTRE, case_id)), case_id)
    centre.reads(WORDS, "Anda: teruskan ke dinas")
    assert not [m for m in post.mails() if m["to"] == INDUK]  # it is not his yet
    hand_over(centre, "Pemerintah Kabupaten Kutai Timur", "Kewenangan kabupaten.")

    induk.sign_in_to(link(mail(post, INDUK, case_id)), case_id)
    induk.reads(WORDS)  # to hand it on he has to read it
    hand_over(induk, f"{UNIT} (usulan)", "Kewenangan dinas.")
    induk.go(f"/desk/cases/{case_id}")
    induk.reads(f"Laporan ini sedang ditangani {UNIT}.")
    cannot_read(induk, case_id)

    pelaksana.sign_in_to(link(mail(post, PELAKSANA, case_id)), case_id)
    pelaksana.reads(WORDS)
    pelaksana.write("Jawaban Anda", ANSWER)
    pelaksana.press("Kirim jawaban")
    reporter.leave()
    reporter = Person(browser, national.url)
    reporter.open_report(receipt)
    reporter.reads(WORDS, ANSWER, "Diteruskan ke Pemerintah Kabupaten Kutai Timur", f"Diteruskan ke {UNIT}")
    reporter.write("Balas petugas", MORE)
    reporter.press("Kirim", 201)
    pelaksana.go(f"/desk/cases/{case_id}")
    pelaksana.reads(MORE)
    induk.go(f"/desk/cases/{case_id}")
    cannot_read(induk, case_id)

    pelaksana.follow("Tutup")
    pelaksana.tick("Sudah dijelaskan")
    pelaksana.write("Penjelasan untuk pelapor", END)
    pelaksana.press("Periksa, lalu tutup")
    pelaksana.press("Ya, tutup laporan")
    induk.go(f"/desk/cases/{case_id}")
    induk.reads("Ditutup")
    cannot_read(induk, case_id)
    reporter.open_report(receipt)
    reporter.unfold("Ya, sudah selesai")
    reporter.press("Nyatakan selesai")
    induk.go(f"/desk/cases/{case_id}")
    induk.reads("Selesai. Pelapor menyatakan laporannya sudah beres.")
    cannot_read(induk, case_id)
    for person in (reporter, centre, induk, pelaksana):
        person.leave()
