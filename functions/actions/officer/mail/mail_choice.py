"""An officer chooses when their mail leaves. The desk keeps the choice by ident; it knows no address.

Tests: ``tests/doors/test_mail_settings.py``.
"""

from dataclasses import dataclass

from functions.casework.access import Viewer
from functions.casework.deadlines.digests import HOURS, STANDARD, Choice, Pace
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.storage.interface import Store
from functions.storage.registers.mail_choices import read_choices, write_choice


@dataclass(frozen=True, slots=True)
class MailChoice:
    """``standard`` is what holds for officers who chose nothing."""

    store: Store
    standard: Choice = STANDARD

    @property
    def hours(self) -> tuple[int, ...]:
        """Return the hours (0-23) that may be chosen."""
        return tuple(sorted({*HOURS, self.standard.hour}))

    def read(self, viewer: Viewer) -> Choice:
        """Return what holds for this officer. Raises StorageError."""
        return read_choices(self.store, viewer.agency).get(viewer.officer, self.standard)

    def choose(self, viewer: Viewer, pace: str, hour: str) -> Choice:
        """Keep a choice and return it. Raises InvalidInputProblem, StorageError."""
        wrong = []
        if pace not in list(Pace):
            wrong.append(FieldError("pace", "unknown"))
        if hour not in map(str, self.hours):
            wrong.append(FieldError("hour", "unknown"))
        if wrong:
            raise InvalidInputProblem(*wrong)
        chosen = Choice(Pace(pace), int(hour))
        write_choice(self.store, viewer.agency, viewer.officer, chosen)
        return chosen
