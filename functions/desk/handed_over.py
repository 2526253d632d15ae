"""A case as a file for SP4N-LAPOR!: one line of CSV, masked as its officer reads it."""

import csv
import io

from functions.actions.officer.views import OfficerView
from functions.casework.case import EventKind
from functions.casework.directory.agencies import Directory

COLUMNS = ("nomor", "klasifikasi", "topik", "kecamatan", "kode_kecamatan", "tanggal_masuk", "instansi", "judul", "isi")
FORMULA = tuple("=+-@\t\r")


def hand_over_csv(view: OfficerView, directory: Directory) -> str:
    """UTF-8 with a byte order mark, as spreadsheets want it; what they would take for a formula is quoted."""
    head = view.head
    report = next(message for message in view.messages if message.kind is EventKind.REPORT)
    topic, district = directory.topics.get(head.topic), directory.districts.get(head.district)
    cells = (
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
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells])
    return "\ufeff" + out.getvalue()
