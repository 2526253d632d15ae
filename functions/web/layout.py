"""The shared layout: one header, one footer, one look, for the frozen portal and for every door.

``prepare`` (for doors ``bring`` and ``furnish``) gives an app the templates of this folder and both languages. Every
template and macro then has

- ``url(path)``: the path of a frozen page in the language of the request (``url(path, "en")``: in English)
- ``asset(name)``: the address of a published file, with its hash; ``integrity(name)``: its ``integrity`` attribute
- ``sentence(code, facts, field)``: the sentence of a fault; ``limits``: the most characters of a report's fields
- ``accept``: the file field's attribute; ``file_types``: lists of the accepted types, for sentences; ``file_mb``: the
  most MB of a file here
- ``long_date(day)``: a date as people write it; ``short_date(day)``: with its month cut short; ``long_month(day)``: its
  month
- ``language()``: ``"id"``, ``"en"`` or a further one; ``tongues(here)``: the other languages that a page is in, each
  with its code and its own name; ``partial()``: whether this one may lack texts, and ``indonesian(text)`` marks those
- ``base()``: what addresses of this portal begin with, "" at the root; ``portal_code()``: what its forms say it is

A page extends ``layout.html`` and fills ``title`` (its words are also the h1's) and ``main``. It may set ``here`` (its
path, for the link to the other language; only pages that are reached by GET), ``wide`` (a desk's width), ``bare`` (no
way out but the quick exit: the receipt) and the block ``scripts``. The header names above our name what
``app.config["OWNER"]`` returns, or ``app.config["PORTALS"]`` for the code of the portal; the footer names
``app.config["OPERATOR"]``; each if it is set.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, g, has_request_context, request
from flask.templating import Environment
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from functions.casework import report
from functions.casework.formats import attachments
from functions.casework.stages import FACTS
from functions.web import dates, language
from functions.web.wording import sentence

_ASSETS = Path(__file__).with_name("assets.json")
_INTEGRITY = Path(__file__).with_name("integrity.json")
LIMITS = {
    "body": report.BODY_MAX,
    "place": report.PLACE_MAX,
    "subject": report.SUBJECT_MAX,
    "about_officials": report.OFFICIALS_MAX,
    "name": report.NAME_MAX,
    "contact": report.CONTACT_MAX,
}


# Whose portal a page belongs to, where several governments share one machine. A frozen page knows by its address, a
# door by the form's field: the code of an instance, after an "@" where that portal has a host of its own and so stands
# at the root. One portal alone needs neither.
PORTAL, OWN_HOST = "portal", "@"
_PORTAL_FORM = re.compile(r"@?[a-z0-9](?:[a-z0-9.-]{0,62}[a-z0-9])?", re.ASCII)
COMMON = "/masuk/"  # officers come in at the root, whoever's they are


def use_portal(portal: str) -> None:
    """Make this request's pages those of a portal: what the field ``portal`` would hold, "" for the root."""
    g.portal = portal


def portal_field() -> str:
    """Return what the field ``portal`` of this request's forms holds; "" at the root, and for a code that the door does
    not know."""
    if not has_request_context():
        return ""
    if "portal" not in g:
        use_portal(_asked())
    return str(g.portal)


def portal_code() -> str:
    """Return the code of the instance whose portal this is; "" at the root."""
    return portal_field().removeprefix(OWN_HOST)


def base() -> str:
    """Return what addresses of this portal's pages begin with: ``/kutim``, or "" at the root of a host."""
    field = portal_field()
    return "" if field.startswith(OWN_HOST) or not field else f"/{field}"


def _asked() -> str:
    names = current_app.config.get("PORTALS")
    if names is None:
        return ""
    try:
        asked = request.values.get(PORTAL, "")
    except HTTPException:  # a body that is too large or broken must not spoil the page that says so
        return ""
    return asked if _PORTAL_FORM.fullmatch(asked) and names(asked.removeprefix(OWN_HOST)) else ""


def place(path: str, lang: str) -> str:
    """Return where a frozen page stands within its portal: below ``/en`` in English. A page that a further language
    does not have is the Indonesian one."""
    return path if lang == language.DEFAULT or not language.has_page(path, lang) else f"/{lang}{path}"


def url(path: str, lang: str | None = None) -> str:
    """Return the path of a frozen page of this request's portal, in its language if ``lang`` is not given."""
    return ("" if path.startswith(COMMON) else base()) + place(path, lang or language.current())


@lru_cache(maxsize=1)
def assets() -> dict[str, str]:
    """Return hashed file names by plain name, as the portal publishes them under ``/assets/``."""
    names: dict[str, str] = json.loads(_ASSETS.read_text())
    return names


def asset(name: str) -> str:
    """Return the address of a published asset. Raises KeyError for a name that is not published."""
    return f"/assets/{assets()[name]}"


