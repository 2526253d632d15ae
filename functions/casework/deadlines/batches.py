"""When officers learn of a report that accuses, entrusts a name, or is about a sensitive topic: in batches at fixed
hours. Until then no mail leaves and no list, page or figure shows it, so that nobody can tell when its reporter
wrote."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.casework.case import CaseHead, Mode
from functions.casework.directory.agencies import Directory

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Batches:
    """The fixed ``hours`` (0-23) of the local day in ``timezone``. ``now`` gives epoch seconds."""

    directory: Directory
    hours: Collection[int]
    timezone: str
    now: Callable[[], int]

    def __call__(self, head: CaseHead, officials: bool) -> int:  # noqa: FBT001 - one of two facts, always said
        """Return the epoch hour from which a report, or what its reporter adds, may be noticed: 0 for at once, or the
        next batch. ``officials``: its sealed words name officials, or a sensitive topic it had. A batch that begins
        this very hour has left already."""
        accuses = head.about_agency or head.desk_work.kept_from
        waits = officials or accuses or head.reporter.mode is not Mode.ANONIM or head.visible_from
        if not self.hours or not (waits or self.directory.sensitive((head.topic,))):
            return 0
        return self.next()

    def next(self) -> int:
        """Return the epoch hour of the next batch."""
        local = datetime.fromtimestamp(self.now(), ZoneInfo(self.timezone)).replace(minute=0, second=0, microsecond=0)
        coming = (local + timedelta(hours=ahead) for ahead in range(1, 25))
        first = next(moment for moment in coming if moment.hour in self.hours)
        return int(first.astimezone(UTC).timestamp()) // HOUR
