"""A case (laporan): what stands in clear at rest, its events, and the words inside the seal.

``CaseHead`` holds all that the store may know in clear (DESIGN §4). Everything a person wrote is in ``Event.sealed``.
Days are local dates of the instance; no time of day is stored.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from functions.casework.field_fates import Erased, Kept
from functions.casework.stages import CLOSED, STANDING, Actor, Stage


class Kind(StrEnum):
    """The three kinds of SP4N-LAPOR!."""

    PENGADUAN = "pengaduan"
    ASPIRASI = "aspirasi"
    INFORMASI = "informasi"


class Sealed(StrEnum):
    """Where the words were sealed: in the reporter's browser, or on arrival by the intake."""

    BROWSER = "browser"
    SERVER = "server"


class Mode(StrEnum):
    """Who may know the writer: nobody, since nothing is stored; two custodians together; the officers."""

    ANONIM = "anonim"
    RAHASIA = "rahasia"
    TERBUKA = "terbuka"


class Outcome(StrEnum):
    """How a case was closed."""

    DIPERBAIKI = "diperbaiki"
    DIJELASKAN = "dijelaskan"
    SEBAGIAN = "sebagian"
    TIDAK_DAPAT = "tidak_dapat"
    DUPLIKAT = "duplikat"


class EventKind(StrEnum):
    """What happened. Part of each item's associated data, so an item cannot pass for another kind."""

    REPORT = "report"
    MESSAGE = "message"
    FILE = "file"
    STAGE = "stage"
    HANDOVER = "handover"
    EXTEND = "extend"
    CLOSE = "close"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    APPEAL = "appeal"
    WITHDRAW = "withdraw"
    UNMASK = "unmask"
    IDENTITY = "identity"
    NOTE = "note"
    RECUSE = "recuse"
    SP4N = "sp4n"
    REMIND = "remind"
    ESCALATE = "escalate"
    SECOND = "second"
    JOIN = "join"
    LIFT = "lift"
    ASSIGN = "assign"
    PRIORITY = "priority"
    LAPSE = "lapse"
    PUBLISH = "publish"
    CORRECT = "correct"
    RECALL = "recall"


class Lift(StrEnum):
    """How far a request to let the accused read a case has come."""

    NONE = ""
    ASKED = "asked"
    OBJECTED = "objected"
    REFUSED = "refused"
    LIFTED = "lifted"


class Publication(StrEnum):
    """How far a case is on its way to publication: its reporter requested it, has a text to agree to, or agreed; or its
    holder refused."""

    NONE = ""
    WISHED = "wished"
    DRAFTED = "drafted"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Clock:
    """The deadline a case runs under, and the working days its clock stood.

    ``terms`` are the limits of the day it came in (``clocks.Terms``), empty for cases older than them. ``handed_on`` is
    the day it reached its unit. ``extended``: its holder took the one extension. ``held_on`` is the day its clock
    stopped; ``paused`` counts the working days it stood since it last started. ``reminded``: the holder was reminded of
    this deadline.
    """

    due: Kept[date]
    terms: Erased[tuple[int, ...]] = ()
    handed_on: Kept[date | None] = None
    extended: Kept[bool] = False
    held_on: Erased[date | None] = None
    paused: Kept[int] = 0
    reminded: Kept[bool] = False


@dataclass(frozen=True, slots=True)
class Wraps:
    """What opens a case, and what is sealed with it.

    ``sealed`` tells where its words were sealed. ``receipt`` and ``desk`` are the case key wrapped to the receipt and
    to the desk's public key ``key_id``. ``lookup`` is the hash of the receipt (32 bytes). A tombstone keeps it, so that
    the reporter learns what became of the case. ``fingerprint`` is the keyed hash of what was submitted (32 bytes).
    ``subject`` is sealed under the case key. ``act`` is the public key (32 bytes) of the reporter's acts, b"" for a
    case of before: its ``lookup`` has the older form until the reporter's next act. A withdrawn case's ``act`` has the
    signature of the withdrawal behind it (64 bytes).
    """

    sealed: Kept[Sealed]
    key_id: Erased[str]
    lookup: Kept[bytes]
    fingerprint: Erased[bytes]
    receipt: Erased[bytes]
    desk: Erased[bytes]
    subject: Erased[bytes]
    act: Kept[bytes] = b""


