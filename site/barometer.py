"""The barometer's pages: what an edition says, as the templates in ``pages/barometer`` show it. A page follows from its
edition alone.

The newest edition stands at ``/barometer/`` and, as every other, at an address of its own, ``/barometer/2026-10/``,
where it stays. Where there is one instance alone, its page is the first one; where there are several, a page of all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import barometer_data as data
import charts
from flask import Flask, Response, render_template

from functions.casework.barometer.edition import HIDDEN, LEVELS, Edition, Place, Published
from functions.web import language, layout
from functions.web.dates import short_month
from functions.web.language import gettext as _

TOP = "/barometer/"
FOLDERS = {"instance": "instansi", "agency": "dinas", "topic": "topik", "district": "kecamatan"}
CURVE_DAYS, CURVE_EVERY, CURVE_ROWS = 90, 30, (5, 10, 15, 20, 30, 45, 60, 90)
FEED = "/barometer/atom.xml"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of a barometer, newest first, each month in its latest number."""

    editions: tuple[Edition, ...]

    def pages(self) -> dict[str, tuple[Edition, Place]]:
        """Every address of a page (without language) and what it shows."""
        found = {}
        for number, edition in enumerate(self.editions):
            root = root_of(edition)
            for place in edition.places:
                if place is root or place.level != "nation":
                    found[TOP + edition.month + "/" + _path(edition, place)] = (edition, place)
                    if number == 0:
                        found[TOP + _path(edition, place)] = (edition, place)
        return found


def shelf_of(editions: Sequence[Edition]) -> Shelf:
    """A shelf of these editions in any order."""
    latest: dict[str, Edition] = {}
    for edition in editions:
        if edition.month not in latest or latest[edition.month].number < edition.number:
            latest[edition.month] = edition
    return Shelf(tuple(sorted(latest.values(), key=lambda each: each.month, reverse=True)))


def root_of(edition: Edition) -> Place:
    """The place of the edition's first page: the one instance, or all of them."""
    instances = [place for place in edition.places if place.level == "instance"]
    return instances[0] if len(instances) == 1 else next(p for p in edition.places if p.level == "nation")


def add_pages(app: Flask, shelf: Shelf) -> None:
    """Give the portal its barometer: pages in both languages, data, and a feed. Without an edition there is only the
    data, which says so; the page that says so is the portal's own."""
    app.jinja_env.globals.update(month=long_month, days=days)
    for lang in language.LANGUAGES:
        for address, (edition, place) in shelf.pages().items():
            app.add_url_rule(
                layout.url(address, lang), f"{lang} {address}", _page(lang, shelf, address, edition, place)
            )
        if shelf.editions:
            app.add_url_rule(layout.url(TOP + "cara/", lang), f"{lang} cara", _method(lang))
    for address, (mimetype, body) in data.files(shelf.editions, url=TOP).items():
        app.add_url_rule(address, address.replace(".", "_"), _fixed(mimetype, body))


def _fixed(mimetype: str, body: bytes) -> Callable[[], Response]:
    return lambda: Response(body, mimetype=mimetype)


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
    above = None if place is root else {"address": base, "name": _named(root)}
    return {
        "here": address,
        "name": _named(place),
        "month": edition.month,
        "first": edition.first,
        "number": edition.number,
        "superseded": edition.number > 1,
        "values": place.values,
        "above": above,
        "facts": _facts(place),
        "flow": _flow(place),
        "curve": _curve(place),
        "punctual": _punctual(place),
        "ages": _ages(place),
        "closings": [(_outcome(name), number(count)) for name, count in place.closings.items()],
        "lists": _lists(edition, place, base) if place is root or place.level == "instance" else [],
        "data": stable,
        "stable": "" if base == stable else stable + _path(edition, place),
        "editions": [each.month for each in shelf.editions if each.month != edition.month] if place is root else [],
    }


# -- words --


