"""A case whose reporter accuses somebody only in later words: from then on it is kept from them (law 5).

Nobody is taken off by words: this only narrows who may read a case. A person who hands it to one of them, having read
why (``given_to``), gives it back.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from functions.casework.access import is_accused, is_hidden_from, kept_above, ladder
from functions.casework.case import CaseHead, Escalation
from functions.casework.case_changes import handed_to, with_second
from functions.casework.deadlines.clocks import Deadlines, run_clock
from functions.casework.directory.agencies import AgencyKind, Directory
from functions.casework.report import accusing
from functions.casework.stages import CLOSED, Stage
from functions.casework.understanding.accused import Accusation, Complaint, Kept, accused_of
from functions.casework.understanding.said import what_is_said

UNMOVED = CLOSED | {Stage.DITERIMA, Stage.BANDING}  # on a sorting desk, or over: another desk changes no stage
ENDS = (".", "!", "?")
_THEY = re.compile(
    r"\b(?:mereka|(?:petugas|ptgs|pegawai|teknisi|tukang|staf|satpam)\w*|(?:kantor|dinas)(?:nya| itu| tersebut)|"
    r"(?:orang|org|urang|wong)(?:\s\w+){0,2}\s(?:kantor|dinas))\b",
    re.IGNORECASE,
)
_PAYMENT = re.compile(
    r"\b(?:harus|hrs|hrus|wajib|wjb|mesti|kudu|(?:di)?suruh|(?:di)?minta)\s(?:\w+\s)?(?:di|mem)?(?:bayar|byr)\b|"
    r"\b(?:bayar|byr)\s(?:dulu|dl|dlu)\b",
    re.IGNORECASE,
)


def newly_accused(
    text: str, before: str, directory: Directory, instance: str, holder: str = "", *, accusing: bool = False
) -> tuple[Accusation, ...]:
    """Return whom later words accuse: by themselves, or read on from the words ``before`` them, if these alone do not.
    "" before them where they cannot be read. Staff of nobody named ("petugasnya") are those of the unit that holds the
    case (``holder``), whatever its subject says. In a case that tells of conduct, or is ``accusing`` already, an office
    that they only point to did it: "orang pu yang minta"."""
    said = what_is_said(text, directory, instance)
    alone = said.accused
    theirs = said.complaint.unnamed or (not accusing and _is_theirs(text, said.complaint))
    inspects = holder == directory.agencies[instance].inspectorate  # there "they" are whom a case accuses
    unit = holder in directory.agencies and directory.agencies[holder].kind is AgencyKind.UNIT  # or removed
    if theirs and unit and not (inspects and accusing):
        alone = (*alone, Accusation(holder, "", sure=False))
    pointed, earlier = said.complaint.pointed, what_is_said(before, directory, instance) if before.strip() else None
    known = {each.agency for each in alone}
    if pointed.to and (accusing or pointed.did or said.complaint.told or (earlier and earlier.complaint.told)):
        alone += tuple(Accusation(code, "", sure=False) for code in pointed.to if code not in known)
        known |= {*pointed.to}
    if earlier is None:
        return alone
    joined = before + ("\n" if before.rstrip().endswith(ENDS) else " ") + text
    aside = frozenset() if said.complaint.told else pointed.aside
    found = what_is_said(joined, directory, instance).accused
    more = [each for each in found if each.agency not in known and each.agency not in aside]
    told = accused_of(earlier.accused) if more else ()  # a reading is what costs
    return (*alone, *(each for each in more if each.agency not in told))


def newly_accused_of_any(
    text: str,
    before: str,
    directory: Directory,
    governments: Collection[str],
    holder: str = "",
    *,
    accusing: bool = False,
) -> tuple[Accusation, ...]:
    """Return ``newly_accused`` for each of a case's governments (``CaseHead.governments``, the one that has it first):
    what an office is called is a government's own, and its custodians stay those of the first. Nobody named is of the
    unit that has the case, whatever another government's offices are called. One that was retired accuses nobody."""
    found: dict[str, Accusation] = {}
    for instance in governments:
        if instance in directory.agencies:
            for each in newly_accused(text, before, directory, instance, holder, accusing=accusing):
                found.setdefault(each.agency, each)
        holder = ""
    return tuple(found.values())


def _is_theirs(text: str, said: Complaint) -> bool:
    """Whether a deed is told, or payment is asked for, and only "they" did it: to the writer those who work on it."""
    sure = any(each.sure and not each.undone for each in said.whom)
    return not sure and _THEY.search(text) is not None and (said.harm or _PAYMENT.search(text) is not None)


def accuses(head: CaseHead) -> bool:
    """Whether a case accuses anybody already, or is kept from somebody."""
    return bool(head.accused or head.desk_work.kept_from)


