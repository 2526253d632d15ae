"""Take in the reports of a table: check all, then send each once.

Each goes through the same action as every report, with public keys alone: it seals and opens nothing. Sentences are
Indonesian, since those who type letters seldom run the machine.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import click

from functions.actions.reporter.make_submit import make_submit
from functions.actions.reporter.submit import Submit
from functions.casework.directory.agencies import Directory
from functions.casework.problems import ChangedTextProblem, ClashProblem
from functions.casework.report import Report
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.said import accused_by
from functions.cli.letters.cells import LettersError
from functions.cli.letters.papers import Papers, Sheets, open_papers, papers_of
from functions.cli.letters.rows import HEADING, Fault, RowFaultsError, Table, is_about_nobody
from functions.config.settings import Settings
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.seal.sealing import receipt_for
from functions.storage.choose_store import open_store
from functions.storage.interface import StorageError
from functions.storage.registers.directory import live_directory

SHOWN = 50
CHANGED = (
    "sudah terkirim dengan isi lain; yang pertama tetap berlaku. Kembalikan isi dan urutan barisnya; perubahan dan "
    "surat baru ditulis di berkas lain."
)
MEANT = "mungkin tentang {names}, jadi tidak diperlihatkan kepada mereka. Bila bukan, tulis tanda - di kolom ini."


@dataclass(slots=True)
class Counted:
    """What was read: how many reports, how many of them new, and the first faults of how many rows."""

    letters: int = 0
    new: int = 0
    wrong: int = 0
    faults: list[Fault] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)

    def blame(self, faults: Iterable[Fault]) -> None:
        """Count another faulty row."""
        self.wrong += 1
        self.faults += islice(faults, max(0, SHOWN - len(self.faults)))

    def ask(self, row: int | str, report: Report, directory: Directory) -> None:
        """Note whom a report's words accuse, though its row names nobody."""
        codes = accused_of(accused_by(report, directory))
        names = ", ".join(directory.agencies[code].name for code in codes)
        if names and len(self.meant) < SHOWN:
            self.meant.append(str(Fault(row, HEADING["about_agency"], MEANT.format(names=names))))

    def tell(self) -> None:
        """Print the faults, a line each."""
        for fault in self.faults:
            click.echo(str(fault), err=True)
        if self.wrong > len({fault.row for fault in self.faults}):
            click.echo("… dan baris lain", err=True)


def take_in(table: Table, settings: Settings, *, send: bool, yes: bool, kind: str = "surat") -> None:
    """Check a table and, with ``send``, take it in. ``kind`` is what its reports are called. Raises LettersError, and
    ClickException while one row is wrong: then none is sent."""
    checked = _check(table)
    if checked.wrong:
        checked.tell()
        raise click.ClickException(f"{checked.wrong} dari {checked.letters} {kind} salah. Belum ada yang terkirim.")
    if not checked.letters:
        raise click.ClickException(f"Tidak ada {kind} di berkas ini. Isi mulai baris 2.")
    click.echo(f"{checked.letters} {kind}, semuanya benar.")
    for line in checked.meant:
        click.echo(line)
    if not send:
        click.echo("Belum ada yang terkirim. Untuk mengirim: tambahkan --send.")
        return
    again = papers_of(table.path).exists()
    if not yes:
        before = "Melanjutkan kiriman yang pertama; yang sudah terkirim tidak tercatat dua kali." if again else ""
        click.confirm(f"{before} Kirim {checked.letters} {kind}?".strip(), abort=True)
    papers = open_papers(table.path, settings.url)
    store = open_store(settings)
    submit = make_submit(settings, store, open_public_keys(settings).public, live_directory(store, settings))
    sent = _send(table, papers, submit, checked.letters)
    sent.tell()
    click.echo(f"{sent.new} {kind} baru tercatat, {sent.letters - sent.new - sent.wrong} sudah tercatat sebelumnya.")
    click.echo(f"Kodenya di {papers.path}: cetak, serahkan, lalu hapus berkas itu BERSAMA {table.path}.")
    click.echo(f"Selama berkas kode ada, perintah ini dapat diulang. Tanpa berkas itu setiap {kind} tercatat lagi.")
    if sent.wrong:
        raise click.ClickException(f"{sent.wrong} {kind} tidak terkirim seperti tertulis sekarang.")


def _check(table: Table) -> Counted:
    found = Counted()
    for number, typed in _watched("memeriksa", table):
        found.letters += 1
        try:
            table.origin(number, typed)
            report = table.report(number, typed)
            if not is_about_nobody(typed):
                found.ask(number, report, table.directory)
        except RowFaultsError as error:
            found.blame(error.faults)
    return found


def _send(table: Table, papers: Papers, submit: Submit, length: int) -> Counted:
    done, row = Counted(), "baris 1"
    try:
        with papers.writing() as sheets:
            for number, typed in _watched("mengirim", table, length):
                row = number if isinstance(number, str) else f"baris {number}"
                done.letters += 1
                _send_one(table, number, typed, papers, submit, sheets, done)
    except (StorageError, OSError) as error:
        raise LettersError(
            f"terputus di {row} ({error}). Jalankan perintah yang sama sekali lagi: yang sudah terkirim tidak "
            f"tercatat dua kali. Jangan hapus {papers.path}."
        ) from error
    return done


def _send_one(
    table: Table,
    number: int | str,
    typed: Mapping[str, str],
    papers: Papers,
    submit: Submit,
    sheets: Sheets,
    done: Counted,
) -> None:
    try:
        origin, report = table.origin(number, typed), table.report(number, typed)
    except RowFaultsError as error:  # the file has changed since the check
        done.blame(error.faults)
        return
    key = papers.key(origin.name)
    try:
        sent = submit(report, key, meant=() if is_about_nobody(typed) else None, sp4n=origin.sp4n)
        done.new += sent.created
    except (ChangedTextProblem, ClashProblem):
        done.blame([Fault(number, "", CHANGED)])
    sheets.add(origin.label, receipt_for(key))


def _watched(label: str, table: Table, length: int | None = None) -> Iterator[tuple[int | str, dict[str, str]]]:
    with click.progressbar(table, label=label, length=length, show_pos=True) as bar:
        for number, typed in bar:
            yield number, dict(typed)
