"""``backup`` and ``restore`` of an office on one machine."""

from collections.abc import Iterator
from pathlib import Path

import click

from functions.cli._common import each, told
from functions.cli.archive import ArchiveError, is_sealed
from functions.cli.restore import Source, differences
from functions.cli.restore import restore as restore_office
from functions.cli.snapshot import BackupError, prune, write_backup
from functions.config.settings import Settings, load_settings
from functions.crypto.seal.public_keys import PublicKeys, decode_public

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
    # First: on a full disk it makes room, and no failure may keep what is deleted beyond the days that are promised.
    kept = ""
    try:
        if target.is_dir() and (gone := prune(target, today, KEPT_DAYS, NAME)):
            click.echo(f"{gone} older than {KEPT_DAYS} days removed")
    except OSError as error:  # no reason to go without a backup
        kept = f"{error.filename or target}: {error.strerror}; remove by hand what is {KEPT_DAYS} days old."
    try:
        about = write_backup(settings, file, passphrase, each)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    how = "in clear" if unsealed else "sealed"
    click.echo(f"{file}: {about.cases} cases, {about.files} files, {about.keys} key files, {how}")
    if kept:
        raise click.ClickException(kept)


@click.command()
@click.argument("archive", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--unsealed", is_flag=True, help="Also an archive that is not sealed: anybody may have made it.")
@click.option("--another-office", is_flag=True, help="Also an archive whose keys are not those known here; not asked.")
@click.option(
    "--public-keys",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A keys/public.json of this office, to compare; else that of the folder DATA_DIR.old or old, if there is one.",
)
@told
def restore(archive: Path, *, unsealed: bool, another_office: bool, public_keys: Path | None) -> None:
    """Bring a backup back into an empty DATA_DIR."""
    settings = _on_one_machine()
    here = public_keys or next((path for path in _known_keys(settings) if path.exists()), None)
    with archive.open("rb") as file:
        sealed = is_sealed(file)
    if unsealed and not sealed:
        _red(f"{archive} is not sealed: nothing proves who made it, and its keys may be somebody else's.")

    def agree(theirs: PublicKeys) -> None:
        strange = differences(theirs, decode_public(here.read_bytes(), str(here))) if here else []
        for sentence in strange:
            _red(sentence)
        if strange and not another_office:
            click.confirm(
                "Were they rotated since? If not, their maker reads what is reported next. Restore it?", abort=True
            )

    source = Source(archive, settings.backup_passphrase, unsealed)
    try:
        about = restore_office(source, settings.data_dir, agree)
    except ArchiveError as error:
        hint = "" if sealed or unsealed else ". Where you know that it is yours: --unsealed"
        raise click.ClickException(click.style(f"{error}{hint}", fg="red")) from error
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{settings.data_dir}: the office of {about.day}, {about.cases} cases, {about.files} files")
    click.echo("What was written, answered or deleted after that day is not in it. Next:")
    click.echo(
        "  init                                             the portal, and an older database brought up to date"
    )
    click.echo("  keys rotate --purpose links --instance CODE      or links that were used since open again")
    click.echo("  DIRECTORY_FILE, OFFICERS_FILE                    if you set them: copies lie in DATA_DIR")
    click.echo("  start it, then doctor                            whether all is well")


def _known_keys(settings: Settings) -> Iterator[Path]:
    """Yield where the public keys of the office of before may be: still in their place, or where docs/operations.md has
    them moved."""
    yield settings.keys_dir / "public.json"
    data, old = settings.data_dir, settings.data_dir.with_name("old")
    for folder in (data.with_name(f"{data.name}.old"), old, old / data.name):
        yield folder / "keys" / "public.json"


def _red(sentence: str) -> None:
    click.secho(sentence, fg="red", err=True)


def _on_one_machine() -> Settings:
    settings = load_settings()
    if settings.store != "sqlite":
        raise click.ClickException("STORE=dynamodb is backed up by `make backup ENV=...`; see docs/operations.md.")
    return settings
