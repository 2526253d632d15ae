import io
import re
from collections.abc import Iterator
from datetime import date

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from jinja2 import Environment

from functions.web import language, layout
from functions.web.dates import long_date
from tests.site.conftest import ROOT

ENGLISH = language.FOLDER / "en" / "LC_MESSAGES"
PO = "functions/web/translations/en/LC_MESSAGES/lapor.po"
COMPILE = f"pybabel compile -i {PO} -o {PO[:-2]}mo"
UPDATE = (
    "mkdir -p build && pybabel extract -F functions/web/translations/babel.cfg --no-location --sort-output -o build/lapor.pot . && "
    f"pybabel update -i build/lapor.pot -o {PO} -l en --no-wrap --no-fuzzy-matching --ignore-obsolete, "
    f"write the English, then {COMPILE}"
)


@pytest.fixture(scope="module")
def english() -> Catalog:
    return read_po(io.BytesIO((ENGLISH / "lapor.po").read_bytes()), locale="en", abort_invalid=True)


@pytest.fixture(scope="module")
def wanted() -> set[str]:
    with (language.FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = {message for top in ("functions", "site") for _, _, message, _, _ in _extracted(top, methods, options)}
    assert len(found) > 200
    return {text for message in found for text in (message if isinstance(message, tuple) else (message,)) if text}


def _extracted(top, methods, options):
    # The mapping's patterns begin at the project's root; reading whole other folders there would take seconds.
    stripped = [
        (pattern.removeprefix(f"{top}/"), method) for pattern, method in methods if pattern.startswith(f"{top}/")
    ]
    chosen = {pattern.removeprefix(f"{top}/"): value for pattern, value in options.items()}
    return extract_from_dir(ROOT / top, stripped, chosen)


def _texts(english: Catalog) -> Iterator[tuple[str, str]]:
    """Every (Indonesian, English) pair, plurals one by one."""
    for message in english:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if ids[0]:
            yield from zip(ids, strings, strict=True)


def test_every_text_has_its_english(english: Catalog, wanted: set[str]) -> None:
    assert not wanted - {text for text, said in _texts(english) if said}, UPDATE


def test_the_catalogue_holds_nothing_else(english: Catalog, wanted: set[str]) -> None:
    assert not {text for text, _ in _texts(english)} - wanted, UPDATE
    assert not english.obsolete, UPDATE
    assert not [message.id for message in english if message.fuzzy and message.id], UPDATE


def test_the_compiled_catalogue_is_the_written_one(english: Catalog) -> None:
    fresh = io.BytesIO()
    write_mo(fresh, english)
    assert (ENGLISH / "lapor.mo").read_bytes() == fresh.getvalue(), COMPILE


@pytest.mark.parametrize("shape", [r"%\(\w+\)s", r"\{\w+\}", r"</?\w+|tel:\d+|#\w+|https://(?!id\.|en\.)[\w./]+"])
def test_both_languages_fill_the_same_gaps_and_keep_the_same_tags(english: Catalog, shape: str) -> None:
    for text, said in _texts(english):
        assert sorted(re.findall(shape, text)) == sorted(re.findall(shape, said or text)), text


@pytest.fixture
def app() -> Flask:
    app = Flask("door", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1000
    layout.prepare(app)
    app.add_url_rule(
        "/", "say", lambda: render_template_string('{{ _("Bantuan") }} {{ url("/x/") }}'), methods=["GET", "POST"]
    )

    @app.errorhandler(413)
    def too_large(error):
        return render_template_string('{{ _("Terlalu besar") }}'), 413

    @app.post("/read")
    def read():
        from flask import request

        request.get_data()
        return ""

    return app


@pytest.mark.parametrize(
    ("query", "form", "said"),
    [
        ("", {}, "Bantuan /x/"),
        ("?lang=en", {}, "Help /en/x/"),
        ("", {"lang": "en"}, "Help /en/x/"),
        ("", {"lang": "id"}, "Bantuan /x/"),
        ("?lang=../../etc", {}, "Bantuan /x/"),
    ],
)
def test_a_door_answers_in_the_language_of_the_form_or_query(
    app: Flask, query: str, form: dict[str, str], said: str
) -> None:
    client = app.test_client()
    answer = client.post(f"/{query}", data=form) if form else client.get(f"/{query}")
    assert answer.text == said


@pytest.mark.parametrize(
    "text",
    [
        '{{ _("Bantuan") }}',
        '{{ _("5%% saja") }}',
        '{{ _("100%% <b>%(who)s</b>", who=who) }}',
        '{{ _("100%% <b>%(message)s</b>", message=who) }}',
        "{% trans %}Halo <b>{{ who }}</b>, 5%{% endtrans %}",
        "{% trans n=1 %}satu {{ n }} dari {{ who }}{% pluralize %}banyak {{ num }}{% endtrans %}",
        "{% trans n=3 %}satu {{ n }}{% pluralize %}{{ num }} atau {{ n }} dari {{ who }}{% endtrans %}",
        "{% trans num=3 %}satu{% pluralize %}banyak {{ num }}{% endtrans %}",
    ],
)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_text_is_filled_as_jinja_itself_would(app: Flask, text: str, lang: str) -> None:
    jinjas = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    jinjas.install_gettext_callables(language.gettext, language.ngettext, newstyle=True)
    with app.test_request_context(f"/?lang={lang}"):
        assert render_template_string(text, who="<i>&") == jinjas.from_string(text).render(who="<i>&")


def test_a_body_too_large_to_read_still_gets_its_page(app: Flask) -> None:
    answer = app.test_client().post("/read?lang=en", data={"lang": "id", "body": "x" * 2000})
    assert (answer.status_code, answer.text) == (413, "Too large")


def test_a_json_body_may_choose_too_and_outside_of_a_request_it_is_indonesian(app: Flask) -> None:
    assert language.gettext("Bantuan") == "Bantuan"
    with app.test_request_context("/", json={"lang": "en"}):
        language.use("en")
        assert language.gettext("Bantuan") == "Help"
    with app.test_request_context("/?lang=en"):
        language.use(None)
        assert language.gettext("Bantuan") == "Bantuan"
        assert language.ngettext("a", "b", 2) == "b"


def test_nothing_to_say_is_said_as_nothing(app: Flask) -> None:
    """In a catalogue the empty text stands for its header."""
    with app.test_request_context("/?lang=en"):
        assert language.gettext("") == ""


def test_dates_as_people_say_them(app: Flask) -> None:
    assert long_date(date(2026, 11, 27), "id") == "Jumat, 27 November 2026"
    assert long_date(date(2026, 11, 27), "en") == "Friday, 27 November 2026"
    assert long_date(date(2027, 5, 2), "id") == "Minggu, 2 Mei 2027"
    with app.test_request_context("/?lang=en"):
        assert layout.long_date(date(2027, 8, 17)) == "Tuesday, 17 August 2027"
        assert layout.url("/lacak/") == "/en/lacak/"
        assert layout.url("/lacak/", "id") == "/lacak/"
