"""A case opened with its key: what reporter and officer read is made here, the same for both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from functions.casework.case import Case, CaseHead, Event, EventKind
from functions.casework.problems import NotFoundProblem
from functions.casework.stages import Actor, Stage
from functions.storage.interface import Blobs, CaseNotFoundError
from functions.vault import sealing


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message: its event number, media type, and size in bytes."""

    n: int
    type: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """One event as read. ``facts`` are what the sentence of a system event is made of, or the report's
    other fields; ``readable`` is False where the viewer may not read the words."""

    n: int
    kind: EventKind
    by: Actor
    on: date
    stage: Stage
    body: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[Attachment, ...] = ()
    readable: bool = True


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
        """Every event, opened. Raises SealError where one was altered."""
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
        """The sealed content of an event."""
        plain = sealing.open_item(self.case_key, self.head.case_id, event.n, event.kind, event.sealed)
        words: dict[str, str] = json.loads(plain)
        return words

    def file(self, n: int, blobs: Blobs) -> tuple[bytes, str]:
        """A file's bytes and media type. Raises NotFoundProblem."""
        for event in self.case.events:
            if event.n == n and event.kind is EventKind.FILE:
                words = self.words(event)
                try:
                    sealed = blobs.get(self.head.case_id, words["blob"])
                except CaseNotFoundError as error:
                    raise NotFoundProblem from error
                return sealing.open_blob(self.case_key, self.head.case_id, words["blob"], sealed), words["type"]
        raise NotFoundProblem

    def _message(self, event: Event) -> Message:
        words = self.words(event)
        body = words.pop("body", "") or words.pop("reason", "")
        files: tuple[Attachment, ...] = ()
        if event.kind is EventKind.FILE:
            files = (Attachment(event.n, words["type"], int(words["size"])),)
            words = {}
        return Message(event.n, event.kind, event.by, event.on, event.stage, body, words, files)


def sealed_messages(case: Case) -> tuple[Message, ...]:
    """The events of a case for someone who may see that something happened, not what was said."""
    return tuple(Message(e.n, e.kind, e.by, e.on, e.stage, readable=False) for e in case.events)


def open_subject(head: CaseHead, case_key: bytes) -> str:
    """The sealed subject of a head."""
    return sealing.open_item(case_key, head.case_id, 0, "subject", head.subject).decode()
