"""Drafts of answers: what an officer has begun to write stays when the page reloads or the session ends.

A draft is a slip under a name that only the case key and the officer's ident give, sealed to the case key. So nobody
else is shown it, a deleted case leaves none that opens, and no event, trail or list tells that there is one. It goes
when the answer leaves, when the case closes, and by itself after ``KEPT_DAYS``.

Tests: ``tests/doors/test_drafts.py``.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from functions.actions.officer.read_case import ReadCase
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.problems import BusyProblem, InvalidInputProblem, NotAllowedProblem
from functions.casework.report import BODY_MAX, read_text
from functions.casework.stages import Move
from functions.casework.understanding.words import Words
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.interface import Slip
from functions.storage.registers.staff import read_staff
from functions.storage.retry import retry_on_conflict

KEPT_DAYS = 7
KIND = "draft"


class Draft(NamedTuple):
    """What was kept: its words, its version (0: there is none), and the last day on which it is kept."""

    body: str = ""
    version: int = 0
    until: date | None = None


class Saved(NamedTuple):
    """The version now kept, 0 if nothing is. ``replaced``: it took the place of words from another tab."""

    version: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of officers on the cases that they may answer."""

    cases: ReadCase

    def read(self, viewer: Viewer, head: CaseHead) -> Draft:
        """Return this officer's draft on a case whose words they were let read."""
        key = self.cases.case_key(head)
        slip = self.cases.store.read_slip(sealing.draft_name(key, viewer.officer), self._now())
        if slip is None:
            return Draft()
        try:
            words = json.loads(opening.open_item(key, head.case_id, slip.version, KIND, slip.sealed))
        except SealError:
            return Draft(version=slip.version)
        ours = words.get("officer") == viewer.officer
        until = datetime.fromtimestamp(slip.expires, UTC).date() - timedelta(days=1)
        return Draft(words["body"] if ours else "", slip.version, until)

    def save(self, viewer: Viewer, case_id: str, body: str, seen: str = "") -> Saved:
        """Keep what was written so far; nothing written removes it. The last one wins: ``seen`` is the version that the
        page showed, so that a page learns when it replaces another's words. Raises InvalidInputProblem for more than
        fits, NotAllowedProblem, NotFoundProblem, BusyProblem."""
        key = self._key(viewer, case_id)
        text, errors = read_text({"body": body}, "body", BODY_MAX, required=False)
        if errors:
            raise InvalidInputProblem(*errors)
        name = sealing.draft_name(key, viewer.officer)
        if not text:
            self.cases.store.drop_slip(name)
            return Saved(0, replaced=False)

        def attempt() -> Saved:
            standing = self.cases.store.read_slip(name, self._now())
            version = standing.version + 1 if standing else 1
            words = Words({"body": text, "officer": viewer.officer})
            sealed = sealing.seal_item(key, case_id, version, KIND, words)
            expires = self._now() + (KEPT_DAYS + 1) * 86400
            self.cases.store.write_slip(Slip(name, version, sealed, expires), self._now())
            return Saved(version, replaced=standing is not None and seen != str(standing.version))

        return retry_on_conflict(attempt, BusyProblem)

    def drop(self, viewer: Viewer, head: CaseHead, *, all_of_them: bool = False) -> None:
        """Remove this officer's draft on a case that they answered or closed; with ``all_of_them`` those of all
        colleagues at the holder's too."""
        key = self.cases.case_key(head)
        staff = read_staff(self.cases.store).at(head.holder) if all_of_them else ()
        for officer in {viewer.officer, *(member.ident for member in staff)}:
            self.cases.store.drop_slip(sealing.draft_name(key, officer))

    def _key(self, viewer: Viewer, case_id: str) -> bytes:
        opened, granted = self.cases.load(viewer, case_id)
        if not granted.words or Move.REPLY not in granted.moves:
            raise NotAllowedProblem
        return opened.case_key

    def _now(self) -> int:
        """Return the midnight at which today began, in epoch seconds: a draft does not tell when it was written."""
        today = self.cases.today()
        return int(datetime(today.year, today.month, today.day, tzinfo=UTC).timestamp())
