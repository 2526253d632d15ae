"""Who may see a case, read its words, and do what: the one function every read path asks.

Law 5: the accused never gets the case. Law 2's seed rule: once a unit has it, the coordinator sees the
stage and the clocks, not the words.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from functions.casework.case import CaseHead, Kind, Lift, Mode
from functions.casework.directory.agencies import ROLE_AT, SORTED_ABOVE, Agency, AgencyKind, Directory, Role
from functions.casework.stages import Actor, Duty, Move, Stage, moves_from

SURVEYORS = frozenset({Role.COORDINATOR, Role.INSPECTOR, Role.CENTRE, Role.OVERSEER})


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer's session. ``case_id`` limits it to one case; "" does not. ``hour`` is the epoch hour of the request.
    Without one, no report that waits for its batch is seen."""

    officer: str
    agency: str
    role: Role
    case_id: str = ""
    hour: int = 0


class Rights(NamedTuple):
    """What a viewer may do with one case. ``duty`` is None for a viewer who does not act on it."""

    see: bool
    words: bool
    duty: Duty | None
    moves: tuple[Move, ...]


# Custodians have their own door and need no words of a case; clerks only write reports down and read none.
OUTSIDERS = frozenset({Role.CUSTODIAN, Role.CLERK})
NONE = Rights(see=False, words=False, duty=None, moves=())
# An overseer who only decides on letting the accused read a case needs no other move of OVERSEE.
WHILE_ASKED = frozenset({Move.LIFT, Move.NOTE, Move.UNMASK})


def is_accused(agency: str, about_agency: str, directory: Directory) -> bool:
    """Whether a report about ``about_agency`` must stay hidden from ``agency``.

    True for the accused unit and everything below it. Where an instance's coordinating unit is one of these, the
    instance's sorting desk is accused too: its staff sit there. An accused instance means its sorting desk, its
    coordinating unit and all units below that. An accused centre means the centre alone: somebody must be left to read
    the report. A unit moved out from under the accused, or one that succeeds it, still counts as below it, even after
    the accused has left the directory.
    """
    if not about_agency or agency not in directory.agencies:
        return False
    accused = directory.agencies.get(about_agency)
    if accused and accused.kind is not AgencyKind.UNIT:
        return agency == accused.code or accused.coordinator in directory.shadow(agency)
    return about_agency in shadow_at(agency, directory)


def shadow_at(agency: str, directory: Directory) -> frozenset[str]:
    """Return the agencies whose accusation reaches this one; at an instance's sorting desk those that reach the unit
    whose staff sit there as well."""
    own, staff = directory.shadow(agency), directory.agencies[agency].coordinator
    return own | directory.shadow(staff) if staff in directory.agencies else own


def is_kept_from(agency: str, head: CaseHead, directory: Directory) -> bool:
    """Whether a case must stay hidden from an agency: it is accused, or later words accuse it and nobody has looked."""
    return any(is_accused(agency, code, directory) for code in (head.accused, *head.desk_work.kept_from))


def is_hidden_from(agency: str, head: CaseHead, directory: Directory) -> bool:
    """Whether a case is hidden from an agency now: it is kept from it, or about it and nobody gave it to it. An
    overseer who allows it to read shows nothing and moves nothing: a hand-over does."""
    given = agency in (head.holder, head.desk_work.second)
    about = not given and is_accused(agency, head.about_agency, directory)
    return about or is_kept_from(agency, head, directory)


def first_holder(instance: Agency, about_agency: str, directory: Directory, meant: Collection[str] = ()) -> str:
    """Return the desk that receives a new report: the centre if it sorts for this instance, else ``returned_to``, but
    none that its words may mean (``meant``). Where its words mean all and no level stands above, whoever is not accused
    for certain gets it: a report is nobody's never."""
    accused = (about_agency, *meant)
    above = (instance.parent,) if instance.sorted_by == SORTED_ABOVE else ()
    desks = (*above, returned_to(instance, about_agency, directory), instance.inspectorate)
    open_to = (desk for desk in desks if not any(is_accused(desk, code, directory) for code in accused))
    return next(open_to, instance.parent) or returned_to(instance, about_agency, directory)


