"""When a place's yearly measures are published anew, so that comparing editions reveals nothing about few cases.

The years of two editions overlap in all but a few months. If medians and shares were renewed each month, only the few
reports that came, were closed or left in between would move them. Of three new ones, a rising share reveals that at
least one was on time. So they stay until enough is new: at least ``SMALL`` reports came in and as many were closed
since the measures were counted. Both are worked out from printed counts, as everybody can. So the renewal reveals
nothing that those do not. A correction renews none.

Nobody can work out whether enough cases of a topic or district were closed, since no table publishes it. There the
instance's count decides, and an attacker cannot tell that fewer of them changed.
"""

from collections.abc import Mapping
from dataclasses import replace

from functions.casework.barometer.disclosure import SMALL
from functions.casework.barometer.edition import Edition, Month, Place, Published
from functions.casework.barometer.published_measures import Known

COUNTS = ("received", "closed", "open")  # of the month: new in each edition, and audited
COMPARED = ("index", "group", "standing")  # calculated from what is published, whenever that was counted


def measured_of(place: Place, edition: Edition) -> str:
    """Return the month through which a place's measures in an edition were counted."""
    return place.measured or edition.month


def enough(since: Known) -> bool:
    """Tell whether enough is new to renew the measures."""
    return min(since) >= SMALL


def tells(place: Place) -> bool:
    """Tell whether any median or share of a place is published."""
    return any(_measures(place.values).values()) or bool(place.curve or place.closings)


def kept(place: Place, before: Place, measured: str) -> Place:
    """Return the place with its former measures, counted through that month."""
    values = {**place.values, **_measures(before.values)}
    return replace(place, values=values, curve=before.curve, closings=before.closings, measured=measured)


def corrected(place: Place, former: Place, measured: str) -> Place:
    """Return the place of a corrected month with the measures, and the month's share on time, of the corrected
    edition."""
    last = former.months[-1].on_time if former.months else None
    months = tuple(Month(each.month, each.received, each.closed, last) for each in place.months)
    return replace(kept(place, former, measured), months=months)


def _measures(values: Mapping[str, Published]) -> dict[str, Published]:
    return {name: value for name, value in values.items() if name not in COUNTS + COMPARED}
