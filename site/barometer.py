"""The barometer's pages: what an edition says, as the templates in ``pages/barometer`` show it. A page follows from its
edition alone."""

from collections.abc import Callable
from typing import Any

import barometer_data as data
import barometer_map as maps
import barometer_parts as parts
import barometer_picture as pictures
import barometer_sentences as sentences
from barometer_shelf import TOP, Shelf, path_of, root_of
from barometer_words import days, group_of, long_month, named, number, outcome, percent, standing_of
from flask import Flask, Response, render_template
from markupsafe import escape

from functions.casework.barometer.edition import Edition, Place
from functions.web import language, layout
from functions.web.language import gettext as _


def add_pages(app: Flask, shelf: Shelf) -> None:
    """Give the portal its barometer: pages in both languages, data, pictures, and a feed. Without an edition there is
    only the data, which says so; the page that says so is the portal's own."""
    app.jinja_env.globals.update(month=long_month, days=days)
    for lang in filter(language.LANGUAGES.__contains__, app.config["LANGUAGES"]):
        for address, (edition, place) in shelf.pages().items():
            app.add_url_rule(
                layout.place(address, lang), f"{lang} {address}", _page(lang, shelf, address, edition, place)
            )
        if shelf.editions:
            app.add_url_rule(layout.place(TOP + "cara/", lang), f"{lang} cara", _method(lang))
    for edition in shelf.editions:
        if pictures.tells(root_of(edition)):
            app.add_url_rule(_picture_of(edition), _picture_of(edition).replace(".", "_"), _picture(edition))
    for address, (mimetype, body) in data.files(shelf.editions, url=TOP).items():
        app.add_url_rule(address, address.replace(".", "_"), _fixed(mimetype, body))


def _fixed(mimetype: str, body: bytes) -> Callable[[], Response]:
    return lambda: Response(body, mimetype=mimetype)


def _picture_of(edition: Edition) -> str:
    return f"{TOP}{edition.month}/gambar.png"


def _picture(edition: Edition) -> Callable[[], Response]:
    def view() -> Response:
        language.use(language.DEFAULT)
        return Response(pictures.picture(edition, root_of(edition)), mimetype="image/png")

    return view


def _method(lang: str) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render_template("barometer/cara.html")

    return view


def _page(lang: str, shelf: Shelf, address: str, edition: Edition, place: Place) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render_template("barometer/place.html", page=_shown(shelf, address, edition, place))

    return view


def _shown(shelf: Shelf, address: str, edition: Edition, place: Place) -> dict[str, Any]:
    """All that the template says of a place."""
    root, stable = root_of(edition), TOP + edition.month + "/"
    base = stable if address.startswith(stable) else TOP
    (first, measured), reports = sentences.window(edition, place), sentences.base_of(edition, place)
    above = None if place.key == root.key else _above(edition, place, base)
    return {
        "here": address,
        "name": named(place),
        "month": edition.month,
        "first": first,
        "measured": measured,
        "base": sentences.base_said(reports) or _("dari laporan"),
        "number": edition.number,
        "superseded": edition.number > 1,
        "numbers": place.values,
        "above": above,
        "shared": place.key == root.key and pictures.tells(place) and _shared(edition, place),
        "facts": parts.facts(edition, place),
        "flow": parts.flow(place),
        "curve": parts.curve(edition, place),
        "punctual": parts.punctual(place),
        "ages": parts.ages(place),
        "closings": [(outcome(name), percent(share)) for name, share in place.closings.items() if share is not None],
        "quarter": parts.quarter(place),
        "index": place.values.get("index") and (number(place.values["index"]), group_of(place), standing_of(place)),
        "groups": parts.groups(edition, place, base),
        "ranking": parts.ranking(edition, place, base),
        "lists": parts.lists(edition, place, base) if place.level in ("nation", "instance") else [],
        "map": maps.tile_map(edition, place),
        "data": stable,
        "stable": "" if base == stable else stable + path_of(edition, place),
        "editions": [each.month for each in shelf.editions if each.month != edition.month] if not above else [],
    }


def _shared(edition: Edition, place: Place) -> dict[str, str]:
    """What others may show of an edition; the picture has an address for good."""
    return {
        "picture": _picture_of(edition),
        "quote": (quote := pictures.quote(edition, place)),
        "html": str(escape(quote)),
        "page": layout.url(TOP + edition.month + "/", language.current()),
    }


def _above(edition: Edition, place: Place, base: str) -> dict[str, str]:
    """The page one level up: the instance's, or for an instance the list of all."""
    instance = edition.place("instance", place.instance)
    up = root_of(edition) if place.level == "instance" or instance is None else instance
    return {"address": base + path_of(edition, up), "name": named(up)}
