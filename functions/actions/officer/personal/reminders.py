"""Reminders of an officer's own: a day and a line for a case, shown on that day in their list.

They move nothing and nobody else sees them. The line is sealed to the case's key, so it goes dark with the case. The
digest counts days alone.

Tests: ``tests/doors/test_reminders.py``.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from functions.actions.officer.read_case import ReadCase
from functions.casework.access import Viewer
from functions.casework.problems import (
    FactsChangedProblem,
    FieldError,
    InvalidInputProblem,
    NotAllowedProblem,
    NotFoundProblem,
)
from functions.casework.report import LINE_MAX, read_day, read_text
from functions.casework.understanding.words import Words
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal import sealing
from functions.storage.registers.reminders import (
    REMINDERS_MAX,
    Reminder,
    keep_reminder,
    read_reminders,
    reminders_due,
)

AHEAD, STALE = timedelta(days=366), timedelta(days=60)
KIND = "reminder"


class Noted(NamedTuple):
    """A reminder as its officer reads it."""

    case_id: str
    day: date
    line: str


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of officers. Every reading asks whether the officer may still read the case."""

    cases: ReadCase

    def note(self, viewer: Viewer, case_id: str, day: str, line: str) -> date:
        """Remind this officer of a case on a day after today, in place of an earlier reminder. Raises
        InvalidInputProblem, NotAllowedProblem for whoever may not act on the case, NotFoundProblem."""
        opened, granted = self.cases.load(viewer, case_id)
        if not granted.words or granted.duty is None:
            raise NotAllowedProblem
        on, today = read_day(day), self.cases.today()
        text, errors = read_text({"line": line}, "line", LINE_MAX)
        if on is None:
            errors.append(FieldError("day", "bad_date" if day.strip() else "required"))
        elif not today < on <= today + AHEAD:
            errors.append(FieldError("day", "not_ahead"))
        if errors or on is None:
            raise InvalidInputProblem(*errors)
        words = Words({"line": text.replace("\n", " "), "officer": viewer.officer})
        sealed = sealing.seal_item(opened.case_key, case_id, on.toordinal(), KIND, words)
        reminder = Reminder(case_id, on, sealed)
        if not keep_reminder(self.cases.store, viewer.officer, case_id, reminder, today - STALE):
            raise InvalidInputProblem(FieldError("day", "too_many_reminders", {"limit": str(REMINDERS_MAX)}))
        return on

    def forget(self, viewer: Viewer, case_id: str) -> None:
        """Remove this officer's reminder of a case. Raises NotFoundProblem."""
        self.cases.load(viewer, case_id)
        keep_reminder(self.cases.store, viewer.officer, case_id, None, self.cases.today() - STALE)

    def of(self, viewer: Viewer, case_id: str) -> Noted | None:
        """Return this officer's reminder of a case that they may read."""
        found = next((r for r in read_reminders(self.cases.store, viewer.officer) if r.case_id == case_id), None)
        return self._opened(viewer, found) if found else None

    def due(self, viewer: Viewer) -> tuple[Noted, ...]:
        """Return this officer's reminders that are due today, without cases that they no longer may read."""
        found = reminders_due(self.cases.store, viewer.officer, self.cases.today())
        return tuple(noted for each in found if (noted := self._opened(viewer, each)))

    def _opened(self, viewer: Viewer, reminder: Reminder) -> Noted | None:
        try:
            opened, granted = self.cases.load(viewer, reminder.case_id)
        except (NotFoundProblem, FactsChangedProblem):  # its page says why
            return None
        if not granted.words:
            return None
        n = reminder.day.toordinal()
        try:
            words = json.loads(opening.open_item(opened.case_key, reminder.case_id, n, KIND, reminder.sealed))
        except SealError:
            return None
        return Noted(reminder.case_id, reminder.day, words["line"] if words.get("officer") == viewer.officer else "")