def kept_above(
    instance: Agency, about_agency: str, meant: Collection[str], directory: Directory, *, named: bool = False
) -> tuple[str, ...]:
    """Return those of ``meant`` that sort, inspect or stand above, and that the bound accusation does not cover: a case
    that is late would go up to them by itself. With a name in trust (``named``) all of them: a custodian may sit at
    any, and reads no words. Not whoever receives it first, since nobody else is left."""
    desks = (instance.code, instance.inspectorate, instance.parent)
    first, names = first_holder(instance, about_agency, directory, meant), meant if named else ()
    return tuple(
        code
        for code in dict.fromkeys(meant)
        if any(is_accused(d, code, directory) and not is_accused(d, about_agency, directory) for d in (*desks, *names))
        and not is_accused(first, code, directory)
    )


def returned_to(instance: Agency, about_agency: str, directory: Directory) -> str:
    """Return the desk a unit hands a case back to: the coordinator. If the coordinator is accused, the inspectorate; if
    both are, the level above."""
    for candidate in (instance.code, instance.inspectorate):
        if not is_accused(candidate, about_agency, directory):
            return candidate
    return instance.parent


def ladder(head: CaseHead, directory: Directory) -> tuple[str, ...]:
    """Return the desks a late case escalates to, in order: coordinator, inspectorate, level above, as far as they rank
    above the holder. The accused are left out, even if an overseer allowed them to read the case: only a hand-over
    brings it to them. The coordinator is left out of a case *berkadar pengawasan*."""
    instance = directory.agencies[head.instance]
    desks = list(dict.fromkeys((instance.code, instance.inspectorate, instance.parent)))
    above = desks[desks.index(head.holder) + 1 :] if head.holder in desks else desks
    out = {"", instance.code} if head.oversight else {""}
    fit = (d for d in above if d not in out and not is_accused(d, head.about_agency, directory))
    return tuple(d for d in fit if not is_kept_from(d, head, directory))


def upward(head: CaseHead, directory: Directory) -> str:
    """Return the desk above the holder, for an officer with a stake in the case; "" if there is none."""
    return next(iter(ladder(head, directory)), "")


def stranded_to(head: CaseHead, directory: Directory) -> str:
    """Return the desk a case moves to if its holder has left the directory or is now accused by it; "" if the holder
    may keep it. Either happens when the tree of agencies changes."""
    if head.holder in directory.agencies and not is_kept_from(head.holder, head, directory):
        return ""
    instance = directory.agencies[head.instance]
    if head.oversight:
        return instance.parent if is_hidden_from(instance.inspectorate, head, directory) else instance.inspectorate
    desk = returned_to(instance, head.about_agency, directory)
    return next(iter(ladder(head, directory)), instance.parent) if is_hidden_from(desk, head, directory) else desk


def lift_decider(head: CaseHead, directory: Directory) -> str:
    """Return the agency whose overseer decides whether the accused may read a case: the instance, or the level above if
    the case is kept from the instance. "" if there is no such agency, or nobody is accused."""
    if head.about_agency not in directory.agencies:
        return ""
    instance = directory.agencies[head.instance]
    above = [directory.agencies[code] for code in (instance.code, instance.parent) if code]
    fit = (a.code for a in above if a.kind in ROLE_AT[Role.OVERSEER])
    fit = (code for code in fit if not is_accused(code, head.about_agency, directory))
    return next((code for code in fit if not is_kept_from(code, head, directory)), "")


def transfer_targets(head: CaseHead, directory: Directory) -> Iterator[Agency]:
    """Yield the agencies that a sorting desk may transfer a case to. The centre may transfer to any other instance with
    a desk for the case, an instance to the centre above it. A case *berkadar pengawasan* stays with the
    inspectorate."""
    holder = directory.agencies.get(head.holder)
    if head.oversight or holder is None:
        return
    if holder.kind is AgencyKind.CENTRE:
        others = (instance for instance in directory.instances() if instance.code != head.instance)
        yield from (instance for instance in others if transferred_to(instance, head, directory))
        return
    above = directory.agencies.get(directory.agencies[head.instance].parent)
    if above and not is_kept_from(above.code, head, directory):
        yield above


