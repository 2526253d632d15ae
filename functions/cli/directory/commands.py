"""Commands for the directory: ``agencies check|import|export``, ``officers list|remove``.

Each table in the files replaces the present one; the others stay. All are checked together, then shown, then written at
once or not at all.
"""

import os
from pathlib import Path

import click

from functions.casework.directory.check import check
from functions.casework.directory.registers import as_tables
from functions.casework.directory.tables import OFFICERS, write_csv
from functions.cli._common import told
from functions.cli.directory.files import checked_files
from functions.cli.directory.replace import How, here, plan, replace

FILES = click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
YES = click.option("--yes", is_flag=True, help="Do not ask.")
DRY_RUN = click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
SUCCEEDS = click.option(
    "--succeeds",
    nargs=2,
    multiple=True,
    metavar="NEW OLD",
    help="Let agency NEW bear a name of agency OLD, as after a merger. What accuses OLD stays hidden from NEW.",
)
PORTAL = click.option(
    "--portal/--no-portal", default=True, show_default=True, help="Freeze the portal anew where it shows a change."
)


@click.group()
def agencies() -> None:
    """The directory: agencies, topics, places, days off, officers."""


@click.group()
def officers() -> None:
    """Who answers for an agency."""


@agencies.command("check")
@FILES
@SUCCEEDS
@told
def agencies_check(files: tuple[Path, ...], succeeds: tuple[tuple[str, str], ...]) -> None:
    """Check files and show what importing them would change. CSV, YAML or TOML; exit status 1 with every fault."""
    place = here()
    standing = place.standing()
    plan(place, standing, checked_files(standing.tables, files), succeeds)


@agencies.command("import")
@FILES
@DRY_RUN
@YES
@PORTAL
@SUCCEEDS
@told
def agencies_import(
    files: tuple[Path, ...], succeeds: tuple[tuple[str, str], ...], *, dry_run: bool, yes: bool, portal: bool
) -> None:
    """Replace the tables that these files hold.

    All of them or none. A CSV file is named after its table: agencies.csv, officers.csv, topics.csv, districts.csv,
    villages.csv, holidays.csv; YAML and TOML hold several. Tables that no file holds stay as they are. Links of
    officers who leave, or whose agency, role or address changes, are void from then on. The inspectorate and the
    overseer of each government concerned are told by mail what changed.
    """
    place = here()
    standing = place.standing()
    replace(place, standing, checked_files(standing.tables, files), How(dry_run, yes, portal, succeeds))


@agencies.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@told
def agencies_export(folder: Path) -> None:
    """Export the directory as CSV files, which `import` reads.

    officers.csv holds addresses: keep it to yourself.
    """
    standing = here().standing()
    checked = standing.checked
    tables = as_tables(checked.directory, checked.holidays, checked.officers, "")
    paths = {table: folder / f"{table}.csv" for table in tables}
    if there := [str(path) for path in paths.values() if path.exists()]:
        raise click.ClickException(f"{', '.join(there)}: there already; name another folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        handle = os.open(paths[table], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if table == OFFICERS else 0o644)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(write_csv(table, [row.values for row in rows]))
        click.echo(f"{paths[table]}: {len(rows)}")


@officers.command("list")
@click.option("--agency", default="", help="Only those of this agency.")
@told
def officers_list(agency: str) -> None:
    """List every officer: ident, role, agency, address."""
    checked = here().standing().checked
    if agency and agency not in checked.directory.agencies:
        raise click.ClickException(f"{agency}: no such agency in the directory.")
    for officer in checked.officers:
        if agency in ("", officer.agency):
            click.echo(f"{officer.ident:24} {officer.role:12} {officer.agency:32} {officer.email}")


@officers.command("remove")
@click.argument("idents", nargs=-1, required=True)
@DRY_RUN
@YES
@told
def officers_remove(idents: tuple[str, ...], *, dry_run: bool, yes: bool) -> None:
    """Remove officers from the register and void their links."""
    place = here()
    standing = place.standing()
    known = {officer.ident for officer in standing.checked.officers}
    if unknown := [ident for ident in idents if ident not in known]:
        raise click.ClickException(f"{', '.join(unknown)}: no such officer; `officers list` lists them.")
    left = [row for row in standing.tables[OFFICERS] if row.get("ident") not in idents]
    replace(place, standing, check({**standing.tables, OFFICERS: left}), How(dry_run, yes))
