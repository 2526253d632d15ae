"""Answers that are files: one that the cleaning made, or a table for spreadsheets, as a workbook or CSV."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from flask import Response

from functions.casework.formats.attachments import ENDINGS

# Browsers lay out a single picture with styles of their own. Without them a phone shows only its upper left corner.
# Nothing of the file itself is style or script.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_MAX: Final = 32_767  # characters that a cell may hold
MADE: Final = datetime(2026, 1, 1)  # noqa: DTZ001 - written into every workbook: none tells when it was made
# Where a spreadsheet may see a cell begin: at the start; and, as Excel in Indonesia parts lines at semicolons and
# heeds no quotes within them, also after one, a tab or a line's end.
_FORMULA: Final = re.compile(r"""((?:^|[;\t\r\n])[\s"']*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])""")


def file_answer(content: bytes, media_type: str, n: int) -> Response:
    """Return a file that the cleaning made, with its true media type, a neutral name, and a policy that runs nothing.
    Pictures are shown, documents are saved. Text is UTF-8."""
    shown = "inline" if media_type.startswith("image/") else "attachment"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'{shown}; filename="berkas-{n}.{ENDINGS[media_type]}"'
    response.headers["Content-Security-Policy"] = POLICY
    return response


def plain_cell(cell: object) -> object:
    """Return a cell in which no spreadsheet, whatever parts its cells, finds a formula: an apostrophe stands before
    each (OWASP, "CSV Injection"). A number stays a number."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the file ``name``: UTF-8 with a byte order mark, each cell quoted and without formulas."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(map(plain_cell, row) for row in rows)
    return _file(name, ("\ufeff" + out.getvalue()).encode(), "text/csv; charset=utf-8")


def xlsx_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the workbook ``name``. A text is stored as a text, so no word in it is calculated, whatever it begins
    with; nothing has to stand before it. A longer text than ``CELL_MAX`` is cut."""
    import xlsxwriter  # noqa: PLC0415 - 19 ms that only whoever saves a workbook waits for

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": MADE})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, row in enumerate((columns, *rows)):
            for place, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(at, place, cell)
                else:
                    sheet.write_string(at, place, str(cell)[:CELL_MAX])
    return _file(name, out.getvalue(), XLSX)


def _file(name: str, content: bytes, content_type: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
