"""A case opened with its key: what reporter and officer read is made here, the same for both.

Tests: ``tests/doors/test_sealed.py``, ``tests/doors/test_thread.py``.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from functions.casework.case import UNREAD, Case, CaseHead, Event, EventKind
from functions.casework.case_ties import Change, Tie
from functions.casework.consent.unmask_request import UnmaskFact
from functions.casework.directory.accused_name import Accused
from functions.casework.directory.agencies import Directory
from functions.casework.formats.clean_text import clean_text
from functions.casework.formats.event_words import check_words, read_texts, read_words
from functions.casework.linked_systems import ACCUSES, REPLY_KEY
from functions.casework.problems import NotFoundProblem
from functions.casework.report import BODY_MAX, SUBJECT_MAX
from functions.casework.routing.correction import topics_had
from functions.casework.routing.later_accused import still_kept
from functions.casework.routing.recall import RECALL
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.words import Words, across
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.open.replies import open_reply
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import kept_in
from functions.crypto.seal.reply_keys import REPLY_VERSION
from functions.storage.interface import Blobs, CaseNotFoundError

REPLIES = frozenset({EventKind.MESSAGE, EventKind.CLOSE})
SMS_PARTS = 3  # so many messages before a new one may hold the beginning of what it ends
UNSEALED = frozenset({EventKind.REMIND, EventKind.ESCALATE, EventKind.LAPSE})  # the clock has no words, and no key
UNCOMPARED = UNSEALED | {EventKind.RECALL, EventKind.UNMASK}  # also of officers for whom no words are opened


class Attachment(NamedTuple):
    """A file of a message: its event number, media type, size in bytes, and a photo's preview (a JPEG in base64, "" for
    other files, and photos of an older release). ``unread``: their browser sealed it; opening makes it anew."""

    n: int
    type: str
    size: int
    small: str = ""
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One event as read. ``facts`` fill the sentence of a system event, or are the report's other fields.

    ``readable`` is False if the viewer may not read the words. ``broken`` is True if nobody can: a foreign browser
    sealed something that is no report. ``masked``: something in it stays hidden until this viewer gives a reason.
    """

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
    _read: dict[int, Words] = field(default_factory=dict, compare=False)

    @property
    def head(self) -> CaseHead:
        """Return the clear facts."""
        return self.case.head

    def messages(self) -> tuple[Message, ...]:
        """Return every event, opened."""
        messages = tuple(self._message(event) for event in self.case.events)
        bodies = across([message.body for message in messages])
        return tuple(replace(message, body=body) for message, body in zip(messages, bodies, strict=True))

    def subject(self) -> str:
        """Return the subject, "" if none was written."""
        return open_subject(self.head, self.case_key)

    def _last_said(self) -> Iterator[Message]:
        """Yield the last messages before a new one: an SMS may come in as many."""
        for event in self.case.events[-SMS_PARTS:]:
            yield self._message(event)

    def named(self) -> Accused:
        """Return whom the report named, as its words have it."""
        try:
            words = self.words(self.case.events[0])
        except (SealError, IndexError):
            return Accused()
        return Accused(words.get("about_agency", ""), words.get("about_name", ""))

    def topics(self) -> frozenset[str]:
        """Return the topics it has and had: a correction takes nobody's protection away."""
        corrections = (event for event in self.case.events if event.kind is EventKind.CORRECT)
        return topics_had(self.head, map(self.readable, corrections))

    def new_words(self, words: Mapping[str, str]) -> Words:
        """Return what a new event may hold: no receipt, nor the end of one that began in the messages before it."""
        said = "\n".join(message.body for message in self._last_said())
        return Words(words, said)

    def seal(self, n: int, kind: EventKind, words: Words, floor: int = sealing.WORDS_FLOOR) -> bytes:
        """Seal the content of a new event."""
        return sealing.seal_item(self.case_key, self.head.case_id, n, kind, words, floor)

    def words(self, event: Event) -> Words:
        """Return the sealed content of an event, without the receipts that an older release or a browser sealed with
        it. Raises SealError if it was altered, is no sealed event, or has not the words of its kind."""
        if event.n not in self._read:
            self._read[event.n] = Words(self._opened(event))
        return self._read[event.n]

    def readable(self, event: Event) -> Words:
        """Return ``words``, none for an event that is broken."""
        try:
            return self.words(event)
        except SealError:
            return Words({})

    def length(self, event: Event) -> int:
        """Return the characters of a message as they were sealed. Raises SealError."""
        return len(self._opened(event).get("body", ""))

    def first_and_last(self, by: Actor) -> tuple[Message, ...]:
        """Return the first and the last message in which ``by`` said something, once if it is the same. The others stay
        closed: a long conversation costs no more than a short one."""
        events = [event for event in self.case.events if event.by is by]
        first = next((said for event in events if (said := self._message(event)).body), None)
        last = next((said for event in reversed(events) if (said := self._message(event)).body), None)
        return tuple(said for said in (first, last if last != first else None) if said)

    def said_before(self, most: int = BODY_MAX) -> str:
        """Return what later words are read on from: the report, and the last that its writer said, of each the end of
        at most ``most`` characters."""
        parts = [self.subject(), *(said.body[-most:] for said in self.first_and_last(Actor.REPORTER))]
        return "\n".join(part for part in parts if part)

    def _opened(self, event: Event) -> Mapping[str, str]:
        if event.kind in UNSEALED:
            return {"agency": event.agency}
        try:
            words = self._texts(event)
            return words if event.kind is EventKind.REPORT else check_words(event.kind, event.by, words)
        except ValueError as error:
            raise SealError("not the words of such an event") from error

    def _texts(self, event: Event) -> Mapping[str, str]:
        """Open an event. Raises SealError, and ValueError for what are no texts."""
        if event.kind in REPLIES and event.agency:  # the agency's own system wrote it, sealed to another key
            return self._reply(event)
        if event.kind is EventKind.MESSAGE and event.by is Actor.REPORTER and event.sealed[:1] == REPLY_VERSION:
            return open_reply(self._apps_key(), self.head.case_id, event.kind, event.sealed)
        plain = opening.open_item(self.case_key, self.head.case_id, event.n, event.kind, event.sealed)
        return read_words(plain) if event.kind is EventKind.REPORT else read_texts(plain)

    def as_replies_said(self, directory: Directory) -> bool:
        """Whether the store keeps the case from all whom its replies accuse: what these say is sealed, what the clock
        made of it is not. Whom other words accuse is bound into the wrap: without it the case does not open."""
        said = self._accused_by_replies()
        return not said or still_kept(self.head, kept_in(self.head), said, directory)

    def _accused_by_replies(self) -> tuple[str, ...]:
        """Return whom replies accuse, by their sealed words, that came since an officer last acted: that bound all that
        was known then into the case's wrap, or gave it back to them. The clock, which puts replies in, binds none."""
        found: dict[str, None] = {}
        for event in reversed(self.case.events):
            reply = event.sealed[:1] == REPLY_VERSION
            person = event.by is Actor.OFFICER or (event.by is Actor.SYSTEM and event.officer != "")
            if not reply and (event.kind in UNCOMPARED or not person):
                continue
            try:
                words = self._opened(event)
            except SealError:  # put in by somebody without the case's key: it ends nothing
                continue
            if not reply:
                break
            found |= dict.fromkeys(words.get(ACCUSES, "").split())
        return tuple(found)

    def reply_key(self, agency: str) -> str:
        """Return the private key of the last hand-over to an agency's own system; "" if there is none."""
        return next(self._reply_keys(agency), "")

    def _reply_keys(self, agency: str) -> Iterator[str]:
        told = (self.readable(event) for event in reversed(self.case.events) if event.kind is EventKind.HANDOVER)
        return (words[REPLY_KEY] for words in told if words.get("agency") == agency and words.get(REPLY_KEY))

    def _reply(self, event: Event) -> dict[str, str]:
        """Open what an agency's own system answered: by an earlier hand-over's key where the case came back to it
        meanwhile. Raises SealError."""
        for private in self._reply_keys(event.agency):
            with suppress(SealError):
                return open_reply(private, self.head.case_id, event.kind, event.sealed)
        raise SealError("does not open")

    def _apps_key(self) -> str:
        """Return the private key to which the app that sent the report seals additions. Raises SealError if no app sent
        it."""
        first = self.case.events[0]
        plain = opening.open_item(self.case_key, self.head.case_id, first.n, first.kind, first.sealed)
        try:
            return read_texts(plain)[REPLY_KEY]
        except (ValueError, KeyError) as error:
            raise SealError("no app sent it") from error

    def file(self, n: int, blobs: Blobs) -> tuple[bytes, str]:
        """Return a file's bytes and media type. Raises NotFoundProblem."""
        for event in self.case.events:
            if event.n == n and event.kind is EventKind.FILE:
                try:
                    words = self.words(event)
                    sealed = blobs.get(self.head.case_id, words["blob"])
                    return opening.open_blob(self.case_key, self.head.case_id, words["blob"], sealed), words["type"]
                except (CaseNotFoundError, SealError) as error:
                    raise NotFoundProblem from error
        raise NotFoundProblem

    def _message(self, event: Event) -> Message:
        try:
            words = dict(self.words(event))
        except SealError:
            return Message(event.n, event.kind, event.by, event.on, event.stage, broken=True)
        # A browser, another system or an older version sealed what nobody had cleaned.
        words = {name: clean_text(text) for name, text in words.items()}
        for kept in (RECALL, ACCUSES):  # for a recall and for the desk to compare, and for nobody to read
            words.pop(kept, "")
        if words.pop(REPLY_KEY, ""):
            words["linked"] = "1"
        body = words.pop("body", "") or words.pop("reason", "")
        files: tuple[Attachment, ...] = ()
        if event.kind is EventKind.FILE:
            files = (Attachment(event.n, words["type"], int(words["size"]), words.get("small", ""), is_unread(event)),)
            words = {}
        return Message(event.n, event.kind, event.by, event.on, event.stage, body, words, files)