def transferred_to(instance: Agency, head: CaseHead, directory: Directory) -> str:
    """Return the desk that receives a case transferred to this instance; "" if every desk there is accused."""
    desk = returned_to(instance, head.accused, directory)
    return "" if is_kept_from(desk, head, directory) else desk


def may_receive(agency: str, head: CaseHead, directory: Directory) -> bool:
    """Whether a case may be handed to this agency."""
    target = directory.agencies.get(agency)
    if target is None or is_accused(agency, head.accused, directory):
        return False
    if head.oversight and agency not in (head.instance, directory.agencies[head.instance].inspectorate):
        return False
    if target.kind is AgencyKind.UNIT:
        return head.instance in directory.lineage(agency)
    return target.kind is AgencyKind.INSTANCE and target.code == head.instance


def may_assist(agency: str, head: CaseHead, directory: Directory) -> bool:
    """Whether an agency may work on a case beside its holder: both are units, and the case could be handed to it. No
    agency may assist on a case *berkadar pengawasan*."""
    holder, other = directory.agencies.get(head.holder), directory.agencies.get(agency)
    if holder is None or other is None or holder == other or head.oversight:
        return False
    units = holder.kind is AgencyKind.UNIT and other.kind is AgencyKind.UNIT
    return units and may_receive(agency, head, directory)


def assisting(head: CaseHead, directory: Directory) -> str:
    """Return the second unit of a case; "" if there is none, or it may no longer assist."""
    return head.desk_work.second if may_assist(head.desk_work.second, head, directory) else ""


def rights(viewer: Viewer, head: CaseHead, directory: Directory) -> Rights:
    """Return what this viewer may see and do with this case now. An overseer stands at an agency that sorts. They see
    only late cases that escalated to their agency, and cases they have to decide on."""
    if not lets_in(viewer, head, directory):
        return NONE
    holds = viewer.agency == head.holder and viewer.role is not Role.OVERSEER
    if holds and not head.shredded:
        duty = Duty.SORT if viewer.role in (Role.COORDINATOR, Role.CENTRE) else Duty.ANSWER
        moves = moves_from(head.stage, Actor.OFFICER, duty)
        closed = _not_now(head, directory)
        return Rights(see=True, words=True, duty=duty, moves=tuple(move for move in moves if move not in closed))
    late = _went_up_to(viewer, head, directory)
    asked = _decides(viewer, head)
    if late or asked:
        moves = moves_from(head.stage, Actor.OFFICER, Duty.OVERSEE)
        moves = tuple(m for m in moves if (late or m in WHILE_ASKED) and (asked or m is not Move.LIFT))
        return Rights(see=True, words=True, duty=Duty.OVERSEE, moves=moves)
    if viewer.agency == assisting(head, directory) and viewer.role is not Role.OVERSEER:
        moves = moves_from(head.stage, Actor.OFFICER, Duty.ASSIST)
        return Rights(see=True, words=True, duty=Duty.ASSIST, moves=moves)
    if holds or (viewer.role is Role.COORDINATOR and viewer.agency == head.instance):
        return Rights(see=True, words=False, duty=None, moves=())
    return NONE


