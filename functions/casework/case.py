"""A case (laporan): what stands in clear at rest, its events, and the words inside the seal.

``CaseHead`` holds all that the store may know in clear (DESIGN §4); everything a person wrote is in
``Event.sealed``. Days are local dates of the instance; there is no time of day anywhere.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from functions.casework.stages import Actor, Stage


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
    """Who may know who wrote: nobody, since nothing is kept; the custodians, two of them together; the officers."""

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


class Lift(StrEnum):
    """How far a request has come to let the accused read a case after all."""

    NONE = ""
    ASKED = "asked"
    OBJECTED = "objected"
    REFUSED = "refused"
    LIFTED = "lifted"


class Publication(StrEnum):
    """How far it has come that a case may be read by anybody: its reporter wishes it, a text waits for him to agree,
    he agreed, or its holder said no."""

    NONE = ""
    WISHED = "wished"
    DRAFTED = "drafted"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The case's clear facts and its wraps.

    ``version`` counts events and is the expected version of the next append. ``holder`` is the agency
    whose desk the case lies on. ``lookup`` is the hash of the receipt (32 bytes), ``fingerprint`` the
    keyed hash of what was submitted (32 bytes). ``wrap_receipt`` and ``wrap_desk`` are the case key under
    the receipt and under the desk's public key ``key_id``. ``subject`` is sealed under the case key.

    ``identity`` is the mode; ``contact`` an address for notices, sealed to the courier alone and gone once the
    case is closed. ``quarantined``: came in a flood, and waits for the coordinator's look. ``shredded``: a
    tombstone, whose wraps, words, contact and identity are gone for good.

    ``terms`` are the limits it came in under (``clocks.Terms``), empty for cases older than them. ``held_on``: since
    when its clock stands; ``paused``: working days it stood since it was started last. ``reminded``: its holder was
    told that this deadline is near. ``escalated`` counts the steps it went up for being late, ``escalated_to`` is
    the agency it reached.

    ``oversight`` (berkadar pengawasan): about abuse of office or discipline, for the inspectorate alone. ``recused``
    are the idents of officers who have a stake in it and see it no more. ``sp4n`` is its number in SP4N-LAPOR!.

    ``second`` is a unit that works on it beside its holder. ``assigned`` is the ident of the holder's officer who took
    it. ``priority``: to be done before others. ``canned`` counts answers that were sent as a template has them.
    ``lapsed``: closed, and its reporter said nothing in his window; that is no consent.

    ``lift``: whether the agencies accused may read it after all; ``lift_by`` is the agency whose overseer decides,
    ``lift_on`` the day on which it was asked of him. ``origin`` is the instance it came in at, where another has it
    now: identity and contact stay sealed to that one's keys.

    ``texted``: officers' words leave with the notice, since the contact's channel quotes (``channel.Channel``). Which
    channel it is stays sealed in ``contact``, and no officer is shown this flag.

    ``publication``: how far it has come that it may be public; ``agreed`` is the number of the event with the text that
    its reporter agreed to, 0 where he agreed to none, or not any more. Nothing is public without it.

    ``answered_on`` is the day of the first answer that a person wrote (``answered``), ``closed_due`` the deadline that
    stood when it was closed, ``transferred`` how often it went back because it had come to the wrong desk: for the
    statistics.

    ``earlier_ends`` are the days (``date.toordinal``) on which it was closed before it was opened again: what the clock
    counted under them is to be counted anew.

    ``chain`` is the link of the latest event (``casework.audit``, 32 bytes), which a tombstone keeps.
    """

    case_id: str
    instance: str
    holder: str
    kind: Kind
    topic: str
    district: str
    about_agency: str
    stage: Stage
    received_on: date
    due: date
    sealed: Sealed
    key_id: str
    lookup: bytes
    fingerprint: bytes
    wrap_receipt: bytes
    wrap_desk: bytes
    subject: bytes
    version: int = 0
    handed_on: date | None = None
    closed_on: date | None = None
    outcome: Outcome | None = None
    confirmed: bool = False
    rating: int | None = None
    extended: bool = False
    reopened: int = 0
    appealed: int = 0
    from_reporter: int = 0
    from_officers: int = 0
    identity: Mode = Mode.ANONIM
    contact: bytes = b""
    quarantined: bool = False
    shredded: bool = False
    terms: tuple[int, ...] = ()
    held_on: date | None = None
    paused: int = 0
    reminded: bool = False
    escalated: int = 0
    escalated_to: str = ""
    oversight: bool = False
    recused: tuple[str, ...] = ()
    sp4n: str = ""
    second: str = ""
    assigned: str = ""
    priority: bool = False
    canned: int = 0
    lapsed: bool = False
    lift: Lift = Lift.NONE
    lift_by: str = ""
    lift_on: date | None = None
    origin: str = ""
    texted: bool = False
    publication: Publication = Publication.NONE
    agreed: int = 0
    answered_on: date | None = None
    closed_due: date | None = None
    transferred: int = 0
    earlier_ends: tuple[int, ...] = ()
    chain: bytes = b""

    @property
    def accused(self) -> str:
        """Whom it is about and who must not see it, "" where nobody: none was named, or an overseer lifted it."""
        return "" if self.lift is Lift.LIFTED else self.about_agency

    @property
    def entrusted_to(self) -> str:
        """The instance whose keys identity and contact are sealed to: the one it came in at."""
        return self.origin or self.instance

    @property
    def open(self) -> bool:
        """Whether somebody still has to act: not confirmed done, not archived."""
        return self.stage not in (Stage.SELESAI, Stage.DIARSIPKAN)

    @property
    def awaited(self) -> bool:
        """Whether it is closed and its reporter has neither confirmed that nor let his window pass."""
        return self.stage is Stage.SELESAI and not (self.confirmed or self.lapsed)

    def overdue(self, today: date) -> bool:
        """Whether its deadline has passed. A held case waits for the reporter: nobody is late."""
        return self.open and self.stage is not Stage.DITAHAN and self.due < today


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: number ``n`` (1-based) in its case, on a local day.

    ``stage`` is the stage after it. ``once`` is the hash of the client's message key (16 bytes, empty for
    events of the system), by which a repeated request is recognised. ``sealed`` is the padded content
    under the case key. What the clock did has no words: nothing is sealed there, and ``agency``, in clear as in
    the head, is whom a late case went up to.

    ``officer`` is the ident of the officer who did it, "" for what reporters and the clock do; for the audit trail
    alone. ``chain`` is its link there (``casework.audit``, 32 bytes), empty in events older than the trail.
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