def is_unread(event: Event) -> bool:
    """Tell whether a reporter's browser sealed an event, so that no gate has read it."""
    return event.by is Actor.REPORTER and event.clear.startswith(UNREAD)


def for_reporter(messages: Iterable[Message]) -> Iterator[Message]:
    """Return the messages that the reporter may read, without notes among officers. Of a tie they learn only that
    another report about the same thing exists, or no longer does, and that they share in its answers. They do not learn
    which, how many, or what officers say about it."""
    party = False
    for message in messages:
        if message.kind is EventKind.JOIN:
            joined = message.facts.get("change") == Change.JOINED
            if message.facts.get("tie") == Tie.INTO and joined is not party:
                party = joined
                yield replace(message, body="", facts={"change": message.facts["change"]})
        elif message.kind is not EventKind.NOTE:
            yield message


def unmask_facts(messages: Iterable[Message]) -> tuple[UnmaskFact, ...]:
    """Return the steps of requests to see masked words, as the rules read them."""
    acts = (m for m in messages if m.kind is EventKind.UNMASK and not m.broken)
    return tuple(UnmaskFact(m.n, m.facts, m.body) for m in acts)


def sealed_messages(case: Case) -> tuple[Message, ...]:
    """Return the events of a case for a viewer who may see that something happened, but no words. Ties are shown as
    notes. A joined case might accuse the viewer's agency, and without the words this cannot be checked."""
    return tuple(
        Message(e.n, e.kind, e.by, e.on, e.stage, facts={"agency": e.agency}, readable=e.kind in UNSEALED)
        for e in map(_as_note, case.events)
    )


def open_subject(head: CaseHead, case_key: bytes) -> str:
    """Return the sealed subject of a head, "" if it does not open."""
    try:
        raw = opening.open_item(case_key, head.case_id, 0, "subject", head.wraps.subject)
    except SealError:
        return ""
    subject = Words({"subject": clean_text(raw.decode(errors="replace"))})["subject"]
    return subject.replace("\n", " ")[:SUBJECT_MAX]


def _as_note(event: Event) -> Event:
    return replace(event, kind=EventKind.NOTE, by=Actor.OFFICER) if event.kind is EventKind.JOIN else event
