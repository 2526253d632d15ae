"""Public reports: what anybody may read of a case whose reporter agreed to it.

The reporter wishes it, the officer who holds the case writes a summary, the reporter agrees to exactly that text.
Nothing else of the case is public, and no day: months only.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from functions.casework.case import CaseHead, Kind, Outcome, Publication
from functions.casework.directory.agencies import Directory
from functions.casework.problems import Problem
from functions.casework.stages import Stage

SUMMARY_MAX = 600
ANSWER_MAX = 600
ID_SYMBOLS = 8  # after the "P"
FEW = 8  # fewer reports of one topic, district and month than this let people guess
STEPS_MAX = 40  # acts about it in one case, of either side; stopping always works
BORROWED_WORDS = 6  # so many words in a row as the reporter wrote them tell of his style
ANSWERED = frozenset({Stage.DITANGGAPI, Stage.SELESAI})
WEEK = timedelta(days=7)

_WORD = re.compile(r"\w+")
_MONTHS = "januari|februari|maret|april|mei|juni|juli|agustus|september|oktober|november|desember"
_DAYS = "senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu"
_TIME = re.compile(
    rf"\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b|\b\d{{1,2}} (?:{_MONTHS})\b"
    rf"|\b(?:hari|tanggal|tgl\.?) (?:\d{{1,2}}|{_DAYS})\b|\b(?:jam|pukul) \d{{1,2}}(?:[.:]\d{{2}})?",
    re.IGNORECASE,
)


class PublishStep(StrEnum):
    """What happened about it; the value stands in the event's words as ``step``."""

    WISHED = "wished"
    CHANGE = "change"
    DRAFTED = "drafted"
    AGREED = "agreed"
    STOPPED = "stopped"
    DECLINED = "declined"


class PublicAnswer(NamedTuple):
    """What an agency answered, in the words it cleared for the public; ``month`` is the first day of the month."""

    month: date
    agency: str
    text: str


class PublicReport(NamedTuple):
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


class Draft(NamedTuple):
    """A text an officer cleared: ``n`` is its event's number, ``month`` that of the answer (its first day)."""

    n: int
    summary: str
    answer: str
    agency: str
    month: date


class Agreed(NamedTuple):
    """A text its reporter agreed to, which waits for the next batch; ``on`` is the day he did."""

    case_id: str
    draft: Draft
    on: date
    district: str


class PublicationProblem(Problem):
    """The rules of publication stand against it; ``code`` names which.

    - ``draft_changed``: another text stands there than the one that was agreed to
    - ``not_public``: this report may not be public
    - ``publication_often``: so many acts about it and no more
    """

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


def fit(head: CaseHead, directory: Directory) -> bool:
    """Whether a case may be public at all, by what stands in clear: on no sensitive topic, not about abuse of office,
    not in quarantine, not archived. Not where it accuses somebody whom the guard keeps it from: on a public page he
    would read it too."""
    topic = directory.topics.get(head.topic)
    kept = head.shredded or head.quarantined or head.oversight or bool(head.accused)
    return topic is not None and not topic.sensitive and not kept and head.stage is not Stage.DIARSIPKAN


def wishable(head: CaseHead, directory: Directory) -> bool:
    """Whether its reporter is asked: once an answer is there."""
    return fit(head, directory) and head.publication.state is Publication.NONE and head.stage in ANSWERED


def clearable(head: CaseHead, directory: Directory) -> bool:
    """Whether its holder is to write a text, or may write another: its reporter wishes it."""
    return head.publication.state is not Publication.NONE and fit(head, directory)


def standing(head: CaseHead, instance: str, directory: Directory) -> int:
    """The number of the text that may be public in an instance now, 0 where none may."""
    return head.publication.agreed if head.instance == instance and fit(head, directory) else 0


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_batch(agreed_on: date) -> date:
    """From when on what is agreed to on a day may be public: the first day of the next week, so that no day is told."""
    return agreed_on - timedelta(days=agreed_on.weekday()) + WEEK


def week_of(today: date) -> str:
    """The week of a day, as ISO 8601 names it."""
    year, week, _ = today.isocalendar()
    return f"{year}-W{week:02}"


def first_public(public_id: str, head: CaseHead, agreed: Agreed, today: date) -> PublicReport:
    """A case as it becomes public."""
    draft = agreed.draft
    return PublicReport(
        public_id,
        head.instance,
        draft.agency,
        head.kind,
        head.topic,
        agreed.district,
        month_of(head.received_on),
        draft.summary,
        head.stage,
        head.closing.outcome,
        (PublicAnswer(draft.month, draft.agency, draft.answer),),
        month_of(today),
        month_of(head.closing.on) if head.closing.on else None,
    )


def refreshed(report: PublicReport, head: CaseHead, agreed: Agreed | None, today: date) -> PublicReport:
    """A public report with stage, outcome and closing of today, and with a new text, where one was agreed to.
    ``updated`` moves only where something changed."""
    now = report._replace(
        stage=head.stage,
        outcome=head.closing.outcome,
        closed=month_of(head.closing.on) if head.closing.on else None,
    )
    if agreed:
        now = first_public(report.public_id, head, agreed, today)._replace(updated=report.updated)
    return report if now == report else now._replace(updated=month_of(today))


def times_in(text: str) -> tuple[str, ...]:
    """Days and hours that a text names: only the month is public."""
    return tuple(dict.fromkeys(match[0] for match in _TIME.finditer(text)))


def borrowed(text: str, theirs: Iterable[str]) -> tuple[str, ...]:
    """Stretches of a text that stand word for word in what its reporter wrote, ``BORROWED_WORDS`` or more each, in
    order: his style can tell who he is."""
    known = {part for each in theirs for part in _runs(_words(each))}
    words = _words(text)
    hits = [n for n, run in enumerate(_runs(words)) if run in known]
    found, end = list[str](), -1
    for n in hits:
        if n > end:
            found.append(" ".join(words[n : n + BORROWED_WORDS]))
        end = n + BORROWED_WORDS - 1
    return tuple(found)


def crowd_cell(head: CaseHead) -> tuple[str, str, date]:
    """What is public of where and when a case came in."""
    return head.topic, head.district, month_of(head.received_on)


def draft_of(n: int, facts: Mapping[str, str]) -> Draft:
    """The text that an event's words hold."""
    month = date.fromisoformat(facts["month"])
    return Draft(n, facts["summary"], facts["answer"], facts["agency"], month)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + BORROWED_WORDS]) for n in range(len(words) - BORROWED_WORDS + 1)]
