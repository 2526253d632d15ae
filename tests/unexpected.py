"""A door that met what nobody foresaw fails the test in which it did so, whether or not the test looked at the answer.

``functions.config.logs`` is where all of it passes: what an error page hides, what escaped an app, a thread that died. A
test that breaks something on purpose says so with ``@pytest.mark.breaks``.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

EVENTS = frozenset({"unexpected", "escaped", "uncaught", "uncaught_in_thread"})


class Noted(logging.Filter):
    """Notes what was unexpected, and lets everything pass. A filter of the logger outlives a change of handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def filter(self, record: logging.LogRecord) -> bool:
        said = getattr(record, "lapor", {})
        if said.get("event") in EVENTS:
            self.lines.append(json.dumps(said))
        return True


@contextmanager
def noted() -> Iterator[list[str]]:
    """What this process's doors log as unexpected meanwhile."""
    logger, each = logging.getLogger("lapor"), Noted()
    logger.addFilter(each)
    try:
        yield each.lines
    finally:
        logger.removeFilter(each)


def among(lines: Iterable[str]) -> list[str]:
    """The lines of a product's log that tell of something unexpected."""
    return [line for line in lines if any(f'"event": "{event}"' in line for event in EVENTS)]
