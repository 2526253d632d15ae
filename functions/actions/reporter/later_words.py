"""Whom a case's words are about: whether its report names somebody, and whom what its reporter adds newly accuses.

Tests: ``tests/doors/test_later_accused.py``.
"""

from collections.abc import Callable
from dataclasses import replace

from functions.actions.common.append import Step
from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.case import CaseHead
from functions.casework.case_fields import AccessFacts
from functions.casework.directory.agencies import Directory
from functions.casework.routing.later_accused import accuses, kept_away, newly_accused_of_any
from functions.casework.understanding.accused import kept_from
from functions.crypto.errors import SealError
from functions.crypto.seal.bound_facts import is_bound, proven, wrapped_again
from functions.crypto.seal.public_keys import PublicKeys
from functions.storage.interface import Notice


def kept_from_accused(
    opened: OpenedCase,
    step: Step,
    public_keys: Callable[[], PublicKeys],
    directory: Directory,
    anew: Callable[[CaseHead, CaseHead], CaseHead],
) -> Step:
    """Return a step whose case is kept from whom its words newly accuse, until a person has looked (law 5). ``anew``
    runs the clock of a case that changed its desk (``later_accused.clock_anew``). "They" are those of the unit that has
    the case while its reporter writes: who gets it by an appeal had nothing to do with it before."""
    head, text = step.head, step.words.get("body") or step.words.get("reason", "")
    if not text:
        return step
    accusing, before = accuses(opened.head), opened.said_before()
    accused = newly_accused_of_any(text, before, directory, head.governments, opened.head.holder, accusing=accusing)
    kept = kept_from(accused, directory, head.instance)
    if not kept.meant:
        return step
    bind = is_bound(head) and proven(opened.head, opened.case_key)
    head = anew(head, kept_away(head, kept, directory, bind=bind))
    if bind and AccessFacts.of(head) != AccessFacts.of(step.head):
        key_id, wrap = wrapped_again(head, opened.case_key, public_keys())
        head = replace(head, wraps=replace(head.wraps, key_id=key_id, desk=wrap))
    moved = head.holder != step.head.holder and step.notice in (None, Notice.REPORTER_WROTE)
    return replace(step, head=head, notice=Notice.HANDED_OVER if moved else step.notice)


def names_somebody(opened: OpenedCase, directory: Directory) -> bool:
    """Whether the report names officials, or was about a sensitive topic until an officer corrected that."""
    try:
        return bool(opened.words(opened.case.events[0]).get("about_officials")) or directory.sensitive(opened.topics())
    except SealError:  # a foreign browser sealed something that is no report: then it waits
        return True