class Case(NamedTuple):
    """A case as read from the store: its head and its events in order."""

    head: CaseHead
    events: tuple[Event, ...] = ()


def let_go(before: CaseHead, after: CaseHead) -> CaseHead:
    """``after``, which nobody has taken any more where the case left the agency whose officer took it, or where he
    declared a stake in it."""
    stays = after.holder == before.holder and after.assigned not in after.recused
    return after if stays else replace(after, assigned="")


def answered(before: CaseHead, after: CaseHead, kind: EventKind, by: Actor, today: date) -> CaseHead:
    """``after``, with the day of its first answer where this event is that: words of an officer to the reporter, or an
    end with a reason. A reply template sent as it is answers nobody, and stops no clock of the statistics."""
    closes = before.open and not after.open
    said = by is Actor.OFFICER and kind is EventKind.MESSAGE and after.canned == before.canned
    return replace(after, answered_on=today) if after.answered_on is None and (said or closes) else after


def tombstone(head: CaseHead, **changes: object) -> CaseHead:
    """What is left of a case that is deleted: facts for the statistics, days and counts. No wrap, no word, no
    contact, no identity, no number by which it is known elsewhere; the receipt's hash stays, so that its holder is
    told what became of it."""
    gone: dict[str, object] = dict.fromkeys(("wrap_receipt", "wrap_desk", "subject", "contact", "fingerprint"), b"")
    gone |= {"key_id": "", "identity": Mode.ANONIM, "quarantined": False, "shredded": True, "version": head.version + 1}
    gone |= {"escalated": 0, "escalated_to": "", "held_on": None, "terms": (), "recused": (), "sp4n": ""}
    gone |= {"second": "", "assigned": "", "lift_by": "", "priority": False, "texted": False}
    gone |= {"lift": Lift.NONE, "lift_on": None, "origin": "", "publication": Publication.NONE, "agreed": 0}
    return replace(head, **(gone | changes))  # type: ignore[arg-type]  # replace() cannot be typed by name
