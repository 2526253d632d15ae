"""Cases' heads from their facts by one name each, as a store has them, so that a test names what it is about."""

from functions.casework.case import CaseHead
from functions.casework.case_fields import PLACES, flat, unflat


def case_head(**facts: object) -> CaseHead:
    """The head of these facts."""
    unknown = facts.keys() - PLACES.keys()
    if unknown:
        raise TypeError(f"a head has no {sorted(unknown)}")
    return unflat(facts)


def changed(head: CaseHead, **facts: object) -> CaseHead:
    """The head with these facts changed."""
    return case_head(**flat(head) | facts)