def number(value: Published) -> str:
    """A count or a mean as people write it; what is hidden or not published says so."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text if language.current() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: Published) -> str:
    """A share (0 to 1) in whole percent."""
    return number(share) if share is None or isinstance(share, str) else f"{round(share * 100)}%"


def days(count: int) -> str:
    """So many working days."""
    if count < 1:
        return _("kurang dari satu hari kerja")
    return _("satu hari kerja") if count == 1 else _("{count} hari kerja").format(count=number(count))


def long_month(month: str) -> str:
    """ "2026-10" as "Oktober 2026"."""
    return short_month(month, language.current(), whole=True)


def _months(place: Place) -> list[str]:
    """Short names; the year with the first and with each January."""
    months = [each.month for each in place.months]
    return [short_month(month, language.current(), year=False) for month in months]


def _named(place: Place) -> str:
    if place.level == "nation":
        return _("Semua instansi")
    return place.name_en if language.current() == "en" and place.name_en else place.name


def _outcome(name: str) -> str:
    words = {
        "diperbaiki": _("Diperbaiki"),
        "dijelaskan": _("Dijelaskan"),
        "sebagian": _("Sebagian"),
        "tidak_dapat": _("Tidak dapat dikerjakan"),
        "duplikat": _("Sudah dilaporkan orang lain"),
        "diarsipkan": _("Diarsipkan"),
        "otomatis": _("Ditutup otomatis"),
    }
    return words.get(name, name)


# -- parts of a page --


def _facts(place: Place) -> list[tuple[str, str, str]]:
    v = place.values
    return [
        (_("Diterima dalam 12 bulan"), number(v["received"]), ""),
        (_("Masih terbuka"), number(v["open"]), ""),
        (_("Tepat waktu"), percent(v["on_time"]), _("dari yang jatuh tempo")),
        (_("Belum selesai setelah 30 hari kerja"), percent(v["open_30"]), ""),
        (_("setelah 60 hari kerja"), percent(v["open_60"]), ""),
        (_("setelah 90 hari kerja"), percent(v["open_90"]), ""),
        (_("Dibuka lagi oleh pelapor"), percent(v["reopened"]), _("dari yang ditutup")),
        (_("Naik banding"), percent(v["appealed"]), _("dari yang ditutup")),
        (_("Dipindahkan antarinstansi"), percent(v["transferred"]), _("dari yang diterima")),
        (_("Nilai dari pelapor (1–5)"), number(v["rating"]), _rated(v["rated"])),
    ]


def _rated(share: Published) -> str:
    return "" if share is None else _("{share} pelapor menilai").format(share=percent(share))


def _amount(value: Published) -> int | float | None:
    return None if isinstance(value, str) else value


def _flow(place: Place) -> dict[str, Any] | None:
    if not place.months:
        return None
    received = [_amount(each.received) for each in place.months]
    closed = [_amount(each.closed) for each in place.months]
    top = charts.ceiling(max([0, *(value for value in received + closed if value)]))
    return {
        "chart": charts.columns(_months(place), [received, closed], top, lambda value: number(round(value))),
        "rows": [(long_month(each.month), number(each.received), number(each.closed)) for each in place.months],
        "says": _("Bulan terakhir: {received} diterima, {closed} ditutup.").format(
            received=number(place.months[-1].received), closed=number(place.months[-1].closed)
        ),
    }


def _punctual(place: Place) -> dict[str, Any] | None:
    shares = [_amount(each.on_time) for each in place.months]
    if all(share is None for share in shares):
        return None
    return {
        "chart": charts.columns(_months(place), [[], shares][1:], 1, percent),
        "rows": [(long_month(each.month), percent(each.on_time)) for each in place.months],
        "says": _("Bulan terakhir: {share}.").format(share=percent(place.months[-1].on_time)),
    }


def _curve(place: Place) -> dict[str, Any] | None:
    if not place.curve:
        return None
    rows = [(number(day), percent(_at(place.curve, day))) for day in CURVE_ROWS if day <= CURVE_DAYS]
    said = [_("{share} belum selesai setelah {days}.").format(share=share, days=f"{day}") for day, share in rows]
    return {
        "chart": charts.falling(place.curve, CURVE_DAYS, CURVE_EVERY, percent),
        "rows": rows,
        "says": said[0],
    }


def _at(curve: Sequence[tuple[int, float]], day: int) -> float:
    """The share that a step curve stands at on a day."""
    return ([1.0] + [share for until, share in curve if until <= day])[-1]


def _ages(place: Place) -> dict[str, Any] | None:
    counts = list(place.ages.items())
    if not counts:
        return None
    known = [amount for _band, count in counts if (amount := _amount(count))]
    longest = max([1, *known])
    table = [(_band_name(band), number(count)) for band, count in counts]
    drawn = [(_band_name(band), (_amount(count) or 0) / longest, number(count)) for band, count in counts]
    return {"rows": drawn, "table": table, "says": ", ".join(f"{name}: {count}" for name, count in table)}


def _band_name(band: str) -> str:
    first, _dash, last = band.partition("-")
    if not last:
        return _("lebih dari {days} hari").format(days=first.rstrip("+"))
    return _("{first}–{last} hari").format(first=first, last=last)


def _lists(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    below = [each for each in edition.places if _below(place, each)]
    titles = {
        "instance": (_("Instansi"), ""),
        "agency": (_("Dinas"), _("Dinas dibandingkan hanya dengan dinas yang menerima laporan sama banyaknya.")),
        "topic": (_("Topik"), ""),
        "district": (_("Kecamatan"), ""),
    }
    lists = []
    for level in LEVELS[1:]:
        rows = sorted((each for each in below if each.level == level), key=lambda each: _named(each))
        if rows:
            title, hint = titles[level]
            head = [title, _("Diterima"), _("Separuh dijawab dalam"), _("Separuh selesai dalam"), _("Tepat waktu")]
            cells = [_row(edition, each, base) for each in rows]
            lists.append({"id": FOLDERS[level], "title": title, "hint": hint, "head": head, "rows": cells})
    return lists


def _below(place: Place, other: Place) -> bool:
    if other is place or other.level == "nation":
        return False
    if place.level == "nation":
        return other.level in ("instance", "topic")
    return other.instance == place.code or other.level == "topic"


def _row(edition: Edition, place: Place, base: str) -> dict[str, Any]:
    v = place.values
    cells = [
        number(v["received"]),
        _median(v["answer_known"], v["answer_median"]),
        _median(v["finish_known"], v["finish_median"]),
        percent(v["on_time"]),
    ]
    return {"name": _named(place), "address": base + _path(edition, place), "cells": cells}


def _median(known: Published, value: Published) -> str:
    if not known:
        return "–"
    return _("belum") if value is None else number(value)


def _path(edition: Edition, place: Place) -> str:
    return "" if place is root_of(edition) else f"{FOLDERS[place.level]}/{place.code}/"
