"""Move cases whose holder has left the directory, or is now accused by them, after a change of the directory.

They go to the sorting desk or its substitute, and their reporters read it. No officer does this: a coordinator who
changes the directory must not learn of a case that is hidden from them.

Tests: ``tests/doors/test_instance_conflict.py``.
"""

from collections.abc import Iterable
from dataclasses import replace

from functions.actions.common.append import Step, append
from functions.actions.common.cases_left_behind import held, may_open_again
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.case_act import CaseAct
from functions.casework.access import stranded_to
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import handed_to
from functions.casework.directory.agencies import Directory
from functions.casework.problems import BusyProblem
from functions.casework.stages import Actor, Stage
from functions.storage.interface import CaseNotFoundError, Notice

WHY = "Susunan unit pemerintah daerah berubah."


def rescue(act: CaseAct, directory: Directory, codes: Iterable[str]) -> int:
    """Move the cases that these agencies hold but may not keep under the current ``directory``; return their number. A
    case that cannot be opened stays, and escalates when it is late. Raises StoreUnavailableError."""
    return sum(_move(act, directory, head) for code in codes for head in list(held(act.store, code)))


def _goes_to(head: CaseHead, directory: Directory) -> str:
    """Return the desk that a case moves to; "" if it stays, or its reporter can do nothing more about it."""
    return stranded_to(head, directory) if head.open or may_open_again(head) else ""


def _move(act: CaseAct, directory: Directory, head: CaseHead) -> bool:
    key = act.cases.case_key(head) if _goes_to(head, directory) else b""
    if not key:
        return False

    def load() -> OpenedCase:
        return OpenedCase(act.store.read_case(head.case_id), key)

    def decide(opened: OpenedCase) -> Step:
        now = opened.head
        to = _goes_to(now, directory)
        if not to:  # somebody was faster
            raise CaseNotFoundError(now.case_id)
        moved = handed_to(now, to)
        if now.open:
            moved = act.clocked(moved, Stage.DIALIHKAN)
            moved = replace(moved, stage=Stage.DIALIHKAN, clock=replace(moved.clock, handed_on=None))
        notice = Notice.HANDED_OVER if now.open else None
        return Step(EventKind.HANDOVER, Actor.SYSTEM, {"reason": WHY, "agency": to}, moved, notice)

    try:
        append(act.store, load, decide, act.today(), public_keys=act.public_keys)
    except (CaseNotFoundError, BusyProblem):
        return False
    return True
