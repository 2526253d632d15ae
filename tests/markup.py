"""Reading a page as its reader meets it: its words, its fields, its forms and which of them are unfolded."""

import re
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from functions.web.layout import asset, integrity
from tests.pages import check_page

HOSTILE = "<script>alert(1)</script>\n\nBaris “kedua” & <b>ketiga</b>"


def page(answer: TestResponse, status: int = 200) -> Element:
    assert answer.status_code == status, answer.text
    return check_page(answer.text)


def text(root: Element) -> str:
    return " ".join("".join(root.itertext()).split())


def without_tokens(html: str) -> str:
    """A page without what is chance in it: a form's tokens, in whose 32 digits any four stand once in two thousand."""
    return re.sub(r"\b[0-9a-f]{32}\b", "", html)


def foreign_scripts(root: Element) -> list[Element]:
    """The scripts of a page, but for the quick exit's: that one runs only by its hash and has no text."""
    found = []
    for script in root.iter("script"):
        ours = script.get("src") == asset("keluar.js") and script.get("integrity") == integrity("keluar.js")
        if not ours or "".join(script.itertext()):
            found.append(script)
    return found


def field(root: Element, name: str) -> Element:
    return next(element for element in root.iter() if element.get("id") == name)


def forms(root: Element) -> dict[str, Element]:
    """The forms by what they are called."""
    named = [
        (form, next((i for i in form.iter("input") if i.get("name") == "form"), None)) for form in root.iter("form")
    ]
    return {hint.get("value", ""): form for form, hint in named if hint is not None}


def every_form(tabs: dict[str, str]) -> dict[str, Element]:
    """The forms of all tabs of a case's page (``memory.Officer.tabs``), each page checked."""
    return {name: form for html in tabs.values() for name, form in forms(check_page(html)).items()}


def is_open(root: Element, form: str) -> bool:
    """Whether a form is in sight: unfolded, or not folded at all."""
    folded = [d for d in root.iter("details") if forms(d).get(form) is not None]
    return folded[0].get("open") is not None if folded else forms(root).get(form) is not None
