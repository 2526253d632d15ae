"""What is counted: additive sums of one cell (an instance, an agency, a topic, a district).

A case counts in the month in which it came in (its cohort), in its state on a day ``as_of``. A closed case contributes
the same for ever and is added once; open cases are added again at each month's end. So nobody has to read all cases
again.

Nothing here may be published as it is: ``disclosure`` and ``measures`` decide what may.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from functions.casework.barometer.survival import Durations, one
from functions.casework.case import CaseHead, Outcome
from functions.casework.deadlines.workdays import is_workday
from functions.casework.stages import STANDING, Stage

BANDS = (5, 14, 30, 60)  # upper ends of the ages of open cases, in working days; the last band has none


class Count(StrEnum):
    """What is counted, each a number of cases. The value is its name in storage and in the codebook."""

    RECEIVED = "diterima"
    PENGADUAN = "pengaduan"
    ASPIRASI = "aspirasi"
    INFORMASI = "informasi"
    ANSWERED = "dijawab"
    CLOSED = "selesai"
    FIXED = "diperbaiki"
    EXPLAINED = "dijelaskan"
    PARTLY = "sebagian"
    CANNOT = "tidak_dapat"
    DUPLICATE = "duplikat"
    ARCHIVED = "diarsipkan"
    WITHDRAWN = "ditarik"
    CONFIRMED = "dikonfirmasi"
    LAPSED = "otomatis"
    AWAITED = "menunggu_pelapor"
    FELL_DUE = "jatuh_tempo"
    ON_TIME = "tepat_waktu"
    REOPENED = "dibuka_lagi"
    APPEALED = "banding"
    APPEAL_DECIDED = "banding_diputus"
    APPEAL_UPHELD = "banding_dikabulkan"
    TRANSFERRED = "dialihkan"
    RATED = "dinilai"
    RATED_1 = "nilai_1"
    RATED_2 = "nilai_2"
    RATED_3 = "nilai_3"
    RATED_4 = "nilai_4"
    RATED_5 = "nilai_5"
    OPEN = "terbuka"
    OVERDUE = "terlambat"
    OPEN_AGAIN = "terbuka_lagi"
    HELD = "ditahan"
    AGE_5 = "umur_0_5"
    AGE_14 = "umur_6_14"
    AGE_30 = "umur_15_30"
    AGE_60 = "umur_31_60"
    AGE_MORE = "umur_lebih_60"


OUTCOMES = {
    Outcome.DIPERBAIKI: Count.FIXED,
    Outcome.DIJELASKAN: Count.EXPLAINED,
    Outcome.SEBAGIAN: Count.PARTLY,
    Outcome.TIDAK_DAPAT: Count.CANNOT,
    Outcome.DUPLIKAT: Count.DUPLICATE,
}
RATINGS = (Count.RATED_1, Count.RATED_2, Count.RATED_3, Count.RATED_4, Count.RATED_5)
AGES = (Count.AGE_5, Count.AGE_14, Count.AGE_30, Count.AGE_60, Count.AGE_MORE)
UPHELD = frozenset({Outcome.DIPERBAIKI, Outcome.SEBAGIAN})


@dataclass(frozen=True, slots=True)
class Sums:
    """Counts of one cell, and how long its cases took in working days.

    ``answer`` lasts to the first answer of a person, ``resolve`` to the closing. Unanswered and open cases are
    censored. ``counts`` has no zeros.
    """

    counts: Mapping[Count, int] = field(default_factory=dict)
    answer: Durations = field(default_factory=Durations)
    resolve: Durations = field(default_factory=Durations)

    def __getitem__(self, name: Count) -> int:
        """Return the number of cases of this count."""
        return self.counts.get(name, 0)

    def __bool__(self) -> bool:
        """Tell whether it holds any case."""
        return bool(self.counts)

    def __add__(self, other: "Sums") -> "Sums":
        """Return the sum of both."""
        return Sums(_merged(self.counts, other.counts, 1), self.answer + other.answer, self.resolve + other.resolve)

    def __sub__(self, other: "Sums") -> "Sums":
        """Subtract ``other``, which was added before: a closed case was opened again. Raises ValueError if it was not
        added."""
        return Sums(_merged(self.counts, other.counts, -1), self.answer - other.answer, self.resolve - other.resolve)


class Calendar:
    """Counts working days between two days fast: the working days of a year are listed once.

    ``own`` are the instance's extra days off.
    """

    def __init__(self, own: Collection[date] = ()) -> None:
        self._own = frozenset(own)

    def between(self, start: date, end: date) -> int:
        """Return the number of working days after ``start`` through ``end``; 0 if ``end`` is not later."""
        return max(0, self._until(end) - self._until(start))

    def _until(self, day: date) -> int:
        """Return the working days from the start of 2000 through ``day``, which is not before that year."""
        before = sum(len(_workdays(year, self._own)) for year in range(2000, day.year))
        return before + bisect_left(_workdays(day.year, self._own), day + timedelta(days=1))


@lru_cache(maxsize=512)
def _workdays(year: int, own: frozenset[date]) -> tuple[date, ...]:
    first = date(year, 1, 1)
    days = (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
    return tuple(day for day in days if is_workday(day, own))


def counts_at_all(head: CaseHead) -> bool:
    """Tell whether a case is in the statistics. Nobody has looked yet at what waits in quarantine."""
    return not head.quarantined


def settled(head: CaseHead) -> bool:
    """Tell whether a case contributes the same for ever, unless something more happens to it.

    It is closed, and its reporter has answered or let the window pass. Such a case is added once; any other is read
    again at a month's end.
    """
    return not head.open and not (head.awaited and not head.shredded)


def cohort(head: CaseHead) -> str:
    """Return the month in which a case came in, ``YYYY-MM``, where its sums belong."""
    return f"{head.received_on:%Y-%m}"


def closed_in(head: CaseHead) -> str:
    """Return the month in which an office closed the case, ``YYYY-MM``; "" if none has."""
    return f"{head.closing.on:%Y-%m}" if head.closing.on and not _withdrawn(head) else ""


def contribution(head: CaseHead, as_of: date, calendar: Calendar) -> Sums:
    """Return what a case adds to its cohort's sums, in its state at the end of ``as_of``.

    It is empty for a case in quarantine and for one that came later. What was closed or answered after that day counts
    as not yet. A case that its reporter withdrew counts as received and is censored on that day: nobody failed to
    answer it.
    """
    if not counts_at_all(head) or head.received_on > as_of:
        return Sums()
    ended = head.closing.on is not None and head.closing.on <= as_of and not head.open
    until = head.closing.on if ended and head.closing.on else as_of
    taken = ended and _withdrawn(head)
    found = [Count.RECEIVED, Count(head.kind.value)]
    answered_on = head.history.answered_on if head.history.answered_on and head.history.answered_on <= as_of else None
    if answered_on is None and ended and not taken and head.closing.due is None:
        answered_on = until  # a row older than the field: closing it was an answer
    if answered_on:
        found.append(Count.ANSWERED)
    if head.history.transferred:
        found.append(Count.TRANSFERRED)
    if taken:
        found.append(Count.WITHDRAWN)
    elif ended:
        found += _of_closed(head)
    else:
        found += _of_open(head, as_of, calendar)
    resolved = one(calendar.between(head.received_on, until), happened=ended and not taken)
    answer = one(calendar.between(head.received_on, answered_on or until), happened=answered_on is not None)
    return Sums(dict.fromkeys(found, 1), answer, resolved)


def age_band(days: int) -> Count:
    """Return the band of an open case's age in working days."""
    return AGES[bisect_left(BANDS, days)]


