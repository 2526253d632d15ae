"""Deadlines (batas waktu) in working days, as SP4N-LAPOR! sets them.

Numbers are settings: the text of PermenPANRB 5/2025 could not be read, so none is carved in code.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from functions.casework.case import CaseHead, Kind
from functions.casework.stages import Stage
from functions.casework.workdays import add_workdays


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Limits in working days. ``finish`` by kind; ``window`` is the reporter's time to answer a closing."""

    verify: int = 3
    respond: int = 5
    finish_pengaduan: int = 14
    finish_aspirasi: int = 14
    finish_informasi: int = 5
    window: int = 10

    def finish(self, kind: Kind) -> int:
        """Working days from hand-over to the end for this kind."""
        return {
            Kind.PENGADUAN: self.finish_pengaduan,
            Kind.ASPIRASI: self.finish_aspirasi,
            Kind.INFORMASI: self.finish_informasi,
        }[kind]


def due_after(head: CaseHead, stage: Stage, today: date, deadlines: Deadlines, own: Collection[date] = ()) -> date:
    """The next deadline of a case that comes to ``stage`` today.

    Sorting runs from the day of receipt or return and is not renewed by verifying; the first answer and the
    end run from the hand-over to the unit; a reopened case or an appeal starts anew and keeps that date while
    it is worked on; an extended date stands until the case closes; a held case keeps its date (the reporter
    sees it).
    """
    if stage is Stage.SELESAI:
        return add_workdays(today, deadlines.window, own)
    if head.stage is Stage.SELESAI:
        return add_workdays(today, deadlines.finish(head.kind), own)
    if stage in (Stage.DIVERIFIKASI, Stage.DITAHAN, Stage.DIARSIPKAN):
        return head.due
    if head.extended and stage is not Stage.DIDISPOSISIKAN:
        return head.due
    counted = {
        Stage.DITERIMA: (head.received_on, deadlines.verify),
        Stage.DIALIHKAN: (today, deadlines.verify),
        Stage.DIDISPOSISIKAN: (today, deadlines.respond),
    }
    if stage in counted:
        start, days = counted[stage]
        return add_workdays(start, days, own)
    end = add_workdays(head.handed_on or head.received_on, deadlines.finish(head.kind), own)
    return max(end, head.due)
