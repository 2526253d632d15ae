"""The story in English: whoever begins below ``/en/`` reads English until the end."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser

from functions.web.language import FOLDER
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.server import Running

WORDS = "The wooden bridge to the school is broken."
# Little words that no Indonesian sentence does without.
INDONESIAN = re.compile(
    r"\b(yang|dan|atau|Anda|kami|laporan|tidak|belum|sudah|untuk|dengan|dari|pada|kode|adalah|ini|itu|petugas|"
    r"pelapor|tulis|kirim|buka|paling|lambat|selesai|dinas|oleh|bisa|dapat|jangan|berkas|hari|Ke|ke|di)\b",
    re.IGNORECASE,
)


def sentences() -> set[str]:
    """Every Indonesian text of the catalogue that reads otherwise in English, without its blanks and marks."""
    with (Path(FOLDER) / "en" / "LC_MESSAGES" / "lapor.po").open("rb") as file:
        known = [(str(m.id), str(m.string)) for m in read_po(file) if m.id and isinstance(m.id, str)]
    pieces = {
        part.strip() for id_, string in known if id_ != string for part in re.split(r"<[^>]*>|%?[{(]\w+[)}]s?", id_)
    }
    return {piece for piece in pieces if " " in piece and len(piece) > 8}


class Reader(Person):
    """A reporter who reads English, and what stands on the pages in any language."""

    names: tuple[str, ...] = ()

    def look(self) -> str:
        said = super().look()
        assert self.page.locator("html").get_attribute("lang") == "en"
        page = self.page.locator("html").evaluate(
            "e => [document.title, ...[...e.querySelectorAll('[aria-label],[alt]')].map(l => l.ariaLabel || l.alt)]"
        )
        words = " ".join([said, *page])
        for name in sorted(self.names, key=len, reverse=True):
            words = words.replace(name, "")
        assert [sentence for sentence in SENTENCES if sentence in words] == []
        assert INDONESIAN.findall(words) == []
        return said


SENTENCES = sentences()


@pytest.fixture
def reader(browser: Browser, product: Running) -> Iterator[Reader]:
    directory = Scene(product).post.get("/dev/directory.json")
    reader = Reader(browser, product.url)
    reader.names = (
        *(agency["name"] for agency in directory["agencies"]),
        *(district["name"] for district in directory["districts"]),
        *("Diskominfo Kutai Timur (peragaan)", "Bahasa Indonesia", "Kami cek besok. Terima kasih."),
    )
    yield reader
    reader.leave()


@pytest.mark.long
def test_the_look_for_indonesian_finds_it(reader: Reader) -> None:
    assert len(SENTENCES) > 200
    reader.page.goto(f"{reader.url}/lapor/")
    assert [sentence for sentence in SENTENCES if sentence in reader.words()]
    assert len(set(INDONESIAN.findall(reader.words()))) > 10


@pytest.mark.long
def test_english_from_the_first_page_to_the_last(reader: Reader, product: Running) -> None:
    scene = Scene(product)
    reader.go("/en/")
    reader.follow("Write a report")
    reader.press("Check before sending", 422)
    reader.choose("In which district?", "Sangkulirang")
    reader.write("What happened?", WORDS)
    reader.choose("About an office or its staff?", "Dinas Sosial")
    reader.press("Check before sending")
    reader.choose("What is it about?", "Roads and bridges")
    reader.press("Change What happened")
    reader.unfolds()
    reader.write("Where exactly?", "near the market")
    reader.press("Check before sending")
    reader.reads(WORDS, "near the market", "Roads and bridges")
    reader.press("Send the report", 201)
    receipt, case_id = reader.code(), reader.case_id()
    reader.keeps_code()
    assert reader.page.get_by_role("link", name="Done").get_attribute("href") == "/en/"

    reader.go("/en/lacak/")
    reader.write("Report code", receipt[:-3])
    reader.press("Open the report", 400)
    reader.write("Report code", receipt)
    reader.press("Open the report")
    reader.press("Send", 422)
    officer = scene.unit_has(case_id)
    scene.reply(officer, case_id, "Kami cek besok. Terima kasih.")
    reader.write("Add something", "It is worse today.")
    reader.press("Send", 201)
    reader.reads("Kami cek besok. Terima kasih.", "It is worse today.")
    scene.close(officer, case_id, "Kami cek besok. Terima kasih.")
    reader.go("/en/lacak/")
    reader.write("Report code", receipt)
    reader.press("Open the report")
    reader.unfold("Not done yet")
    reader.press("Send it back to the agency", 422)
    reader.unfold("Yes, it is done")
    reader.tick("Very well")
    reader.press("Say it is done")
    reader.reads("Rating 5 of 5.")
