"""Whether the facts of cases are still those they were sealed with, as far as that shows without a key.

Beside each wrap stands a hash of the facts it binds. Whoever changes hash and fact together is not found here: then the
desk says so when somebody opens the case, and its reporter's page says it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.casework.case import CaseHead, Kind
from functions.casework.case_fields import AccessFacts
from functions.casework.directory.agencies import Directory
from functions.crypto.seal.bound_facts import as_bound, as_hashed, has_hash, is_bound

OTHERWISE = "facts that decide who may read it are not those it was sealed with."


@dataclass(slots=True)
class SealCheck:
    """Checks heads one by one. Counts those that do not fit (``altered``), and open ones whose wrap of an older release
    binds nothing (``unbound``)."""

    directory: Directory
    altered: int = 0
    unbound: int = 0

    def __call__(self, head: CaseHead) -> str:
        """Return a sentence for a case whose facts are not those it was sealed with, else ""."""
        self.unbound += bool(head.wraps.desk) and head.open and not is_bound(head)
        if as_hashed(head):
            return ""
        facts = as_bound(head)
        self.altered += 1
        for name, was in self._candidates():
            other = AccessFacts(**facts._asdict() | {name: was})
            if has_hash(head.case_id, head.wraps.desk, other):
                return f"{name} is {getattr(facts, name)!r} in the store, and {was!r} in its seal."
        return OTHERWISE

    def _candidates(self) -> Iterator[tuple[str, str | bool | tuple[str, ...]]]:
        """Yield the values that a single changed fact may have had."""
        agencies = self.directory.agencies.values()
        yield from (("about_agency", code) for code in ("", *(agency.code for agency in agencies)))
        yield from (("kept_from", (agency.code,)) for agency in agencies)
        yield from (("topic", code) for code in self.directory.topics)
        yield from (("kind", kind.value) for kind in Kind)
        yield from ((name, flag) for name in ("oversight", "lifted") for flag in (False, True))
        yield from (("instance", agency.code) for agency in self.directory.instances())
