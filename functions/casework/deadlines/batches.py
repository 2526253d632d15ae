"""When a notice about a sensitive topic may leave: in batches at fixed hours, so that no mail reveals when the reporter
wrote."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.casework.directory.agencies import Directory

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Batches:
    """The fixed ``hours`` (0-23) of the local day in ``timezone``. ``now`` gives epoch seconds."""

    directory: Directory
    hours: Collection[int]
    timezone: str
    now: Callable[[], int]

    def __call__(self, topic: str) -> int:
        """Return the epoch hour from which a notice may leave: 0 for at once, or the next batch for a sensitive topic.
        A batch that begins this very hour has left already."""
        known = self.directory.topics.get(topic)
        if known is None or not known.sensitive or not self.hours:
            return 0
        return self.next()

    def next(self) -> int:
        """Return the epoch hour of the next batch."""
        local = datetime.fromtimestamp(self.now(), ZoneInfo(self.timezone)).replace(minute=0, second=0, microsecond=0)
        coming = (local + timedelta(hours=ahead) for ahead in range(1, 25))
        first = next(moment for moment in coming if moment.hour in self.hours)
        return int(first.astimezone(UTC).timestamp()) // HOUR
