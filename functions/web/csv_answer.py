"""A table as a CSV file to be saved, made for spreadsheets."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

from flask import Response

# Where a spreadsheet may see a cell begin: at the start; and, as Excel in Indonesia parts lines at semicolons and
# heeds no quotes within them, also after one, a tab or a line's end.
_FORMULA: Final = re.compile(r"""((?:^|[;\t\r\n])[\s"']*)(?=[=+\-@|%\uff1d\uff0b\uff0d\uff20])""")


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
    response = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
