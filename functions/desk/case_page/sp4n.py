"""SP4N-LAPOR!: a case's number there, and the case as a file to be entered there."""

from collections.abc import Callable, Mapping

from flask import Response, g

from functions.actions.officer.case_notes import CaseNotes
from functions.actions.officer.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.desk.acts import Act, standing
from functions.web.file_answer import csv_answer, xlsx_answer
from functions.web.forms import case_number, fields

COLUMNS = ("nomor", "klasifikasi", "topik", "kecamatan", "kode_kecamatan", "tanggal_masuk", "instansi", "judul", "isi")


def sp4n_acts(notes: CaseNotes) -> dict[str, Act]:
    """``sp4n`` (``number``: 4 to 12 digits)."""
    return {
        "sp4n": Act(
            lambda viewer, case_id, typed: standing(notes.record(viewer, case_id, typed.get("number", ""))), "sp4n"
        )
    }


def sp4n_views(notes: CaseNotes) -> Mapping[str, Callable[..., Response]]:
    """``POST /desk/cases/<tracking_id>/sp4n/file``: a workbook for ``format`` "xlsx", else a CSV."""

    def sp4n_file(tracking_id: str) -> Response:
        kind = fields().get("format", "")
        if kind not in ("", "csv", "xlsx"):
            raise InvalidInputProblem(FieldError("format", "unknown"))
        view = notes.copy_out(g.session.viewer, case_number(tracking_id))
        name, rows = f"laporan-{view.head.case_id}", [case_row(view, notes.act.directory)]
        if kind == "xlsx":
            return xlsx_answer(f"{name}.xlsx", COLUMNS, rows)
        return csv_answer(f"{name}.csv", COLUMNS, rows)

    return {"sp4n_file": sp4n_file}


def case_row(view: OfficerView, directory: Directory) -> tuple[str, ...]:
    """Return the cells of ``COLUMNS``, masked as the officer reads the case."""
    head = view.head
    report = next(message for message in view.messages if message.kind is EventKind.REPORT)
    topic, district = directory.topics.get(head.topic), directory.districts.get(head.district)
    return (
        head.case_id,
        "pengaduan berkadar pengawasan" if head.oversight else head.kind.value,
        topic.name if topic else head.topic,
        district.name if district else head.district,
        head.district,
        head.received_on.isoformat(),
        directory.agency(head.holder).name,
        view.subject or "",
        report.body,
    )
