"""What goes back to SP4N-LAPOR!: for each case that has a number there, how far it is here.

No words: a copy of those leaves case by case, taken by an officer, masked, and the reporter reads that it was taken
(``functions/desk/case_page/sp4n.py``). No case without a number: SP4N-LAPOR! does not know it, and a row of topic,
district and day may tell who wrote it. No case for the inspectorate alone, and none that accuses the coordinator who
takes the table there.
"""

from collections.abc import Iterator

from functions.actions.common.cases_left_behind import held
from functions.casework.access import is_hidden_from
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.stages import FACTS
from functions.storage.interface import Store

COLUMNS = ("Tracking ID", "Status Laporan", "Instansi Terdisposisi", "Batas Waktu")


def numbered(store: Store, instance: Agency) -> Iterator[CaseHead]:
    """Yield the cases of an instance that have a number in SP4N-LAPOR!."""
    return (head for head in held(store, instance.code, whole=True) if head.desk_work.sp4n)


def status_rows(store: Store, instance: Agency, directory: Directory) -> Iterator[tuple[str, ...]]:
    """Yield the cells of ``COLUMNS``, by the number in SP4N-LAPOR!, so that nobody reads an order of arrival."""
    shown = (head for head in numbered(store, instance) if not _is_hidden(head, instance, directory))
    for head in sorted(shown, key=lambda head: int(head.desk_work.sp4n)):
        holder = directory.agencies.get(head.holder)
        due = head.clock.due.isoformat() if head.open and head.clock.due else ""
        yield head.desk_work.sp4n, FACTS[head.stage].name, holder.name if holder else "", due


def _is_hidden(head: CaseHead, instance: Agency, directory: Directory) -> bool:
    desks = (instance.code, instance.coordinator)
    return head.oversight or any(is_hidden_from(desk, head, directory) for desk in desks if desk)
