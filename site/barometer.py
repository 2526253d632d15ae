"""The barometer's pages: what an edition says, as the templates in ``pages/barometer`` show it. A page follows from its
edition alone.

The newest edition stands at ``/barometer/`` and, as every other, at an address of its own, ``/barometer/2026-10/``,
where it stays. Where there is one instance alone, its page is the first one; where there are several, a page of all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import barometer_data as data
import charts
from flask import Flask, Response, render_template

from functions.casework.barometer.edition import Edition, Place, Published
from functions.casework.barometer.quality import Group, Standing
from functions.web import language, layout
from functions.web.dates import short_month
from functions.web.language import gettext as _

TOP = "/barometer/"
FOLDERS = {"instance": "instansi", "agency": "dinas", "topic": "topik", "district": "kecamatan"}
CURVE_DAYS, CURVE_EVERY = 90, 15
NOTHING = "–"
TOLD = (5, 15, 30, 60, 90)  # days of the curve that its description names
FEED = "/barometer/edisi.atom"


@dataclass(frozen=True, slots=True)
class Shelf:
    """The editions of a barometer, newest first, each month in its latest number."""

    editions: tuple[Edition, ...]

    def pages(self) -> dict[str, tuple[Edition, Place]]:
        """Every address of a page (without language) and what it shows."""
        found = {}
        for number, edition in enumerate(self.editions):
            for place in {
                root_of(edition).key: root_of(edition),
                **{each.key: each for each in edition.places},
            }.values():
                found[TOP + edition.month + "/" + path_of(edition, place)] = (edition, place)
                if number == 0:
                    found[TOP + path_of(edition, place)] = (edition, place)
        return found


def shelf_of(editions: Iterable[Edition]) -> Shelf:
    """A shelf of these editions in any order."""
    latest: dict[str, Edition] = {}
    for edition in editions:
        if edition.month not in latest or latest[edition.month].number < edition.number:
            latest[edition.month] = edition
    return Shelf(tuple(sorted(latest.values(), key=lambda each: each.month, reverse=True)))


def root_of(edition: Edition) -> Place:
    """The place of the edition's first page: the one instance, or, where there are several, a list of them."""
    instances = [place for place in edition.places if place.level == "instance"]
    return instances[0] if len(instances) == 1 else Place("nation", "", "")


def path_of(edition: Edition, place: Place) -> str:
    """Where a place's page is below its edition's."""
    root = root_of(edition)
    if place.key == root.key:
        return ""
    instance = "" if root.level == "instance" else f"{FOLDERS['instance']}/{place.instance}/"
    return instance if place.level == "instance" else f"{instance}{FOLDERS[place.level]}/{place.code}/"


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
    above = None if place.key == root.key else _above(edition, place, base)
    return {
        "here": address,
        "name": _named(place),
        "month": edition.month,
        "first": edition.first,
        "number": edition.number,
        "superseded": edition.number > 1,
        "numbers": place.values,
        "above": above,
        "facts": _facts(place),
        "flow": _flow(place),
        "curve": _curve(place),
        "punctual": _punctual(place),
        "ages": _ages(place),
        "closings": [(_outcome(name), percent(share)) for name, share in place.closings.items() if share is not None],
        "index": place.values.get("index") and (number(place.values["index"]), _group(place), _standing(place)),
        "groups": _groups(edition, place, base),
        "lists": _lists(edition, place, base) if place.level in ("nation", "instance") else [],
        "data": stable,
        "stable": "" if base == stable else stable + path_of(edition, place),
        "editions": [each.month for each in shelf.editions if each.month != edition.month] if not above else [],
    }


def _above(edition: Edition, place: Place, base: str) -> dict[str, str]:
    """The page one level up: the instance's, or for an instance the list of all."""
    instance = edition.place("instance", place.instance)
    up = root_of(edition) if place.level == "instance" or instance is None else instance
    return {"address": base + path_of(edition, up), "name": _named(up)}


# -- words --