def _not_now(head: CaseHead, directory: Directory) -> set[Move]:
    """Return the holder's moves that the stage allows but this case does not."""
    closed = {Move.EXTEND} if head.clock.extended else set()
    if head.reporter.mode is not Mode.RAHASIA:
        closed.add(Move.CUSTODIAN)
    if not upward(head, directory):
        closed.add(Move.RECUSE)
    inspectorate = directory.agencies[head.instance].inspectorate
    taken = head.oversight or head.holder == inspectorate or head.kind is not Kind.PENGADUAN
    if taken or is_accused(inspectorate, head.accused, directory):
        closed.add(Move.OVERSIGHT)
    waits = head.lift.state is Lift.ASKED and head.lift.by in directory.agencies
    waits = waits and not is_kept_from(head.lift.by, head, directory)  # else nobody could ever decide
    if waits or head.lift.state in (Lift.OBJECTED, Lift.LIFTED) or not lift_decider(head, directory):
        closed.add(Move.LIFT)
    if next(transfer_targets(head, directory), None) is None:
        closed.add(Move.TRANSFER)
    from functions.casework.publication import clearable  # noqa: PLC0415 - only once a case is read

    if not clearable(head, directory):
        closed.add(Move.PUBLISH)
    units = directory.units(head.instance) if directory.agencies[head.holder].kind is AgencyKind.UNIT else ()
    if not head.desk_work.second and not any(may_assist(unit.code, head, directory) for unit in units):
        closed.add(Move.SECOND)
    return closed


def _went_up_to(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether the case is late and has escalated to this viewer's agency."""
    if not head.escalation.steps or not head.open or head.shredded:
        return False
    return viewer.agency in ladder(head, directory)[: head.escalation.steps]


def _decides(viewer: Viewer, head: CaseHead) -> bool:
    """Whether this viewer is the overseer who decides on letting the accused read the case."""
    asked = head.lift.state is Lift.ASKED and head.open and not head.shredded
    return asked and viewer.role is Role.OVERSEER and viewer.agency == head.lift.by


def lets_in(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether this viewer may see the case at all. Outsiders, the accused and officers with a declared stake may not,
    nor a session limited to another case; nobody before the hour of its batch. Nobody sees a case of an instance that
    the directory does not have."""
    if waits(viewer, head) or viewer.role in OUTSIDERS or viewer.officer in head.desk_work.recused:
        return False
    if viewer.case_id not in ("", head.case_id):
        return False
    known = viewer.agency in directory.agencies and head.instance in directory.agencies
    return known and not is_hidden_from(viewer.agency, head, directory)


def waits(viewer: Viewer, head: CaseHead) -> bool:
    """Whether a report still waits for its batch, so that no officer sees it yet."""
    return head.visible_from > viewer.hour


def may_list(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether a case appears in this viewer's inbox."""
    return rights(viewer, head, directory).see


def instance_kept_by(viewer: Viewer, directory: Directory) -> str:
    """Return the instance whose reply templates and directory this officer edits: a coordinator's own. "" for other
    officers, and in a session limited to one case."""
    here = directory.agencies.get(viewer.agency)
    keeps = viewer.role is Role.COORDINATOR and not viewer.case_id
    return here.code if here and keeps and here.kind is AgencyKind.INSTANCE else ""


def reporter_moves(head: CaseHead) -> tuple[Move, ...]:
    """Return what the reporter may do now. A confirmed case is over. A case reopened once can only be appealed.
    Withdrawing deletes, so it is possible as long as there is something to delete."""
    if head.shredded:
        return ()
    moves = moves_from(head.stage, Actor.REPORTER)
    if head.lift.state is not Lift.ASKED:
        moves = tuple(move for move in moves if move is not Move.OBJECT)
    if head.stage is not Stage.SELESAI:
        return moves
    if head.closing.confirmed:
        return (Move.WITHDRAW,)
    once = Move.REOPEN if head.history.reopened == 0 else Move.APPEAL
    return (Move.CONFIRM, Move.WITHDRAW) if head.history.appealed else (Move.CONFIRM, once, Move.WITHDRAW)


def surveyed(viewer: Viewer, directory: Directory) -> tuple[str, ...]:
    """Return the instances whose figures this viewer may read, in order. Coordinator, inspectorate and overseer read
    their own instance; the centre reads those below it. A session limited to one case reads none."""
    here = directory.agencies.get(viewer.agency)
    if here is None or viewer.role not in SURVEYORS or viewer.case_id:
        return ()
    if here.kind is AgencyKind.CENTRE:
        return tuple(instance.code for instance in directory.instances() if instance.parent == here.code)
    own = directory.instance_of(here.code)
    if own is None or here.code not in (own.code, own.inspectorate):
        return ()
    return (own.code,)
