"""Whether a case is still kept from whom later words accuse, by what stands under its seal.

Tests: ``tests/storage/test_bound_facts.py``.
"""

from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.directory.agencies import Directory
from functions.casework.routing.later_accused import still_kept
from functions.crypto.seal.bound_facts import kept_in


def as_said(opened: OpenedCase, directory: Directory) -> bool:
    """Whether the store keeps a case from all whom its replies accuse: what these say is sealed, what the clock made of
    it is not. Whom other words accuse is bound into the case's wrap, so without it the case does not open."""
    said = opened.accused_by_replies()
    return not said or still_kept(opened.head, kept_in(opened.head), said, directory)
