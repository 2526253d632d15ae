"""Who acts next in the simulated office: how often each, and what becomes of it."""

from collections.abc import Callable

from functions.actions.ops.rotate import RotationError
from functions.casework.problems import Problem
from functions.crypto.errors import KeyringError
from functions.storage.interface import StorageError
from tests.simulation import machines, reporters, staff
from tests.simulation.faults import Died
from tests.simulation.office import Office

REFUSED = (Problem, StorageError, KeyringError, RotationError)
ACTS: dict[Callable[[Office], None], int] = {
    reporters.report: 6,
    reporters.again: 3,
    reporters.writes: 4,
    reporters.attaches: 4,
    reporters.looks: 2,
    reporters.ends: 3,
    reporters.withdraws: 1,
    staff.sorts: 8,
    staff.answers: 8,
    staff.adds: 3,
    staff.opens: 2,
    staff.custodians: 3,
    reporters.name_answered: 2,
    machines.courier: 6,
    machines.clock: 3,
    machines.time_passes: 3,
    machines.rotation: 1,
    machines.deletes_old: 1,
    machines.anchors: 1,
    machines.saves: 1,
    machines.restores: 1,
    machines.mail_stops: 1,
}
FEW = 3  # cases: while there are fewer, most reporters are new
ON_CASES = {reporters.writes, reporters.attaches, reporters.looks, reporters.withdraws, staff.opens}


def step(office: Office) -> str:
    """Let the next one act; return what they did."""
    act = office.random.choices(list(ACTS), list(ACTS.values()))[0]
    if act in ON_CASES and len(office.living()) < FEW:
        act = reporters.report
    office.faults.journal.append(act.__name__)
    try:
        act(office)
    except Died:
        office.did["died"] += 1
        if act is machines.courier:
            office.new_courier()
    except REFUSED:
        office.did["refused"] += 1
    except OSError:  # as ops see it, who run the rotation again
        if act is not machines.rotation:
            raise
        office.did["refused"] += 1
    else:
        office.did[act.__name__] += 1
    return act.__name__
