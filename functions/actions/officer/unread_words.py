"""Words that a reporter's browser sealed: no gate has read them. What an app added, and what agencies' systems say, was
read without its case. The desk reads them before it shows them (law 5).

The browser's own look finds most of whom they accuse, and then the case is kept from them. What it missed is found
here: an accused agency gets the case no more than one that was never to have it, and where it holds the case, that goes
to whoever may hold it next. A person who hands it on has read them.

Tests: ``tests/doors/test_sealed_thread.py``.
"""

from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Protocol

from functions.actions.common.append import Step, append
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.access import is_accused, kept_above
from functions.casework.case import UNREAD, Case, CaseHead, Event, EventKind, Mode, Sealed
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.directory.agencies import Directory
from functions.casework.report import accusing
from functions.casework.routing.later_accused import (
    accuses,
    clock_anew,
    gone_up,
    keeping_from,
    kept_away,
    kept_from_custodians,
    newly_accused_of_any,
)
from functions.casework.stages import Actor
from functions.casework.understanding.accused import Accusation, Kept, accused_of, kept_from
from functions.casework.understanding.said import what_is_said
from functions.crypto.seal.reply_keys import REPLY_VERSION
from functions.storage.interface import CaseNotFoundError, Notice, Store

GIVEN = frozenset({EventKind.HANDOVER, EventKind.RECALL})
JUDGED = GIVEN | {EventKind.SECOND}  # who asks a unit in has said, too, that the words do not accuse it
# What these say in clear may be a step or a rating alone, whoever sealed their words.
UNMARKED = frozenset({EventKind.CONFIRM, EventKind.PUBLISH, EventKind.UNMASK})
WHY = "Tulisan pelapor mungkin menyangkut instansi yang memegang laporan ini."
KEPT = "Tulisan pelapor mungkin menyangkut {agencies}. Laporan ini tidak diperlihatkan kepada mereka."
READ_ON = 1_000  # characters of what was said before: each new message is read with them, and a reading is what costs


class _Found(NamedTuple):
    """Whom unread words accuse: the report, and what its writer added since."""

    report: tuple[Accusation, ...]
    later: tuple[Accusation, ...]

    @property
    def meant(self) -> tuple[str, ...]:
        return accused_of((*self.later, *self.report))


def accused_unread(opened: OpenedCase, directory: Directory) -> tuple[str, ...]:
    """Return whom words accuse that a browser sealed since an officer last handed the case on."""
    return _find(opened, directory).meant


def unread_accuse(agency: str, opened: OpenedCase, directory: Directory) -> bool:
    """Whether such words accuse this agency."""
    return any(is_accused(agency, code, directory) for code in accused_unread(opened, directory))


def kept_from_above(head: CaseHead, opened: OpenedCase, directory: Directory, meant: Collection[str] = ()) -> CaseHead:
    """Return the head kept from the desks above that such words accuse (``meant``, if they were read already), its
    holder apart; with a name in trust from all, as on arrival. A late case would go up to them by itself: nobody reads
    it before, and once a person handed it on, its words count as read."""
    meant, named = meant or accused_unread(opened, directory), head.reporter.mode is Mode.RAHASIA
    above = kept_above(directory.agencies[head.instance], head.about_agency, meant, directory, named=named)
    kept = keeping_from(head, (code for code in above if not is_accused(head.holder, code, directory)))
    if named and _is_named_later(opened):
        kept = kept_from_custodians(kept, opened.readable(opened.case.events[0]), directory)
    return gone_up(head, kept, directory)


