"""The rows in which an audit trail is exported.

Tests: ``tests/actions/test_audit.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from functions.casework.case import Case
from functions.casework.directory.agencies import Role
from functions.casework.sealed_identity import IdentityStep, StepKind
from functions.casework.stages import Actor

DELETED, UNREAD = "deleted", "unreadable"


@dataclass(frozen=True, slots=True)
class TrailRow:
    """An event as it is exported: its facts in clear, and its link in hex.

    A deleted case is one row of kind ``deleted``, with its last link and the day it was closed. A case whose events
    cannot be read is one row of kind ``unreadable``. Steps of an identity have kinds ``identity_asked``,
    ``identity_opened`` and so on, their own numbers, and no link: anchors bind them.
    """

    case_id: str
    n: int
    date: str
    kind: str
    by: str
    officer: str
    agency: str
    stage: str
    chain: str


def rows_of(case: Case) -> Iterator[TrailRow]:
    """Yield the rows of a case."""
    head = case.head
    if head.shredded:
        closed = (head.closing.on or head.received_on).isoformat()
        yield TrailRow(head.case_id, head.version, closed, DELETED, "", "", "", head.stage, head.chain.hex())
    for e in case.events:
        clear = (e.n, e.on.isoformat(), e.kind.value, e.by.value, e.officer, e.agency, e.stage.value, e.chain.hex())
        yield TrailRow(head.case_id, *clear)


def custody_row(case_id: str, step: IdentityStep) -> TrailRow:
    """Return the row of a step of an identity."""
    by = Actor.REPORTER if not step.by else Role.OVERSEER if step.kind is StepKind.ENDORSED else Role.CUSTODIAN
    return TrailRow(case_id, step.n, step.on.isoformat(), f"identity_{step.kind}", by, step.by, step.agency, "", "")
