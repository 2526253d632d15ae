"""Replace the directory: show the changes, refuse to leave cases behind, then write all or nothing."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from types import MappingProxyType

import click

from functions.actions.common.cases_left_behind import Left, hidden_from, left_with
from functions.actions.common.sign_in import CUSTODY
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, FormerName
from functions.casework.directory.check import Checked
from functions.casework.directory.diff import Change, by_instance, diff, in_full, uprooted, voided
from functions.casework.directory.linked_office import clashes
from functions.casework.directory.memory import remembering
from functions.casework.directory.names import name_faults, succeeding, with_former, with_told
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    OFFICERS_REGISTER,
    STAFF_REGISTER,
    as_tables,
    encode_directory,
    encode_officers,
    encode_staff,
)
from functions.casework.directory.tables import OFFICERS, DirectoryFaultsError, Fault, Tables, merged, read_toml
from functions.casework.directory.trail import IMPORTS, encode_trail, without_addresses
from functions.casework.factors.keyring import Keyring
from functions.cli._common import each
from functions.config.settings import Settings, load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.local.setup import freeze, make_keys
from functions.storage.choose_store import open_store
from functions.storage.interface import OutboxEntry, Register, Revocation, Scope, Store, VersionConflictError
from functions.storage.registers.directory import read_directory
from functions.storage.registers.directory_trail import change_notice, read_trail, trail_register
from functions.storage.registers.factors import change_keyring, read_keyring
from functions.storage.registers.officers import read_officers

LINES = 20
NAMES = 5
IMPORTS_REGISTER = trail_register(IMPORTS)
REGISTERS = (DIRECTORY_REGISTER, OFFICERS_REGISTER, STAFF_REGISTER, IMPORTS_REGISTER)

Successions = Sequence[tuple[str, str]]  # which code may take over a name of which other


@dataclass(frozen=True, slots=True)
class How:
    """How to replace a directory: only show it, do not ask, freeze the portal after it; who succeeds whom."""

    dry_run: bool
    yes: bool
    portal: bool = False
    succeeds: Successions = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """The directory before an import.

    The version of each register (the directory's is 0 if the settings' files count), its meaning, and its rows.
    """

    versions: Mapping[str, int]
    checked: Checked
    tables: Tables

    @property
    def version(self) -> int:
        """The directory's version."""
        return self.versions[DIRECTORY_REGISTER]


@dataclass(frozen=True, slots=True)
class Place:
    """Where commands work: the settings and the store."""

    settings: Settings
    store: Store

    def standing(self) -> Standing:
        """Return the present directory. Raises StorageError, SettingsError."""
        # Read first: a later write of anybody else makes ours fail, and theirs is kept.
        versions = {name: self.store.register_version(name) for name in REGISTERS}
        known = read_directory(self.store, self.settings)
        officers = read_officers(self.store, self.settings, known.directory)
        checked = Checked(known.directory, officers, known.holidays)
        if known.version or versions[OFFICERS_REGISTER]:
            directory = with_told(known.directory, self._told(known.directory))
            checked = Checked(directory, officers, known.holidays)
            file = f"in the store (version {known.version})"
            return Standing(versions, checked, as_tables(directory, known.holidays, officers, file))
        files = (self.settings.directory_file, self.settings.officers_file)
        return Standing(versions, checked, merged({}, [read_toml(str(path), path.read_text()) for path in files]))

    def _told(self, directory: Directory) -> Iterator[FormerName]:
        """Yield the names that the trails of desks and imports tell of."""
        for trail in (*(instance.code for instance in directory.instances()), IMPORTS):
            yield from read_trail(self.store, trail)[1].names()


def here() -> Place:
    """Return the place that the environment's settings name. Raises SettingsError."""
    settings = load_settings()
    return Place(settings, open_store(settings))


def plan(place: Place, standing: Standing, new: Checked, succeeds: Successions = ()) -> None:
    """Show what would change. Raises DirectoryFaultsError for a name of another code, ClickException if cases would be
    left behind."""
    _plan(place, standing, _remembering(place, standing, new, succeeds))


