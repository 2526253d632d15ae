"""Cases whose holder is gone, or has come to be accused by them, since the directory was changed: they go to the desk
that sorts, or to the one that takes its place, and their reporters read it.

No officer does it: a coordinator who changes the tree must not learn of a case that is hidden from him.
"""

from collections.abc import Iterable
from dataclasses import replace

from functions.actions.common.append import Step, append
from functions.actions.common.cases_left_behind import held, may_open_again
from functions.actions.common.decrypted_case import OpenedCase
from functions.actions.officer.handle_case import Handle
from functions.casework.access import stranded_to
from functions.casework.case import CaseHead, EventKind
from functions.casework.case_changes import handed_to
from functions.casework.directory.agencies import Directory
from functions.casework.problems import BusyProblem
from functions.casework.stages import Actor, Stage
from functions.storage.interface import CaseNotFoundError, Notice

WHY = "Susunan unit pemerintah daerah berubah."


def rescue(handle: Handle, directory: Directory, codes: Iterable[str]) -> int:
    """Move what these agencies hold and may not keep, by the ``directory`` as it now stands. Returns how many cases.
    One that cannot be opened stays: it goes up when it is late. Raises StoreUnavailableError."""
    return sum(_move(handle, directory, head) for code in codes for head in list(held(handle.store, code)))


def _move(handle: Handle, directory: Directory, head: CaseHead) -> bool:
    to, key = stranded_to(head, directory), handle.case_key(head)
    if not to or not key or not (head.open or may_open_again(head)):
        return False

    def load() -> OpenedCase:
        return OpenedCase(handle.store.read_case(head.case_id), key)

    def decide(opened: OpenedCase) -> Step:
        now = opened.head
        moved = handed_to(now, to)
        if now.open:
            moved = handle.clocked(moved, Stage.DIALIHKAN)
            moved = replace(moved, stage=Stage.DIALIHKAN, clock=replace(moved.clock, handed_on=None))
        notice = Notice.HANDED_OVER if now.open else None
        return Step(EventKind.HANDOVER, Actor.SYSTEM, {"reason": WHY, "agency": to}, moved, notice)

    try:
        append(handle.store, load, decide, handle.today())
    except (CaseNotFoundError, BusyProblem):
        return False
    return True