def total(sums: Iterable[Sums]) -> Sums:
    """Return the sum of all."""
    return sum(sums, Sums())


def to_json(sums: Sums) -> dict[str, Any]:
    """Return plain data for JSON, always in the same order: counts by name, and days to counts as pairs."""
    days = {name: _pairs(each) for name, each in (("jawab", sums.answer), ("tuntas", sums.resolve))}
    return {"n": {name.value: sums.counts[name] for name in Count if name in sums.counts}, **days}


def from_json(found: Mapping[str, Any]) -> Sums:
    """Parse what ``to_json`` returned. Raises ValueError, KeyError."""
    counts = {Count(name): int(count) for name, count in found["n"].items()}
    return Sums(counts, _durations(found["jawab"]), _durations(found["tuntas"]))


def _withdrawn(head: CaseHead) -> bool:
    """Tell whether the reporter had an open case deleted; an archived one had a deadline when it was closed."""
    return head.shredded and head.stage is Stage.DIARSIPKAN and head.closing.due is None


def _of_closed(head: CaseHead) -> list[Count]:
    found = [Count.CLOSED, Count.FELL_DUE, OUTCOMES[head.closing.outcome] if head.closing.outcome else Count.ARCHIVED]
    if head.closing.due is None or (head.closing.on and head.closing.on <= head.closing.due):
        found.append(Count.ON_TIME)
    if head.closing.confirmed:
        found.append(Count.CONFIRMED)
    elif head.closing.lapsed:
        found.append(Count.LAPSED)
    elif head.stage is Stage.SELESAI:
        found.append(Count.AWAITED)
    if head.closing.rating:
        found += [Count.RATED, RATINGS[head.closing.rating - 1]]
    if head.history.appealed:
        found.append(Count.APPEAL_DECIDED)
        found += [Count.APPEAL_UPHELD] if head.closing.outcome in UPHELD else []
    return found + _disputed(head)


def _of_open(head: CaseHead, as_of: date, calendar: Calendar) -> list[Count]:
    found = [Count.OPEN, age_band(calendar.between(head.received_on, as_of))]
    if head.history.reopened or head.history.appealed:
        found.append(Count.OPEN_AGAIN)
    due = (
        head.clock.due if head.open else head.closing.due or head.clock.due
    )  # after closing, ``due`` is the reporter's window
    if head.stage in STANDING:
        found.append(Count.HELD)
        if due < min(as_of, head.clock.held_on or due):  # a question that came too late undoes no lateness
            found.append(Count.FELL_DUE)
    elif due < as_of:
        found += [Count.OVERDUE, Count.FELL_DUE]
    return found + _disputed(head)


def _disputed(head: CaseHead) -> list[Count]:
    return [*([Count.REOPENED] if head.history.reopened else []), *([Count.APPEALED] if head.history.appealed else [])]


def _pairs(durations: Durations) -> list[list[list[int]]]:
    return [[[day, n] for day, n in sorted(each.items())] for each in (durations.events, durations.censored)]


def _durations(pairs: Any) -> Durations:
    events, censored = ({int(day): int(n) for day, n in each} for each in pairs)
    return Durations(events, censored)


def _merged(ours: Mapping[Count, int], theirs: Mapping[Count, int], sign: int) -> dict[Count, int]:
    found = dict(ours)
    for name, count in theirs.items():
        found[name] = found.get(name, 0) + sign * count
        if found[name] < 0:
            raise ValueError("more is taken away than there was")
    return {name: count for name, count in found.items() if count}