def _remembering(place: Place, standing: Standing, new: Checked, succeeds: Successions) -> Checked:
    """Return ``new`` with what the present directory knows of places and names. Raises DirectoryFaultsError, also for
    what is a linked office's; KeyringError."""
    old = standing.checked.directory
    known = {*old.agencies, *(name.code for name in old.former)}
    unknown = [code for code, _ in succeeds if code not in new.directory.agencies]
    if unknown := [*unknown, *(other for _, other in succeeds if other not in known)]:
        raise click.ClickException(f"--succeeds: {', '.join(unknown)}: NEW is in these files, and OLD is or was known.")
    base = replace_fields(old, agencies={}) if _setting_up(place, standing) else old
    if faults := [Fault("the directory", 0, str(fault)) for fault in name_faults(base, new.directory, succeeds)]:
        raise DirectoryFaultsError(faults)
    keys = open_key_maker(place.settings)
    linked = keys.public().linked.values() if keys.exists() else ()
    standing_clashes = clashes(old, linked)  # these keep nobody from removing an officer
    if found := [each for each in clashes(new.directory, linked) if each not in standing_clashes]:
        raise DirectoryFaultsError([Fault("the directory", 0, each) for each in found])
    directory = succeeding(old, remembering(old, new.directory), succeeds)
    return Checked(with_former(base, directory, place.settings.today()), new.officers, new.holidays)


def _setting_up(place: Place, standing: Standing) -> bool:
    """Tell whether nothing was imported and no report was made yet. What is imported then owes no name to the
    demonstration, and nobody has to be told."""
    scopes = (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE)
    instances = [instance.code for instance in standing.checked.directory.instances()]
    pages = (place.store.page(scope, code, limit=1) for scope in scopes for code in instances)
    return not standing.version and not any(page.heads for page in pages)


def _plan(place: Place, standing: Standing, new: Checked) -> tuple[Change, ...]:
    changes = diff(standing.checked, new)
    counts = Counter((change.table, change.what) for change in changes)
    for (table, what), count in counts.items():
        click.echo(f"{table}: {count} {what}")
    for change in changes[:LINES]:
        click.echo(f"  {change}")
    if len(changes) > LINES:
        click.echo(f"  … and {len(changes) - LINES} more")
    if not changes:
        click.echo("no changes")
    leaving = uprooted(standing.checked.directory, new.directory)
    looking = each("looking for cases", leaving)
    left = [said for agency in looking if (said := _said(agency, left_with(place.store, agency)))]
    for code, count in hidden_from(place.store, standing.checked.directory, new.directory).items():
        left.append(f"{code} would be hidden from {count} cases that it holds; hand them over first")
    if left:
        raise click.ClickException("\n".join([*left, "nothing was changed."]))
    gone = [agency.code for agency in leaving if agency.code not in new.directory.agencies]
    if gone:
        named = ", ".join(gone[:NAMES]) + (" …" if len(gone) > NAMES else "")
        click.echo(
            f"note: {len(gone)} codes go ({named}). Reports that accuse "
            "these agencies are then hidden from nobody on their account: where only a name changes, keep the code; "
            "where another agency takes over, add `--succeeds NEW OLD`."
        )
    return changes


def _said(agency: Agency, left: Left) -> str:
    """Return a sentence on what would be left behind with an agency; "" if nothing."""
    if not left:
        return ""
    if agency.kind is AgencyKind.INSTANCE and not left.total:
        return f"instance {agency.code} {names_kept(left)}"
    if agency.kind is AgencyKind.INSTANCE:
        return (
            f"instance {agency.code} still has {left.total} cases, {left.open} of them open; it can go when they "
            "are closed and retention has deleted them"
        )
    if not left.total:
        return f"{agency.code} is the second unit on {left.beside} open cases; end that first"
    again = f", and {left.again} closed ones that their reporters may open again" if left.again else ""
    return f"{agency.code} still holds {left.open} open cases{again}; hand them over first"


def names_kept(left: Left) -> str:
    """Return what is said of an instance that keeps names for others, after its code."""
    return (
        f"keeps {left.names} names of cases that are with other governments; it can go when these are deleted or their "
        "reporters took the names back"
    )


