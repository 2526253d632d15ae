"""What the nation's barometer pages show, as the templates ``pages/barometer/nation_*.html`` take it. Every number
comes with its base: how many instances, or how many reports."""

from collections.abc import Iterable, Sequence
from typing import Any

import barometer_parts
import barometer_sentences as sentences
import charts
from barometer_nation_words import group_name, kind_name, province_name, short_name, span_said, total_said
from barometer_peers import Country, Row, spread, usual_share
from barometer_shelf import TOP, edition_top, group_address, province_address
from barometer_words import NOTHING, days, long_month, median_of, number, percent

from functions.casework.barometer.edition import Edition, Month, Place
from functions.casework.barometer.national import Kind, Size
from functions.casework.barometer.national_edition import WHOLE, Area, Member
from functions.web import language
from functions.web.dates import short_month
from functions.web.language import gettext as _

HISTORY = 12  # editions that a trend shows
PAGE = 100  # instances that one page of peers lists


def front(country: Country, *, newest: bool) -> dict[str, Any]:
    """Return the first page of an edition, at ``/barometer/`` or for good. It leads to pages of its own edition."""
    month = "" if newest else country.newest.month
    rows = list(country.rows.values())
    compared = [row for row in rows if row.size]
    return {
        "month": country.newest.month,
        "number": country.newest.number,
        "newest": newest,
        "instances": len(rows),
        "compared": len(compared),
        "spread": spread(rows),
        "said": spread_said(rows)[::2],
        "facts": _facts(country, WHOLE),
        "flow": _flow(country, WHOLE),
        "trend": _trend(country),
        "kinds": [_group(rows, month) for rows in country.groups.values()],
        "apart": _apart(rows),
        "provinces": _provinces(country, month),
        "gone": [_member(member) for member in country.gone] if newest else [],
        "editions": [each.month for each in country.editions if each is not country.newest] if newest else [],
    }


