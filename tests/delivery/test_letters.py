"""The letters as people read them: plain, short enough for any mail program, and without a blank left open."""

import re
import subprocess
from pathlib import Path

import html5lib
import pytest
from playwright.sync_api import Browser

from functions.casework.directory.diff import Change, What
from functions.config.settings import DEMO, load_directory
from functions.delivery.digest_lines import Counts
from functions.delivery.directory_lines import LINES, lines_of
from functions.delivery.interface import Letter
from functions.delivery.letters import (
    OUTCOMES,
    REFUSED,
    REPORTERS_SUBJECT,
    WORDINGS,
    why_not,
    write_letter,
    write_reporters_letter,
)
from functions.storage.interface import Notice

LINK = "https://lapor.example.id/masuk/#" + "WyJ4" * 90 + ".tanda_tangan-1"
CASE = "4F7K-2M9Q-XR3D"
LONGEST = max((a.name for a in load_directory(DEMO / "kutai-timur.toml").agencies.values()), key=len)
COLUMNS = 78
WITHOUT_CASE = ("link_wanted", "quarantined", "directory_changed", "digest", *OUTCOMES)
TOLD = {"officer": "dishub-3", "by": "kutim-1", "why": max([why_not(""), *REFUSED.values()], key=len)}
CHANGES = [
    Change("agencies", "kutim-dishub", What.CHANGED, {"name": ("Dinas Perhubungan", LONGEST), "once_below": ("", "x")}),
    Change("officers", "dlh-1", What.CHANGED, {"email": ("*", "*"), "role": ("officer", "clerk")}),
    Change("holidays", "2027-08-18", What.REMOVED),
]
CHANGED = {"by": "kutim-1", "on": "Rabu, 25 November 2026", "whose": LONGEST, "lines": "\n".join(lines_of(CHANGES))}


COUNTED = Counts({name: frozenset(map(str, range(n))) for n, name in enumerate(Counts.NAMES, 1)}, 30)
DIGEST = {"subject": COUNTED.subject(), "lines": COUNTED.lines()}
FACTS = {"directory_changed": CHANGED, "digest": DIGEST}


def letter(notice: str, agency: str = LONGEST) -> Letter:
    case = "" if notice in WITHOUT_CASE else CASE
    return write_letter(
        to="petugas@dinas.example.id",
        notice=notice,
        tracking_id=case,
        agency=agency,
        link=LINK,
        until="Rabu, 25 November 2026",
        message_id="m",
        count=17 if notice == "quarantined" else 0,
        facts=TOLD if notice in OUTCOMES else FACTS.get(notice, {}),
    )


def w3m(folder: Path, html: str) -> str:
    page = folder / "surat.html"
    page.write_text(html, encoding="utf-8")
    command = ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", str(COLUMNS), str(page)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout


@pytest.mark.parametrize("notice", [*WORDINGS, *OUTCOMES])
def test_the_text_fits_78_columns_but_for_the_link_which_stands_whole_on_a_line(notice: str) -> None:
    text = letter(notice, agency="Badan Pengelolaan Keuangan, Aset, dan Segala Urusan yang Namanya Panjang Sekali").text
    lines = text.splitlines()
    assert LINK in lines
    assert [line for line in lines if len(line) > COLUMNS] == [LINK]
    assert "\n\n\n" not in text
    assert text == text.strip()


@pytest.mark.parametrize("notice", [*WORDINGS, *OUTCOMES])
def test_no_letter_has_an_open_blank_and_each_says_the_same_in_text_and_html(notice: str, tmp_path: Path) -> None:
    made = letter(notice)
    shown = w3m(tmp_path, made.html)
    assert max(len(line) for line in shown.splitlines()) <= COLUMNS
    flat_text, flat_html = (re.sub(r"\s+", " ", text) for text in (made.text, shown))
    for text in (made.subject, flat_text, flat_html):
        assert not re.search(r"\{|\}|None|Undefined|%s", text), text
    wording = (WORDINGS | OUTCOMES)[notice]
    says = wording.says.format(count=17, **CHANGED | TOLD)
    for said in (
        says,
        wording.closing,
        f"Instansi: {LONGEST}",
        wording.button,
        "Rabu, 25 November 2026",
        "Jangan teruskan",
    ):
        assert said in flat_text
        assert said in flat_html
    for text in (made.subject, flat_text, flat_html):
        assert (CASE in text) == (notice not in WITHOUT_CASE)