def number(value: Published) -> str:
    """A count or a mean as people write it; what is hidden or not published says so."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return value
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text if language.current() == "en" else text.translate(str.maketrans(",.", ".,"))


def percent(share: Published) -> str:
    """A share (0 to 1) in whole percent; one that stands for few reports says so."""
    if isinstance(share, str):
        return _("{count} laporan").format(count=share)
    return NOTHING if share is None else f"{round(share * 100)}%"


def days(count: int) -> str:
    """So many working days."""
    if count < 1:
        return _("kurang dari satu hari kerja")
    return _("satu hari kerja") if count == 1 else _("{count} hari kerja").format(count=number(count))


def long_month(month: str) -> str:
    """A month ("2026-10") in words."""
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
    if not v:
        return []
    this_month = _("bulan ini")
    later = _("setelah 60: {share60}, setelah 90: {share90}").format(
        share60=percent(v["open_60"]), share90=percent(v["open_90"])
    )
    of_closed = _("dari yang ditutup")
    facts = [
        (_("Diterima"), number(v["received"]), this_month),
        (_("Ditutup"), number(v["closed"]), this_month),
        (_("Masih terbuka"), number(v["open"]), _("pada akhir bulan")),
        (_("Tepat waktu"), percent(v["on_time"]), _("dari yang jatuh tempo")),
        (_("Belum selesai setelah 30 hari kerja"), percent(v["open_30"]), later if v["open_30"] is not None else ""),
        (_("Dibuka lagi oleh pelapor"), percent(v["reopened"]), of_closed),
        (_("Naik banding"), percent(v["appealed"]), of_closed),
        (_("Salah alamat, dipindahkan"), percent(v["transferred"]), _("dari yang diterima")),
        (_("Pelapor diam sampai ditutup"), percent(v["lapsed"]), of_closed),
        (_("Pelapor puas (nilai 4 atau 5)"), percent(v["satisfied"]), _rated(v["rated"])),
    ]
    return [(label, said, hint) for label, said, hint in facts if said != NOTHING]


def _rated(share: Published) -> str:
    return "" if share is None else _("{share} pelapor memberi nilai").format(share=percent(share))


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
        "chart": charts.columns(_months(place), [shares], 1, percent),
        "rows": [(long_month(each.month), percent(each.on_time)) for each in place.months],
        "says": _("Bulan terakhir: {share}.").format(share=percent(place.months[-1].on_time)),
    }


def _curve(place: Place) -> dict[str, Any] | None:
    if not place.curve:
        return None
    rows = [(number(day), percent(share)) for day, share in place.curve]
    said = _("Setelah {day} hari kerja {share} belum selesai.").format
    return {
        "chart": charts.falling(place.curve, CURVE_DAYS, CURVE_EVERY, percent),
        "rows": rows,
        "says": " ".join(said(day=number(day), share=percent(share)) for day, share in place.curve if day in TOLD),
    }


def _ages(place: Place) -> dict[str, Any] | None:
    if not place.ages:
        return None
    known = [amount for count in place.ages.values() if (amount := _amount(count))]
    table = [(_band(band), number(count)) for band, count in place.ages.items()]
    longest = max([1, *known])
    drawn = [(_band(band), (_amount(count) or 0) / longest, number(count)) for band, count in place.ages.items()]
    return {"rows": drawn, "table": table, "says": ", ".join(f"{name}: {count}" for name, count in table)}


def _band(band: str) -> str:
    words = {
        "umur_0_5": _("sampai 5 hari"),
        "umur_6_14": _("6–14 hari"),
        "umur_15_30": _("15–30 hari"),
        "umur_31_60": _("31–60 hari"),
        "umur_lebih_60": _("lebih lama"),
    }
    return words[band]


def _lists(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    titles = {
        "instance": _("Instansi"),
        "agency": _("Dinas"),
        "topic": _("Topik"),
        "district": _("Kecamatan"),
    }
    lists = []
    for level, title in titles.items():
        below = [each for each in edition.places if each.level == level and _below(place, each)]
        if below:
            head = [title, _("Diterima"), _("Dijawab"), _("Selesai"), _("Tepat waktu")]
            rows = [_row(edition, each, base) for each in sorted(below, key=_named)]
            lists.append({"id": FOLDERS[level], "title": title, "head": head, "rows": rows})
    return lists


def _groups(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    """Agencies of like size beside each other, by name: no league table."""
    found = []
    for group in Group:
        members = [p for p in edition.places if p.values.get("group") == group and _below(place, p)]
        rows = [
            _named_row(edition, each, base) | {"cells": [number(each.values["index"]), _standing(each)]}
            for each in sorted(members, key=_named)
        ]
        if rows:
            found.append({"title": _group(members[0]), "rows": rows})
    return found


def _group(place: Place) -> str:
    words = {
        Group.SMALL: _("Dinas dengan sedikit laporan"),
        Group.MIDDLE: _("Dinas dengan laporan sedang"),
        Group.LARGE: _("Dinas dengan banyak laporan"),
    }
    return words[Group(place.values["group"])]


def _standing(place: Place) -> str:
    words = {
        Standing.ABOVE: _("di atas rata-rata"),
        Standing.AMONG: _("sekitar rata-rata"),
        Standing.BELOW: _("di bawah rata-rata"),
    }
    return words[Standing(place.values["standing"])]


def _below(place: Place, other: Place) -> bool:
    if place.level == "nation":
        return other.level == "instance"
    return other.instance == place.instance and other.level != "instance"


def _row(edition: Edition, place: Place, base: str) -> dict[str, Any]:
    v = place.values
    cells = [
        number(v["received"]),
        _median(v["answer_known"], v["answer_median"]),
        _median(v["finish_known"], v["finish_median"]),
        percent(v["on_time"]),
    ]
    return _named_row(edition, place, base) | {"cells": cells}


def _named_row(edition: Edition, place: Place, base: str) -> dict[str, Any]:
    """The name of a place with its address; whether that is Indonesian on an English page."""
    foreign = language.current() != language.DEFAULT and _named(place) == place.name
    return {"name": _named(place), "address": base + path_of(edition, place), "foreign": foreign}


def _median(known: Published, value: Published) -> str:
    if not known:
        return NOTHING
    return _("belum") if value is None else number(value)
