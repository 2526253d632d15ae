"""Public reports: what anybody may read of a case whose reporter agreed to it.

The reporter wishes it, the officer who holds the case writes a summary, the reporter agrees to exactly that text.
Nothing else of the case is public, and no day: months only.
"""

from dataclasses import dataclass
from datetime import date

from functions.casework.case import Kind, Outcome
from functions.casework.stages import Stage

SUMMARY_MAX = 600
ANSWER_MAX = 600


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """What an agency answered, in the words it cleared for the public; ``month`` is the first day of the month."""

    month: date
    agency: str
    text: str


@dataclass(frozen=True, slots=True)
class PublicReport:
    """All that is public of a case.

    ``public_id`` is random: "P" and eight Crockford symbols, neither receipt nor case id nor made from them. ``agency``
    is the code of who answered. ``district`` is "" where its reporter asked to leave it out. Every date is the first
    day of a month: ``month`` it came in, ``updated`` its last change, ``closed`` its closing, None while it is open.
    """

    public_id: str
    instance: str
    agency: str
    kind: Kind
    topic: str
    district: str
    month: date
    summary: str
    stage: Stage
    outcome: Outcome | None
    answers: tuple[PublicAnswer, ...]
    updated: date
    closed: date | None
