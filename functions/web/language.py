"""The two languages. A message's id is its Indonesian text; English stands in ``translations/en``.

A frozen page's language follows from its address; a door's answer follows from the form's field or the query's
parameter ``lang``. There is no cookie and no guessing from headers.
"""

import gettext as catalogues
from functools import lru_cache
from pathlib import Path

from flask import g, has_request_context, request
from werkzeug.exceptions import HTTPException

LANGUAGES = ("id", "en")
DEFAULT = "id"
FOLDER = Path(__file__).parent / "translations"


@lru_cache(maxsize=len(LANGUAGES))
def translations(lang: str) -> catalogues.NullTranslations:
    """Return the catalogue of a language. Indonesian, and any language we do not have, needs none."""
    if lang not in LANGUAGES or lang == DEFAULT:
        return catalogues.NullTranslations()
    return catalogues.translation("lapor", FOLDER, [lang])


def chosen(wanted: str | None) -> str:
    """Return the requested language, or Indonesian if it is not one of ours."""
    return wanted if wanted in LANGUAGES else DEFAULT


def use(lang: str | None) -> None:
    """Answer this request in ``lang`` (for frozen pages and for JSON bodies that carry a ``lang``)."""
    g.lang = chosen(lang)


def current() -> str:
    """Return the language of this request; Indonesian outside of one."""
    if not has_request_context():
        return DEFAULT
    if "lang" not in g:
        try:
            wanted = request.values.get("lang")
        except HTTPException:  # a body that is too large or broken must not spoil the page that says so
            wanted = request.args.get("lang")
        use(wanted)
    return str(g.lang)


def gettext(message: str) -> str:
    """Translate ``message`` (a literal, so that the extraction finds it) into the language of this request.

    An empty text stays empty: in a catalogue it stands for the header.
    """
    return translations(current()).gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """As ``gettext``, by number."""
    return translations(current()).ngettext(singular, plural, count)
