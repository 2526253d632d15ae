"""Joining cases about the same thing, and answering them together: two cases, two writes, never one thread.

The end at the induk is written first, the end at the joined case last, both when joining and when parting. A crash
between the two leaves the joined case as it was for its readers. The same call again writes the missing end.

Tests: ``tests/actions/test_joined.py``, ``tests/doors/test_joined.py``.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple

from functions.actions.common.append import Step
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.common.trouble_codes import TROUBLE
from functions.actions.officer.case_act import CaseAct, read_reason
from functions.actions.officer.handle_case import HandleCase
from functions.casework.access import Viewer
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_ties import JOINED_MAX, Change, Tie, Ties, refused_from, refused_into, words_of
from functions.casework.problems import (
    FieldError,
    InvalidInputProblem,
    NotAllowedProblem,
    NotFoundProblem,
    NotJoinedProblem,
    NotNowProblem,
    Problem,
)
from functions.casework.receipt import parse_tracking_id
from functions.casework.stages import Actor, Duty, Move

REFUSALS: tuple[type[Exception], ...] = (Problem, *TROUBLE)


class _StandsError(Exception):
    """This end of the tie is already as wanted: nothing to write."""


class Sent(NamedTuple):
    """What became of a text in a joined case: None if it went in, or the error that kept it out."""

    case_id: str
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class JoinCases:
    """An officer's acts on cases that are about the same thing."""

    act: CaseAct
    handle: HandleCase

    def join(self, viewer: Viewer, case_id: str, tracking_id: str, reason: str) -> CaseHead:
        """Join a case to the one numbered ``tracking_id``, its induk, which is about the same thing. Repeating it
        changes nothing.

        The officer sorts or answers the former and acts on the latter. Unknown numbers and those the officer may not
        see raise the same error. Raises InvalidInputProblem, NotNowProblem, NotAllowedProblem, NotFoundProblem.
        """
        text, into = read_reason(reason), _number(tracking_id)
        own = self._own(viewer, case_id)
        _refuse("join_self" if into == case_id else refused_into(own, into))
        self._write_induk(viewer, case_id, into, text)
        return self._write_own(viewer, case_id, words_of(Tie.INTO, into, Change.JOINED) | {"reason": text})

    def part(self, viewer: Viewer, case_id: str, reason: str) -> CaseHead:
        """Part a case from its induk. The end at the induk stays if this officer no longer acts there: alone it counts
        for nothing."""
        text, into = read_reason(reason), self._own(viewer, case_id).into
        if not into:
            raise InvalidInputProblem(FieldError("tracking_id", "required"))
        with suppress(NotFoundProblem, NotAllowedProblem, NotNowProblem):
            self._write(viewer, into, words_of(Tie.FROM, case_id, Change.PARTED) | {"reason": text})
        return self._write_own(viewer, case_id, words_of(Tie.INTO, into, Change.PARTED) | {"reason": text})

    def reply(
        self, viewer: Viewer, case_id: str, body: str, message_key: str, seen: str = "", *, again: bool = False
    ) -> tuple[int, tuple[Sent, ...]]:
        """Answer a case and each one joined to it, by its own rules and under its own key. Returns the message's
        number, and what became of it elsewhere.

        Raises what ``HandleCase.reply`` raises, for ``case_id`` alone; what the others refuse is returned.
        """
        n = self.handle.reply(viewer, case_id, body, message_key, seen, again=again)
        reply, keys = self.handle.reply, _keys(message_key)
        return n, self._each(viewer, case_id, lambda other: reply(viewer, other, body, keys(other), again=again))

    def close(
        self, viewer: Viewer, case_id: str, outcome: str, reason: str, message_key: str, *, again: bool = False
    ) -> tuple[CaseHead, tuple[Sent, ...]]:
        """Close a case and each one joined to it, as ``reply`` answers them."""
        close, keys = self.handle.close, _keys(message_key)
        head = close(viewer, case_id, outcome, reason, message_key, again=again)
        return head, self._each(
            viewer, case_id, lambda other: close(viewer, other, outcome, reason, keys(other), again=again)
        )

    def _each(self, viewer: Viewer, case_id: str, act: Callable[[str], object]) -> tuple[Sent, ...]:
        sent = []
        for other in self.act.cases.read(viewer, case_id).joined:
            if not other.open:
                continue
            try:
                if not self._is_into(viewer, other.case_id, case_id):
                    raise NotJoinedProblem
                act(other.case_id)
            except REFUSALS as error:
                sent.append(Sent(other.case_id, error))
            else:
                sent.append(Sent(other.case_id))
        return tuple(sent)

    def _own(self, viewer: Viewer, case_id: str) -> Ties:
        """Return the ties of a case to be joined or parted, read before anything is written elsewhere. Raises
        NotNowProblem, NotAllowedProblem, NotFoundProblem."""
        opened, granted = self.act.cases.load(viewer, case_id)
        if granted.duty is None:
            raise NotAllowedProblem
        self.act.rule(opened.head, Move.JOIN, granted.duty)
        return self.act.cases.ties(viewer, opened)

    def _is_into(self, viewer: Viewer, case_id: str, into: str) -> bool:
        """Tell whether the other end stands too."""
        opened, granted = self.act.cases.load(viewer, case_id)
        return granted.words and self.act.cases.ties(viewer, opened).into == into

    def _write_induk(self, viewer: Viewer, case_id: str, into: str, reason: str) -> None:
        try:
            self._write(viewer, into, words_of(Tie.FROM, case_id, Change.JOINED) | {"reason": reason})
        except (NotFoundProblem, NotAllowedProblem) as error:
            raise InvalidInputProblem(FieldError("tracking_id", "join_unknown")) from error
        except NotNowProblem as error:
            raise InvalidInputProblem(FieldError("tracking_id", "join_closed")) from error

    def _write_own(self, viewer: Viewer, case_id: str, words: dict[str, str]) -> CaseHead:
        self._write(viewer, case_id, words)
        return self.act.cases.load(viewer, case_id)[0].head

    def _write(self, viewer: Viewer, case_id: str, words: dict[str, str]) -> None:
        """Write one end, unless it stands already. The induk's reporter gets no news of a case joined to it."""
        tie, number, on = Tie(words["tie"]), words["number"], words["change"] == Change.JOINED

        def decide(opened: OpenedCase, duty: Duty) -> Step:
            head, there = opened.head, self.act.cases.ties(viewer, opened)
            if tie is Tie.INTO:
                self.act.rule(head, Move.JOIN, duty)
            elif on and not head.open:
                raise NotNowProblem(move=Move.JOIN, stage=head.stage)
            if on is (number in ((there.into,) if tie is Tie.INTO else there.joined)):
                raise _StandsError
            if on:
                _refuse(refused_into(there, number) if tie is Tie.INTO else refused_from(there, number))
            looked = replace(head, quarantined=False)
            return Step(EventKind.JOIN, Actor.SYSTEM, words, looked, quiet=tie is Tie.FROM)

        with suppress(_StandsError):
            self.act.carry_out(viewer, case_id, decide)


def _number(typed: str) -> str:
    """Return the tracking id that was typed. Raises InvalidInputProblem."""
    if not typed.strip():
        raise InvalidInputProblem(FieldError("tracking_id", "required"))
    try:
        return parse_tracking_id(typed)
    except ValueError as error:
        raise InvalidInputProblem(FieldError("tracking_id", "bad_tracking")) from error


def _refuse(code: str) -> None:
    if code:
        raise InvalidInputProblem(FieldError("tracking_id", code, {"limit": str(JOINED_MAX)}))


def _keys(message_key: str) -> Callable[[str], str]:
    """Return a function that derives each case's key, so that a text sent twice is kept once everywhere."""
    return lambda case_id: sha256(f"{message_key}/{case_id}".encode()).hexdigest()[:32]
