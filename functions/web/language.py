"""The languages. A message's id is its Indonesian text; other languages stand in ``translations/CODE``.

Indonesian and English (``LANGUAGES``) are complete: a test compares. Any other catalogue in that folder adds its
language to the portal by being there (``others``): the reporter's own pages (``PAGES``) below ``/CODE/`` and the
answers to their forms. What it does not say stays Indonesian, and ``foreign_text`` marks that in the page.

A frozen page's language follows from its address; a door's answer follows from the form's field or the query's
parameter ``lang``. There is no cookie and no guessing from headers.
"""

import gettext as catalogues
import re
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, has_request_context, request
from werkzeug.exceptions import HTTPException

from functions.casework.formats import foreign_text
from functions.casework.formats.translatable import N_

LANGUAGES = ("id", "en")
DEFAULT = "id"
FOLDER = Path(__file__).parent / "translations"
# What a reporter reads, and so what a further language has. All else leads to the Indonesian page.
PAGES = frozenset(
    {
        "/",
        "/lapor/",
        "/lapor/bagian/",
        "/lapor/antrean/",
        "/lacak/",
        "/lacak/kata.json",
        "/lacak/izin.json",
        "/lacak/nama.json",
        "/lacak/berkas.json",
        "/privasi/",
    }
)
OWN_NAME = N_("Nama bahasa ini")  # each catalogue says it in its own language
MARKED = "MARKED"  # an app's setting: its answers go through ``resolve_answers``
# Answers that may hold marks. Photos and sealed bytes hold those of a mark by chance, one megabyte in sixteen.
TEXTS = ("text/", "application/json", "application/problem+json")
_CODE = re.compile(r"[a-z]{2,3}", re.ASCII)


class _Indonesian(catalogues.NullTranslations):
    """What a further language does not say: Indonesian, marked as such where pages are made."""

    def gettext(self, message: str) -> str:
        return indonesian(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return indonesian(msgid1 if n == 1 else msgid2)


@lru_cache(maxsize=1)
def others() -> tuple[str, ...]:
    """Return the codes of the languages beside the two: those with a compiled catalogue."""
    found = (path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/lapor.mo"))
    return tuple(sorted(code for code in found if _CODE.fullmatch(code) and code not in LANGUAGES))


def spoken() -> tuple[str, ...]:
    """Return the codes of all languages, Indonesian first."""
    return (*LANGUAGES, *others())


@lru_cache(maxsize=16)
def translations(lang: str) -> catalogues.NullTranslations:
    """Return the catalogue of a language. Indonesian, and any language we do not have, needs none."""
    if lang not in spoken() or lang == DEFAULT:
        return catalogues.NullTranslations()
    found = catalogues.translation("lapor", FOLDER, [lang])
    if lang not in LANGUAGES:
        found.add_fallback(_Indonesian())
    return found


def chosen(wanted: str | None) -> str:
    """Return the requested language, or Indonesian if it is not one of ours."""
    return wanted if wanted in spoken() else DEFAULT


def has_page(path: str, lang: str) -> bool:
    """Return whether a frozen page is there in a language; a further one has the reporter's pages alone."""
    return lang in LANGUAGES or re.split(r"[?#]", path, maxsplit=1)[0] in PAGES


def own_name(lang: str) -> str:
    """Return a language's name as its readers say it, its code if the catalogue does not tell."""
    if lang == DEFAULT:
        return "Bahasa Indonesia"
    said = translations(lang).gettext(OWN_NAME)
    return lang if OWN_NAME in said else said


def use(lang: str | None) -> None:
    """Answer this request in ``lang`` (for frozen pages and for JSON bodies that carry a ``lang``)."""
    g.lang = chosen(lang)


def current() -> str:
    """Return the language of this request; Indonesian outside of one."""
    if not has_request_context():
        return DEFAULT
    known: str | None = g.get("lang")
    if known is None:
        try:
            wanted = request.values.get("lang")
        except HTTPException:  # a body that is too large or broken must not spoil the page that says so
            wanted = request.args.get("lang")
        g.lang = known = chosen(wanted)
    return known


def is_partial() -> bool:
    """Return whether this request's language may lack texts."""
    return current() not in LANGUAGES


def indonesian(text: str) -> str:
    """Return an Indonesian text, marked as such where the page around it is in a further language."""
    marks = has_request_context() and current_app.config.get(MARKED) and is_partial()
    return foreign_text.marked(text) if marks and text else text


def gettext(message: str) -> str:
    """Translate ``message`` (a literal, so that the extraction finds it) into the language of this request.

    An empty text stays empty: in a catalogue it stands for the header.
    """
    return translations(current()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """As ``gettext``, by number."""
    return translations(current()).ngettext(singular, plural, count)


def resolve_answers(app: Flask) -> None:
    """Let an app's pages in a further language tell what in them is Indonesian; other answers lose the marks."""
    app.config[MARKED] = True

    @app.after_request
    def tell(response: Response) -> Response:
        is_text = (response.mimetype or "").startswith(TEXTS)
        if response.direct_passthrough or not response.is_sequence or not is_text:
            return response
        text = response.get_data()
        if foreign_text.START.encode() in text or b"\\ufdd0" in text:
            page, html = text.decode(), response.mimetype == "text/html"
            response.set_data(foreign_text.resolve(page) if html else foreign_text.unmarked(page))
        return response
