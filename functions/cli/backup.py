"""``backup`` and ``restore`` of an office on one machine."""

from pathlib import Path

import click

from functions.cli._common import each, told
from functions.cli.archive import ArchiveError
from functions.cli.restore import restore as restore_office
from functions.cli.snapshot import BackupError, prune, write_backup
from functions.config.settings import Settings, load_settings

KEPT_DAYS = 35  # deleted cases survive in backups for at most this long: the privacy page says so
NAME = "lapor-{day}.cadangan"


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--unsealed", is_flag=True, help="Without a passphrase: whoever gets the file reads every report.")
@told
def backup(target: Path, *, unsealed: bool) -> None:
    """Put the whole office into one file, while it runs.

    Sealed with BACKUP_PASSPHRASE. Where TARGET is a folder, the file is named after the day, and those that are 35 days
    old are removed. Run it as the user who runs the office.
    """
    settings = _on_one_machine()
    if not settings.backup_passphrase and not unsealed:
        raise click.ClickException(
            "A backup holds every key: set BACKUP_PASSPHRASE, which is kept elsewhere than backups, or say --unsealed."
        )
    today = settings.today()
    file = target / NAME.format(day=today.isoformat()) if target.is_dir() else target
    passphrase = "" if unsealed else settings.backup_passphrase
    try:
        about = write_backup(settings, file, passphrase, each)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    how = "in clear" if unsealed else "sealed"
    click.echo(f"{file}: {about.cases} cases, {about.files} files, {about.keys} key files, {how}")
    if target.is_dir() and (gone := prune(target, today, KEPT_DAYS, NAME)):
        click.echo(f"{gone} older than {KEPT_DAYS} days removed")


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@told
def restore(archive: Path) -> None:
    """Bring a backup back into an empty DATA_DIR."""
    settings = _on_one_machine()
    try:
        about = restore_office(archive, settings.data_dir, settings.backup_passphrase)
    except (BackupError, ArchiveError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{settings.data_dir}: the office of {about.day}, {about.cases} cases, {about.files} files")
    click.echo("What was written, answered or deleted after that day is not in it. Next:")
    click.echo(
        "  init                                             the portal, and an older database brought up to date"
    )
    click.echo("  keys rotate --purpose links --instance CODE      or links that were used since open again")
    click.echo("  DIRECTORY_FILE, OFFICERS_FILE                    if you set them: copies lie in DATA_DIR")
    click.echo("  start it, then doctor                            whether all is well")


def _on_one_machine() -> Settings:
    settings = load_settings()
    if settings.store != "sqlite":
        raise click.ClickException("STORE=dynamodb is backed up by `make backup ENV=...`; see docs/operations.md.")
    return settings