@dataclass(frozen=True, slots=True)
class ReporterContact:
    """How the reporter can be known and reached.

    ``contact`` is an address for notices, sealed to the courier alone and erased when the case closes. ``texted``: the
    notice carries the officer's words, since the contact's channel quotes (``channel.Channel``). The channel itself
    stays sealed in ``contact``, and no officer is shown this flag. ``origin`` is the instance that received the case,
    "" if it still has it: identity and contact stay sealed to its keys.
    """

    mode: Erased[Mode] = Mode.ANONIM
    contact: Erased[bytes] = b""
    texted: Erased[bool] = False
    origin: Erased[str] = ""


@dataclass(frozen=True, slots=True)
class DeskWork:
    """How the desks share the work on a case.

    ``second`` is a unit that works on it beside its holder. ``assigned`` is the ident of the holder's officer who took
    it. ``recused`` are the idents of officers who have a stake in it and no longer see it. ``priority``: to be done
    before others. ``sp4n`` is its number in SP4N-LAPOR!. ``unmasked`` has an entry for each step of a request to see
    masked words (``consent.unmask_steps``). ``kept_from`` are agencies whom later words accuse beside the bound one:
    the case is hidden from them until a person hands it to them knowing that. It survives deletion, and so does
    ``recused``, or they would see what is left of the case.
    """

    second: Erased[str] = ""
    assigned: Erased[str] = ""
    recused: Kept[tuple[str, ...]] = ()
    priority: Erased[bool] = False
    sp4n: Erased[str] = ""
    unmasked: Erased[tuple[str, ...]] = ()
    kept_from: Kept[tuple[str, ...]] = ()


@dataclass(frozen=True, slots=True)
class Escalation:
    """How far a late case has escalated: ``steps`` taken, and the ``agency`` it reached."""

    steps: Erased[int] = 0
    agency: Erased[str] = ""


@dataclass(frozen=True, slots=True)
class LiftRequest:
    """A request to let the accused read a case. The overseer of the agency ``by`` decides; "" once nobody has to.
    ``on`` is the day the overseer was asked."""

    state: Erased[Lift] = Lift.NONE
    by: Erased[str] = ""
    on: Erased[date | None] = None


@dataclass(frozen=True, slots=True)
class PublicationState:
    """How far a case is on its way to publication. ``agreed`` is the number of the event with the text that the
    reporter agreed to. 0 means there is none or the reporter took it back: then nothing is public."""

    state: Erased[Publication] = Publication.NONE
    agreed: Erased[int] = 0


