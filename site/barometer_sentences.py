"""The sentence of each chart and the base of each yearly number, written from a place's published numbers alone.

So a sentence says nothing that the numbers beside it do not: every function takes what an edition holds, and an edition
holds only what may be published (``functions/casework/barometer/disclosure.py``). Tests: ``tests/site``.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from barometer_words import NOTHING, long_month, number, percent, span

from functions.casework.barometer.counts import Calendar
from functions.casework.barometer.disclosure import SMALL, Suppressed, possible
from functions.casework.barometer.edition import HIDDEN, Edition, Month, Place, Published
from functions.casework.barometer.months import add_months, month_end
from functions.casework.barometer.places import HISTORY
from functions.web.language import gettext as _

TOLD = (5, 15, 30, 60, 90)  # working days of the curve that its sentence names
OLDEST = "umur_lebih_60"


class Base(NamedTuple):
    """The reports behind a place's yearly numbers: those that came in from one month through another.

    ``count`` is the sum of the months as published. It is the least there can be if ``exact`` is False: a month was
    hidden or withheld.
    """

    count: int
    exact: bool
    first: str
    last: str


def base_of(edition: Edition, place: Place) -> Base | None:
    """Return the base of a place's yearly numbers; None if no month of it was published."""
    first, last = window(edition, place)
    received = [each.received for each in place.months if first <= each.month <= last]
    if all(value is None for value in received):
        return None
    return Base(*_sum(received), first, last)


def window(edition: Edition, place: Place) -> tuple[str, str]:
    """Return the first and the last month whose reports are in a place's medians and shares."""
    last = place.measured or edition.month
    first = add_months(last, 1 - HISTORY)
    begun = place.months[0].month if 0 < len(place.months) < HISTORY else ""  # its first month ever is told
    return (begun if first < begun <= last else first), last


def observed_days(edition: Edition, place: Place) -> int:
    """Return how many working days the oldest of these reports can have been watched: nobody knows of a later day."""
    first, last = window(edition, place)
    return Calendar().between(date.fromisoformat(f"{first}-01"), month_end(last))


def sum_said(values: Iterable[Published], *, short: bool = False) -> str:
    """Return the sum of some months' counts in words; ``short`` for a table whose head says that it is rounded.

    It is the least there can be if any is hidden or withheld, and not told if that is fewer than ``SMALL``.
    """
    told = list(values)
    if all(value is None for value in told):
        return NOTHING
    count, exact = _sum(told)
    if count < SMALL:
        return number(0) if exact else NOTHING
    if short:
        return number(count) if exact else f"≥{number(count)}"
    return (_("sekitar {count}") if exact else _("sedikitnya {count}")).format(count=number(count))


def base_said(base: Base | None) -> str:
    """Return of how many reports a yearly number tells: "dari sekitar 1.140 laporan yang masuk …"."""
    if base is None or base.count < SMALL:
        return ""
    said = _("dari sekitar {count} laporan") if base.exact else _("dari sedikitnya {count} laporan")
    return said.format(count=number(base.count))


def flow(months: Sequence[Month]) -> str:
    """Return what the chart of received and closed reports says."""
    received, closed = sum_said(m.received for m in months), sum_said(m.closed for m in months)
    if received == NOTHING:
        return _("Jumlahnya tidak diterbitkan.")
    said = (
        _("{span}: {received} laporan masuk.")
        if closed == NOTHING
        else _("{span}: {received} laporan masuk, {closed} ditutup.")
    )
    found = [said.format(span=span(months[0].month, months[-1].month), received=received, closed=closed)]
    known = [m.received for m in months if isinstance(m.received, int)]
    most = [m for m in months if known and m.received == max(known)]
    if len(most) == 1 and len(months) > 1 and max(known) and not any(m.received is None for m in months):
        peak = _("Paling banyak masuk pada {month}: {count}.")
        found.append(peak.format(month=long_month(most[0].month), count=number(most[0].received)))
    return " ".join(found)


def punctual(months: Sequence[Month]) -> str:
    """Return what the chart of shares on time says: the last one, and the lowest and the highest if they differ."""
    told = [m for m in months if m.on_time is not None]
    if not told:
        return _("Belum ada bulan dengan cukup laporan.")
    found = [
        _("Tepat waktu pada {month}: {share}.").format(
            month=long_month(told[-1].month), share=percent(told[-1].on_time)
        )
    ]
    shares = [(m.on_time, m.month) for m in told if isinstance(m.on_time, int | float)]
    low, high = (min(shares), max(shares)) if shares else ((0, ""), (0, ""))
    if low[0] != high[0]:
        found.append(
            _("Terendah {low} ({when_low}), tertinggi {high} ({when_high}).").format(
                low=percent(low[0]), when_low=long_month(low[1]), high=percent(high[0]), when_high=long_month(high[1])
            )
        )
    return " ".join(found)


def curve(points: Sequence[tuple[int, float]]) -> str:
    """Return what the curve says: the share not finished after the days of ``TOLD``."""
    said = _("Setelah {day} hari kerja {share} belum selesai.").format
    return " ".join(said(day=number(day), share=percent(share)) for day, share in points if day in TOLD)


def ages(place: Place) -> str:
    """Return what the chart of open reports says."""
    waiting, old = place.values.get("open"), place.ages.get(OLDEST)
    if waiting is None:
        return _("Jumlah seluruhnya tidak diterbitkan.")
    if old is None or waiting == 0:
        return _("{count} laporan masih terbuka pada akhir bulan.").format(count=number(waiting))
    return _("{count} laporan masih terbuka pada akhir bulan, {old} di antaranya lebih dari 60 hari kerja.").format(
        count=number(waiting), old=number(old)
    )


def _sum(values: Sequence[Published]) -> tuple[int, bool]:
    if all(isinstance(value, int) for value in values):
        return sum(value for value in values if isinstance(value, int)), True
    return sum(_least(value) for value in values), False


def _least(value: Published) -> int:
    if isinstance(value, int):
        return possible(value)[0]
    return possible(Suppressed.SMALL)[0] if value == HIDDEN else 0