@pytest.mark.parametrize("notice", [*WORDINGS, *OUTCOMES])
def test_the_html_is_valid_and_loads_nothing(notice: str) -> None:
    made = letter(notice)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root = parser.parse(made.html)
    assert root.get("lang") == "id"
    assert [link.get("href") for link in root.iter("a")] == [LINK]
    # A picture from afar would tell its sender when and where the letter is read.
    assert not {e.tag for e in root.iter()} & {"img", "link", "script", "iframe", "object", "video", "form"}
    assert not re.search(r"url\(|@import|src=", made.html)


def test_a_change_of_the_directory_is_told_line_by_line_and_without_an_address(tmp_path: Path) -> None:
    made = letter("directory_changed")
    for said in (made.text, w3m(tmp_path, made.html)):
        flat = re.sub(r"\s+", " ", said)
        assert (
            f"Instansi kutim-dishub diubah: nama “Dinas Perhubungan” → “{LONGEST}”; tetap tertutup baginya “–”" in flat
        )
        assert "Petugas dlh-1 diubah: alamat email diganti; tugas “officer” → “clerk”" in flat
        assert "Hari libur 2027-08-18 dihapus" in flat
    many = list(lines_of([*CHANGES] * 30))
    assert (len(many), many[-1]) == (LINES + 1, "dan 50 perubahan lain")
    nasty = Change("agencies", "x", What.CHANGED, {"name": ("<b>A</b>", "<script>")})
    html = write_letter(
        to="x@y.id",
        notice="directory_changed",
        tracking_id="",
        agency="D",
        link=LINK,
        until="u",
        message_id="m",
        facts=CHANGED | {"lines": "\n".join(lines_of([nasty]))},
    ).html
    assert "<script>" not in html


def test_every_notice_to_an_officer_has_its_letter() -> None:
    others = {"answered", "answered_sms", "texted", "officer_wish", "forwarded", "forwarded_more", "relayed"}
    others.add("factor_changed")
    assert set(WORDINGS) == {notice.value for notice in Notice} - others


def test_a_reporters_letter_says_that_there_is_news_and_nothing_that_tells_whose(tmp_path: Path) -> None:
    """His mailbox may be watched, and a subject shows on a locked screen."""
    made = write_reporters_letter(to="x@surat.example.id", url="https://lapor.example.id", message_id="m")
    assert made.subject == REPORTERS_SUBJECT == "Ada kabar"
    assert max(len(line) for line in made.text.splitlines()) <= COLUMNS
    shown = w3m(tmp_path, made.html)
    flat_text, flat_html = (re.sub(r"\s+", " ", text).strip() for text in (made.text, shown))
    for text in (flat_text, flat_html):
        assert "Ada kabar tentang laporan Anda." in text
        assert "https://lapor.example.id/lacak/" in text
        assert not re.search(r"#|/\?|Nomor|Instansi|masuk|None|\{", text), text
    assert [link.get("href") for link in html5lib.parse(made.html, namespaceHTMLElements=False).iter("a")] == [
        "https://lapor.example.id/lacak/"
    ]
    assert "https://lapor.example.id/lacak/" in made.text.splitlines()
    assert not re.search(r"url\(|@import|src=|<img|<link", made.html)


def test_names_are_escaped_in_html_and_plain_in_text() -> None:
    made = letter("new_case", agency='Dinas <b>"A & B"</b>')
    assert 'Dinas <b>"A & B"</b>' in made.text
    assert "<b>" not in made.html


@pytest.mark.parametrize("width", [320, 360, 600])
def test_the_letter_fits_a_phone_and_its_button_a_thumb(browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 640})
    page.set_content(letter("handed_over").html)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    box = page.get_by_role("link", name="Buka laporan").bounding_box()
    page.close()
    assert box
    assert box["height"] >= 44
    assert box["y"] + box["height"] <= 640  # without scrolling
