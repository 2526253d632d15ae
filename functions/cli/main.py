"""Commands for ops: ``python -m functions.cli --help``. Sentences, not tracebacks; exit status 1 on trouble."""

import os
import time
from collections.abc import Iterator
from functools import partial

import click

from functions.actions.clock.remind import Remind
from functions.actions.common.erase import Retain
from functions.actions.ops.rotate import LATE, Rotate, rewrap_here
from functions.cli._common import moving_bar, told
from functions.cli.apps import apps
from functions.cli.audit import audit
from functions.cli.backup import backup, restore
from functions.cli.barometer import barometer
from functions.cli.custodians import custodians
from functions.cli.days import deadlines, holidays
from functions.cli.directory.commands import agencies, officers
from functions.cli.directory.factors import factors
from functions.cli.directory.instances import instances
from functions.cli.directory.link import link
from functions.cli.doctor import doctor
from functions.cli.letters.commands import letters
from functions.cli.migrate.commands import migrate
from functions.cli.systems import systems
from functions.config.settings import load_settings
from functions.courier.bounces import BOUNCED
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.local.setup import freeze, prepare
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.interface import OutboxEntry, Revocation, Store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers
from functions.storage.registers.relayed import LINK_REGISTER


@click.group()
def cli() -> None:
    """Lapor Anonim from a terminal. Settings come from the environment (see docs/settings.md)."""


cli.add_command(agencies)
cli.add_command(officers)
for command in (
    apps,
    audit,
    backup,
    barometer,
    custodians,
    deadlines,
    doctor,
    factors,
    holidays,
    instances,
    letters,
    migrate,
    link,
    restore,
    systems,
):
    cli.add_command(command)


@cli.command()
@told
def init() -> None:
    """Make what is missing: tables, keys, the frozen portal. Safe to repeat."""
    prepare(load_settings())


@cli.group()
def keys() -> None:
    """Key pairs by purpose (desk, courier, links) and instance."""


@keys.command("list")
@told
def keys_list() -> None:
    """List public keys, the current ones marked."""
    public = open_key_maker(load_settings()).public()
    current = {key_id: owner for owner, key_id in public.current.items()}
    for key_id in public.keys:
        purpose, instance = current.get(key_id, ("(old)", ""))
        click.echo(f"{key_id}  {purpose:8} {instance}")


@keys.command("rotate")
@click.option("--purpose", type=click.Choice([purpose.value for purpose in Purpose]), required=True)
@click.option("--instance", default="", help="Code of the instance, e.g. kutim.")
@click.option("--all", "everywhere", is_flag=True, help="All instances, with one wait; goes on where it stopped.")
@click.option("--fresh", is_flag=True, help="With --all: begin anew, whatever a run of the last week left undone.")
@click.option(
    "--grace", type=click.IntRange(0, 3600), default=120, show_default=True, help="Seconds for requests under way."
)
@click.option(
    "--stolen", is_flag=True, help="Of a linked office: destroy the old key now, and lose what is on its way."
)
@told
def keys_rotate(purpose: str, instance: str, grace: int, *, everywhere: bool, fresh: bool, stolen: bool) -> None:
    """Make a new key, wrap open cases to it, destroy the old one.

    Rotating `links` voids every link and, within the grace, nothing else. A linked office keeps the key of before
    until the next rotation, since reports may be on their way from the nation.
    """
    settings = load_settings()
    if settings.keys:  # nobody here can decrypt the old one
        raise click.ClickException("KEYS is a bucket: keys there are rotated with `make rotate-keys`.")
    if bool(instance) == everywhere or (fresh and instance):
        raise click.ClickException("name one instance by --instance, or all by --all; nothing is not an instance.")
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    known = [each.code for each in directory.instances()]
    if instance and instance not in known:
        raise click.ClickException(f"--instance {instance}: not an instance of the directory.")

    def wait() -> None:
        with click.progressbar(range(grace), label="waiting for requests under way") as seconds:
            for _ in seconds:
                time.sleep(1)

    def tell(count: int) -> None:
        if instance:  # of all, the bar shows how many instances are done
            click.echo(f"\r{count} cases wrapped again", nl=False)

    keys, publish = open_key_maker(settings), partial(freeze, settings)
    others = [code for code in known if instance and code != instance]  # of all, each is looked through in its turn
    rewrap = rewrap_here(store, keys, settings.today, tell, directory.agencies, directory, others)
    late = bool(store.register_version(LINK_REGISTER)) and not stolen and purpose in LATE
    if everywhere or late:  # one that was stopped goes on: a second new key would end the one that the nation knows
        turn = Rotate(keys, rewrap, wait, os.cpu_count() or 1, moving_bar, late, publish)
        made = turn.resumable(store, Purpose(purpose), [instance] if instance else known, settings.today(), fresh=fresh)
        click.echo(f"{len(made)} instances have a new {purpose} key")
    else:
        key_id = Rotate(keys, rewrap, wait, late=late, publish=publish)(Purpose(purpose), instance)
        click.echo(f"\ncurrent {purpose} key of {instance}: {key_id}")
    if late:
        click.echo("the key of before opens what is on its way; `link export`, and have the nation add the new file")


