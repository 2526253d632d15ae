"""The front of a nation: pages that lead to the portal of one's own government, without script.

Provinces lead to their regencies; a place's first letters lead to a page of all places that begin so. None of it knows
who asks: whichever link is followed, it is a file.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from os.path import commonprefix
from typing import NamedTuple

from barometer_nation import add_nation_pages
from barometer_peers import Country
from barometer_shelf import TOP as BAROMETER
from barometer_shelf import shelf_of
from flask import Flask, render_template
from frozen_app import Standing, add_files, base_app
from portal import PAGES, SECURITY_CONTACT, add_asked_words, add_common_files, words_file
from thread_words import offices_of
from worker import KEYS

from functions.casework.barometer.edition import Edition
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from functions.casework.directory.portal import homes
from functions.casework.directory.portal_file import Look
from functions.casework.directory.regions import regions
from functions.casework.formats.attachments import FILE_MB
from functions.pii import rules
from functions.pii.measured import measured
from functions.web import language, layout

MOST = 150  # places that one page lists, before it is split by one letter more
TITLES = (
    "pemerintah ",
    "kabupaten ",
    "kota ",
    "provinsi ",
    "desa ",
    "kelurahan ",
    "kecamatan ",
    "distrik ",
    "daerah istimewa ",
    "daerah khusus ",
)
AS_EVERYWHERE = ("/lapor/antrean/", "/lacak/", "/privasi/", "/bantuan/", "/masuk/", "/masuk/kustodian/", "/barometer/")


class Named(NamedTuple):
    """A place by its name, without what it is; where it is; and the portal that its reports go to."""

    key: str
    name: str
    within: str
    code: str


class Province(NamedTuple):
    """A province's code and name, its own portal if it has one, and the governments within it."""

    code: str
    name: str
    own: Agency | None
    below: tuple[Agency, ...]


def create_nation(
    directory: Directory,
    operator: str,
    editions: Iterable[Edition] = (),
    contact: str = SECURITY_CONTACT,
    address: str = "",
    file_mb: int = FILE_MB,
    looks: Mapping[str, Look] | None = None,
) -> Flask:
    """The app of the pages at the root where several governments have portals. ``looks`` says in which languages a
    portal is, by the code of its instance; the rest is as in ``portal.create_app``."""
    app = base_app(Standing(), operator, address, file_mb, looks)
    app.config["LANGUAGES"] = language.LANGUAGES  # a further one is a portal's own
    shelf = shelf_of(editions)
    add_nation_pages(app, Country(shelf.editions, directory))
    provinces, shelves = tuple(_provinces(directory)), _shelves(directory)
    homeless = tuple(each for each in directory.instances() if not each.region)
    common = [path for path in AS_EVERYWHERE if path != BAROMETER or not shelf.editions]
    for lang in language.LANGUAGES:
        views = {path: _as_everywhere(PAGES[path], lang) for path in common}
        for path in ("/", "/lapor/"):
            views[path] = _view(lang, "nasional.html", here=path, provinces=provinces, others=homeless, letters=shelves)
        for province in provinces:
            path = f"/wilayah/{province.code}/"
            views[path] = _view(lang, "wilayah.html", here=path, province=province)
        for letters, (places, longer) in shelves.items():
            path = f"/tempat/{letters}/"
            views[path] = _view(lang, "tempat.html", here=path, letters=letters, places=places, longer=longer)
        for path, view in views.items():
            app.add_url_rule(layout.place(path, lang), f"{lang} {path}", view)
        told = partial(words_file, _governments(directory), lang, offices_of(directory))
        app.add_url_rule(layout.place("/lacak/kata.json", lang), f"{lang} kata", told)
        add_asked_words(app, lang)
    app.add_url_rule("/404.html", "404", _as_everywhere("404.html", language.DEFAULT))
    add_common_files(app, contact)
    listed = [[each.name, f"/{each.code}"] for each in directory.instances() if each.code in homes(directory)]
    files = {"/wilayah.json": sorted(listed), **{name: _where_keys_are(name, directory) for name in KEYS}}
    add_files(app, {path: ("application/json", json.dumps(each, ensure_ascii=False)) for path, each in files.items()})
    app.config["PUBLIC_PLACES"] = []
    return app


def _where_keys_are(name: str, directory: Directory) -> dict[str, object]:
    """What stands at the root in place of a portal's list of keys: where that of each instance is. A page of the thread
    asks here, whichever portal it is of."""
    where = [{"code": i.code, "region": i.region, "keys": f"/{i.code}{name}"} for i in directory.instances()]
    return {"keys": [], "optional_keys": [], "instances": where}


def _governments(directory: Directory) -> Directory:
    """What a receipt's page here names: governments and topics. Every office of a nation weighs half a megabyte."""
    shown = {code: each for code, each in directory.agencies.items() if each.kind is not AgencyKind.UNIT}
    return Directory(shown, directory.topics, {})


def _view(lang: str, template: str, **context: object) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render_template(template, errors=[], **context)

    return view


def _as_everywhere(template: str, lang: str) -> Callable[[], str]:
    return _view(lang, template, values={}, categories=rules.categories(), measured=measured())


def _provinces(directory: Directory) -> Iterator[Province]:
    """Every province in which there is a government, by code. Its name is the law's, whatever its government's is."""
    placed = sorted((each for each in directory.instances() if each.region), key=lambda each: each.region)
    for code, group in groupby(placed, key=lambda each: each.region.partition(".")[0]):
        within = tuple(group)
        own = next((each for each in within if each.region == code), None)
        name = regions().get(code) or (own.name if own else code)
        yield Province(code, name, own, tuple(each for each in within if each is not own))


Shelves = Mapping[str, tuple[Sequence[Named], Sequence[str]]]


def _shelves(directory: Directory) -> Shelves:
    """Places by their first letters, and which longer ones a page leads to. A page that would be long leads on."""
    found: dict[str, tuple[Sequence[Named], Sequence[str]]] = {}

    def put(letters: str, places: Sequence[Named]) -> None:
        alike = commonprefix([places[0].key, places[-1].key])  # noqa: RUF071 - of letters; places are sorted
        if len(places) <= MOST or letters == places[-1].key:
            found[letters] = (places, ())
            return
        if alike != letters:  # one page leads past letters that all of them share
            found[letters] = ((), (alike,))
            put(alike, places)
            return
        groups = {key: list(some) for key, some in groupby(places, key=lambda each: each.key[: len(letters) + 1])}
        short = groups.pop(letters, [])  # a name of these letters alone
        found[letters] = (short, tuple(groups))
        for longer, some in groups.items():
            put(longer, some)

    places = sorted(_named(directory))
    for letter, some in groupby(places, key=lambda each: each.key[:1]):
        put(letter, list(some))
    return found


def _named(directory: Directory) -> Iterator[Named]:
    for code, places in homes(directory).items():
        instance = directory.agencies[code].name
        yield _place(instance, "", code)
        for district in places.districts.values():
            for name in (district.name, *_also(district.also)):
                yield _place(name, instance, code)
        for village in places.villages.values():
            within = f"{places.districts[village.district].name}, {instance}"
            for name in (village.name, *_also(village.also)):
                yield _place(name, within, code)


def _also(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _place(name: str, within: str, code: str) -> Named:
    short = name.lower()
    while title := next((each for each in TITLES if short.startswith(each)), ""):
        short = short.removeprefix(title)
    plain = unicodedata.normalize("NFKD", short)
    letters = "".join(sign for sign in plain if sign.isascii() and sign.isalnum())
    return Named(letters or "0", name, within, code)
