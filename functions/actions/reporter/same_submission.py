"""Whether a case that is there already is the one that is submitted again.

Tests: ``tests/doors/test_sealed.py``.
"""

from functions.casework.case import Wraps
from functions.casework.problems import ChangedTextProblem, ClashProblem


def check_same(stored: Wraps, sent: Wraps) -> None:
    """Raise ClashProblem for another submission's case, ChangedTextProblem for the same key with another text.

    Two forms of the look-up value, as a page and a door of different releases make them, cannot be compared: then the
    fingerprint, which needs the submission key, tells.
    """
    comparable = bool(stored.act) == bool(sent.act)
    if stored.lookup != sent.lookup if comparable else stored.fingerprint != sent.fingerprint:
        raise ClashProblem
    if stored.fingerprint != sent.fingerprint:
        raise ChangedTextProblem
