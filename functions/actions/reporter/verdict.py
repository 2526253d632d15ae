"""A reporter's verdict, whichever way it came: the matter is done, or the closed case is taken up again, because they
reopen it or appeal, with clock, holder and wrap anew.

Tests: ``tests/doors/test_thread.py``, ``tests/doors/test_sealed_thread.py``.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date

from functions.actions.common.append import Once, check_key, counted
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.access import is_accused, is_kept_from, returned_to
from functions.casework.case import CaseHead
from functions.casework.case_changes import with_second
from functions.casework.deadlines.clocks import Deadlines, run_clock
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.problems import InvalidInputProblem
from functions.casework.report import REASON_MAX, read_text
from functions.casework.routing.later_accused import clock_anew
from functions.casework.stages import Actor, Stage
from functions.crypto.seal.bound_facts import proven, wrapped_again
from functions.crypto.seal.public_keys import PublicKeys

RATINGS = frozenset({"1", "2", "3", "4", "5"})


def read_reason(reason: str) -> str:
    """Return the reason of a verdict or an appeal, cleaned. Raises InvalidInputProblem."""
    text, errors = read_text({"reason": reason}, "reason", REASON_MAX, required=True)
    if errors:
        raise InvalidInputProblem(*errors)
    return text


def once_under(key: str, reason: str) -> Once | None:
    """Return the mark of a verdict by a client's key, None without one. Raises InvalidInputProblem."""
    return Once(check_key("key", key), "reason", reason) if key else None


def confirmed(head: CaseHead, rating: str) -> CaseHead:
    """Return the head of a case whose reporter says that the matter is done, with a rating 1 to 5 or ""."""
    given = int(rating) if rating else None
    after = counted(head, Actor.REPORTER, Stage.SELESAI)
    return replace(after, closing=replace(after.closing, confirmed=True, lapsed=False, rating=given))


@dataclass(frozen=True, slots=True)
class TakeUpAgain:
    """Changes the heads of closed cases."""

    public_keys: Callable[[], PublicKeys]
    today: Callable[[], date]
    deadlines: Deadlines
    holidays: Collection[date]

    def wrapped(self, opened: OpenedCase) -> CaseHead:
        """Return the head with its case key wrapped to the desk's current key. The key it was closed under may be
        destroyed.

        Where its facts are not those it was sealed with, the old wrap stays: a new one would give the case to whoever
        changed them. The reporter's words are kept, and the desk says what is wrong."""
        head = opened.head
        if not proven(head, opened.case_key):
            return head
        key_id, wrap = wrapped_again(head, opened.case_key, self.public_keys())
        return replace(head, wraps=replace(head.wraps, key_id=key_id, desk=wrap))

    def reopened(self, head: CaseHead, directory: Directory) -> CaseHead:
        """Return the head of a wrapped case back with its holder. A desk that sorts got it while it was closed: there
        it is to be sorted."""
        unit = directory.agency(head.holder).kind is AgencyKind.UNIT
        head = self._again(head, Stage.DIPROSES if unit else Stage.DIALIHKAN, head.holder)
        return replace(head, history=replace(head.history, reopened=head.history.reopened + 1))

    def appealed(self, head: CaseHead, directory: Directory) -> CaseHead:
        """Return the head of a wrapped case at the next level."""
        head = self._again(head, Stage.BANDING, next_level(head, directory))
        return replace(head, history=replace(head.history, appealed=head.history.appealed + 1))

    def anew(self, before: CaseHead, after: CaseHead) -> CaseHead:
        """Return ``after`` with the clock of its new desk, if later words took it from its holder ``before``."""
        return clock_anew(before, after, self.today(), self.deadlines, self.holidays)

    def _again(self, head: CaseHead, stage: Stage, holder: str) -> CaseHead:
        """Return the head at ``stage`` with a new deadline."""
        head = replace(head, clock=replace(head.clock, extended=False))
        head = run_clock(head, stage, self.today(), self.deadlines, self.holidays)
        past = head.closing
        head = replace(
            head if holder == head.holder else with_second(head, ""),
            holder=holder,
            closing=replace(past, on=None, due=None, outcome=None, lapsed=False, earlier_ends=past.ends),
        )
        return counted(head, Actor.REPORTER, stage)


def next_level(head: CaseHead, directory: Directory) -> str:
    """Return the desk that an appeal goes to: the inspectorate, or the level above if the inspectorate is accused or
    had the case. It stays with its holder where later words accuse all others, or none of them may have a case
    *berkadar pengawasan*."""
    instance = directory.agencies[head.instance]
    above = (code for code in (instance.inspectorate, instance.parent) if code not in ("", head.holder))
    back: tuple[str, ...] = () if head.oversight else (returned_to(instance, head.about_agency, directory),)
    for code in (*above, *back):
        if not is_accused(code, head.about_agency, directory) and not is_kept_from(code, head, directory):
            return code
    return head.holder
