"""What an overseer sees of many cases at once: counts by agency, with no word and no single case in them.

Cases are counted apart for each accused, so that a viewer's sums hold only what they may know of. Law 5: a report is
not even counted in the inbox of the accused.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from functions.casework.access import Viewer, is_accused
from functions.casework.barometer.cells import Adder
from functions.casework.barometer.counts import Calendar, Sums, contribution
from functions.casework.case import CaseHead
from functions.casework.consent.unmask_steps import entries
from functions.casework.directory.agencies import Directory, Role
from functions.casework.stages import STANDING

CLOSED_DAYS = 90


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of cases. Those from ``closed`` on cover the last ``CLOSED_DAYS`` days. ``ratings`` is the sum of
    ``rated`` ratings of 1 to 5. ``silent`` counts lapsed closings: their reporters did not answer, which is neither yes
    nor no. ``cases`` are all that an agency holds; ``unmasked`` counts how often it was shown masked words, in these
    cases or in others."""

    open: int = 0
    late: int = 0
    risen: int = 0
    held: int = 0
    reopened: int = 0
    appealed: int = 0
    canned: int = 0
    closed: int = 0
    awaited: int = 0
    confirmed: int = 0
    silent: int = 0
    rated: int = 0
    ratings: int = 0
    cases: int = 0
    unmasked: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


Figure = TypeVar("Figure", Tally, Sums)
Cell = tuple[str, str]  # the holder of the cases, and whom they are kept from (``kept_from``)
Steps = Counter[str]  # of requests to see masked words, by step
CANNED = 2


class Request(NamedTuple):
    """A step of a request to see masked words, and whom the case is kept from (``kept_from``)."""

    agency: str
    ground: str
    step: str
    accused: str


def counts_for(head: CaseHead, today: date) -> bool:
    """Whether a case counts in today's figures. In a listing, none counts after the first closed case that does not."""
    return head.open or head.awaited or head.closing.on is None or head.closing.on > today - timedelta(days=CLOSED_DAYS)


def kept_from(head: CaseHead) -> str:
    """Return the codes of all in whose figures a case does not count, separated by blanks: whom it is about first, also
    if an overseer allowed them to read it, then whom later words accuse. "" for nobody."""
    return " ".join(code for code in (head.about_agency, *head.desk_work.kept_from) if code)


def tally(heads: Iterable[CaseHead], today: date) -> dict[Cell, Tally]:
    """Return the figures of these cases. Tombstones are left out, and cases in quarantine, which nobody has looked at
    yet."""
    cells: dict[Cell, Tally] = {}
    for head in heads:
        if head.shredded or head.quarantined or not counts_for(head, today):
            continue
        cell = head.holder, kept_from(head)
        cells[cell] = cells.get(cell, Tally()) + _one(head, today)
        for entry in filter(lambda step: step.seen, entries(head)):
            other = entry.agency, kept_from(head)
            cells[other] = cells.get(other, Tally()) + Tally(unmasked=1)
    return cells


def _one(head: CaseHead, today: date) -> Tally:
    closed = head.closing.on is not None and head.closing.on > today - timedelta(days=CLOSED_DAYS)
    rated = closed and head.closing.rating is not None
    return Tally(
        cases=1,
        open=head.open,
        late=head.overdue(today),
        risen=head.open and head.escalation.steps > 0,
        held=head.stage in STANDING,
        reopened=head.history.reopened > 0,
        appealed=head.history.appealed > 0,
        canned=head.history.canned >= CANNED,
        closed=closed,
        awaited=head.awaited,
        confirmed=closed and head.closing.confirmed,
        silent=closed and head.closing.lapsed,
        rated=rated,
        ratings=(head.closing.rating or 0) if rated else 0,
    )


def known_to(viewer: Viewer, cells: Mapping[Cell, Figure], directory: Directory) -> dict[str, Figure]:
    """Return the figures by agency as this viewer may know them: without cases that accuse their agency."""
    sums: dict[str, Figure] = {}
    for (holder, accused), each in cells.items():
        if not _is_one_of(viewer.agency, accused, directory):
            sums[holder] = sums[holder] + each if holder in sums else each
    return sums


def requests_in(heads: Iterable[CaseHead], found: Counter[Request]) -> Iterator[CaseHead]:
    """Yield the same cases, and count the steps of requests to see masked words in those that ``tally`` counts."""
    for head in heads:
        if not (head.shredded or head.quarantined):
            found.update(Request(*entry, kept_from(head)) for entry in entries(head))
        yield head


def requests_known(viewer: Viewer, found: Mapping[Request, int], directory: Directory) -> dict[tuple[str, str], Steps]:
    """Return the requests by agency and ground as this viewer may know them; nothing for who is no overseer. Without
    cases that accuse their agency."""
    sums: dict[tuple[str, str], Steps] = {}
    for request, count in found.items() if viewer.role is Role.OVERSEER else ():
        if not _is_one_of(viewer.agency, request.accused, directory):
            sums.setdefault((request.agency, request.ground), Counter())[request.step] += count
    return sums


def spans(heads: Iterable[CaseHead], today: date, calendar: Calendar, adder: Adder[Cell]) -> Iterator[CaseHead]:
    """Yield the same cases, and add those received within ``CLOSED_DAYS`` to the barometer's measures. Today's listing
    holds all cases of that span."""
    for head in heads:
        if not head.shredded and head.received_on > today - timedelta(days=CLOSED_DAYS):
            adder.add([(head.holder, kept_from(head))], contribution(head, today, calendar))
        yield head


def _is_one_of(agency: str, accused: str, directory: Directory) -> bool:
    return any(is_accused(agency, code, directory) for code in accused.split())