def _is_named_later(opened: OpenedCase) -> bool:
    """Whether the name was left since an officer last acted."""
    events = opened.case.events
    acted = max((event.n for event in events if event.officer), default=1)
    return any(e.kind is EventKind.IDENTITY and e.by is Actor.REPORTER and e.n > acted for e in events)


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
    """Take the case from its holder and its second unit where such words accuse them, and keep it from the desks above
    that they accuse; return whether that was needed.

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
        if not _taken(now.head, head):
            return Step(EventKind.NOTE, Actor.SYSTEM, {"body": _kept(now.head, head, desk.directory)}, head)
        head = clock_anew(now.head, head, desk.today(), desk.deadlines, desk.holidays)
        told = Notice.HANDED_OVER if head.open and head.holder != now.head.holder else None
        return Step(EventKind.HANDOVER, Actor.SYSTEM, {"reason": WHY, "agency": head.holder}, head, told)

    with suppress(CaseNotFoundError):
        append(desk.store, load, decide, desk.today())
    return True


def _without_accused(opened: OpenedCase, directory: Directory) -> CaseHead | None:
    """Return the head with neither holder nor second unit that such words accuse, kept from all from whom the server
    would keep it; None if that changes nothing."""
    before, found = opened.head, _find(opened, directory)
    kept = kept_from((*found.later, *found.report), directory, before.instance)
    after = kept_away(before, kept, directory, bind=False) if kept.meant else before
    if not _taken(before, after):
        after = kept_away(before, _kept_by_the_server(found, directory, before.instance), directory, bind=False)
    after = kept_from_above(after, opened, directory, found.meant)
    return None if after == before else after


def _kept_by_the_server(found: _Found, directory: Directory, instance: str) -> Kept:
    """Return whom the server keeps a case from that lies with none of them: the one whom the report accuses for
    certain, and all whom later words may. They would read it on the public page, and be proposed."""
    about = kept_from(found.report, directory, instance).about
    return Kept(meant=tuple(filter(None, (about, *accused_of(found.later)))))


def _taken(before: CaseHead, after: CaseHead) -> bool:
    return (after.holder, after.desk_work.second) != (before.holder, before.desk_work.second)


def _kept(before: CaseHead, after: CaseHead, directory: Directory) -> str:
    new = after.desk_work.kept_from[len(before.desk_work.kept_from) :]  # they stand behind those of before
    return KEPT.format(agencies=", ".join(directory.agency(code).name for code in new))


def _find(opened: OpenedCase, directory: Directory) -> _Found:
    return _Found(_by_report(opened, directory), tuple(_accusations(opened, directory)))


def _by_report(opened: OpenedCase, directory: Directory) -> tuple[Accusation, ...]:
    """Return whom the report itself accuses, as long as no officer handed it on; () where the server read it: its
    writer was asked then, and the answer is bound."""
    judged = any(event.kind in JUDGED and event.officer for event in opened.case.events)
    if judged or opened.head.wraps.sealed is not Sealed.BROWSER:
        return ()
    words = opened.readable(opened.case.events[0])
    text = "\n".join(dict.fromkeys(filter(None, (opened.subject(), accusing(words)))))
    return what_is_said(text, directory, opened.head.instance, opened.head.topic).accused


def _accusations(opened: OpenedCase, directory: Directory) -> Iterator[Accusation]:
    """Yield whom words accuse that came since an officer last handed the case on, and were not read with it: read as
    the server reads later words, so that "they" are those of the unit that got the case then."""
    head, events = opened.head, opened.case.events
    given, judged = (
        max((at for at, event in enumerate(events) if event.kind in kinds and event.officer), default=-1)
        for kinds in (GIVEN, JUDGED)
    )
    got = opened.readable(events[given]).get("agency", "") if given >= 0 else ""
    unit = got if got in directory.agencies else ""
    for at, event in enumerate(events[judged + 1 :], judged + 1):
        if event.by is Actor.OFFICER and event.sealed[:1] == REPLY_VERSION:
            yield from _by_system(opened, event, directory)
        if event.by is not Actor.REPORTER or not _is_unread(event):
            continue
        words = opened.readable(event)  # none of what is shown as broken
        text = words.get("body") or words.get("reason", "")
        if not text:
            continue
        before = replace(opened, case=Case(head, events[:at])).said_before(READ_ON)
        yield from newly_accused_of_any(text, before, directory, head.governments, unit, accusing=accuses(head))


def _by_system(opened: OpenedCase, event: Event, directory: Directory) -> Iterator[Accusation]:
    """Yield whom words of an agency's system accuse of other governments of the case than the agency's own: for that
    they were read when they came in. The agency knows what it said itself."""
    own = directory.instance_of(event.agency) if event.agency in directory.agencies else None  # or removed meanwhile
    others = [code for code in opened.head.governments if own is None or code != own.code]
    words = opened.readable(event) if others else {}
    text = words.get("body") or words.get("reason", "")
    found = newly_accused_of_any(text, "", directory, others, accusing=accuses(opened.head)) if text else ()
    yield from (each for each in found if not is_accused(event.agency, each.agency, directory))


def _is_unread(event: Event) -> bool:
    """Whether no gate read a reporter's words with their case: a browser sealed them, or an app added them. The app's
    door read these for the government that got the report, knowing neither who has it now nor who "they" are."""
    by_browser = event.kind in UNMARKED or UNREAD in event.clear.split()
    return by_browser or event.sealed[:1] == REPLY_VERSION
