"""What a store refuses to write, whichever engine it is: each would destroy what stands, or keep what must go."""

from collections.abc import Sequence

from functions.casework.case import CaseHead, Event
from functions.casework.sealed_identity import Identity


def check_numbers(head: CaseHead, events: Sequence[Event], before: int) -> None:
    """Raises ValueError unless the events are numbered on from ``before`` and the head counts them: an
    append that is numbered wrongly would write over what stands."""
    numbers = [event.n for event in events]
    if not numbers or numbers != list(range(before + 1, before + 1 + len(numbers))) or head.version != numbers[-1]:
        raise ValueError(f"events {numbers} and version {head.version} do not follow version {before}")


def check_identity(identity: Identity | None, head: CaseHead) -> None:
    """Raises ValueError where an identity comes with the head of another case."""
    if identity and (identity.case_id, identity.instance) != (head.case_id, head.entrusted_to):
        raise ValueError("an identity of another case")


def check_tombstone(tombstone: CaseHead, expected_version: int) -> None:
    """Raises ValueError for a head that would leave its case readable, or that is numbered as no tombstone of
    this version is: one more than the case, or the tombstone's own to finish what was cut short."""
    kept = (tombstone.wraps.receipt, tombstone.wraps.desk, tombstone.wraps.subject, tombstone.reporter.contact)
    if not tombstone.shredded or any(kept):
        raise ValueError("a tombstone holds no wrap, no words and no contact")
    if tombstone.version not in (expected_version, expected_version + 1):
        raise ValueError(f"version {tombstone.version} of a tombstone does not follow version {expected_version}")
