"""An instance's figures for officers who oversee, as ``actions.clock.count_figures`` counted them today.

Tests: ``tests/doors/test_figures.py``.
"""

from dataclasses import dataclass
from datetime import date

from functions.casework.access import Viewer, surveyed
from functions.casework.barometer.counts import total
from functions.casework.barometer.measures import Measures, measures
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.figures import Steps, Tally, known_to, requests_known
from functions.casework.problems import NotFoundProblem
from functions.storage.interface import Store
from functions.storage.registers.figures import read_figures

PAGE = 100


@dataclass(frozen=True, slots=True)
class Figures:
    """An instance's figures as one viewer may know them: ``rows`` by agency, most late first. ``on`` is None if nothing
    was counted yet. ``lately`` measures what came in within ``CLOSED_DAYS``, exactly, and is never published.
    ``instances`` are those the viewer may choose among. ``requests`` are those to see masked words, by agency and
    ground (``Ground``), for overseers alone."""

    instance: Agency
    instances: tuple[Agency, ...]
    on: date | None
    rows: tuple[tuple[Agency, Tally], ...]
    total: Tally
    lately: Measures
    requests: tuple[tuple[Agency, str, Steps], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadFigures:
    """Reads what the clock counted, for one viewer."""

    store: Store
    directory: Directory

    def read(self, viewer: Viewer, instance: str = "") -> Figures:
        """Return the figures of an instance, "" for the first that this viewer may see. Raises NotFoundProblem for
        others."""
        allowed = surveyed(viewer, self.directory)
        wanted = instance or next(iter(allowed), "")
        if wanted not in allowed:
            raise NotFoundProblem
        found = read_figures(self.store, wanted)
        on, cells, sums, asked = found or (None, {}, {}, {})
        agencies = self.directory.agencies
        known = known_to(viewer, cells, self.directory)
        lately = known_to(viewer, sums, self.directory)
        rows = [(agencies[code], each) for code, each in known.items() if code in agencies]
        requests = requests_known(viewer, asked, self.directory)
        rows.sort(key=lambda row: (-row[1].late, -row[1].open, row[0].name))
        return Figures(
            agencies[wanted],
            tuple(agencies[code] for code in allowed),
            on,
            tuple(rows),
            sum((each for _, each in rows), Tally()),
            measures(total(lately.values())),
            tuple((agencies[code], ground, requests[code, ground]) for code, ground in sorted(requests)),
        )
