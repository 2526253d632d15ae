"""What ``doctor`` checks in the store: its tables, the directory, the officers, the outbox, the clocks.

Cases are counted by their heads. None is opened, and no finding reveals one.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from functions.actions.ops.rosters import LEFT, LEFT_DO, rosters_of
from functions.casework.case import CaseHead
from functions.casework.deadlines.escalation import Patience, forgotten
from functions.casework.directory.agencies import AgencyKind, Directory, Officer, Role
from functions.casework.directory.names import name_faults
from functions.casework.directory.staff import staff_faults
from functions.casework.directory.tables import Row
from functions.casework.factors.standing import Policy, Strictness
from functions.casework.linked_systems import linked_agencies
from functions.cli.findings import Finding, fine, look, some, wrong
from functions.cli.seal_check import SealCheck
from functions.crypto.ops.interface import KeyMaker
from functions.storage.interface import OutboxEntry, StorageError, Store
from functions.storage.registers.factors import read_keyring
from functions.storage.registers.linked_systems import read_peer
from functions.storage.registers.staff import Roll

INIT = "run `python -m functions.cli init`"
DAY_HOURS = 24
PAGE = 100
ADDRESS = re.compile(r"\S+@\S+")  # what doctor prints is pasted into tickets
# Who reads a unit's mail: custodians and overseers get no notices of its cases.
ANSWERS = frozenset({Role.OFFICER, Role.INSPECTOR})


def schema(store: Store) -> Finding:
    """Check whether the store answers and has this release's tables."""
    try:
        missing = store.unprepared()
    except StorageError as error:
        return wrong(f"store: out of reach ({error}); look whether its disk, or its network, is there.")
    if "newer release" in missing:
        return wrong(f"store: {missing}; install that release again.")
    if missing:
        return wrong(f"store: {missing}; run `python -m functions.cli init`.")
    return fine("store: answers, and its tables are those of this release.")


def register(version: int, file: str, instances: int) -> Finding:
    """Report where the directory is kept. ``version`` 0: the file counts."""
    if version:
        return fine(f"directory: version {version} of the store's register, with {instances} instances.")
    return fine(
        f"directory: {file}, with {instances} instances; nothing was imported, and an edited file counts from the "
        "next start."
    )


def names(directory: Directory) -> list[Finding]:
    """Check whether reporters can tell by their names whom they report: an older release let one name stand twice."""
    return [
        wrong(f"directory: {fault}; reporters choose whom they report by it: give it another, and import agencies.csv.")
        for fault in name_faults(Directory({}, {}, {}), replace(directory, former=()))
    ]


def staff(directory: Directory, officers: Sequence[Officer]) -> list[Finding]:
    """Check whether every government has the staff it needs, and every unit somebody who reads its mail."""
    agencies = {agency.code: (agency, Row({}, "", 0)) for agency in directory.agencies.values()}
    named = {officer.ident: (officer, Row({}, "", 0)) for officer in officers}
    found = [
        wrong(f"officers: {ADDRESS.sub('one address', fault.text)}.")
        for fault in staff_faults(named, agencies, directory.agencies, whole=True)
    ]
    answering = {officer.agency for officer in officers if officer.role in ANSWERS}
    units = [agency for agency in directory.agencies.values() if agency.kind is AgencyKind.UNIT]
    if silent := [unit.code for unit in units if unit.code not in answering]:
        found.append(
            wrong(
                f"officers: {len(silent)} units have nobody who answers ({some(silent)}); what is handed to them is "
                "told to nobody: add officers, and import officers.csv."
            )
        )
    return found or [fine(f"officers: {len(officers)}; every government and every unit has those it needs.")]


def roll(known: Roll, officers: Sequence[Officer]) -> Finding:
    """Check whether the desk knows who works where: a register without addresses, written with the officers'."""
    if known.version and known.same_as(officers):
        return fine("staff: the desk knows who works where, without addresses.")
    what = "is not the officers' any more" if known.version else "is not there yet, as in a store of an older release"
    return look(f"staff: the register {what}, so the desk does not know who works where; {INIT}.")


def second_factors(store: Store, officers: Sequence[Officer], policy: Policy, today: date) -> list[Finding]:
    """Check who has no second factor beside the mailed link, and whether the setting asks for one."""
    found = []
    if policy.strictness is not Strictness.REQUIRED:
        what = "nobody must have a second factor" if policy.strictness is Strictness.OFF else "everybody has a grace"
        found.append(look(f"second factor: SECOND_FACTOR is {policy.strictness}, so {what}; set required."))
    without: list[str] = []
    over: list[str] = []
    for officer in officers:
        realm = "custody" if officer.role is Role.CUSTODIAN else ""
        keyring = read_keyring(store, realm, officer.agency, officer.ident)
        if keyring.factors:
            continue
        since = f" since {keyring.since.isoformat()}" if keyring.since else ""
        last = policy.last_day(officer.role, keyring, today)
        (over if keyring.since and last and last < today else without).append(f"{officer.ident}{since}")
    if over:
        found.append(look(f"second factor: the grace of {len(over)} is over, and they have none: {some(over)}."))
    if without:
        found.append(look(f"second factor: {len(without)} have none: {some(without)}; `factors list` says since when."))
    return found or [fine("second factor: everybody has one, and none is let in without.")]


