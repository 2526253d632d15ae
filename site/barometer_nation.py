"""The nation's barometer: pages of all instances, of a province, of peers, and of one instance beside its peers.

What an instance publishes of its agencies, topics and districts stands in its own portal; these pages lead there. Pages
of the newest edition stand below ``/barometer/``; each edition keeps its own below ``/barometer/2026-10/`` for good:
the first, those of provinces and of peers, and its data. An instance's page is one for all editions.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import barometer_nation_data as data
import barometer_nation_parts as parts
from barometer_peers import Country
from barometer_shelf import TOP, edition_top, group_address, province_address
from barometer_words import days, long_month, number
from flask import Flask, Response, render_template

from functions.web import language, layout

Shown = Callable[[], dict[str, Any]]


def add_nation_pages(app: Flask, country: Country) -> None:
    """Give the front of a nation its barometer, in both languages, with its data. Without an edition there is only the
    data; the page that says so is the portal's own."""
    app.jinja_env.globals.update(month=long_month, days=days, number=number)
    for address, (template, shown) in pages(country).items() if country.editions else ():
        for lang in app.config["LANGUAGES"]:
            app.add_url_rule(layout.place(address, lang), f"{lang} {address}", _view(lang, template, address, shown))
    for address, (mimetype, body) in data.files(country).items():
        app.add_url_rule(address, address.replace(".", "_"), _fixed(mimetype, body))


def pages(country: Country) -> dict[str, tuple[str, Shown]]:
    """Return every page by its address without language: its template, and what makes its context."""
    found: dict[str, tuple[str, Shown]] = {TOP + "cara/": ("cara.html", dict)}
    for month, then in {"": country, **{each.month: country.at(each) for each in country.editions}}.items():
        found[edition_top(month)] = "nation_front.html", partial(parts.front, then, newest=not month)
        found |= _lists(then, month)
    for code in country.members:
        found[f"{TOP}instansi/{code}/"] = "nation_instance.html", partial(parts.instance, country, code)
    return found


def _lists(country: Country, month: str) -> dict[str, tuple[str, Shown]]:
    """The pages of provinces and of peers, of the newest edition ("") or of a month's for good."""
    found: dict[str, tuple[str, Shown]] = {}
    for code in sorted({row.member.province for row in country.rows.values()} - {""}):
        shown = partial(parts.province, country, code, month)
        found[province_address(code, month)] = "nation_list.html", shown
    for group, rows in country.groups.items():
        for at in range(-(-len(rows) // parts.PAGE)):
            shown = partial(parts.peers, country, group, at, month)
            found[group_address(group, at, month)] = "nation_list.html", shown
    return found


def _view(lang: str, template: str, address: str, shown: Shown) -> Callable[[], str]:
    def view() -> str:
        language.use(lang)
        return render_template(f"barometer/{template}", page={"here": address, **shown()})

    return view


def _fixed(mimetype: str, body: bytes) -> Callable[[], Response]:
    return lambda: Response(body, mimetype=mimetype)
