"""Commands for moving in from another system, and for what goes back: ``migrate lapor|globaleaks|status``.

Their sentences are Indonesian, as those of ``letters``: they are given by whoever kept the other system.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from functions.casework.directory.agencies import Agency, Directory
from functions.cli._common import telling
from functions.cli.letters.cells import LettersError
from functions.cli.letters.commands import SEND, YES
from functions.cli.letters.papers import open_papers, papers_of
from functions.cli.letters.rows import Letters
from functions.cli.letters.send import take_in
from functions.cli.migrate.globaleaks import HEADINGS as GLOBALEAKS
from functions.cli.migrate.globaleaks import GlobaleaksFolder
from functions.cli.migrate.glossary import Glossary, empty_glossary, read_glossary
from functions.cli.migrate.lapor import HEADINGS, LaporTable
from functions.cli.migrate.sp4n_status import COLUMNS, numbered, status_rows
from functions.config.settings import Settings, load_settings
from functions.crypto.seal.sealing import receipt_for, receipt_keys
from functions.storage.choose_store import open_store
from functions.storage.interface import Store
from functions.storage.registers.directory import read_directory
from functions.web.file_answer import plain_cell

told = telling(LettersError)
NAMED = ("Kategori", "Kecamatan", "Instansi Terlapor")
FILE = click.argument("file", type=click.Path(path_type=Path))
MAP = click.option("--map", "glossary", type=click.Path(path_type=Path), help="Table: kolom, tertulis, menjadi.")
START = click.option("--start-map", "start", type=click.Path(path_type=Path), help="Write that table, to be filled in.")


@click.group()
def migrate() -> None:
    """Reports of SP4N-LAPOR! and GlobaLeaks (docs/migration.md)."""


@migrate.command("lapor")
@FILE
@MAP
@START
@SEND
@YES
@told
def migrate_lapor(file: Path, glossary: Path | None, start: Path | None, *, send: bool, yes: bool) -> None:
    """Check an export of SP4N-LAPOR! and, with --send, take in its open cases. Repeating it duplicates nothing.

    The receipts are written beside FILE, one A6 sheet for each case. Names of reporters are not read.
    """
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    letters = Letters(file, directory, settings.today(), HEADINGS)
    names = read_glossary(glossary, NAMED) if glossary else Glossary()
    table = LaporTable(letters, names, _recorded(store, directory, file, settings))
    if start:
        _write_csv(start, empty_glossary(_unnamed(table)))
        click.echo(f"{start}: isi kolom “menjadi” dengan nama atau kode di sini, lalu ulangi dengan --map {start}.")
        return
    found = sum(1 for _ in table)
    click.echo(f"{table.skipped.closed} sudah ditutup di SP4N-LAPOR! dan {table.skipped.known} sudah tercatat di sini.")
    if not found and table.skipped.known:
        click.echo("Tidak ada yang baru.")
        return
    take_in(table, settings, send=send, yes=yes, kind="laporan")


@migrate.command("globaleaks")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--topic", required=True, help="Topic of all of them, by name or code.")
@click.option("--district", required=True, help="District of all of them, by name or code.")
@click.option("--without", multiple=True, help="Label of a step or question to leave out: one that asks for a name.")
@SEND
@YES
@told
def migrate_globaleaks(
    folder: Path, topic: str, district: str, without: Sequence[str], *, send: bool, yes: bool
) -> None:
    """Check a FOLDER of reports exported from GlobaLeaks and, with --send, take in the open ones.

    Repeating it duplicates nothing. The receipts are written beside FOLDER. Comments and files are not taken; they are
    counted.
    """
    settings = load_settings()
    directory = read_directory(open_store(settings), settings).directory
    letters = Letters(folder, directory, settings.today(), GLOBALEAKS)
    table = GlobaleaksFolder(folder, letters, {"topic": topic, "district": district}, frozenset(without))
    for _ in table:
        pass
    for line in table.untaken:
        click.echo(line)
    take_in(table, settings, send=send, yes=yes, kind="laporan")


@migrate.command("status")
@click.argument("instance")
@FILE
@told
def migrate_status(instance: str, file: Path) -> None:
    """Write how far the cases of INSTANCE are that have a number in SP4N-LAPOR!, as CSV. No words, no other case."""
    settings = load_settings()
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    found = next((known for known in directory.instances() if known.code == instance), None)
    if found is None:
        raise LettersError(f"{instance}: bukan instansi di daftar.")
    rows = [COLUMNS, *status_rows(store, found, directory)]
    _write_csv(file, rows)
    click.echo(f"{file}: {len(rows) - 1} laporan yang bernomor SP4N-LAPOR!.")


def _recorded(store: Store, directory: Directory, file: Path, settings: Settings) -> frozenset[str]:
    """Return the numbers recorded here by another run than that whose sheets stand beside the file."""
    papers = open_papers(file, settings.url) if papers_of(file).exists() else None

    def of_this_run(number: str, case_id: str) -> bool:
        return papers is not None and receipt_keys(receipt_for(papers.key(f"sp4n/{number}"))).case_id == case_id

    instances: Iterable[Agency] = directory.instances()
    heads = (head for instance in instances for head in numbered(store, instance))
    return frozenset(h.desk_work.sp4n for h in heads if not of_this_run(h.desk_work.sp4n, h.case_id))


def _unnamed(table: LaporTable) -> Iterable[tuple[str, str]]:
    """Yield columns and what is written there that is no name of ours."""
    fields = {HEADINGS[name]: name for name in ("topic", "district", "about_agency")}
    for _, typed in table:
        for column, name in fields.items():
            ours = table.glossary.ours(column, typed.get(column, "")).strip()
            if (not ours and name != "about_agency") or table.letters.code(name, ours)[1]:
                yield column, typed.get(column, "").strip()


def _write_csv(path: Path, rows: Iterable[Sequence[str]]) -> None:
    if path.exists():
        raise LettersError(f"{path} sudah ada. Pilih nama lain.")
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(map(plain_cell, row) for row in rows)
