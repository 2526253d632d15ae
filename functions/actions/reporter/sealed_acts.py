"""What a reporter's browser sealed and signed: answer, verdict, reopening, appeal, objection, withdrawal, and a name
that is left or taken back (``sealed_name``).

The signature is the only thing that lets somebody in: its key follows from the receipt, its public half rests with the
case. What an act does to the case follows from the clear facts; its words stay sealed. Whom they accuse the browser
says, and the case is kept from them (law 5).

Tests: ``tests/doors/test_sealed_thread.py``, ``tests/captured/test_thread.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from functions.actions.common.append import TALK_CHARACTERS, TALK_MAX, Step, change_of, counted
from functions.actions.common.erase import erase
from functions.actions.reporter.converse import Converse, require
from functions.actions.reporter.names.sealed_name import NAMED, LeftName, moved_name
from functions.actions.reporter.sealed_consent import NO_TEXT, Consented, consented
from functions.actions.reporter.verdict import RATINGS, confirmed
from functions.casework.access import assisting
from functions.casework.case import UNREAD, Case, CaseHead, Event, EventKind
from functions.casework.case_changes import ended_by_reporter, with_second
from functions.casework.guard_lift import LiftStep, ended
from functions.casework.linked_systems import system_of
from functions.casework.problems import (
    BusyProblem,
    ChangedTextProblem,
    FieldError,
    InvalidInputProblem,
    KeysChangedProblem,
    MeanwhileProblem,
    NotFoundProblem,
    NotNowProblem,
    TooManyProblem,
)
from functions.casework.routing.later_accused import kept_away
from functions.casework.stages import Actor, Move
from functions.casework.understanding.accused import Kept
from functions.crypto.seal.bound_facts import wraps_all
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import ITEM_OVERHEAD, ITEM_VERSION, SIGNED_FLOOR
from functions.crypto.sign import reporter_acts
from functions.storage.interface import Append, Notice
from functions.storage.registers.publications import check_soon, touch_agreed
from functions.storage.retry import retry_on_conflict

MOVES: Mapping[EventKind, Move] = MappingProxyType(
    {
        EventKind.MESSAGE: Move.REPLY,
        EventKind.FILE: Move.ATTACH,
        EventKind.CONFIRM: Move.CONFIRM,
        EventKind.REOPEN: Move.REOPEN,
        EventKind.APPEAL: Move.APPEAL,
        EventKind.LIFT: Move.OBJECT,
        EventKind.WITHDRAW: Move.WITHDRAW,
    }
)
NOTICES: Mapping[EventKind, Notice] = MappingProxyType(
    {
        EventKind.MESSAGE: Notice.REPORTER_WROTE,
        EventKind.FILE: Notice.REPORTER_WROTE,
        EventKind.CONFIRM: Notice.CONFIRMED,
        EventKind.REOPEN: Notice.REOPENED,
        EventKind.APPEAL: Notice.APPEALED,
        EventKind.LIFT: Notice.LIFT_ENDED,
    }
)
# What a reporter says yes or no to, by the state of a request (``sealed_consent``).
CONSENTS = frozenset({EventKind.PUBLISH, EventKind.UNMASK})
# Nothing of these goes to an agency's own system, for which the server masks words (``Converse``).
UNSENT = CONSENTS | NAMED | {EventKind.FILE}
# What stands in clear says all that it does; its length is held to fewer buckets: words and codes, or "left" alone.
STATED = CONSENTS | NAMED
AGAIN = frozenset({EventKind.REOPEN, EventKind.APPEAL})
TALK = frozenset({EventKind.MESSAGE, EventKind.FILE})
LENGTHS = tuple((SIGNED_FLOOR << step) + ITEM_OVERHEAD for step in range(7))
MOST_LENGTHS = {**dict.fromkeys(CONSENTS, 4), **dict.fromkeys(NAMED, 1)}  # of these: there may be many such acts


@dataclass(frozen=True, slots=True, repr=False)
class SealedAct:
    """An act as it was posted. ``n`` is the number its event will have. ``clear`` is a rating, or for words a hyphen
    and the codes of those whom they accuse: by the hyphen the desk knows words that no gate has read. ``once`` is the
    hash (16 bytes) of the client's key, b"" without one. ``named``: the report names officials. ``key_id`` and ``wrap``
    are the case key's new wrap to the desk, for what is taken up again; ``clear`` then ends with their hash. ``text``
    is the text for the public that an agreement shows: it becomes public, so it comes unsealed. ``left`` is the name
    that its reporter leaves now."""

    case_id: str
    n: int
    kind: EventKind
    clear: str
    once: bytes
    signature: bytes
    item: bytes
    named: bool = False
    key_id: str = ""
    wrap: bytes = b""
    text: Mapping[str, str] = field(default_factory=lambda: NO_TEXT)  # Python 3.11 takes none that it cannot hash
    left: LeftName | None = None


@dataclass(frozen=True, slots=True)
class SealedActs:
    """Takes acts. ``converse`` knows store, clocks and directory."""

    converse: Converse

    def __call__(self, act: SealedAct, keep: Callable[[Case], None] | None = None) -> tuple[int, CaseHead]:
        """Carry out an act and return its event's number and the head. One whose ``once`` was seen writes nothing.
        ``keep`` stores what goes with the act, once nothing else refuses it: the file (``sealed_thread``).

        Raises NotFoundProblem for an unknown case and for a signature that its key did not make, MeanwhileProblem for a
        number that is taken, KeysChangedProblem, NotNowProblem, TooManyProblem, InvalidInputProblem, BusyProblem.
        """
        _check_form(act)
        if (act.kind is EventKind.FILE) is not (keep is not None):
            raise InvalidInputProblem(FieldError("act", "unknown"))
        withdraws = act.kind is EventKind.WITHDRAW
        return retry_on_conflict(lambda: self._withdraw(act) if withdraws else self._append(act, keep), BusyProblem)

    def _find(self, act: SealedAct) -> Case:
        """Return the case whose reporter signed the act. The work for all others is the same."""
        store, even = self.converse.store, self.converse.even
        case, there = even.find(store.read_case, act.case_id)
        kinds = (act.n, act.kind, Actor.REPORTER, self.converse.today())
        public = case.head.wraps.act if case else b""
        event = Event(*kinds, case.head.stage, act.item, act.once, clear=act.clear) if case else None
        signed = event is not None and reporter_acts.is_signed(
            public[: reporter_acts.PUBLIC_BYTES], act.signature, act.case_id, event
        )
        if case is None or not (there and signed):
            raise NotFoundProblem
        even.refuse(store.read_case)
        return case

    def _append(self, act: SealedAct, keep: Callable[[Case], None] | None) -> tuple[int, CaseHead]:
        case = self._find(act)
        head = case.head
        if earlier := next((event for event in case.events if act.once and event.once == act.once), None):
            if earlier.kind is not act.kind:  # another act under the same key
                raise ChangedTextProblem
            return earlier.n, head
        if head.shredded:
            raise NotNowProblem(move="", stage=head.stage)
        if act.n != head.version + 1:
            raise MeanwhileProblem
        if act.kind not in STATED:
            require(head, MOVES[act.kind])
        if act.kind not in UNSENT and system_of(head.holder, self.converse.directory):
            raise NotNowProblem(move=MOVES[act.kind], stage=head.stage)
        _check_room(case, act)
        if keep:
            keep(case)
        change = self._change(case, act)
        self.converse.store.append(change, head.version)
        if act.kind is EventKind.PUBLISH and head.publication.agreed and not change.head.publication.agreed:
            touch_agreed(self.converse.store, head.instance, head.case_id)  # what is public goes with the next run
        return act.n, change.head

    def _change(self, case: Case, act: SealedAct) -> Append:
        conv = self.converse
        done = self._after(case, act)
        head, notice = done.head, done.notice
        meant = tuple(code for code in _accused(act.clear) if code in conv.directory.agencies)
        if meant:
            before = head
            head = conv.taken_up_again.anew(before, kept_away(before, Kept(meant=meant), conv.directory, bind=False))
            if head.holder != before.holder and notice is Notice.REPORTER_WROTE:
                notice = Notice.HANDED_OVER
        head = with_second(head, assisting(head, conv.directory))
        until = conv.batch(case.head, act.named)
        step = Step(
            *(act.kind, Actor.REPORTER, {}, head, notice, until, done.identity),
            others=done.others,
            clear=act.clear,
            apart=conv.forwarding.told_last(case),
        )
        return change_of(case, step, act.item, act.once, conv.today(), sign=_as_signed(act))

    def _after(self, case: Case, act: SealedAct) -> Consented:
        """Return the head after the act, by its clear facts alone, and who is told."""
        head, again = case.head, self.converse.taken_up_again
        if act.kind in CONSENTS:
            return consented(self.converse, case, act.kind, _said(act.clear), act.text)
        if act.kind in NAMED:
            return moved_name(self.converse, head, act.clear, act.left)
        effects: dict[EventKind, Callable[[], CaseHead]] = {
            EventKind.MESSAGE: lambda: self.converse.after_words(head),
            EventKind.FILE: lambda: self.converse.after_words(head),
            EventKind.CONFIRM: lambda: confirmed(head, act.clear),
            EventKind.REOPEN: lambda: again.reopened(self._wrapped(head, act), self.converse.directory),
            EventKind.APPEAL: lambda: again.appealed(self._wrapped(head, act), self.converse.directory),
            EventKind.LIFT: lambda: counted(ended(head, LiftStep.OBJECTED), Actor.REPORTER, head.stage),
        }
        return Consented(effects[act.kind](), NOTICES[act.kind])

    def _wrapped(self, head: CaseHead, act: SealedAct) -> CaseHead:
        """Return the head with the new wrap; the old one stays while its key is the current one. Nobody can tell here
        what a foreign browser wrapped, so it is signed: if the desk cannot open it, it knows whose it is.

        Raises KeysChangedProblem for a wrap to another key than the current one, of another form than ours, bound to
        other facts, or not signed; and without one. A browser that found facts which the case was not sealed with, or
        a wrap of an older release, takes the way by the server."""
        current = self.converse.public_keys().current_id(Purpose.DESK, head.instance)
        if head.wraps.key_id == current:
            return head
        wrapped = replace(head, wraps=replace(head.wraps, key_id=act.key_id, desk=act.wrap))
        signed = reporter_acts.wrap_said(act.key_id, act.wrap) in act.clear.split()
        if act.key_id != current or not signed or not wraps_all(wrapped):
            raise KeysChangedProblem
        return wrapped

    def _withdraw(self, act: SealedAct) -> tuple[int, CaseHead]:
        head, conv = self._find(act).head, self.converse
        if head.shredded:  # finish a deletion that was cut short
            return act.n, erase(conv.store, conv.blobs, head)
        if act.n != head.version + 1:
            raise MeanwhileProblem
        require(head, Move.WITHDRAW)
        over = ended_by_reporter(head.closing, conv.today())
        outbox = () if head.quarantined else conv.withdrawal_notices(head, named=act.named)
        signed = reporter_acts.withdrawn(head, act.signature)
        if head.publication.agreed:  # the next run checks all that is public
            check_soon(conv.store, head.instance)
        dead = erase(conv.store, conv.blobs, signed, outbox, over)
        if head.publication.agreed:
            touch_agreed(conv.store, head.instance, head.case_id)
        return act.n, dead


def _said(clear: str) -> list[str]:
    """Return what an act says in clear, before the hyphen of words that no gate has read."""
    words = clear.split()
    return words[: words.index(UNREAD)] if UNREAD in words else words


def _accused(clear: str) -> list[str]:
    words = clear.split()
    return words[words.index(UNREAD) + 1 :] if UNREAD in words else []


def _as_signed(act: SealedAct) -> Callable[[CaseHead, Event], tuple[CaseHead, Event]]:
    return lambda head, event: (head, replace(event, sig=act.signature))


def _check_form(act: SealedAct) -> None:
    """Raise InvalidInputProblem for what no browser of ours sends."""
    if act.kind not in MOVES and act.kind not in STATED:
        raise InvalidInputProblem(FieldError("act", "unknown"))
    if act.kind is EventKind.CONFIRM and act.clear not in {"", *RATINGS}:
        raise InvalidInputProblem(FieldError("clear", "bad_rating"))
    if act.kind is EventKind.WITHDRAW:
        if act.item or act.clear or act.once:
            raise InvalidInputProblem(FieldError("item", "bad_envelope"))
    elif act.kind not in STATED | {EventKind.CONFIRM} and act.clear.split()[:1] != [UNREAD]:
        raise InvalidInputProblem(FieldError("clear", "required"))
    elif act.item[:1] != ITEM_VERSION or len(act.item) not in LENGTHS[: MOST_LENGTHS.get(act.kind)]:
        raise InvalidInputProblem(FieldError("item", "bad_envelope"))


def _check_room(case: Case, act: SealedAct) -> None:
    """Limit how much a reporter may write, by number and by sealed bytes, as ``append`` does by characters."""
    if act.kind not in TALK:
        return
    said = [e for e in case.events if e.by is Actor.REPORTER and e.kind in TALK]
    if len(said) >= TALK_MAX:
        raise TooManyProblem(what="talk", limit=str(TALK_MAX))
    if sum(len(event.sealed) for event in said) + len(act.item) > TALK_CHARACTERS:
        raise TooManyProblem(what="characters", limit=str(TALK_CHARACTERS))