def kept_away(head: CaseHead, kept: Kept, directory: Directory, *, bind: bool) -> CaseHead:
    """Return the head hidden from all that ``kept`` means, on another desk if its holder is one of them.

    ``bind``: the facts of the case are proven, so that whom it is about can be bound into its seal; a case that already
    accuses somebody keeps that, and whoever cannot be bound stands in ``kept_from``. If no other desk is left, it stays
    with its holder, who must be able to read it.
    """
    unbound = head
    if bind and kept.about and not head.about_agency:
        head = replace(head, about_agency=kept.about)
    meant = [code for code in kept.meant if not is_accused(code, head.about_agency, directory)]
    if _is_one_of(head.desk_work.second, kept.meant, directory):
        head = with_second(head, "")
    head = keeping_from(head, meant)
    if not _is_one_of(head.holder, kept.meant, directory):
        return gone_up(unbound, head, directory)
    desk = next(_other_desks(head, directory), "")
    if not desk:
        left = with_second(unbound, head.desk_work.second)
        return keeping_from(left, _without(kept.meant, (head.holder,), directory))
    unit = directory.agencies[head.holder].kind is AgencyKind.UNIT
    moved = handed_to(head, desk)
    stays = head.stage in UNMOVED - ({Stage.DITERIMA} if unit else set())
    return moved if stays else replace(moved, stage=Stage.DIALIHKAN)


def kept_from_custodians(head: CaseHead, report: Mapping[str, str], directory: Directory) -> CaseHead:
    """Return the head of a case whose name its reporter left after the report, kept from the units that its words
    (``report``) may mean, as on arrival (``access.kept_above``): a custodian may sit at any. Not from those that work
    on it, since a person gave it to them. Desks that sort, inspect or stand above were decided on when it came in."""
    keeps = directory.agencies.get(head.entrusted_to)  # custodians stay those of whom it came to first
    if keeps is None:
        return head
    said = what_is_said(accusing(report), directory, keeps.code, head.topic)
    whom = keeps, head.about_agency, accused_of(said.accused), directory
    desks, work = kept_above(*whom), (head.holder, head.desk_work.second)
    units = (code for code in kept_above(*whom, named=True) if code not in desks)
    return keeping_from(head, (code for code in units if not any(is_accused(at, code, directory) for at in work)))


def gone_up(before: CaseHead, after: CaseHead, directory: Directory) -> CaseHead:
    """Return ``after``, which fewer desks may see than ``before``, gone up to none that had not been reached: the next
    one would move into the place of who is out, and read the case with no event that names it."""
    reached = ladder(before, directory)[: before.escalation.steps]
    left = [desk for desk in reached if desk in ladder(after, directory)]
    return after if len(left) == len(reached) else replace(after, escalation=Escalation(len(left), "".join(left[-1:])))


def clock_anew(
    before: CaseHead, after: CaseHead, today: date, deadlines: Deadlines, own: Collection[date] = ()
) -> CaseHead:
    """Return ``after`` with the clock of its new desk, if ``kept_away`` took the case from its holder ``before``: it is
    to be sorted anew, and whom it went up to from the desk of before has it no more."""
    if after.holder == before.holder or not after.open:
        return after
    if after.stage is Stage.DIALIHKAN:
        after = run_clock(replace(after, stage=before.stage), Stage.DIALIHKAN, today, deadlines, own)
        after = replace(after, stage=Stage.DIALIHKAN, clock=replace(after.clock, handed_on=None))
    return replace(after, escalation=Escalation())


def _other_desks(head: CaseHead, directory: Directory) -> Iterator[str]:
    """Yield the desks that a case can go to from its holder: those above, then the others of its instance. A case
    *berkadar pengawasan* goes to no coordinator."""
    instance = directory.agencies[head.instance]
    out = {"", head.holder, instance.code if head.oversight else ""}
    desks = (instance.code, instance.inspectorate, instance.parent)
    yield from ladder(head, directory)
    yield from (desk for desk in desks if desk not in out and not is_hidden_from(desk, head, directory))


def still_kept(head: CaseHead, bound: int, said: Collection[str], directory: Directory) -> bool:
    """Whether a case is kept from all whom words accuse (``said``) that came since its key was wrapped. So many of its
    ``kept_from`` are ``bound`` in that wrap; the others stand in the store alone, where somebody may take them away."""
    work, known = head.desk_work, tuple(code for code in said if code in directory.agencies)
    before = replace(head, desk_work=replace(work, kept_from=work.kept_from[:bound]))
    after = kept_away(before, Kept(meant=known), directory, bind=False)
    more = keeping_from(head, after.desk_work.kept_from)
    return more == head


def given_to(head: CaseHead, agencies: Collection[str], directory: Directory) -> CaseHead:
    """Return the head no longer kept from these agencies: a person gives them the case, knowing what its words say."""
    left = _without(head.desk_work.kept_from, agencies, directory)
    return replace(head, desk_work=replace(head.desk_work, kept_from=tuple(left)))


def keeping_from(head: CaseHead, agencies: Iterable[str]) -> CaseHead:
    """Return the head kept from these agencies as well, behind those of before: a wrap binds the first of them."""
    work = head.desk_work
    return replace(head, desk_work=replace(work, kept_from=tuple(dict.fromkeys((*work.kept_from, *agencies)))))


def _without(codes: Collection[str], agencies: Collection[str], directory: Directory) -> Iterator[str]:
    return (code for code in codes if not any(is_accused(agency, code, directory) for agency in agencies))


def _is_one_of(agency: str, codes: Collection[str], directory: Directory) -> bool:
    return any(is_accused(agency, code, directory) for code in codes)
