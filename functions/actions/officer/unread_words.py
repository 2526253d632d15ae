"""Words that a reporter's browser sealed: no gate has read them. The desk reads them before it shows them (law 5).

The browser's own look finds most of whom they accuse, and then the case is kept from them. What it missed is found
here: an accused agency gets the case no more than one that was never to have it. A person who hands it on has read
them.

Tests: ``tests/doors/test_sealed_thread.py``.
"""

from functions.actions.common.decrypted_case import OpenedCase
from functions.casework.access import is_accused
from functions.casework.case import UNREAD, EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.routing.later_accused import newly_accused
from functions.casework.stages import Actor
from functions.casework.understanding.accused import accused_of
from functions.crypto.errors import SealError

GIVEN = frozenset({EventKind.HANDOVER, EventKind.RECALL})


def unread_accuse(agency: str, opened: OpenedCase, directory: Directory) -> bool:
    """Whether words that a browser sealed since the case was last handed on accuse this agency."""
    head = opened.head
    for event in reversed(opened.case.events):
        if event.kind in GIVEN and event.by is Actor.OFFICER:
            return False
        # The reason of a verdict may be sealed by a browser as well; its ``clear`` is a rating.
        if event.by is not Actor.REPORTER or not (event.kind is EventKind.CONFIRM or UNREAD in event.clear.split()):
            continue
        try:
            words = opened.words(event)
        except SealError:  # shown as broken
            continue
        said = newly_accused(words.get("body") or words.get("reason", ""), "", directory, head.instance)
        if any(is_accused(agency, code, directory) for code in accused_of(said)):
            return True
    return False
