"""Commands for second factors: ``factors list|code|revoke``. Ops help those whom nobody at a desk may help: custodians,
the inspectorate, overseers and the centre."""

import time

import click

from functions.actions.factors.help_factor import Helped, HelpFactor
from functions.casework.directory.agencies import Member, Officer, Role
from functions.cli._common import told
from functions.config.settings import Settings, load_settings
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers

DOORS = {"desk": ("", Purpose.DESK), "custody": ("custody", Purpose.IDENTITY)}
AT = click.option(
    "--at",
    "door",
    type=click.Choice([*DOORS]),
    help="The door. By default a custodian's is custody, everybody else's the desk; an overseer has both.",
)


@click.group()
def factors() -> None:
    """Second factors (docs/operations.md)."""


@factors.command("list")
@told
def factors_list() -> None:
    """List every officer and custodian, how many second factors they have, and since when the grace runs."""
    settings = load_settings()
    staff = _staff(settings)
    for door in DOORS:
        members = [_member(officer) for officer in staff if door in _doors(officer)]
        for one in sorted(_helping(settings, door).of(members), key=lambda helped: helped.member.ident):
            click.echo(f"{one.member.ident:24} {one.member.role:12} {door:8} {_said(one)}")


@factors.command("code")
@click.argument("ident")
@AT
@told
def factors_code(ident: str, door: str | None) -> None:
    """Print a code for an officer who lost theirs: read it out by phone. It holds once, for 15 minutes."""
    settings = load_settings()
    officer, at = _one(settings, ident, door)
    code = _helping(settings, at).code_for(_member(officer))
    click.echo(f"code of {ident} at {at}, shown this once: {code}")
    click.echo("Call a number that you knew before, and hear who it is. Never send it by mail or message.", err=True)


@factors.command("revoke")
@click.argument("ident")
@AT
@told
def factors_revoke(ident: str, door: str | None) -> None:
    """End all factors, links and sessions of an officer. A new factor wants a code."""
    settings = load_settings()
    officer, at = _one(settings, ident, door)
    _helping(settings, at).revoke_of(_member(officer))
    click.echo(f"factors and links of {ident} at {at} are void")


def _one(settings: Settings, ident: str, door: str | None) -> tuple[Officer, str]:
    officer = next((officer for officer in _staff(settings) if officer.ident == ident), None)
    if officer is None:
        raise click.ClickException(f"{ident}: no such officer in the register.")
    doors = _doors(officer)
    if door and door not in doors:
        raise click.ClickException(f"{ident} does not sign in at {door}.")
    return officer, door or doors[0]


def _doors(officer: Officer) -> tuple[str, ...]:
    if officer.role is Role.CUSTODIAN:
        return ("custody",)
    return ("desk", "custody") if officer.role is Role.OVERSEER else ("desk",)


def _said(one: Helped) -> str:
    keyring = one.keyring
    if keyring.factors:
        return f"{len(keyring.factors)} ({', '.join(factor.kind for factor in keyring.factors)})"
    if keyring.shut:
        return "none: revoked, wants a code"
    return f"none since {keyring.since.isoformat()}" if keyring.since else "none: never came"


def _helping(settings: Settings, door: str) -> HelpFactor:
    store = open_store(settings)
    realm, purpose = DOORS[door]
    return HelpFactor(
        store=store,
        directory=read_directory(store, settings).directory,
        public=open_public_keys(settings).public,
        now=lambda: int(time.time()),
        policy=settings.factors,
        purpose=purpose,
        realm=realm,
    )


def _staff(settings: Settings) -> tuple[Officer, ...]:
    store = open_store(settings)
    return read_officers(store, settings, read_directory(store, settings).directory)


def _member(officer: Officer) -> Member:
    return Member(officer.ident, officer.agency, officer.role)
