"""Who may see a case, read its words, and do what: the one function every read path asks.

Law 5: the accused never gets the case. Law 2's seed rule: once a unit has it, the coordinator sees the
stage and the clocks, not the words.
"""

from dataclasses import dataclass

from functions.casework.agencies import SORTED_ABOVE, Agency, AgencyKind, Directory, Role
from functions.casework.case import CaseHead, Kind
from functions.casework.stages import Actor, Duty, Move, Stage, moves_from


@dataclass(frozen=True, slots=True)
class Viewer:
    """An officer as a session knows him. ``case_id`` confines the session to one case; "" does not."""

    officer: str
    agency: str
    role: Role
    case_id: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """What a viewer may do with one case. ``duty`` is None for someone who only looks on."""

    see: bool
    words: bool
    duty: Duty | None
    moves: tuple[Move, ...]


NONE = Rights(see=False, words=False, duty=None, moves=())


def is_accused(agency: str, about_agency: str, directory: Directory) -> bool:
    """Whether a report about ``about_agency`` must stay hidden from ``agency``.

    True for the accused unit, everything below it, and, where it is an instance's coordinating unit, the
    instance's sorting desk too. An accused instance is its sorting desk and its coordinating unit with all
    below that; an accused centre is the centre alone: somebody must be left to read the report. Who was moved out
    from under the accused counts as below it, also where the accused is in the directory no more.
    """
    if not about_agency or agency not in directory.agencies:
        return False
    accused = directory.agencies.get(about_agency)
    if accused and accused.kind is not AgencyKind.UNIT:
        return agency == accused.code or accused.coordinator in directory.shadow(agency)
    if about_agency in directory.shadow(agency):
        return True
    if accused is None:
        return False
    instance = directory.instance_of(about_agency)
    return instance is not None and instance.coordinator == accused.code and agency == instance.code


def first_holder(instance: Agency, about_agency: str, directory: Directory) -> str:
    """On whose desk a new report lies: the centre's, where it sorts first; or the one it is ``returned_to``."""
    if instance.sorted_by == SORTED_ABOVE and not is_accused(instance.parent, about_agency, directory):
        return instance.parent
    return returned_to(instance, about_agency, directory)


def returned_to(instance: Agency, about_agency: str, directory: Directory) -> str:
    """Whom a unit hands back what is not its own to: the instance's coordinator, or, where he is accused, the
    inspectorate; where that is accused too, the level above."""
    for candidate in (instance.code, instance.inspectorate):
        if not is_accused(candidate, about_agency, directory):
            return candidate
    return instance.parent


def ladder(head: CaseHead, directory: Directory) -> tuple[str, ...]:
    """Whom a late case goes up to, step by step: of the coordinator, the inspectorate and the level above those that
    stand above who holds it. Never the accused; nor the coordinator where it is *berkadar pengawasan*."""
    instance = directory.agencies[head.instance]
    desks = list(dict.fromkeys((instance.code, instance.inspectorate, instance.parent)))
    above = desks[desks.index(head.holder) + 1 :] if head.holder in desks else desks
    out = {"", instance.code} if head.oversight else {""}
    return tuple(d for d in above if d not in out and not is_accused(d, head.accused, directory))


def upward(head: CaseHead, directory: Directory) -> str:
    """The desk above the one that holds a case, for an officer who has a stake in it; "" where there is none."""
    return next(iter(ladder(head, directory)), "")


def stranded_to(head: CaseHead, directory: Directory) -> str:
    """Where a case belongs whose holder is in the directory no more, or has come to be accused by it since the tree was
    changed; "" where its holder may keep it."""
    if head.holder in directory.agencies and not is_accused(head.holder, head.accused, directory):
        return ""
    instance = directory.agencies[head.instance]
    if head.oversight:
        accused = is_accused(instance.inspectorate, head.accused, directory)
        return instance.parent if accused else instance.inspectorate
    return returned_to(instance, head.accused, directory)


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


def rights(viewer: Viewer, head: CaseHead, directory: Directory) -> Rights:
    """What this viewer may see and do with this case, now. An overseer stands at an agency that sorts, and sees only
    what is late and went up to it."""
    if not _lets_in(viewer, head, directory):
        return NONE
    holds = viewer.agency == head.holder and viewer.role is not Role.OVERSEER
    if holds and not head.shredded:
        duty = Duty.SORT if viewer.role in (Role.COORDINATOR, Role.CENTRE) else Duty.ANSWER
        moves = moves_from(head.stage, Actor.OFFICER, duty)
        closed = _not_now(head, directory)
        return Rights(see=True, words=True, duty=duty, moves=tuple(move for move in moves if move not in closed))
    late = head.escalated and head.open and not head.shredded
    if late and viewer.agency in ladder(head, directory)[: head.escalated]:
        moves = moves_from(head.stage, Actor.OFFICER, Duty.OVERSEE)
        return Rights(see=True, words=True, duty=Duty.OVERSEE, moves=moves)
    if holds or (viewer.role is Role.COORDINATOR and viewer.agency == head.instance):
        return Rights(see=True, words=False, duty=None, moves=())
    return NONE


def _not_now(head: CaseHead, directory: Directory) -> set[Move]:
    """Moves of its holder that the stage allows and this case does not."""
    closed = {Move.EXTEND} if head.extended else set()
    if not upward(head, directory):
        closed.add(Move.RECUSE)
    inspectorate = directory.agencies[head.instance].inspectorate
    taken = head.oversight or head.holder == inspectorate or head.kind is not Kind.PENGADUAN
    if taken or is_accused(inspectorate, head.accused, directory):
        closed.add(Move.OVERSIGHT)
    return closed


def _lets_in(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Custodians have a door of their own and no business with the words; a session may be confined to one case; the
    accused is out, and who declared a stake in it."""
    if viewer.role is Role.CUSTODIAN or viewer.officer in head.recused:
        return False
    if viewer.case_id not in ("", head.case_id):
        return False
    return viewer.agency in directory.agencies and not is_accused(viewer.agency, head.accused, directory)


def may_list(viewer: Viewer, head: CaseHead, directory: Directory) -> bool:
    """Whether a case appears in this viewer's inbox."""
    return rights(viewer, head, directory).see


def instance_kept_by(viewer: Viewer, directory: Directory) -> str:
    """The instance whose reply templates and directory this officer keeps: its coordinator's, unless his session is
    confined to a case; "" for anybody else."""
    here = directory.agencies.get(viewer.agency)
    keeps = viewer.role is Role.COORDINATOR and not viewer.case_id
    return here.code if here and keeps and here.kind is AgencyKind.INSTANCE else ""


def reporter_moves(head: CaseHead) -> tuple[Move, ...]:
    """What the reporter may do now. A confirmed case is over; one reopening, then only the appeal. Withdrawing,
    which deletes, is possible as long as there is something to delete."""
    if head.shredded:
        return ()
    moves = moves_from(head.stage, Actor.REPORTER)
    if head.stage is not Stage.SELESAI:
        return moves
    if head.confirmed:
        return (Move.WITHDRAW,)
    once = Move.REOPEN if head.reopened == 0 else Move.APPEAL
    return (Move.CONFIRM, Move.WITHDRAW) if head.appealed else (Move.CONFIRM, once, Move.WITHDRAW)
