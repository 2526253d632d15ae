"""Commands for the roster of custodians: ``custodians show|check|init|propose|publish`` (docs/custodians.md)."""

import click

from functions.actions.ops.rosters import LEFT, LEFT_DO, Rosters, rosters_of
from functions.casework.consent.roster import Roster, RosterError, fingerprint_of
from functions.cli._common import telling
from functions.config.settings import load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.local.setup import freeze
from functions.storage.choose_store import open_store
from functions.storage.registers.custodians import read_custodians
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers

told = telling(RosterError)
of_instance = click.option("--instance", required=True, help="Code of the instance, e.g. kutim.")


@click.group()
def custodians() -> None:
    """Who holds the shares of names (docs/custodians.md)."""


@custodians.command("show")
@of_instance
@told
def show(instance: str) -> None:
    """Show the roster that stands, whoever made a key, and what waits for vouches."""
    rosters = _rosters(instance)
    _tell("standing", rosters.standing())
    known = read_custodians(rosters.store, instance)
    for agency, keeper in sorted(known.keepers.items()):
        one, gone = keeper.candidate, "" if (agency, keeper.by) in rosters.seats else "  (no custodian there any more)"
        which = f"{fingerprint_of(one.public, one.vouch)}  by {keeper.by}, locks: {len(keeper.locks)}"
        click.echo(f"key   {agency:28} {which}{gone}")
    _tell("waits", known.proposed)


@custodians.command("check")
@of_instance
@told
def check(instance: str) -> None:
    """Check that names are split here, that every member is still a custodian, and what waits."""
    rosters = _rosters(instance)
    roster = rosters.standing()
    if roster is None:
        raise RosterError(f"{instance} has no roster: the custody door can open every name (the older path)")
    if gone := rosters.left():
        raise RosterError(f"{LEFT}: {', '.join(gone)}. {LEFT_DO}")
    click.echo(f"{len(roster.members)} custodians, any two of whom open a name together; roster {roster.id}")


@custodians.command("init")
@of_instance
@told
def init(instance: str) -> None:
    """Publish the first roster: at least four custodians with keys, at the ceremony. The minutes vouch for it."""
    _tell("published", _rosters(instance).init())
    _show_phones()
    click.echo("names that are there are split by `keys rotate --purpose identity`, in the cloud `make rotate-keys`")


@custodians.command("propose")
@of_instance
@told
def propose(instance: str) -> None:
    """Write down the next roster. Two custodians of the present one vouch for it on their pages."""
    _tell("waits", _rosters(instance).propose())


@custodians.command("publish")
@of_instance
@told
def publish(instance: str) -> None:
    """Publish the roster that two custodians vouched for."""
    _tell("published", _rosters(instance).publish())
    _show_phones()


def _show_phones() -> None:
    """Freeze the portal with the new roster. Until then the intake takes what pages with the one before sealed."""
    settings = load_settings()
    if settings.keys:
        click.echo("publish the portal now (`make publish`): phones seal to the roster that it shows")
    else:
        freeze(settings)


def _rosters(instance: str) -> Rosters:
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    if instance not in {each.code for each in directory.instances()}:
        raise RosterError(f"{instance}: no such instance")
    officers = read_officers(store, settings, directory)
    return rosters_of(store, open_key_maker(settings), instance, directory, officers)


def _tell(what: str, roster: Roster | None) -> None:
    if roster is None:
        click.echo(f"{what}: no roster")
        return
    click.echo(f"{what}: roster {roster.id}, after {roster.previous or 'none'}, vouched by {len(roster.vouched)}")
    for member in roster.members:
        click.echo(f"  x={member.x:<3} {member.agency:28} {member.fingerprint}")
