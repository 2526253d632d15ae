"""The privacy page is read by people who are afraid: the least first, the rest folded, and no sentence too long."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from tests.pages import check_page
from tests.site.conftest import ROOT

MOST_WORDS = 30
TEXTS = {"p", "li", "desc", "summary", "h1", "h2"}
# Each ends a sentence, but for the one within a name.
END = re.compile(r"(?<!LAPOR)[.!?](?=\s|$)")


def said(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def sentences(root: Element) -> list[str]:
    texts = [said(element) for element in root.iter() if str(element.tag).rpartition("}")[2] in TEXTS]
    return [part.strip() for text in texts for part in END.split(text) if part.strip()]


@pytest.mark.parametrize("name", ["privasi/index.html", "en/privasi/index.html"])
def test_five_promises_and_three_limits_come_first_and_the_rest_is_folded(frozen: Path, name: str) -> None:
    root = check_page((frozen / name).read_text())
    main = next(root.iter("main"))
    first, second = (element for element in main if element.tag == "ol")
    assert (len(list(first)), len(list(second))) == (5, 3)
    assert all((item.get("id") or "").startswith("janji-") for item in first)
    folded = [item for fold in main.iter("details") for item in fold.iter("li")]
    promised = [item for item in main.iter("li") if (item.get("id") or "").startswith("janji-")]
    assert len(promised) > 30
    assert [item.get("id") for item in promised if item not in folded and item not in list(first)] == []
    assert [fold.get("open") for fold in main.iter("details") if fold.get("open") is not None] == []
    picture = next(element for element in main.iter() if str(element.tag).endswith("svg") and element.get("role"))
    assert picture.get("aria-labelledby") == "who-title who-rows"


@pytest.mark.parametrize("name", ["privasi/index.html", "en/privasi/index.html"])
def test_no_sentence_is_longer_than_thirty_words(frozen: Path, name: str) -> None:
    found = sentences(check_page((frozen / name).read_text()))
    assert len(found) > 120
    assert [one for one in found if len(one.split()) > MOST_WORDS] == []


def test_the_count_does_find_a_long_sentence() -> None:
    long = " ".join(["kata"] * (MOST_WORDS + 1))
    page = Element("main")
    page.append(Element("p"))
    page[0].text = f"Pendek. {long}. Di SP4N-LAPOR! tidak."
    assert [len(one.split()) for one in sentences(page)] == [1, MOST_WORDS + 1, 3]


def test_no_office_words_are_left_for_reporters() -> None:
    """Everyday words on what reporters read: email, link, browser; a custodian is a keeper of names."""
    pages = [ROOT / "site" / "pages" / name for name in ("privasi.html", "bantuan.html")]
    web = ROOT / "functions" / "web" / "templates"
    pages += [web / name for name in ("receipt.html", "receipt_parts.html", "slip.html", "lookup.html", "talk.html")]
    pages += sorted((ROOT / "functions" / "thread" / "templates").glob("*.html"))
    found = {
        (page.name, word)
        for page in pages
        for word in re.findall(
            r"(?<!janji-)\b(?:surel|tautan|peramban|kustodian|perkembangan)\w*", page.read_text(), re.IGNORECASE
        )
    }
    assert found == set()


def test_every_screen_says_email_link_and_browser() -> None:
    """As people say it, also to officers, custodians and clerks."""
    screens = [*(ROOT / "site" / "pages").rglob("*.html"), *(ROOT / "functions").rglob("templates/*.html")]
    screens += [ROOT / "functions" / name for name in ("web/wording.py", "custody/pages.py", "open311/texts.py")]
    assert len(screens) > 90
    office = re.compile(r"(?<![-\w])(?:surel|tautan|peramban)(?!-)\w*", re.IGNORECASE)
    assert {(screen.name, word) for screen in screens for word in office.findall(screen.read_text())} == set()


@pytest.mark.parametrize("name", ["privasi/index.html", "en/privasi/index.html"])
def test_the_picture_of_who_reads_what_is_legible_on_the_narrowest_phone(frozen: Path, name: str) -> None:
    drawn = [each for each in check_page((frozen / name).read_text()).iter() if str(each.tag).startswith("{")]
    picture = next(each for each in drawn if each.get("role") == "img")
    _, _, width, _ = map(float, (picture.get("viewBox") or "").split())
    texts = [each for each in picture.iter() if str(each.tag).endswith("}text")]
    assert width <= 320
    assert float(picture.get("font-size") or 0) >= 15
    assert len(texts) > 15
    assert [each.get("font-size") for each in texts if each.get("font-size")] == []
    # Half of the width for a column; a letter of this font is 8 wide at most, on average.
    assert [said(each) for each in texts if len(said(each)) * 8 > (320 if each.get("font-weight") else 155)] == []
