"""What an officer told a reporter, sealed to the courier for a channel that quotes (``channel.Channel``)."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from functions.casework.case import EventKind

TOLD = frozenset({EventKind.MESSAGE, EventKind.CLOSE, EventKind.STAGE, EventKind.EXTEND})


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """An officer's act and its words; "" for what it does not have. ``kind`` is an EventKind of ``TOLD``, ``due`` an
    ISO date. ``stage`` is the one that a STAGE put the case at, ``turn_to`` who is responsible if we are not;
    ``undone`` says what else than BELUM is left to who finds a closed case not done: ``appeal`` or ``none``."""

    kind: str
    body: str = ""
    reason: str = ""
    due: str = ""
    outcome: str = ""
    stage: str = ""
    turn_to: str = ""
    undone: str = ""

    @classmethod
    def of(cls, kind: EventKind, words: Mapping[str, str]) -> "Answer | None":
        """Return what the reporter is told about an act; None for an act whose words are not for them."""
        return cls(**_known({"kind": kind, **words})) if kind in TOLD else None

    def encode(self) -> bytes:
        """Return the answer as JSON."""
        return json.dumps({name: text for name, text in asdict(self).items() if text}).encode()

    @classmethod
    def decode(cls, raw: bytes) -> "Answer | None":
        """Read what ``encode`` wrote. None for anything else: an older release sealed the text for the phone."""
        try:
            return cls(**_known(json.loads(raw)))
        except (ValueError, AttributeError, TypeError):
            return None


def _known(words: Mapping[str, str]) -> dict[str, str]:
    return {field.name: str(words[field.name]) for field in fields(Answer) if field.name in words}
