"""A case opened with its key: what reporter and officer read is made here, the same for both.

Tests: ``tests/doors/test_sealed.py``, ``tests/doors/test_thread.py``.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from functions.casework.case import Case, CaseHead, Event, EventKind
from functions.casework.case_ties import Change, Tie
from functions.casework.linked_systems import REPLY_KEY
from functions.casework.problems import NotFoundProblem
from functions.casework.report import (
    BODY_MAX,
    NAME_MAX,
    OFFICIALS_MAX,
    PLACE_MAX,
    SUBJECT_MAX,
    clean_text,
    read_day,
)
from functions.casework.stages import Actor, Stage
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.open.replies import open_reply
from functions.crypto.seal import sealing
from functions.crypto.seal.reply_keys import REPLY_VERSION
from functions.storage.interface import Blobs, CaseNotFoundError

REPLIES = frozenset({EventKind.MESSAGE, EventKind.CLOSE})
UNSEALED = frozenset({EventKind.REMIND, EventKind.ESCALATE, EventKind.LAPSE})  # the clock has no words, and no key
LIMITS = {
    "body": BODY_MAX,
    "subject": SUBJECT_MAX,
    "place": PLACE_MAX,
    "happened_on": 10,
    "about_officials": OFFICIALS_MAX,
    "name": NAME_MAX,
}


class Attachment(NamedTuple):
    """A file of a message: its event number, media type, and size in bytes."""

    n: int
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """One event as read. ``facts`` are what the sentence of a system event is made of, or the report's
    other fields; ``readable`` is False where the viewer may not read the words, ``broken`` True where nobody can:
    a browser that is not ours sealed something that is no report. ``masked``: something in it is hidden from this
    viewer until he says why he needs it."""

    n: int
    kind: EventKind
    by: Actor
    on: date
    stage: Stage
    body: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Attachment, ...] = ()
    readable: bool = True
    broken: bool = False
    masked: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class OpenedCase:
    """A case and its key, in memory for one request."""

    case: Case
    case_key: bytes

    @property
    def head(self) -> CaseHead:
        """The clear facts."""
        return self.case.head

    def messages(self) -> tuple[Message, ...]:
        """Every event, opened."""
        return tuple(self._message(event) for event in self.case.events)

    def subject(self) -> str:
        """The subject, "" where none was written."""
        return open_subject(self.head, self.case_key)

    def seal(self, n: int, kind: EventKind, words: Mapping[str, str]) -> bytes:
        """Seal the content of a new event."""
        return sealing.seal_item(
            self.case_key, self.head.case_id, n, kind, json.dumps(words, ensure_ascii=False).encode()
        )

    def words(self, event: Event) -> dict[str, str]:
        """The sealed content of an event. Raises SealError where it was altered or never was one."""
        if event.kind in UNSEALED:
            return {"agency": event.agency}
        if event.kind in REPLIES and event.agency:  # said by that agency's own system
            return open_reply(self.reply_key(event.agency, event.n), self.head.case_id, event.kind, event.sealed)
        if event.kind is EventKind.MESSAGE and event.by is Actor.REPORTER and event.sealed[:1] == REPLY_VERSION:
            return open_reply(self._apps_key(), self.head.case_id, event.kind, event.sealed)
        plain = opening.open_item(self.case_key, self.head.case_id, event.n, event.kind, event.sealed)
        return read_words(plain) if event.kind is EventKind.REPORT else json.loads(plain)

    def reply_key(self, agency: str, before: int = 0) -> str:
        """The private half of the key to which an agency's own system has its answers sealed, since the case was last
        handed to it; that of an event before ``before`` where given. "" where there is none."""
        for event in reversed(self.case.events):
            if event.kind is EventKind.HANDOVER and (not before or event.n < before):
                words = self.words(event)
                if words.get("agency") == agency and words.get(REPLY_KEY):
                    return words[REPLY_KEY]
        return ""

    def _apps_key(self) -> str:
        """The private half of the key to which the app that sent the report seals what its reporter adds. Raises
        SealError where no app did."""
        first = self.case.events[0]
        plain = opening.open_item(self.case_key, self.head.case_id, first.n, first.kind, first.sealed)
        try:
            return str(json.loads(plain)[REPLY_KEY])
        except (ValueError, KeyError, TypeError) as error:
            raise SealError("no app sent it") from error

    def file(self, n: int, blobs: Blobs) -> tuple[bytes, str]:
        """A file's bytes and media type. Raises NotFoundProblem."""
        for event in self.case.events:
            if event.n == n and event.kind is EventKind.FILE:
                words = self.words(event)
                try:
                    sealed = blobs.get(self.head.case_id, words["blob"])
                except CaseNotFoundError as error:
                    raise NotFoundProblem from error
                return opening.open_blob(self.case_key, self.head.case_id, words["blob"], sealed), words["type"]
        raise NotFoundProblem

    def _message(self, event: Event) -> Message:
        try:
            words = self.words(event)
        except SealError:
            return Message(event.n, event.kind, event.by, event.on, event.stage, broken=True)
        if words.pop(REPLY_KEY, ""):
            words["linked"] = "1"
        body = words.pop("body", "") or words.pop("reason", "")
        files: tuple[Attachment, ...] = ()
        if event.kind is EventKind.FILE:
            files = (Attachment(event.n, words["type"], int(words["size"])),)
            words = {}
        return Message(event.n, event.kind, event.by, event.on, event.stage, body, words, files)


def for_reporter(messages: Iterable[Message]) -> Iterator[Message]:
    """The messages that are the reporter's to read: no notes among officers; and of other reports about the same thing
    no more than that there is one to whose answers he will be party, or is no more. Not which, not how many, not what
    officers say of it."""
    party = False
    for message in messages:
        if message.kind is EventKind.JOIN:
            joined = message.facts.get("change") == Change.JOINED
            if message.facts.get("tie") == Tie.INTO and joined is not party:
                party = joined
                yield replace(message, body="", facts={"change": message.facts["change"]})
        elif message.kind is not EventKind.NOTE:
            yield message


def sealed_messages(case: Case) -> tuple[Message, ...]:
    """The events of a case for someone who may see that something happened, not what was said. Whom its report has to
    do with others cannot be asked here, and one of those may accuse him: a tie is to him a word among officers."""
    return tuple(
        Message(e.n, e.kind, e.by, e.on, e.stage, facts={"agency": e.agency}, readable=e.kind in UNSEALED)
        for e in map(_as_note, case.events)
    )


def open_subject(head: CaseHead, case_key: bytes) -> str:
    """The sealed subject of a head, "" where it does not open."""
    try:
        raw = opening.open_item(case_key, head.case_id, 0, "subject", head.wraps.subject)
    except SealError:
        return ""
    return clean_text(raw.decode(errors="replace")).replace("\n", " ")[:SUBJECT_MAX]


def read_words(plain: bytes) -> dict[str, str]:
    """The words of a report, held to the form's limits again: what a browser sealed was never looked at before.
    Raises SealError where they are none."""
    try:
        raw = json.loads(plain)
        given = {name: clean_text(raw.get(name, ""))[:limit] for name, limit in LIMITS.items()}
    except (ValueError, AttributeError, TypeError, RecursionError) as error:
        raise SealError("not a report") from error
    if not given["body"]:
        raise SealError("not a report")
    given["happened_on"] = day.isoformat() if (day := read_day(given["happened_on"])) else ""
    return {name: text for name, text in given.items() if name in raw}


def _as_note(event: Event) -> Event:
    return replace(event, kind=EventKind.NOTE, by=Actor.OFFICER) if event.kind is EventKind.JOIN else event
