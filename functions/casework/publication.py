"""Public reports: what anybody may read of a case whose reporter agreed to it.

The reporter requests it, the officer who holds the case writes a summary, and the reporter agrees to exactly that text.
Nothing else of the case is public, and no day: months only.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import NamedTuple

from functions.casework.case import Case, CaseHead, EventKind, Kind, Outcome, Publication
from functions.casework.directory.agencies import Directory
from functions.casework.problems import Problem
from functions.casework.stages import Actor, Stage

SUMMARY_MAX = 600
ANSWER_MAX = 600
ID_SYMBOLS = 8  # after the "P"
FEW = 8  # fewer reports of one topic, district and month than this let people guess
STEPS_MAX = 40  # acts about publication that each side has in one case; stopping always works
BORROWED_WORDS = 6  # this many words in a row, unchanged, can reveal the reporter's style
HIDDEN = "hidden"  # in clear after an agreement's number: nothing finer than the instance becomes public
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
    """What happened to a publication; the value is ``step`` in the event's words."""

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
    """All that is public about a case.

    ``public_id`` is random: "P" and eight Crockford symbols, neither receipt nor case id nor made from them. ``agency``
    is the code of the agency that answered. ``district`` is "" if its reporter asked to leave it out. Every date is the
    first day of a month: ``month`` of arrival, ``updated`` of the last change, ``closed`` of the closing, None while it
    is open.
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
    """A text that an officer cleared: ``n`` is its event's number, ``month`` that of the answer (its first day).
    ``opening`` (hex) opens the hash that its event says in clear, "" in an older release's."""

    n: int
    summary: str
    answer: str
    agency: str
    month: date
    opening: str = ""


class Agreed(NamedTuple):
    """A text its reporter agreed to, which waits for the next batch; ``on`` is the day they agreed."""

    case_id: str
    draft: Draft
    on: date
    district: str


class PublicationProblem(Problem):
    """The rules of publication forbid it; ``code`` names the rule.

    - ``draft_changed``: the text is no longer the one that was agreed to
    - ``not_public``: this report may not be public
    - ``publication_often``: this side has reached its limit of such acts in the case
    """

    status = 409

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


def fit(head: CaseHead, directory: Directory) -> bool:
    """Whether a case may be public at all, by its clear facts: no sensitive topic, no abuse of office, not in
    quarantine, not archived. A case that the guard hides from the accused, or from whom later words accuse, may not:
    they would read it on the public page."""
    topic = directory.topics.get(head.topic)
    hidden = bool(head.accused or head.desk_work.kept_from)
    kept = head.shredded or head.quarantined or head.oversight or hidden
    return topic is not None and not topic.sensitive and not kept and head.stage is not Stage.DIARSIPKAN


def wishable(head: CaseHead, directory: Directory) -> bool:
    """Whether the reporter is asked about publication: once there is an answer."""
    return fit(head, directory) and head.publication.state is Publication.NONE and head.stage in ANSWERED


def clearable(head: CaseHead, directory: Directory) -> bool:
    """Whether the holder may write a text, or another one: after the reporter's request."""
    return head.publication.state is not Publication.NONE and fit(head, directory)


def reporters_steps(head: CaseHead, directory: Directory) -> tuple[str, ...]:
    """Return what the reporter may do about publication now, among ``wish change agree stop``."""
    if head.publication.state is Publication.NONE:
        return ("wish",) if wishable(head, directory) else ()
    waits = head.publication.state is Publication.DRAFTED and fit(head, directory)
    return ("change", "agree", "stop") if waits else ("stop",)


def standing(head: CaseHead, instance: str, directory: Directory) -> int:
    """Return the number of the text that may be public in this instance now, 0 if none may."""
    return head.publication.agreed if head.instance == instance and fit(head, directory) else 0


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_batch(agreed_on: date) -> date:
    """Return the day from which a text agreed to on this day may be public. It is the first day of the next week, so
    that the date does not reveal the day."""
    return agreed_on - timedelta(days=agreed_on.weekday()) + WEEK


def week_of(today: date) -> str:
    """Return the week of a day, in the notation of ISO 8601."""
    year, week, _ = today.isocalendar()
    return f"{year}-W{week:02}"


def first_public(public_id: str, head: CaseHead, agreed: Agreed, today: date) -> PublicReport:
    """Return a case as it becomes public."""
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
    """Return a public report with today's stage, outcome and closing, and with the new text if one was agreed to.
    ``updated`` only moves if something changed."""
    now = report._replace(
        stage=head.stage,
        outcome=head.closing.outcome,
        closed=month_of(head.closing.on) if head.closing.on else None,
    )
    if agreed:
        now = first_public(report.public_id, head, agreed, today)._replace(updated=report.updated)
    return report if now == report else now._replace(updated=month_of(today))


def times_in(text: str) -> tuple[str, ...]:
    """Return the days and hours that a text names: only the month may be public."""
    return tuple(dict.fromkeys(match[0] for match in _TIME.finditer(text)))


def borrowed(text: str, theirs: Iterable[str]) -> tuple[str, ...]:
    """Return the passages of a text that repeat the reporter word for word, ``BORROWED_WORDS`` or more each, in order.
    The style can reveal who the reporter is."""
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
    """Return the public facts about where and when a case came in."""
    return head.topic, head.district, month_of(head.received_on)


def draft_of(n: int, facts: Mapping[str, str]) -> Draft:
    """Return the text that an event's words hold."""
    month = date.fromisoformat(facts["month"])
    return Draft(n, facts["summary"], facts["answer"], facts["agency"], month, facts.get("opening", ""))


def text_hash(value: bytes, draft: Draft) -> str:
    """Return the hash (hex) of a text for the public, which its event says in clear. ``value`` (32 random bytes) rests
    sealed with the text: without it nobody guesses what a text says."""
    said = f"{draft.summary}\0{draft.answer}\0{draft.agency}\0{draft.month.isoformat()}"
    return sha256(value + said.encode()).hexdigest()


def agreed_by(case: Case, text: Agreed) -> bool:
    """Whether an officer wrote this very text, and the reporter's last word about publication agrees to it and to the
    district that it names. The register where it waits is written by a door that sees neither."""
    acts = [event for event in case.events if event.kind is EventKind.PUBLISH]
    said = next((event.clear.split() for event in reversed(acts) if event.by is Actor.REPORTER), [])
    clear = next((event.clear for event in acts if event.n == text.draft.n and event.by is not Actor.REPORTER), None)
    if clear is None or said[:2] not in ([], ["agreed", str(text.draft.n)]) or (HIDDEN in said and text.district):
        return False
    try:
        return not clear or compare_digest(clear, text_hash(bytes.fromhex(text.draft.opening), text.draft))
    except ValueError:
        return False


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[n : n + BORROWED_WORDS]) for n in range(len(words) - BORROWED_WORDS + 1)]
