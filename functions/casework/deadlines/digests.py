"""When an officer's mail leaves: in one digest on working days, at the hour they chose, or at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from functions.casework.deadlines.workdays import is_workday

HOUR = 3600
HOURS = (7, 9, 12, 15)  # 9 and 15 follow the batches of the default settings by an hour


class Pace(StrEnum):
    """What leaves at once: only what is urgent or the officer's alone, everything, or nothing but danger to a life."""

    DIGEST = "digest"
    ALL = "all"
    ONLY = "only"


class Choice(NamedTuple):
    """How an officer wants their mail. ``hour`` (0-23) is that of their digest in local time."""

    pace: Pace = Pace.DIGEST
    hour: int = 9


STANDARD = Choice()


@dataclass(frozen=True, slots=True)
class Digests:
    """``standard`` is the choice of officers who made none. ``waits``: a digest waits for its hour; without, each
    notice leaves as a digest of its own. ``holidays`` are the days off beside the national ones."""

    standard: Choice = STANDARD
    waits: bool = True
    timezone: str = "Asia/Makassar"
    holidays: Collection[date] = ()

    def next(self, choice: Choice, hour: int) -> int:
        """Return the epoch hour of the first digest after an epoch hour. Never the same hour: what a digest tells is
        settled once its hour begins, so that it can be told once, whatever happens meanwhile."""
        local = self.local(hour + 1)
        day = local.date() + timedelta(days=local.hour > choice.hour)
        while not is_workday(day, self.holidays):
            day += timedelta(days=1)
        moment = datetime.combine(day, time(choice.hour), ZoneInfo(self.timezone))
        return int(moment.timestamp()) // HOUR

    def leaves(self, choice: Choice, hour: int) -> bool:
        """Tell whether the digest of an epoch hour is for somebody of this choice. Who wants everything at once gets
        with the next digest what still waits for one."""
        return choice.pace is Pace.ALL or self.local(hour).hour == choice.hour

    def works(self, hour: int) -> bool:
        """Tell whether an epoch hour is on a working day."""
        return is_workday(self.local(hour).date(), self.holidays)

    def local(self, hour: int) -> datetime:
        """Return the local time at which an epoch hour begins."""
        return datetime.fromtimestamp(hour * HOUR, UTC).astimezone(ZoneInfo(self.timezone))


AT_ONCE = Digests(Choice(Pace.ALL))
