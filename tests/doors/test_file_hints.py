"""What stands beside each field for files is what the field and the door take: which types, how many, and at a time."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from functions.actions.common.file_limits import FILES_PER_TURN
from functions.casework.formats.attachments import TYPES
from tests.markup import text
from tests.pages import check_page
from tests.world import World

ROOT = Path(__file__).resolve().parents[2]
HTML = {"Accept": "text/html"}
NAMES = {kind.accept: kind.name for kind in TYPES if kind.name and not kind.is_photo}
WORDS = {
    "": {"photo": "Foto", ".txt": "teks", "many": f"sampai {FILES_PER_TURN} berkas", "one": "Pilih satu berkas"},
    "en": {"photo": "hoto", ".txt": "text", "many": f"up to {FILES_PER_TURN} files", "one": "Choose one file"},
}
FIELD = re.compile(r'type="file"|type: "file"')


def pages(world: World, lang: str) -> dict[str, Element]:
    """The screens on which files are chosen, without script."""
    fields = world.fields() | {"submission_key": "ab" * 16, "lang": lang}
    made = world.report()
    case = f"/desk/cases/{made['tracking_id']}?lang={lang or 'id'}"
    html = {
        "receipt": world.intake.post("/api/reports", data=fields, headers=HTML).text,
        "thread": world.thread.post("/api/thread", data={"receipt": made["receipt"], "lang": lang}, headers=HTML).text,
        "desk": world.hand_over(made["tracking_id"]).client.get(case, headers=HTML).text,
    }
    return {name: check_page(page) for name, page in html.items()}


@pytest.mark.parametrize("lang", WORDS)
def test_the_hint_names_each_type_and_number_that_its_field_takes(world: World, lang: str) -> None:
    said = WORDS[lang]
    for name, root in pages(world, lang).items():
        boxes = [box for box in root.iter("input") if box.get("type") == "file"]
        assert boxes, name
        known = {element.get("id"): text(element) for element in root.iter() if element.get("id")}
        labels = {label.get("for"): text(label) for label in root.iter("label")}
        for box in boxes:
            hint = " ".join(known[place] for place in (box.get("aria-describedby") or "").split())
            taken = (box.get("accept") or "").split(",")
            for kind in taken:
                word = said["photo"] if kind.startswith("image/") else said[kind] if kind in said else NAMES[kind]
                assert word in hint, (name, kind, hint)
            assert not [word for kind, word in NAMES.items() if word in hint and kind not in taken], (name, hint)
            assert re.search(r"\d+ MB", hint), (name, hint)
            assert box.get("multiple") is None, name
            if name != "desk":  # there a file goes with words, one at a time
                assert said["many"] in hint, (name, hint)
                assert labels[box.get("id")] == said["one"], name


def test_no_other_screen_has_such_a_field() -> None:
    """What is said of these three, and of the form's photos (``tests/browser/test_report_form.py``), is said of all."""
    places = [*(ROOT / "functions").rglob("*.html"), *(ROOT / "site" / "pages").rglob("*.html")]
    places += (ROOT / "site" / "browser" / "form").glob("*.js")
    found = {place.name for place in places if FIELD.search(place.read_text())}
    assert found == {"receipt_parts.html", "talk.html", "form_parts.html", "tulis.js"}
