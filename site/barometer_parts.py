"""The parts of a barometer page as the templates in ``pages/barometer`` show them, from one place of one edition."""

from typing import Any

import barometer_sentences as sentences
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

from functions.casework.barometer.edition import FEW, NEARLY, Edition, Place, Published
from functions.casework.barometer.places import CURVE
from functions.casework.barometer.quality import Group
from functions.web import language
from functions.web.language import gettext as _

CURVE_DAYS, CURVE_EVERY, SOON = 90, 15, 30  # working days
WIDEST, LATEST = 60, 1 << 30  # the longest bar of the ranking; after every number of days


def facts(edition: Edition, place: Place) -> list[tuple[str, str, str]]:
    """What is said in one line each: its name, the number, of what. Yearly numbers name the reports they come from."""
    v = place.values
    if not v:
        return []
    this_month, base = _("bulan ini"), sentences.base_of(edition, place)
    of_received = sentences.base_said(base) or _("dari yang diterima")
    of_closed = _("dari yang ditutup di antaranya")
    waited = sentences.observed_days(edition, place)
    later = ", ".join(
        _("setelah {day}: {share}").format(day=day, share=percent(v[f"open_{day}"]))
        for day in (60, 90)
        if day <= waited
    )
    found = [
        (_("Diterima"), number(v["received"]), this_month),
        (_("Ditutup"), number(v["closed"]), this_month),
        (_("Masih terbuka"), number(v["open"]), _("pada akhir bulan")),
        (_("Tepat waktu"), percent(v["on_time"]), _("dari yang jatuh tempo di antaranya")),
        (
            _("Belum selesai setelah 30 hari kerja"),
            percent(v["open_30"]) if waited >= SOON else NOTHING,
            "; ".join(filter(None, (of_received, later))),
        ),
        (_("Dibuka lagi oleh pelapor"), percent(v["reopened"]), of_closed),
        (_("Naik banding"), percent(v["appealed"]), of_closed),
        (_("Salah alamat, dipindahkan"), percent(v["transferred"]), of_received),
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
    """Received and closed by month; without a chart if there is nothing to draw."""
    if not place.months:
        return None

    def whole(value: float) -> str:
        return number(round(value))

    received = [_amount(each.received) for each in place.months]
    closed = [_amount(each.closed) for each in place.months]
    known = [value for value in received + closed if value]
    top = charts.ceiling(max(known)) if known else 0
    return {
        "chart": charts.columns(months_of(place), [received, closed], top, whole, whole) if top > 0 else None,
        "rows": [(long_month(each.month), number(each.received), number(each.closed)) for each in place.months],
        "says": sentences.flow(place.months),
    }


def punctual(place: Place) -> dict[str, Any] | None:
    """The share on time by month."""
    shares = [_share(each.on_time) for each in place.months]
    if all(share is None for share in shares):
        return None
    return {
        "chart": charts.columns(months_of(place), [shares], 1, percent, lambda share: percent(share).rstrip("%")),
        "rows": [(long_month(each.month), percent(each.on_time)) for each in place.months],
        "says": sentences.punctual(place.months),
    }


def curve(edition: Edition, place: Place) -> dict[str, Any] | None:
    """How long it takes, as a curve; no further than the oldest report was watched."""
    watched = min(CURVE_DAYS, sentences.observed_days(edition, place))
    points = [(day, share) for day, share in place.curve if day <= watched]
    if not points:
        return None
    last = points[-1][0]
    end = min(each for each in (*range(CURVE_EVERY, CURVE_DAYS, CURVE_EVERY), CURVE_DAYS) if each >= last)
    return {
        "chart": charts.falling(points, end, CURVE_EVERY, percent),
        "rows": [(number(day), percent(share)) for day, share in points],
        "ends": "" if last >= CURVE_DAYS else number(last),
        "withheld": last < max((day for day in CURVE if day <= watched), default=0),
        "says": sentences.curve(points),
    }


def ages(place: Place) -> dict[str, Any] | None:
    """What is open, by age."""
    if not place.ages:
        return None
    known = [amount for count in place.ages.values() if (amount := _amount(count))]
    table = [(band_of(band), number(count)) for band, count in place.ages.items()]
    longest = max([1, *known])
    drawn = [(band_of(band), (_amount(count) or 0) / longest, number(count)) for band, count in place.ages.items()]
    return {"rows": drawn, "table": table, "says": sentences.ages(place)}


def lists(edition: Edition, place: Place, base: str) -> list[dict[str, Any]]:
    """The places below one, by kind, and apart from them those of which nothing is told; agencies are ranked
    (``ranking``)."""
    titles = {
        "instance": _("Instansi"),
        "topic": _("Topik"),
        "district": _("Kecamatan"),
    }
    found = []
    for level, title in titles.items():
        listed = [each for each in edition.places if each.level == level and below(place, each)]
        if listed:
            head = [title, _("Laporan"), _("Dijawab"), _("Selesai"), _("Tepat waktu")]
            rows = [_row(edition, each, base) for each in sorted(listed, key=named)]
            told = [row for row in rows if set(row["cells"]) != {NOTHING}]
            few = [row for row in rows if row not in told]
            found.append({"id": FOLDERS[level], "title": title, "head": head, "rows": told, "few": few})
    return found


def ranking(edition: Edition, place: Place, base: str) -> dict[str, Any] | None:
    """The agencies of an instance, who answers fastest first, and apart from them those with too few reports."""
    listed = [each for each in edition.places if each.level == "agency" and below(place, each)]
    if place.level != "instance" or not listed:
        return None
    told = [each for each in listed if each.values["answer_known"]]
    medians = [value for each in told if isinstance(value := each.values["answer_median"], int)]
    told.sort(key=lambda each: (_days(each.values["answer_median"]), named(each)))
    return {
        "rows": [_ranked(edition, each, base, max([1, *medians])) for each in told],
        "few": [_named_row(edition, each, base) for each in sorted(listed, key=named) if each not in told],
    }


def _ranked(edition: Edition, place: Place, base: str, slowest: int) -> dict[str, Any]:
    """A row of the ranking: each cell is what it says and by what it is sorted; what is not published comes last."""
    v, found = place.values, sentences.base_of(edition, place)
    median = v["answer_median"]
    return _named_row(edition, place, base) | {
        "long": round(WIDEST * _days(median) / slowest) if isinstance(median, int) else 0,
        "answer": (median_of(v["answer_known"], median), _days(median)),
        "on_time": (percent(v["on_time"]), _order(v["on_time"])),
        "reports": (
            sentences.sum_said((each.received for each in place.months), short=True),
            found.count if found else 0,
        ),
    }


def _order(share: Published) -> int:
    """By what a share is sorted, in per cent: one that is not published comes below all others."""
    if isinstance(share, int | float):
        return round(share * 100)
    return {FEW: 0, NEARLY: 100}.get(share or "", -1)


def _days(median: Published) -> int:
    """How late a median comes in the ranking: one that is not reached comes last."""
    return median if isinstance(median, int) else LATEST


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
        sentences.sum_said((each.received for each in place.months), short=True),
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
