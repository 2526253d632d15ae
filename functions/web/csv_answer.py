"""A table as a CSV file to be saved, made for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

FORMULA = tuple("=+-@\t\r")


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return the file ``name``: UTF-8 with a byte order mark. What a spreadsheet would take for a formula is quoted."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in row] for row in rows)
    response = Response("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
