"""Words that a reporter's browser sealed: no gate has read them. The desk reads them before it shows them (law 5).

The browser's own look finds most of whom they accuse, and then the case is kept from them. What it missed is found
here: an accused agency gets the case no more than one that was never to have it, and where it holds the case, that goes
to whoever may hold it next. A person who hands it on has read them.

Tests: ``tests/doors/test_sealed_thread.py``.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import date
from typing import Protocol

from functions.actions.common.append import Step, append
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.access import is_accused, kept_above
from functions.casework.case import UNREAD, CaseHead, EventKind, Sealed
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.directory.agencies import Directory
from functions.casework.routing.later_accused import accuses, clock_anew, keeping_from, kept_away, newly_accused
from functions.casework.stages import Actor
from functions.casework.understanding.accused import Accusation, accused_of, kept_from
from functions.casework.understanding.said import what_is_said
from functions.crypto.errors import SealError
from functions.storage.interface import CaseNotFoundError, Notice, Store

GIVEN = frozenset({EventKind.HANDOVER, EventKind.RECALL})
# What these say in clear may be a step or a rating alone, whoever sealed their words.
UNMARKED = frozenset({EventKind.CONFIRM, EventKind.PUBLISH, EventKind.UNMASK})
WHY = "Tulisan pelapor mungkin menyangkut instansi yang memegang laporan ini."


def unread_accuse(agency: str, opened: OpenedCase, directory: Directory) -> bool:
    """Whether words that a browser sealed since an officer last handed the case on accuse this agency."""
    said = accused_of((*_accusations(opened, directory), *_by_report(opened, directory)))
    return any(is_accused(agency, code, directory) for code in said)


def kept_from_above(head: CaseHead, opened: OpenedCase, directory: Directory) -> CaseHead:
    """Return the head of a case that an officer hands on, kept from the desks above that such words accuse. Once a
    person handed it on, its words count as read, and a late case would go up to them by itself."""
    meant = accused_of((*_accusations(opened, directory), *_by_report(opened, directory)))
    above = kept_above(directory.agencies[head.instance], head.about_agency, meant, directory)
    return keeping_from(head, above)


class Desk(Protocol):
    """What ``ReadCase`` has."""

    @property
    def store(self) -> Store:
        """Where the cases are."""

    @property
    def directory(self) -> Directory:
        """Who may hold them."""

    @property
    def today(self) -> Callable[[], date]:
        """Gives the local day."""

    @property
    def deadlines(self) -> Deadlines:
        """For the new clock."""

    @property
    def holidays(self) -> Collection[date]:
        """Days off beside the national ones."""


def take_from_accused(desk: Desk, opened: OpenedCase) -> bool:
    """Take the case from its holder and its second unit where such words accuse them; return whether that was needed.

    It goes where later words by the server take it (``later_accused.kept_away``); its new holder is told, and its clock
    runs anew. It stays where no other desk is left. Raises BusyProblem, StoreUnavailableError.
    """
    if _without_accused(opened, desk.directory) is None:
        return False

    def load() -> OpenedCase:
        return OpenedCase(desk.store.read_case(opened.head.case_id), opened.case_key)

    def decide(now: OpenedCase) -> Step:
        head = _without_accused(now, desk.directory)
        if head is None or now.head.shredded:  # somebody was faster
            raise CaseNotFoundError(now.head.case_id)
        head = clock_anew(now.head, head, desk.today(), desk.deadlines, desk.holidays)
        told = Notice.HANDED_OVER if head.open and head.holder != now.head.holder else None
        return Step(EventKind.HANDOVER, Actor.SYSTEM, {"reason": WHY, "agency": head.holder}, head, told)

    with suppress(CaseNotFoundError):
        append(desk.store, load, decide, desk.today())
    return True


def _without_accused(opened: OpenedCase, directory: Directory) -> CaseHead | None:
    """Return the head with neither holder nor second unit that such words accuse; None if neither changes."""
    before = opened.head
    kept = kept_from(tuple(_accusations(opened, directory)), directory, before.instance)
    after = kept_away(before, kept, directory, bind=False) if kept.meant else before
    same = (after.holder, after.desk_work.second) == (before.holder, before.desk_work.second)
    return None if same else after


def _by_report(opened: OpenedCase, directory: Directory) -> tuple[Accusation, ...]:
    """Return whom the report itself accuses, as long as no officer handed it on; () where the server read it: its
    writer was asked then, and the answer is bound."""
    if opened.head.wraps.sealed is not Sealed.BROWSER or any(e.kind in GIVEN and e.officer for e in opened.case.events):
        return ()
    body = opened.readable(opened.case.events[0]).get("body", "")
    return what_is_said(f"{opened.subject()}\n{body}", directory, opened.head.instance).accused


def _accusations(opened: OpenedCase, directory: Directory) -> Iterator[Accusation]:
    """Yield whom words accuse that a browser sealed since an officer last handed the case on."""
    for event in reversed(opened.case.events):
        if event.kind in GIVEN and event.officer:
            return
        if event.by is not Actor.REPORTER or not (event.kind in UNMARKED or UNREAD in event.clear.split()):
            continue
        try:
            words = opened.words(event)
        except SealError:  # shown as broken
            continue
        text = words.get("body") or words.get("reason", "")
        yield from newly_accused(text, "", directory, opened.head.instance, accusing=accuses(opened.head))
