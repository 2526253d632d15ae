"""Read the cells of a spreadsheet, xlsx or csv, row by row.

Memory holds one row, and the table of texts that an xlsx file keeps apart from its rows.
"""

import csv
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

BYTES_MAX = 64 * 1024 * 1024
UNPACKED_MAX = 1024 * 1024 * 1024
CELL_MAX = 200_000  # characters; more than any field takes, so that the field's own limit is reported
SHEET = "Surat"
PREAMBLE_MAX = 50  # lines of other systems above their headings
_QUOTES = re.compile(r'^[\s"\ufeff]+')


class LettersError(Exception):
    """The file cannot be read as reports; the message says what to do."""


def read_cells(path: Path, begins: str = "") -> Iterator[list[str]]:
    """Yield every row's cells as text. Raises LettersError.

    ``begins`` is the first heading of a table that stands below other lines: its line says what parts the cells.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise LettersError(f"{path}: tidak dapat dibuka ({error.strerror}).") from error
    if size > BYTES_MAX:
        raise LettersError(f"{path}: lebih dari {BYTES_MAX // 2**20} MB. Pecah menjadi beberapa berkas.")
    if path.suffix.lower() == ".csv":
        yield from _csv(path, begins)
    elif path.suffix.lower() == ".xlsx":
        yield from _xlsx(path)
    else:
        raise LettersError(f"{path}: bukan .xlsx dan bukan .csv. Simpan sebagai salah satunya.")


def _csv(path: Path, begins: str) -> Iterator[list[str]]:
    csv.field_size_limit(CELL_MAX)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [file.readline() for _ in range(PREAMBLE_MAX if begins else 1)]
            first = next((line for line in lines if begins and _QUOTES.sub("", line).startswith(begins)), lines[0])
            file.seek(0)
            delimiter = max(",;\t", key=first.count)
            yield from csv.reader(file, delimiter=delimiter, strict=True)
    except UnicodeDecodeError as error:
        raise LettersError(f"{path}: bukan UTF-8. Simpan lagi sebagai “CSV UTF-8”.") from error
    except csv.Error as error:
        raise LettersError(f"{path}: rusak sebagai CSV ({error}). Simpan lagi, atau pakai .xlsx.") from error


def _xlsx(path: Path) -> Iterator[list[str]]:
    from openpyxl import load_workbook  # noqa: PLC0415 - large, and only here

    try:
        with path.open("rb") as file:  # given a path, openpyxl leaves a broken workbook open
            _check_unpacked(file, path)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of styles, which do not matter here
                book = load_workbook(file, read_only=True, data_only=True)
            table = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            table.reset_dimensions()  # some programs write a wrong one
            for row in table.iter_rows(values_only=True):
                yield [_text(value) for value in row]
    except LettersError:
        raise
    except Exception as error:  # a foreign file's faults have no list: zlib has its own
        raise LettersError(f"{path}: rusak, atau bukan .xlsx. Buka dan simpan lagi sebagai .xlsx.") from error


def _check_unpacked(file: BinaryIO, path: Path) -> None:
    """Raise LettersError for a workbook that grows too large."""
    with zipfile.ZipFile(file) as archive:
        if sum(part.file_size for part in archive.infolist()) > UNPACKED_MAX:
            raise LettersError(f"{path}: terlalu besar. Pecah menjadi beberapa berkas.")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:CELL_MAX]
