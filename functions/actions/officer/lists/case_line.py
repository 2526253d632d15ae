"""A case as a line of a list: its first words, masked, and where it may belong.

Tests: ``tests/doors/test_desk_today.py``.
"""

from functions.actions.common.decrypted_case import OpenedCase, open_subject
from functions.actions.officer.masking import mask_text
from functions.actions.officer.read_case import ReadCase
from functions.actions.officer.unread_words import accused_unread
from functions.actions.officer.views import Line
from functions.casework.access import Viewer, is_accused, rights
from functions.casework.case import CaseHead, Sealed
from functions.casework.routing.later_accused import keeping_from
from functions.casework.stages import Duty, Stage
from functions.storage.interface import CaseNotFoundError

LINE_MAX = 90
READ_MAX = 400  # what is masked of a body of which only the first line is shown
FIRST = 1  # the event with the report
BROUGHT = frozenset({Stage.DITERIMA, Stage.DIALIHKAN, Stage.BANDING})  # perhaps by its words alone, read by nobody
UNBEGUN = BROUGHT | {Stage.DIDISPOSISIKAN}  # a person read it, but not what its reporter wrote since


def brief_line(cases: ReadCase, viewer: Viewer, head: CaseHead) -> Line:
    """Return rights and subject. Takes a query where the words may keep the case from the viewer."""
    granted, key = cases.rights_of(viewer, head)
    if not granted.words:
        return Line(granted)
    if _words_may_hide(viewer, head) and _opened(cases, viewer, head, key) is None:
        return Line(granted)
    return Line(granted, mask_text(open_subject(head, key)))


def full_line(cases: ReadCase, viewer: Viewer, head: CaseHead) -> Line:
    """Return the whole line. Takes a query where the words are needed: for a sorting desk, which is shown a proposal,
    and for a report without a subject."""
    granted, key = cases.rights_of(viewer, head)
    if not granted.words:
        return Line(granted)
    sorts = granted.duty is Duty.SORT
    subject = "" if sorts else mask_text(open_subject(head, key))  # what sorts reads it with the words
    if subject and not _words_may_hide(viewer, head):
        return Line(granted, subject, first_line(subject))
    found = _opened(cases, viewer, head, key)
    if found is None:
        return Line(granted)
    opened, accused = found
    if not sorts:
        return Line(granted, subject, first_line(subject or mask_text(_body(opened)[:READ_MAX])))
    subject, messages = cases.copy_for(viewer.agency, opened, {FIRST})
    proposals = cases.proposals(keeping_from(head, accused), cases.said(opened, {FIRST}), subject, messages)
    return Line(granted, subject, first_line(subject or messages[0].body), proposals)


def _words_may_hide(viewer: Viewer, head: CaseHead) -> bool:
    """Whether the sealed words may keep a case from the viewer: they may name another agency than the field does, or
    nobody has read whom they accuse, who looks on or to whom they brought it. Which words of later a browser sealed,
    only the events tell."""
    report = head.wraps.sealed is Sealed.BROWSER and head.stage in BROUGHT
    unread = report or (head.history.from_reporter > 1 and head.stage in UNBEGUN)
    return bool(head.about_agency) or viewer.agency != head.holder or unread


def _opened(cases: ReadCase, viewer: Viewer, head: CaseHead, key: bytes) -> tuple[OpenedCase, tuple[str, ...]] | None:
    """Return the opened case, and whom its unread words accuse; None if it is gone or handed on, or its sealed words
    name or accuse the viewer's agency, as ``ReadCase.load``."""
    try:
        case = cases.store.read_case(head.case_id)
    except CaseNotFoundError:
        return None
    opened = OpenedCase(case, key)
    shown = rights(viewer, case.head, cases.directory).words and opened.as_replies_said(cases.directory)
    if not shown or cases.hides(viewer.agency, case.head, opened.named()):
        return None
    accused = accused_unread(opened, cases.directory)
    mine = any(is_accused(viewer.agency, code, cases.directory) for code in accused)
    return None if mine else (opened, accused)


def _body(opened: OpenedCase) -> str:
    return opened.readable(opened.case.events[0]).get("body", "")


def first_line(text: str) -> str:
    """Return the first line of a text, at most ``LINE_MAX`` characters of whole words."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if len(line) <= LINE_MAX:
        return line
    return f"{line[:LINE_MAX].rsplit(' ', 1)[0].rstrip(' ,;:')}…"
