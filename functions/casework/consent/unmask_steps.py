"""What stands in clear of requests to see masked words: which agency, for which ground, and how far it came.

No word of the case is in it, nor who asked, nor the reason they wrote. The clock counts it for overseers.
"""

from dataclasses import replace
from typing import NamedTuple

from functions.casework.case import CaseHead

SHOWN, AGREED = "shown", "agreed"  # ``UnmaskStep``: after these the words were seen


class UnmaskEntry(NamedTuple):
    """One step. An entry of an older release names the agency alone, which was shown the words."""

    agency: str
    ground: str = ""
    step: str = SHOWN

    @property
    def seen(self) -> bool:
        """Whether the agency saw the words after it."""
        return self.step in (SHOWN, AGREED)


def noted(head: CaseHead, agency: str, ground: str, step: str) -> CaseHead:
    """Return the head with one more step of a request."""
    entry = ":".join(UnmaskEntry(agency, ground, step))
    return replace(head, desk_work=replace(head.desk_work, unmasked=(*head.desk_work.unmasked, entry)))


def entries(head: CaseHead) -> tuple[UnmaskEntry, ...]:
    """Return the steps in their order."""
    return tuple(UnmaskEntry(*entry.split(":")) for entry in head.desk_work.unmasked)
