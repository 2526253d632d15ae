"""Commands for the barometer's editions: ``barometer list|correct``. The clock makes them; ops correct a mistake."""

import click

from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.publish_edition import Editions
from functions.casework.barometer.audit import AuditFailedError
from functions.cli._common import telling, told
from functions.config.settings import load_settings
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
from functions.storage.registers.editions import list_editions, read_edition


@click.group()
def barometer() -> None:
    """Editions of the public figures."""


@barometer.command("list")
@told
def barometer_list() -> None:
    """List every edition: month, number, the day on which it was made."""
    store = open_store(load_settings())
    editions = [read_edition(store, month, number) for month, number in list_editions(store)]
    for edition in editions:
        if edition:
            click.echo(f"{edition.month}  {edition.number:2}  {edition.published}  {len(edition.places)} places")
    if not editions:
        click.echo("no edition yet: the first appears a week after the first whole month")


@barometer.command("correct")
@click.argument("month")
@telling(AuditFailedError)
def barometer_correct(month: str) -> None:
    """Count MONTH (2026-10) again and publish it as another edition; the one before stays in the store.

    The portal shows the new one after it is frozen: by itself on one machine, by `make publish` in the cloud.
    """
    settings = load_settings()
    store = open_store(settings)
    if month not in [known for known, _number in list_editions(store)]:
        raise click.ClickException(f"{month}: no edition of this month; `barometer list` shows those there are.")
    standing = read_directory(store, settings)
    CountBarometer(store, standing.directory, settings.today, standing.holidays).again(month)
    number = Editions(store, standing.directory, settings.today).correct(month)
    if not number:
        raise click.ClickException("somebody else published in the same moment; look at `barometer list`.")
    click.echo(f"edition {number} of {month} is published")