def spread_said(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return how fast a quarter, half, and three quarters of instances are, each with its name."""
    found = spread(rows)
    if found is None:
        return []
    names = (_("seperempat tercepat"), _("separuh"), _("tiga perempat"))
    return [(name, _within(value)) for name, value in zip(names, found[:3], strict=True)]


def _within(value: int | None) -> str:
    return days(value) if value is not None else _("belum tercapai")


def _facts(country: Country, area: Area) -> list[tuple[str, str, str]]:
    told = country.sums[country.newest.month].get(area)
    if told is None:
        return []
    names = (("received", _("Diterima bulan ini")), ("closed", _("Ditutup bulan ini")), ("open", _("Masih terbuka")))
    return [(label, span_said(told[name]), total_said(told[name])) for name, label in names]


def _flow(country: Country, area: Area) -> dict[str, Any] | None:
    """Reports by month, each as the least and the most there can be."""
    months = [each for each in reversed(country.editions[:HISTORY]) if area in country.sums[each.month]]
    if not months:
        return None
    found = [country.sums[each.month][area]["received"] for each in months]
    least, most = [each.least for each in found], [each.most for each in found]
    top = charts.ceiling(max([*least, *(value for value in most if value is not None)]) or 1)

    def whole(value: float) -> str:
        return number(round(value))

    names = [short_month(each.month, language.current(), year=each in (months[0], months[-1])) for each in months]
    chart = charts.columns(names, [least, most], top, whole, whole) if any(least) else None
    said = _("{month}: {span} laporan masuk, {base}.").format(
        month=long_month(months[-1].month), span=span_said(found[-1]), base=total_said(found[-1])
    )
    rows = [(long_month(each.month), span_said(one), total_said(one)) for each, one in zip(months, found, strict=True)]
    return {"chart": chart, "rows": rows, "says": said}


def _trend(country: Country) -> dict[str, Any] | None:
    """How many working days half of the instances need, edition by edition."""
    shown = [country.at(each) for each in reversed(country.editions[:HISTORY])]
    found = [(each.newest.month, spread(each.rows.values())) for each in shown]
    if not country.editions[1:] or all(one is None for _month, one in found):
        return None
    halves = [one.half if one else None for _month, one in found]
    top = charts.ceiling(max([1, *(half for half in halves if half is not None)]))
    names = [
        short_month(month, language.current(), year=n in (0, len(found) - 1)) for n, (month, _one) in enumerate(found)
    ]

    def whole(value: float) -> str:
        return number(round(value))

    rows = [
        (
            long_month(month),
            *((number(one.of), *(_day(value) for value in one[:3])) if one else (number(0), *[NOTHING] * 3)),
        )
        for month, one in found
    ]
    says = _("Separuh instansi yang dibandingkan: {first} pada {begin}, {last} pada {end}.").format(
        first=_within(halves[0]) if found[0][1] else NOTHING,
        begin=long_month(found[0][0]),
        last=_within(halves[-1]) if found[-1][1] else NOTHING,
        end=long_month(found[-1][0]),
    )
    return {"chart": charts.columns(names, [halves], top, whole, whole), "rows": rows, "says": says}


def _day(value: int | None) -> str:
    return _("belum") if value is None else number(value)


def _group(rows: Sequence[Row], month: str = "") -> dict[str, Any]:
    """A row of the table of peers."""
    kind, size = rows[0].group
    return {
        "address": group_address((kind, size), 0, month) if size else "",
        **_summary(group_name(kind, size, short=True), rows),
    }


def _summary(name: str, rows: Sequence[Row]) -> dict[str, Any]:
    found, (share, shares) = spread(rows), usual_share(rows)
    return {
        "name": name,
        "instances": number(len(rows)),
        "compared": number(found.of if found else 0),
        "quick": _day(found.quick) if found else NOTHING,
        "half": _day(found.half) if found else NOTHING,
        "slow": _day(found.slow) if found else NOTHING,
        "on_time": percent(share),
        "shares": number(shares),
    }


def _apart(rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return how many of each kind are not compared."""
    found: dict[Kind, int] = {}
    for row in rows:
        if not row.size:
            found[row.member.kind] = found.get(row.member.kind, 0) + 1
    return [(kind_name(kind), number(found[kind])) for kind in Kind if kind in found]


def _provinces(country: Country, month: str) -> list[dict[str, Any]]:
    found: dict[str, list[Row]] = {}
    for row in country.rows.values():
        if row.member.province:
            found.setdefault(row.member.province, []).append(row)
    sums = country.sums[country.newest.month]
    return [
        {
            "address": province_address(code, month),
            "reports": span_said(sums[Area("provinsi", code)]["received"]),
            **_summary(province_name(country, code), rows),
        }
        for code, rows in sorted(found.items(), key=lambda each: province_name(country, each[0]))
    ]


def province(country: Country, code: str, month: str = "") -> dict[str, Any]:
    """Return the page of a province: its regencies and its own government. With a ``month``, the one that stays."""
    area, rows = Area("provinsi", code), country.within(code)
    return {
        "name": province_name(country, code),
        "month": country.newest.month,
        "facts": _facts(country, area),
        "flow": _flow(country, area),
        "ranked": False,
        "rows": [_listed(country, row) for row in rows if row.size],
        "few": [_few(row) for row in rows if not row.size],
        "gone": [_member(member) for member in country.gone if member.province == code],
        "top": edition_top(month),
        "stable": "" if month else province_address(code, country.newest.month),
        **_before(country),
    }


def peers(country: Country, group: tuple[Kind, Size], at: int, month: str = "") -> dict[str, Any]:
    """Return a page of peers, who answers fastest first; the first page is 0. With a ``month``, the one that stays."""
    everybody = country.groups[group]
    return {
        "name": group_name(*group),
        "month": country.newest.month,
        "count": number(len(everybody)),
        "said": spread_said(everybody),
        "ranked": True,
        "rows": [_listed(country, row) for row in everybody[at * PAGE : (at + 1) * PAGE]],
        "few": [],
        "gone": [],
        "previous": group_address(group, at - 1, month) if at else "",
        "next": group_address(group, at + 1, month) if (at + 1) * PAGE < len(everybody) else "",
        "top": edition_top(month),
        "stable": "" if month else group_address(group, at, country.newest.month),
        **_before(country),
    }


def _before(country: Country) -> dict[str, str]:
    return {"before": country.before.month if country.before else ""}


def _listed(country: Country, row: Row) -> dict[str, Any]:
    """An instance in a list: its numbers, their base, and what the edition compared with said."""
    v, before = row.place.values, row.before.values if row.before else {}
    return {
        "rank": number(country.ranks[row.member.code]),
        "address": f"{TOP}instansi/{row.member.code}/",
        "name": short_name(row.place.name),
        "answer": median_of(v["answer_known"], v["answer_median"]) + _interval(row.place),
        "finish": median_of(v["finish_known"], v["finish_median"]),
        "on_time": percent(v["on_time"]),
        "reports": _reports(row),
        "before": median_of(before.get("answer_known"), before.get("answer_median")) if country.before else "",
    }


def _interval(place: Place) -> str:
    half, low, high = (place.values.get(f"answer_{name}") for name in ("median", "low", "high"))
    told = isinstance(half, int) and isinstance(low, int) and isinstance(high, int)
    return f" ({number(low)}–{number(high)})" if told else ""


def _reports(row: Row) -> str:
    return (("" if row.base.exact else "≥") + number(row.base.count)) if row.base else NOTHING


def _few(row: Row) -> dict[str, str]:
    return {"address": f"{TOP}instansi/{row.member.code}/", "name": short_name(row.place.name)}


def _member(member: Member) -> dict[str, str]:
    return {
        "address": f"{TOP}instansi/{member.code}/",
        "name": short_name(member.name),
        "last": long_month(member.last),
    }


def instance(country: Country, code: str) -> dict[str, Any]:
    """Return the page of one instance: its rank, its peers' numbers beside its own, and every edition it stood in."""
    member, row = country.members[code], country.rows.get(code)
    history = [(each, place) for each in country.editions if (place := country.places[each.month].get(code))]
    newest, place = history[0]
    group = country.groups.get((member.kind, row.size), ()) if row and row.size else ()
    return {
        "name": short_name(place.name),
        "code": code,
        "month": newest.month,
        "kind": kind_name(member.kind),
        "province": province_name(country, member.province) if member.province else "",
        "above": province_address(member.province) if row and member.province else TOP,
        "here_now": member.here,
        "gone": long_month(member.last) if row is None else "",
        "former": [(name, long_month(month)) for name, month in member.former],
        "numbers": place.values,
        "base": sentences.base_said(sentences.base_of(newest, place)),
        "rank": number(country.ranks[code]) if group else "",
        "group": {"address": group_address((member.kind, row.size)), **_group(group)} if row and group else None,
        "own": _listed(country, row) if row and group else None,
        "flow": barometer_parts.flow(_with_all(place, history)),
        "editions": [_edition_row(edition, one) for edition, one in history[:HISTORY]],
        **_before(country),
    }


def _with_all(place: Place, history: Sequence[tuple[Edition, Place]]) -> Place:
    """Return the place with the months of all its editions, at most of the last year."""
    known: dict[str, Month] = {month.month: month for _edition, one in reversed(history) for month in one.months}
    months = tuple(known[month] for month in sorted(known)[-HISTORY:])
    return Place(place.level, place.code, place.name, values=place.values, months=months)


def _edition_row(edition: Edition, place: Place) -> tuple[str, ...]:
    v, month = place.values, place.months[-1] if place.months else Month(edition.month)
    return (
        long_month(edition.month),
        number(v["received"]),
        percent(month.on_time),
        median_of(v["answer_known"], v["answer_median"]) + _interval(place),
        sentences.sum_said((each.received for each in place.months), short=True),
    )
