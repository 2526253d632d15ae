"""A further language is a catalogue in its folder: pages below its code, a way to it, and what it lacks in Indonesian,
marked as such. Javanese is the one that is shipped."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template_string

from functions.casework.directory.agencies import Directory
from functions.casework.directory.portal_file import Look
from functions.casework.formats import foreign_text
from functions.casework.formats.foreign_text import marked, resolve
from functions.web import language, layout
from tests.pages import check_page

JAVANESE = language.FOLDER / "jv" / "LC_MESSAGES"
TINY = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Nama bahasa ini"
msgstr "Bahasa Banjar"

msgid "Tulis laporan"
msgstr "Tulis lapuran"

msgid "Apa yang terjadi?"
msgstr "Apa nang tajadi?"
"""


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of catalogues with one more than is shipped: a tiny one, compiled as the build compiles it."""
    shutil.copytree(language.FOLDER, tmp_path / "translations")
    folder = tmp_path / "translations" / "bjn" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "lapor.mo").open("wb") as file:
        write_mo(file, read_po(io.StringIO(TINY)))
    monkeypatch.setattr(language, "FOLDER", tmp_path / "translations")
    _forget()
    yield tmp_path
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    language.others.cache_clear()
    language.translations.cache_clear()


def test_a_catalogue_alone_adds_the_reporters_pages_and_the_way_to_them(
    planted: Path, portal: ModuleType, directory: Directory, public_keys: Path
) -> None:
    app = portal.create_app(directory, public_keys)
    client = app.test_client()
    theirs = {rule.rule.removeprefix("/bjn") for rule in app.url_map.iter_rules() if rule.rule.startswith("/bjn/")}
    assert theirs == language.PAGES
    for path in (each for each in language.PAGES if not each.endswith(".json")):
        answer = client.get(f"/bjn{path}")
        assert answer.status_code == 200
        assert check_page(answer.text).get("lang") == "bjn"
        assert not set(answer.text) & {foreign_text.START, foreign_text.END}
    assert foreign_text.START not in client.get("/bjn/lacak/kata.json").text
    home = client.get("/bjn/").text
    assert re.search(r'<a [^>]*href="/bjn/lapor/"[^>]*>Tulis lapuran<', home)
    assert ">Tulis laporan" not in home
    assert re.search(r'<a [^>]*href="/barometer/"', home), "what it does not have is the Indonesian page"
    for path, others in {
        "/": {"/en/": "English", "/bjn/": "Bahasa Banjar", "/jv/": "Basa Jawa"},
        "/bjn/": {"/": "Bahasa Indonesia", "/en/": "English", "/jv/": "Basa Jawa"},
        "/barometer/": {"/en/barometer/": "English"},
    }.items():
        links = re.findall(r'<a href="([^"]+)" lang="\w+" hreflang="\w+">([^<]+)</a>', client.get(path).text)
        assert dict(links) == others, path
    assert '"/bjn/lapor/"' in client.get("/sw.js").text


def test_every_indonesian_word_on_such_a_page_says_that_it_is(
    planted: Path, portal: ModuleType, directory: Directory
) -> None:
    """With an empty catalogue no text is left outside of an element that says ``lang="id"``, but names and codes."""
    page = check_page(portal.create_app(directory).test_client().get("/bjn/privasi/").text)
    unsaid = list(_unsaid(page.find("body"), "bjn"))
    known = {directory.owner, "Lapor Anonim", "Bahasa Indonesia", "keys.json"}
    words = re.compile(r"\b(yang|dan|Anda|kami|tidak|laporan|dengan|untuk)\b")
    assert not [text for text in unsaid if words.search(text) and text not in known]
    assert len(unsaid) < 40


def _unsaid(element, lang: str) -> Iterator[str]:
    lang = element.get("lang") or lang
    if element.tag in ("script", "style", "svg"):
        return
    if lang == "bjn" and element.text and element.text.strip():
        yield element.text.strip()
    for child in element:
        yield from _unsaid(child, lang)
        if lang == "bjn" and child.tail and child.tail.strip():
            yield child.tail.strip()


def test_of_several_portals_only_those_that_name_it_have_it(
    planted: Path, portal: ModuleType, directory: Directory
) -> None:
    import frozen_app

    for named, paths in {("id", "en"): [], ("id", "bjn"): ["/bjn/"], ("id", "xx"): []}.items():
        standing = frozen_app.Standing("kutim", Look(languages=named))
        app = portal.create_app(directory, standing=standing)
        assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule in ("/bjn/", "/xx/", "/jv/")] == paths


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<p>⟦Isi⟧</p>", '<p lang="id">Isi</p>'),
        ('<p class="x"> ⟦Isi⟧ </p>', '<p lang="id" class="x"> Isi </p>'),
        ("<p>Apa ⟦Isi⟧</p>", '<p>Apa <span lang="id">Isi</span></p>'),
        ("<p>⟦Isi <b>tebal</b>⟧ dan</p>", '<p><span lang="id">Isi <b>tebal</b></span> dan</p>'),
        ("<p>⟦Luar ⟦dalam⟧ luar⟧ x</p>", '<p><span lang="id">Luar dalam luar</span> x</p>'),
        ("<title>⟦Isi⟧ — Lapor</title>", "<title>Isi — Lapor</title>"),
        ("<title>⟦Isi⟧</title>", '<title lang="id">Isi</title>'),
        ('<option value="a">⟦Satu⟧\n<option value="b">⟦Dua⟧\n</select>',) * 1
        + ('<option lang="id" value="a">Satu\n<option lang="id" value="b">Dua\n</select>',),
        ('<input placeholder="⟦Isi⟧">', '<input lang="id" placeholder="Isi">'),
        ('<a title="⟦Isi > ini⟧" href="/">Apa</a>', '<a title="Isi > ini" href="/">Apa</a>'),
        ('<p lang="en">⟦Isi⟧</p>', '<p lang="en"><span lang="id">Isi</span></p>'),
        ("<script>let a = '⟦Isi⟧';</script>", "<script>let a = 'Isi';</script>"),
        ("<br>⟦Isi⟧<br>", '<br><span lang="id">Isi</span><br>'),
        ("<p>tanpa</p>", "<p>tanpa</p>"),
        ("⟦Isi⟧", '<span lang="id">Isi</span>'),  # no page, and one that breaks off
        ("<p>⟦Isi⟧", '<p lang="id">Isi'),
    ],
)
def test_where_marks_stand_the_page_says_it_is_indonesian(page: str, said: str) -> None:
    marks = str.maketrans({"⟦": foreign_text.START, "⟧": foreign_text.END})
    assert resolve(page.translate(marks)) == said


def test_only_pages_are_marked_and_only_in_a_further_language(planted: Path) -> None:
    app = Flask("door", static_folder=None)
    layout.prepare(app)
    app.add_url_rule("/", "say", lambda: render_template_string('<p>{{ _("Bantuan") }}</p>'))
    app.add_url_rule("/json", "json", lambda: {"said": language.gettext("Bantuan")})
    client = app.test_client()
    assert client.get("/?lang=bjn").text == '<p lang="id">Bantuan</p>'
    assert client.get("/").text == "<p>Bantuan</p>"
    assert client.get("/json?lang=bjn").json == {"said": "Bantuan"}
    assert marked("x") != "x"
    assert language.gettext("Bantuan") == "Bantuan"


@pytest.fixture(scope="module")
def javanese() -> Catalog:
    return read_po(io.BytesIO((JAVANESE / "lapor.po").read_bytes()), locale="jv", abort_invalid=True)


def test_javanese_translates_texts_that_are_there_and_keeps_their_gaps(javanese: Catalog) -> None:
    there = read_po(io.BytesIO((language.FOLDER / "en" / "LC_MESSAGES" / "lapor.po").read_bytes()), locale="en")
    known = {part for message in there for part in (message.id if isinstance(message.id, tuple) else (message.id,))}
    said = [message for message in javanese if message.id]
    assert not {message.id for message in said} - known, "stale: take them out of jv/LC_MESSAGES/lapor.po"
    shape = r"%\(\w+\)s|\{\w+\}|</?\w+|href=\"[^\"]*\""
    for message in said:
        assert sorted(re.findall(shape, message.id)) == sorted(re.findall(shape, message.string)), message.id
    fresh = io.BytesIO()
    write_mo(fresh, javanese)
    assert (JAVANESE / "lapor.mo").read_bytes() == fresh.getvalue(), "make languages"


def test_javanese_has_the_whole_way_of_a_reporter(portal: ModuleType, directory: Directory) -> None:
    client = portal.create_app(directory).test_client()
    for path in ("/jv/", "/jv/lapor/", "/jv/lacak/"):
        indonesian = re.findall(r'<(?!a )[^>]*lang="id"[^>]*>[^<]*', client.get(path).text)
        assert len(indonesian) <= 1, indonesian
    promises = check_page(client.get("/jv/privasi/").text)
    five = [item for item in promises.iter("li") if str(item.get("id", "")).startswith("janji-")][:5]
    assert [item.get("lang") for item in five] == [None] * 5
    assert not [item for each in five for item in each.iter() if item.get("lang")]