@cli.group()
def outbox() -> None:
    """Mail that was given up."""


@outbox.command("dead")
@told
def outbox_dead() -> None:
    """List dead letters: id, notice, agency, why each failed."""
    found = False
    for entry in _dead(open_store(load_settings())):
        found = True
        why = f"{entry.error} ({entry.attempts} tries)"
        if entry.error == BOUNCED:
            why = f"the address of {', '.join(entry.delivered)} does not exist any more; import another"
        click.echo(f"{entry.entry_id}  {entry.notice:14} {entry.agency:24} {why}")
    if not found:
        click.echo("no dead letters")


@outbox.command("revive")
@click.argument("entry_id", default="")
@click.option("--all", "everything", is_flag=True, help="All of them, but for bounces: these name an address to mend.")
@told
def outbox_revive(entry_id: str, *, everything: bool) -> None:
    """Try a dead letter again."""
    if bool(entry_id) == everything:
        raise click.UsageError("name one dead letter, or all by --all; `outbox dead` lists them.")
    store = open_store(load_settings())
    if everything:
        found = [entry.entry_id for entry in _dead(store) if entry.error != BOUNCED]
        click.echo(f"{sum(map(store.revive, found))} letters are back in the queue")
        return
    if not store.revive(entry_id):
        raise click.ClickException(f"{entry_id}: no such dead letter; `outbox dead` lists them.")
    click.echo(f"{entry_id} is back in the queue")


def _dead(store: Store) -> Iterator[OutboxEntry]:
    entries, after = store.dead_letters()
    yield from entries
    while after:
        entries, after = store.dead_letters(after)
        yield from entries


@cli.command()
@told
def clocks() -> None:
    """Remind holders who are about to be late, escalate late cases. For once a working day; harmless to repeat."""
    settings = load_settings()
    store = open_store(settings)
    standing = read_directory(store, settings)
    remind = Remind(store, standing.directory, settings.today, settings.patience, standing.holidays)
    click.echo(f"{remind()} steps taken")


@cli.command()
@told
def retention() -> None:
    """Delete what was closed longer ago than RETENTION_DAYS.

    Words, files, keys and identities go; only the counts stay.
    """
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    retain = Retain(store, open_blobs(settings), directory, settings.today, settings.retention_days)
    click.echo(f"{retain()} cases deleted")


@cli.group()
def links() -> None:
    """Signed links."""


@links.command("revoke")
@click.option("--link", "kind", flag_value="link", help="One link, by its id.")
@click.option("--officer", "kind", flag_value="officer", help="All links of an officer, by ident.")
@click.option("--agency", "kind", flag_value="agency", help="All links of an agency, by code.")
@click.option("--everybody", "kind", flag_value="everybody", help="All links of all agencies: the links key is known.")
@click.argument("which", default="")
@told
def links_revoke(kind: str | None, which: str) -> None:
    """Void all links issued until now, and the sessions opened with them."""
    if kind is None or (kind == "everybody") == bool(which):
        raise click.UsageError("Say what to revoke: --link, --officer or --agency and WHICH, or --everybody alone.")
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    if kind == "agency" and which not in directory.agencies:
        raise click.ClickException(f"{which}: no such agency in the directory.")
    if kind == "officer" and which not in [o.ident for o in read_officers(store, settings, directory)]:
        raise click.ClickException(f"{which}: no such officer in the register.")
    subjects = [f"agency:{code}" for code in directory.agencies] if kind == "everybody" else [f"{kind}:{which}"]
    before = int(time.time()) + 1
    for subject in subjects:
        store.revoke(Revocation(subject, before))
    click.echo(f"links of {kind} {which}".rstrip() + " issued until now are void")
