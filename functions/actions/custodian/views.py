"""What custodians and overseers see: the requests that wait, and one identity.

Tests: ``tests/actions/test_custody.py``, ``tests/doors/test_custody.py``.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from functions.actions.common.custodian_wish import Wish
from functions.casework.access import Viewer
from functions.casework.consent.identity_request import Request
from functions.casework.sealed_identity import Identity, ReadStep, TrustState


class Pending(NamedTuple):
    """A waiting request, and whose agency asked. ``opens_on`` is the day from which silence no longer hinders it: None
    if it names no danger, so that it waits for the reporter's yes.

    ``mine`` says that this officer's own agency asked, so that another has to decide.
    """

    case_id: str
    on: date
    request: Request
    opens_on: date | None
    mine: bool


@dataclass(frozen=True, slots=True, repr=False)
class CustodyView:
    """An identity as a custodian or overseer sees it.

    ``name`` and ``contact`` are None until two have opened it, and for everybody else. ``actions`` are some of ``ask``,
    ``refuse``, ``open``, ``endorse``; ``may_name_danger`` says that a request may name one. ``request`` is the one that
    waits, ``opens_on`` as in ``Pending``. ``readable_until`` is set if this custodian may read, or might until then.
    ``wish`` is what the handlers of the case asked of the custodians.

    ``split``: only two custodians' browsers open the name. ``part`` is what this custodian's browser may do with shares
    then: ``pass`` theirs on, ``read``, or "". ``passed``: shares of the request that waits were passed on.
    """

    case_id: str
    state: TrustState
    steps: tuple[ReadStep, ...]
    actions: tuple[str, ...]
    may_name_danger: bool
    request: Request | None
    opens_on: date | None
    name: str | None
    contact: str | None
    readable_until: date | None
    wish: Wish | None
    split: bool = False
    part: str = ""
    passed: bool = False


def own_part(viewer: Viewer, identity: Identity, request: Request | None, *, reads: bool) -> str:
    """Return what this custodian's browser may do with their share now: ``pass`` it on, ``read``, or ""."""
    if not identity.split:
        return ""
    if request:
        return "pass" if request.by == viewer.officer else ""
    return "read" if reads else ""
