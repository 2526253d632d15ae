"""When a place's measures of a year are told anew, so that nobody learns of few cases by comparing editions.

The years of two editions overlap in all but a few months. Were medians and shares told anew each month, what moved them
would be the few reports that came, were closed or left in between: of three new ones a share that steps up tells that
one at least was on time. So they stand on as they were told until enough is new: at least ``SMALL`` reports came in,
and as many were closed, since the month through which they were counted, by what everybody can work out from printed
counts. Whether they are told anew therefore says nothing that those do not. A correction tells none anew.

That a topic's or a district's closings are enough nobody can work out, since no table tells them: there the
instance's count, and an attacker cannot tell that fewer of them changed.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.casework.barometer.disclosure import SMALL
from functions.casework.barometer.edition import Edition, Month, Place, Published
from functions.casework.barometer.published_measures import Known

COUNTS = ("received", "closed", "open")  # of the month: new in each edition, and audited
COMPARED = ("index", "group", "standing")  # calculated from what is published, whenever that was counted


def measured_of(place: Place, edition: Edition) -> str:
    """The month through which a place's measures in an edition were counted."""
    return place.measured or edition.month


def enough(since: Known) -> bool:
    """Whether so much is new that the measures may be told anew."""
    return min(since) >= SMALL


def tells(place: Place) -> bool:
    """Whether any median or share is told of a place."""
    return any(_measures(place.values).values()) or bool(place.curve or place.closings)


def kept(place: Place, before: Place, measured: str) -> Place:
    """The place with the measures that stood before, counted through that month."""
    values = {**place.values, **_measures(before.values)}
    return replace(place, values=values, curve=before.curve, closings=before.closings, measured=measured)


def corrected(place: Place, former: Place, measured: str) -> Place:
    """The place of a corrected month with the measures, and the month's share on time, of the edition that it
    corrects."""
    last = former.months[-1].on_time if former.months else None
    months = tuple(Month(each.month, each.received, each.closed, last) for each in place.months)
    return replace(kept(place, former, measured), months=months)


def _measures(values: Mapping[str, Published]) -> dict[str, Published]:
    return {name: value for name, value in values.items() if name not in COUNTS + COMPARED}