def rosters(store: Store, keys: KeyMaker, directory: Directory, officers: Sequence[Officer]) -> Iterator[Finding]:
    """Check whether names are split over today's custodians, where an instance has a roster of them."""
    for instance in directory.instances():
        known = rosters_of(store, keys, instance.code, directory, officers)
        if known.standing() is None:
            continue
        left = known.left()
        if left:
            yield wrong(f"custodians of {instance.code}: {LEFT}: {some(left)}. {LEFT_DO}")
        else:
            yield fine(f"custodians of {instance.code}: each of the roster has their seat today.")
        if count := _unsplit(store, instance.code):
            yield look(
                f"custodians of {instance.code}: {count} names are not split, so the custody door alone can open them; "
                f"`keys rotate --purpose identity --instance {instance.code}` splits them, in the cloud "
                "`make rotate-keys PURPOSE=identity`."
            )


def _unsplit(store: Store, instance: str) -> int:
    """Return how many names of an instance are on the older path: left before its roster, or by a page of before."""
    count, after, more = 0, "", True
    while more:
        found, after = store.page_identities(instance, after, PAGE)
        count += sum(bool(each.wrap_custody) and not each.split for each in found)
        more = bool(after)
    return count


def systems(store: Store, directory: Directory) -> list[Finding]:
    """Check whether the courier has the key of every agency's own system."""
    return [
        fine(f"systems: the key of {agency.code}'s system is known.")
        if read_peer(store, agency.code)
        else look(
            f"systems: {agency.code} has a system of its own and its api_key is not known, so its reports go to its "
            f"officers by mail; run `python -m functions.cli systems set {agency.code}`."
        )
        for agency in linked_agencies(directory)
    ]


def dead_letters(count: int, *, more: bool) -> Finding:
    """Report mail that was given up."""
    if not count:
        return fine("outbox: no letter was given up.")
    return wrong(
        f"outbox: {count}{' or more' if more else ''} letters were given up; `outbox dead` lists them with the "
        "reason, `outbox revive` tries one or all again."
    )


def waiting(entries: Iterable[OutboxEntry], hour: int) -> list[Finding]:
    """Report mail that waits at ``hour`` (epoch hours).

    The age of a new notice is stored nowhere, so that it does not reveal when its report came in. Such notices are
    counted, for another look later.
    """
    fresh, old = 0, 0
    for entry in entries:
        if waits_long(entry, hour):
            old += 1
        elif not (entry.not_before or entry.leased_by):
            fresh += 1
    found = []
    if old:
        found.append(
            wrong(
                f"outbox: {old} letters wait longer than a day; look whether the courier runs and whether the mail "
                "server takes mail."
            )
        )
    if fresh:
        found.append(
            look(
                f"outbox: {fresh} letters were not tried yet; where they are still here in a minute, the courier "
                "does not run."
            )
        )
    return found or [fine("outbox: nothing waits longer than it should.")]


def waits_long(entry: OutboxEntry, hour: int) -> bool:
    """Tell whether an entry has waited for more than a day.

    The wait starts when its lease ended, when its hour came, or at its first try. Each failure doubles the pause, from
    one hour: after n of them the next try is 2ⁿ - 1 hours after the first.
    """
    if entry.leased_by:
        return entry.leased_until < hour - DAY_HOURS
    if not entry.not_before:
        return False
    return entry.not_before - ((1 << entry.attempts) - 1) < hour - DAY_HOURS


def seals(heads: Iterable[CaseHead], directory: Directory) -> Finding:
    """Check whether open cases have the facts they were sealed with, as far as that shows without a key."""
    check = SealCheck(directory)
    for head in heads:
        check(head)
    if check.altered:
        return wrong(
            f"seals: {check.altered} open cases were changed in the store by hand: whom they accuse, or what else "
            "decides who reads them. Nobody can open them; `python -m functions.cli audit verify` says which."
        )
    if check.unbound:
        return look(
            f"seals: {check.unbound} open cases of an older release do not bind whom they accuse; the next act on each "
            "binds it, or a rotation of the desk's key."
        )
    return fine("seals: every open case has the facts it was sealed with.")


def clocks(
    heads: Iterable[CaseHead], today: date, directory: Directory, patience: Patience, own: Collection[date]
) -> Finding:
    """Check whether the clock runs: no case is later than the last step with a step still to take."""
    late = sum(forgotten(head, today, directory, patience, own) for head in heads)
    if not late:
        return fine("clocks: every late case was taken up when it was due.")
    return wrong(
        f"clocks: {late} open cases are later than {patience.steps[-1]} working days and did not go up: the clock does "
        "not run; start `serve`, or run `python -m functions.cli clocks` once a working day."
    )
