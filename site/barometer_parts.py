"""The parts of a barometer page as the templates in ``pages/barometer`` show them, from one place of one edition."""

from typing import Any

import charts
from barometer_shelf import FOLDERS, below, path_of
from barometer_words import (
    NOTHING,
    band_of,
    group_of,
    long_month,
    median_of,
    months_of,
    named,
    number,
    percent,
    rated,
    span,
    standing_of,
)

from functions.casework.barometer.edition import NEARLY, Edition, Place, Published
from functions.casework.barometer.quality import Group
from functions.web import language
from functions.web.language import gettext as _

CURVE_DAYS, CURVE_EVERY = 90, 15
TOLD = (5, 15, 30, 60, 90)  # days of the curve that its description names


def facts(place: Place) -> list[tuple[str, str, str]]:
    """What is said in one line each: its name, the number, of what."""
    v = place.values
    if not v:
        return []
    this_month = _("bulan ini")
    later = _("setelah 60: {share60}, setelah 90: {share90}").format(
        share60=percent(v["open_60"]), share90=percent(v["open_90"])
    )
    of_closed = _("dari yang ditutup")
    found = [
        (_("Diterima"), number(v["received"]), this_month),
        (_("Ditutup"), number(v["closed"]), this_month),
        (_("Masih terbuka"), number(v["open"]), _("pada akhir bulan")),
        (_("Tepat waktu"), percent(v["on_time"]), _("dari yang jatuh tempo")),
        (_("Belum selesai setelah 30 hari kerja"), percent(v["open_30"]), later if v["open_30"] is not None else ""),
        (_("Dibuka lagi oleh pelapor"), percent(v["reopened"]), of_closed),
        (_("Naik banding"), percent(v["appealed"]), of_closed),
        (_("Salah alamat, dipindahkan"), percent(v["transferred"]), _("dari yang diterima")),
        (_("Pelapor diam sampai ditutup"), percent(v["lapsed"]), of_closed),
        (_("Pelapor puas (nilai 4 atau 5)"), percent(v["satisfied"]), rated(v["rated"])),
    ]
    return [(label, said, hint) for label, said, hint in found if said != NOTHING]


def _amount(value: Published) -> int | float | None:
    return None if isinstance(value, str) else value


def _share(value: Published) -> int | float | None:
    """How far up a share is drawn: nearly all to the top, few not at all but with a star."""
    return 1 if value == NEARLY else _amount(value)


def flow(place: Place) -> dict[str, Any] | None:
    """Received and closed by month."""
    if not place.months:
        return None
    received = [_amount(each.received) for each in place.months]
    closed = [_amount(each.closed) for each in place.months]
    top = charts.ceiling(max([0, *(value for value in received + closed if value)]))
    return {
        "chart": charts.columns(months_of(place), [received, closed], top, lambda value: number(round(value))),
        "rows": [(long_month(each.month), number(each.received), number(each.closed)) for each in place.months],
        "says": _("Bulan terakhir: {received} diterima, {closed} ditutup.").format(
            received=number(place.months[-1].received), closed=number(place.months[-1].closed)
        ),
    }


def punctual(place: Place) -> dict[str, Any] | None:
    """The share on time by month."""
    shares = [_share(each.on_time) for each in place.months]
    if all(share is None for share in shares):
        return None
    return {
        "chart": charts.columns(months_of(place), [shares], 1, percent),
        "rows": [(long_month(each.month), percent(each.on_time)) for each in place.months],
        "says": _("Bulan terakhir: {share}.").format(share=percent(place.months[-1].on_time)),
    }


def curve(place: Place) -> dict[str, Any] | None:
    """How long it takes, as a curve."""
    if not place.curve:
        return None
    rows, last = [(number(day), percent(share)) for day, share in place.curve], place.curve[-1][0]
    said = _("Setelah {day} hari kerja {share} belum selesai.").format
    return {
        "chart": charts.falling(place.curve, CURVE_DAYS, CURVE_EVERY, percent),
        "rows": rows,
        "ends": "" if last >= CURVE_DAYS else number(last),
        "says": " ".join(said(day=number(day), share=percent(share)) for day, share in place.curve if day in TOLD),
    }


def ages(place: Place) -> dict[str, Any] | None:
    """What is open, by age."""
    if not place.ages:
        return None
    known = [amount for count in place.ages.values() if (amount := _amount(count))]
    table = [(band_of(band), number(count)) for band, count in place.ages.items()]
    longest = max([1, *known])
    drawn = [(band_of(band), (_amount(count) or 0) / longest, number(count)) for band, count in place.ages.items()]
    return {"rows": drawn, "table": table, "says": ", ".join(f"{name}: {count}" for name, count in table)}


def lists(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    """The places below one, by kind."""
    titles = {
        "instance": _("Instansi"),
        "agency": _("Dinas"),
        "topic": _("Topik"),
        "district": _("Kecamatan"),
    }
    found = []
    for level, title in titles.items():
        listed = [each for each in edition.places if each.level == level and below(place, each)]
        if listed:
            head = [title, _("Diterima"), _("Dijawab"), _("Selesai"), _("Tepat waktu")]
            rows = [_row(edition, each, base) for each in sorted(listed, key=named)]
            found.append({"id": FOLDERS[level], "title": title, "head": head, "rows": rows})
    return found


def groups(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    """Agencies of like size beside each other, by name: no league table. An instance's page has every group, an
    agency's its own."""
    shown = {"instance": tuple(Group), "agency": [each for each in Group if each == place.values.get("group")]}
    found = []
    for group in shown.get(place.level, ()):
        members = [p for p in edition.places if p.values.get("group") == group and below(place, p)]
        rows = [
            _named_row(edition, each, base) | {"cells": [number(each.values["index"]), standing_of(each, short=True)]}
            for each in sorted(members, key=named)
        ]
        if rows:
            found.append({"title": group_of(members[0]), "rows": rows})
    return found


def _row(edition: Edition, place: Place, base: str) -> dict[str, Any]:
    v = place.values
    cells = [
        number(v["received"]),
        median_of(v["answer_known"], v["answer_median"]),
        median_of(v["finish_known"], v["finish_median"]),
        percent(v["on_time"]),
    ]
    return _named_row(edition, place, base) | {"cells": cells}


def _named_row(edition: Edition, place: Place, base: str) -> dict[str, Any]:
    """The name of a place with its address; whether that is Indonesian on an English page."""
    foreign = language.current() != language.DEFAULT and named(place) == place.name
    return {"name": named(place), "address": base + path_of(edition, place), "foreign": foreign}


def quarter(place: Place) -> dict[str, Any] | None:
    """Sensitive topics, which are told by the quarter and for a whole instance alone; None where there are none or the
    edition is older than the table."""
    found = place.quarter
    if place.level != "instance" or not place.measured:
        return None
    if found is None:
        return {"span": "", "rows": []}
    english = language.current() != language.DEFAULT
    rows = [
        ((each.name_en if english else "") or each.name, number(each.received), english and not each.name_en)
        for each in found.topics
    ]
    return {"span": span(found.first, found.last), "rows": rows} if found.last else None