@dataclass(frozen=True, slots=True)
class Closing:
    """The end of a case: the day ``on`` which it was closed, and its deadline ``due`` at that time.

    ``lapsed``: its reporter did not answer within the window, which is no consent. ``earlier_ends`` are the days
    (``date.toordinal``) of closings before a reopening. Statistics counted under those days have to be counted again.
    """

    on: Kept[date | None] = None
    due: Kept[date | None] = None
    outcome: Kept[Outcome | None] = None
    confirmed: Kept[bool] = False
    lapsed: Kept[bool] = False
    rating: Kept[int | None] = None
    earlier_ends: Kept[tuple[int, ...]] = ()

    @property
    def ends(self) -> tuple[int, ...]:
        """Return all days (``date.toordinal``) on which the case was closed so far."""
        return (*self.earlier_ends, self.on.toordinal()) if self.on else self.earlier_ends


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a case, counted for the statistics. ``answered_on`` is the day of the first answer that a person
    wrote (``case_changes.answered``). ``canned`` counts reply templates sent unchanged. ``transferred`` counts how
    often the case went back because it had come to the wrong desk."""

    from_reporter: Kept[int] = 0
    from_officers: Kept[int] = 0
    answered_on: Kept[date | None] = None
    canned: Kept[int] = 0
    transferred: Kept[int] = 0
    reopened: Kept[int] = 0
    appealed: Kept[int] = 0


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The case's clear facts: what everything asks, and a record for each further concern.

    ``version`` counts events and is the expected version of the next append. ``holder`` is the agency whose desk the
    case lies on. ``oversight`` (berkadar pengawasan): about abuse of office or discipline, for the inspectorate alone.
    ``quarantined``: came in a flood, and waits for the coordinator's look. ``visible_from`` is the epoch hour of the
    batch (``deadlines.batches``) from which officers see it: 0 for at once, and again once one of them has acted. It
    survives deletion, so that a withdrawn report does not show before its hour. ``shredded``: a tombstone, whose wraps,
    words, contact and identity are gone for good. ``chain`` is the link of the latest event (``casework.audit``, 32
    bytes).

    Each field says whether it survives deletion (``field_fates``). ``case_fields`` has its name in the store.
    """

    case_id: Kept[str]
    instance: Kept[str]
    holder: Kept[str]
    kind: Kept[Kind]
    topic: Kept[str]
    district: Kept[str]
    about_agency: Kept[str]
    stage: Kept[Stage]
    received_on: Kept[date]
    clock: Clock
    wraps: Wraps
    version: Kept[int] = 0
    oversight: Kept[bool] = False
    quarantined: Kept[bool] = False
    shredded: Kept[bool] = False
    chain: Kept[bytes] = b""
    reporter: ReporterContact = ReporterContact()
    desk_work: DeskWork = DeskWork()
    escalation: Escalation = Escalation()
    lift: LiftRequest = LiftRequest()
    publication: PublicationState = PublicationState()
    closing: Closing = Closing()
    history: History = History()
    visible_from: Kept[int] = 0

    @property
    def accused(self) -> str:
        """Return the accused agency, which must not see the case. "" if none was named, or an overseer allowed it to
        read."""
        return "" if self.lift.state is Lift.LIFTED else self.about_agency

    @property
    def entrusted_to(self) -> str:
        """Return the instance whose keys identity and contact are sealed to: the one that received the case."""
        return self.reporter.origin or self.instance

    @property
    def governments(self) -> tuple[str, ...]:
        """Return the instances whose people may learn of the case: that which has it, and that whose custodians keep
        its name. Later words may accuse people of either."""
        return tuple(dict.fromkeys((self.instance, self.entrusted_to)))

    @property
    def open(self) -> bool:
        """Whether somebody still has to act: not confirmed done, not archived."""
        return self.stage not in CLOSED

    @property
    def awaited(self) -> bool:
        """Whether the case is closed and its reporter may still answer: not confirmed, window still open."""
        return self.stage is Stage.SELESAI and not (self.closing.confirmed or self.closing.lapsed)

    @property
    def withdrawn(self) -> bool:
        """Whether its reporter had the case deleted. Any other tombstone is of a retention period that ended, or of a
        report that no key opened."""
        if not (self.shredded and self.stage is Stage.DIARSIPKAN):
            return False
        ended_before = len(self.closing.earlier_ends) > self.history.reopened + self.history.appealed
        return ended_before or (self.closing.due is None and self.closing.outcome is None)

    def overdue(self, today: date) -> bool:
        """Whether the deadline has passed. A held case waits for the reporter, so it is never overdue."""
        return self.open and self.stage not in STANDING and self.clock.due < today


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: number ``n`` (1-based) in its case, on a local day.

    ``stage`` is the stage after it. ``once`` is the hash of the client's message key (16 bytes, empty for events of the
    system), which identifies a repeated request. ``sealed`` is the padded content under the case key. Events of the
    clock have no words, so nothing is sealed there. Their ``agency``, in clear as in the head, is the desk a late case
    escalated to.

    ``officer`` is the ident of the officer who did it, "" for reporters and the clock; it serves the audit trail alone.
    ``chain`` is the event's link there (``casework.audit``, 32 bytes), empty in events older than the trail.

    ``clear`` is what a reporter's act says in clear: a rating, or for words that a browser sealed ``UNREAD`` and the
    codes of the agencies that they accuse; for a report ``BY_APP`` where an app sent it and may add to it. ``sig`` is
    the reporter's signature (64 bytes, ``crypto.sign.reporter_acts``). Where an event brings the key that checks it and
    all later ones, that public key (32 bytes) stands before it; the report itself brings the key alone.
    """

    n: int
    kind: EventKind
    by: Actor
    on: date
    stage: Stage
    sealed: bytes
    once: bytes = b""
    agency: str = ""
    officer: str = ""
    chain: bytes = b""
    clear: str = ""
    sig: bytes = b""


UNREAD = "-"
BY_APP = "app"


class Case(NamedTuple):
    """A case as read from the store: its head and its events in order."""

    head: CaseHead
    events: tuple[Event, ...] = ()
