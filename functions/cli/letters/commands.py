"""Commands for letters on paper, imported from a spreadsheet: ``letters template``, ``letters import``.

Each goes through the same action as every report, with public keys alone: these commands seal and open nothing. Their
sentences are Indonesian, since those who type letters seldom run the machine.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import click

from functions.actions.reporter.submit import Submit
from functions.casework.directory.agencies import Directory
from functions.casework.problems import ChangedTextProblem, ClashProblem
from functions.casework.report import Report
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.said import accused_by
from functions.cli._common import telling
from functions.cli.letters.papers import Papers, Sheets, open_papers, papers_of
from functions.cli.letters.rows import (
    HEADING,
    Fault,
    Letters,
    LettersError,
    RowFaultsError,
    is_about_nobody,
    write_template,
)
from functions.config.settings import Settings, load_settings
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.seal.sealing import receipt_for
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError
from functions.storage.registers.directory import read_directory

SHOWN = 50
CHANGED = (
    "sudah terkirim dengan isi lain; yang pertama tetap berlaku. Kembalikan isi dan urutan barisnya; perubahan dan "
    "surat baru ditulis di berkas lain."
)
MEANT = "mungkin tentang {names}, jadi tidak diperlihatkan kepada mereka. Bila bukan, tulis tanda - di kolom ini."
told = telling(LettersError)
FILE = click.argument("file", type=click.Path(path_type=Path))


@dataclass(slots=True)
class Counted:
    """What was read: how many letters, how many of them new, and the first faults of how many rows."""

    letters: int = 0
    new: int = 0
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)

    def blame(self, faults: Iterable[Fault]) -> None:
        """Count another faulty row."""
        self.wrong += 1
        self.faults += islice(faults, max(0, SHOWN - len(self.faults)))

    def ask(self, row: int, report: Report, directory: Directory) -> None:
        """Note whom a letter's words accuse, though its row names nobody."""
        codes = accused_of(accused_by(report, directory))
        names = ", ".join(directory.agencies[code].name for code in codes)
        if names and len(self.meant) < SHOWN:
            self.meant.append(str(Fault(row, HEADING["about_agency"], MEANT.format(names=names))))

    def tell(self) -> None:
        """Return the faults, a line each."""
        for fault in self.faults:
            click.echo(str(fault), err=True)
        if self.wrong > len({fault.row for fault in self.faults}):
            click.echo("… dan baris lain", err=True)


@click.group()
def letters() -> None:
    """Letters on paper, imported from a spreadsheet (docs/counter.md)."""


@letters.command("template")
@FILE
@told
def letters_template(file: Path) -> None:
    """Write an empty table to fill in, .xlsx or .csv."""
    settings = load_settings()
    write_template(file, read_directory(open_store(settings), settings).directory)
    click.echo(f"{file} siap diisi, satu surat satu baris.")


@letters.command("import")
@FILE
@click.option("--send", is_flag=True, help="Take them in; without it the file is only checked.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@told
def letters_import(file: Path, *, send: bool, yes: bool) -> None:
    """Check a table of letters and, with --send, import them. Repeating it duplicates nothing.

    The receipts are written beside FILE, as a page to print, one A6 sheet for each letter.
    """
    settings = load_settings()
    standing = read_directory(open_store(settings), settings)
    table = Letters(file, standing.directory, settings.today())
    checked = _check(table)
    if checked.wrong:
        checked.tell()
        raise click.ClickException(f"{checked.wrong} dari {checked.letters} surat salah. Belum ada yang terkirim.")
    if not checked.letters:
        raise click.ClickException("Tidak ada surat di berkas ini. Isi mulai baris 2.")
    click.echo(f"{checked.letters} surat, semuanya benar.")
    for line in checked.meant:
        click.echo(line)
    if not send:
        click.echo("Belum ada yang terkirim. Untuk mengirim: tambahkan --send.")
        return
    again = papers_of(file).exists()
    if not yes:
        before = "Melanjutkan kiriman yang pertama; yang sudah terkirim tidak tercatat dua kali." if again else ""
        click.confirm(f"{before} Kirim {checked.letters} surat?".strip(), abort=True)
    papers = open_papers(file, settings.url)
    sent = _send(table, papers, _submit(settings), checked.letters)
    sent.tell()
    click.echo(f"{sent.new} surat baru tercatat, {sent.letters - sent.new - sent.wrong} sudah tercatat sebelumnya.")
    click.echo(f"Kodenya di {papers.path}: cetak, serahkan, lalu hapus berkas itu BERSAMA {file}.")
    click.echo("Selama berkas kode ada, perintah ini dapat diulang. Tanpa berkas itu setiap surat tercatat lagi.")
    if sent.wrong:
        raise click.ClickException(f"{sent.wrong} surat tidak terkirim seperti tertulis sekarang.")


def _check(table: Letters) -> Counted:
    found = Counted()
    for number, typed in _watched("memeriksa", table):
        found.letters += 1
        try:
            report = table.report(number, typed)
            if not is_about_nobody(typed):
                found.ask(number, report, table.directory)
        except RowFaultsError as error:
            found.blame(error.faults)
    return found


def _send(table: Letters, papers: Papers, submit: Submit, length: int) -> Counted:
    done, row = Counted(), 1
    try:
        with papers.writing() as sheets:
            for number, typed in _watched("mengirim", table, length):
                row = number
                done.letters += 1
                _send_one(table, number, typed, papers, submit, sheets, done)
    except (StorageError, OSError) as error:
        raise LettersError(
            f"terputus di baris {row} ({error}). Jalankan perintah yang sama sekali lagi: yang sudah terkirim tidak "
            f"tercatat dua kali. Jangan hapus {papers.path}."
        ) from error
    return done


def _send_one(
    table: Letters, number: int, typed: dict[str, str], papers: Papers, submit: Submit, sheets: Sheets, done: Counted
) -> None:
    try:
        report, key = table.report(number, typed), papers.key(number)
        sent = submit(report, key, meant=() if is_about_nobody(typed) else None)
        done.new += sent.created
        sheets.add(number, receipt_for(key))
    except RowFaultsError as error:  # the file has changed since the check
        done.blame(error.faults)
    except (ChangedTextProblem, ClashProblem):
        done.blame([Fault(number, "", CHANGED)])
        sheets.add(number, receipt_for(key))


def _watched(label: str, table: Letters, length: int | None = None) -> Iterator[tuple[int, dict[str, str]]]:
    with click.progressbar(table, label=label, length=length, show_pos=True) as bar:
        for number, typed in bar:
            yield number, dict(typed)


def _submit(settings: Settings) -> Submit:
    """Return the action as the intake has it: the same store, the same keys, the same hours for sensitive topics."""
    store, keys = open_store(settings), open_public_keys(settings)
    standing = read_directory(store, settings)
    batches = settings.batches(standing.directory)
    return Submit(
        store=store,
        public_keys=keys.public,
        directory=standing.directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=standing.holidays,
        batch=batches,
        digest=batches.next,
    )