def replace(place: Place, standing: Standing, new: Checked, how: How) -> None:
    """Show the changes, ask, and replace the present directory by ``new``. Raises DirectoryFaultsError."""
    new = _remembering(place, standing, new, how.succeeds)
    changes = _plan(place, standing, new)
    names = new.directory.former != standing.checked.directory.former
    if how.dry_run or not (changes or names or standing.version == 0):
        return
    if not how.yes:
        click.confirm(f"Import as version {standing.version + 1}?", abort=True)
    if made := make_keys(place.settings, new.directory, lambda pairs: each("making keys", pairs)):
        click.echo(f"{made} keys made")
    gone = voided(standing.checked, new)
    first = int(time.time()) + 1
    _void(place.store, gone, first)  # first: an interruption must void too much, never too little
    _move_factors(place.store, standing.checked, new)
    try:
        _write(place.store, standing.versions, new, *_trail(place, standing, new, changes))
    except VersionConflictError as error:
        raise click.ClickException(
            "somebody else imported meanwhile; nothing was imported, look and try again."
        ) from error
    # Links sent meanwhile, too. They carry the moment of the first voiding, so this one must be later.
    _void(place.store, gone, max(first, int(time.time())) + 1)
    _drop_factors(place.store, standing.checked, new)
    click.echo(f"version {standing.version + 1} stands; links voided: {len(gone)}")
    for agency in uprooted(standing.checked.directory, new.directory):
        if said := _said(agency, left_with(place.store, agency)):
            click.echo(f"warning: in this very moment a case came: {said}; import the agency again for that", err=True)
    if how.portal and any(change.table != OFFICERS for change in changes):
        freeze(place.settings)


def _drop_factors(store: Store, old: Checked, new: Checked) -> None:
    """Drop the second factors of who is removed, or was moved: somebody else may bear their ident there one day."""
    left = {(officer.ident, officer.agency) for officer in new.officers}
    gone = [officer for officer in old.officers if (officer.ident, officer.agency) not in left]
    for officer in each("dropping factors", gone):
        for realm in ("", CUSTODY):
            change_keyring(store, realm, officer.agency, officer.ident, lambda _: Keyring())


def _move_factors(store: Store, old: Checked, new: Checked) -> None:
    """Take the second factors of who goes to another agency along: a mailbox alone must not begin anew there. Before
    the import, so that no link opens a desk without them."""
    before = {officer.ident: officer.agency for officer in old.officers}
    moved = [o for o in new.officers if before.get(o.ident, o.agency) != o.agency]
    for officer in each("moving factors", moved):
        for realm in ("", CUSTODY):
            had = read_keyring(store, realm, before[officer.ident], officer.ident)

            def same(_: Keyring, had: Keyring = had) -> Keyring:
                return had

            change_keyring(store, realm, officer.agency, officer.ident, same)


def _void(store: Store, subjects: Sequence[str], before: int) -> None:
    for subject in each("voiding links", subjects):
        store.revoke(Revocation(subject, before))


def _trail(
    place: Place, standing: Standing, new: Checked, changes: Sequence[Change]
) -> tuple[dict[str, bytes], list[OutboxEntry]]:
    """Return the trail of imports with an entry for each instance concerned, and the notice to those who watch over
    them; nothing if nobody is concerned."""
    trail = read_trail(place.store, IMPORTS)[1]
    first, version = len(trail.entries) + 1, standing.version + 1
    told = map(without_addresses, in_full(changes, standing.checked, new))
    for instance, some in by_instance(told, standing.checked, new).items():
        trail = trail.with_entry(place.settings.today(), IMPORTS, version, some, instance)
    if len(trail.entries) < first or _setting_up(place, standing):
        return {}, []
    somewhere = new.directory.instances()[0].code
    return {IMPORTS_REGISTER: encode_trail(trail)}, [change_notice(trail, first, somewhere)]


def _write(
    store: Store,
    before: Mapping[str, int],
    new: Checked,
    trail: Mapping[str, bytes] = MappingProxyType({}),
    outbox: Sequence[OutboxEntry] = (),
) -> None:
    """Write all at once, if the registers' versions are still those that were read. Raises VersionConflictError."""
    bodies = {
        DIRECTORY_REGISTER: encode_directory(new.directory, new.holidays),
        OFFICERS_REGISTER: encode_officers(new.officers),
        STAFF_REGISTER: encode_staff(new.officers),
        **trail,
    }
    store.write_registers([Register(name, before[name] + 1, body) for name, body in bodies.items()], outbox)
