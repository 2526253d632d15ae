"""Commands for letters on paper, imported from a spreadsheet: ``letters template``, ``letters import``."""

from pathlib import Path

import click

from functions.cli._common import telling
from functions.cli.letters.cells import LettersError
from functions.cli.letters.rows import Letters, write_template
from functions.cli.letters.send import take_in
from functions.config.settings import load_settings
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory

told = telling(LettersError)
FILE = click.argument("file", type=click.Path(path_type=Path))
SEND = click.option("--send", is_flag=True, help="Take them in; without it the file is only checked.")
YES = click.option("--yes", is_flag=True, help="Do not ask.")


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
@SEND
@YES
@told
def letters_import(file: Path, *, send: bool, yes: bool) -> None:
    """Check a table of letters and, with --send, import them. Repeating it duplicates nothing.

    The receipts are written beside FILE, as a page to print, one A6 sheet for each letter.
    """
    settings = load_settings()
    standing = read_directory(open_store(settings), settings)
    take_in(Letters(file, standing.directory, settings.today()), settings, send=send, yes=yes)