@lru_cache(maxsize=1)
def _integrities() -> dict[str, str]:
    hashes: dict[str, str] = json.loads(_INTEGRITY.read_text())
    return hashes


def integrity(name: str) -> str:
    """Return the hash of a published script or its data for an ``integrity`` attribute (Subresource Integrity).

    Raises KeyError for a name that has none.
    """
    return _integrities()[name]


def held(name: str) -> Markup:
    """Return the attributes of a script element: address, hash, and ``crossorigin``. Without the last a browser that is
    told ``Integrity-Policy`` runs no script (https://www.w3.org/TR/sri-2/). Raises KeyError as ``integrity``."""
    return Markup('src="{}" integrity="{}" crossorigin').format(asset(name), integrity(name))


def long_date(day: date, lang: str | None = None) -> str:
    """Return a date in the language of the request."""
    return _dated(dates.long_date, day, lang)


def short_date(day: date, lang: str | None = None) -> str:
    """Return a day with its month cut short, in the language of the request."""
    return _dated(dates.short_date, day, lang)


def long_month(day: date, lang: str | None = None) -> str:
    """Return a date's month in the language of the request."""
    return _dated(dates.long_month, day, lang)


def _dated(write: Callable[[date, str], str], day: date, lang: str | None) -> str:
    """Return a date in words. Further languages have it in Indonesian."""
    wanted = lang or language.current()
    return write(day, wanted) if wanted in language.LANGUAGES else language.indonesian(write(day, language.DEFAULT))


def nobody() -> str:
    """Return "": no government is named above our name."""
    return ""


def _named(config: Mapping[str, Any]) -> str:
    """Return the name above ours: of this request's portal, or the only one's."""
    code = portal_code()
    names, owner = config.get("PORTALS"), config.get("OWNER", nobody)
    return str(names(code) if code and names else owner())


def _translated(message: str, /, **facts: object) -> Markup:
    """Return a page's text in the language of the request, filled with ``facts``: what Jinja's own ``gettext`` does, in
    a quarter of the calls."""
    return _filled(language.gettext(message), facts)


def _translated_by_number(singular: str, plural: str, number: int, /, **facts: object) -> Markup:
    """As ``_translated``, by number, which the text may name ``num``."""
    return _filled(language.ngettext(singular, plural, number), {"num": number, **facts})


def _filled(text: str, facts: Mapping[str, object]) -> Markup:
    return Markup(text) % facts if "%" in text else Markup(text)  # noqa: S704 - our own texts; % escapes the facts


def _tongues(here: str, languages: Iterable[str]) -> list[tuple[str, str]]:
    """Return code and own name of each other language that a page is in."""
    now = language.current()
    return [(lang, language.own_name(lang)) for lang in languages if lang != now and language.has_page(here, lang)]


class PageEnvironment(Environment):
    """Jinja's environment, for pages whose templates have no globals of their own."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the globals of a template: those of all. Jinja lays a map over them for each, and every import of a
        page compares all their names through it."""
        return super().make_globals(d) if d else self.globals


def prepare(app: Flask) -> None:
    """Let an app that is no door render our pages."""
    language.resolve_answers(app)
    bring(app)
    furnish(app.jinja_env, app.config)


def bring(app: Flask) -> None:
    """Give ``app`` our templates. Its own come first, so a door may override one of ours."""
    app.register_blueprint(Blueprint("web", __name__, template_folder="templates"))


def furnish(env: Environment, config: Mapping[str, Any]) -> Environment:
    """Give Jinja's environment all that the pages of this folder and of the doors need, and return it.

    Of an app's ``config`` it takes OPERATOR, FILE_MB, LANGUAGES, PORTALS and OWNER. The last two are called for each
    page: a directory may be edited while a door runs.
    """
    env.trim_blocks = env.lstrip_blocks = True
    env.policies["ext.i18n.trimmed"] = True
    env.add_extension("jinja2.ext.i18n")
    env.newstyle_gettext = True  # type: ignore[attr-defined] # the i18n extension adds it
    env.globals.update(
        _=_translated,
        gettext=_translated,
        ngettext=_translated_by_number,
        url=url,
        asset=asset,
        integrity=integrity,
        held=held,
        sentence=sentence,
        limits=LIMITS,
        accept=attachments.ACCEPT,
        file_types=attachments.FACTS,
        stage_facts=FACTS,
        long_date=long_date,
        long_month=long_month,
        short_date=short_date,
        language=language.current,
        operator=str(config.get("OPERATOR", "")),
        owner=lambda: _named(config),
        portal_code=portal_field,
        base=base,
        tongues=lambda here: _tongues(here, config.get("LANGUAGES", language.LANGUAGES)),
        partial=language.is_partial,
        indonesian=language.indonesian,
        file_mb=config.get("FILE_MB", attachments.FILE_MB),
    )
    return env
