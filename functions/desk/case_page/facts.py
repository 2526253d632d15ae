"""What stands at the top of a case's page: the deadline in working days, whose turn it is, and what to know first."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from functions.actions.officer.views import OfficerView
from functions.casework.case import CaseHead
from functions.casework.deadlines.workdays import workdays_between
from functions.casework.directory.accused_name import is_renamed
from functions.casework.directory.agencies import Directory
from functions.casework.stages import STANDING, Duty, Stage
from functions.web.language import gettext, ngettext
from functions.web.layout import long_date
from functions.web.narration import outcome_name
from functions.web.wording import N_


class Deadline(NamedTuple):
    """A deadline in words, how urgent it is (``late``, ``soon``, ``fine``, ``held``), and its day, "" for none."""

    text: str
    how: str
    day: str


class Turn(NamedTuple):
    """Whose turn it is, in a few words, and a sentence for what needs one, "" for none."""

    who: str
    lead: str = ""


def deadline_of(head: CaseHead, today: date, off: Collection[date]) -> Deadline | None:
    """Return the deadline in working days (``off``: further days off); None for a closed case. A held case has none."""
    if not head.open:
        return None
    if head.stage in STANDING:
        return Deadline(gettext(N_("Jam berhenti")), "held", gettext(N_("sampai pelapor menjawab")))
    due = head.clock.due
    if due < today:
        days = workdays_between(due, today, off)
        late = ngettext("Terlambat {days} hari kerja", "Terlambat {days} hari kerja", days).format(days=days)
        return Deadline(late if days else gettext(N_("Terlambat")), "late", long_date(due))
    days = workdays_between(today, due, off)
    left = ngettext("{days} hari kerja lagi", "{days} hari kerja lagi", days).format(days=days)
    return Deadline(left if days else gettext(N_("Hari ini")), "fine" if days > 1 else "soon", long_date(due))


def turn_of(view: OfficerView, directory: Directory, today: date, *, deciding: bool, answered: bool) -> Turn:
    """Return whose turn it is. ``deciding``: this officer decides whether the accused may read the case. ``answered``:
    the last words are an officer's."""
    head, duty = view.head, view.rights.duty
    if not head.open:
        return _ended(head, today)
    holder, about = directory.agency(head.holder).name, directory.agency(head.about_agency).name
    if deciding:
        return Turn(gettext(N_("Anda: putuskan izinnya")), gettext(DECIDE).format(holder=holder, about=about))
    if head.stage in STANDING:
        return Turn(gettext(N_("Pelapor: menjawab pertanyaan petugas")), gettext(WAITS.get(duty, "")))
    if duty in (Duty.SORT, Duty.ANSWER):
        who, lead = SORTS if duty is Duty.SORT else CLOSES if answered else ANSWERS
    else:
        late = LATE if view.overdue else WAS_LATE
        who, lead = {Duty.OVERSEE: (ALONE, late), Duty.ASSIST: (TOGETHER, HELPS)}.get(duty or Duty.SORT, (ALONE, ""))
    return Turn(gettext(who).format(holder=holder), gettext(lead).format(holder=holder))


def _ended(head: CaseHead, today: date) -> Turn:
    nobody = gettext(N_("Tidak ada"))
    if head.withdrawn:
        return Turn(nobody, gettext(N_("Pelapor menarik laporan ini. Tidak ada lagi yang perlu dikerjakan.")))
    if head.stage is Stage.DIARSIPKAN:
        return Turn(nobody, gettext(N_("Laporan ini diarsipkan. Tidak ada lagi yang perlu dikerjakan.")))
    if head.closing.confirmed:
        rating = head.closing.rating
        said = gettext(N_("Nilainya {rating} dari 5.")).format(rating=rating) if rating else gettext(UNRATED)
        return Turn(nobody, f"{gettext(CONFIRMED)} {said}")
    outcome = outcome_name(head.closing.outcome) if head.closing.outcome else ""
    closed = gettext(N_("Ditutup: {outcome}.")).format(outcome=outcome)
    if head.clock.due >= today:
        window = gettext(WINDOW).format(day=long_date(head.clock.due))
        return Turn(gettext(N_("Pelapor: setuju, atau belum selesai")), f"{closed} {window}")
    return Turn(nobody, f"{closed} {gettext(SILENT)}")


def named_otherwise(view: OfficerView, directory: Directory) -> dict[str, str] | None:
    """Return ``then``, the name that the reporter read of the accused agency, and ``now``, what the case's agency is
    called today; None where both agree, or nothing is known. Of other officers than those who sort, inspect or oversee
    nobody is told."""
    code, named = view.head.about_agency, view.named
    inspects = directory.agency(view.head.instance).inspectorate == view.head.holder
    if not named.code or not (inspects or view.rights.duty in (Duty.SORT, Duty.OVERSEE)):
        return None
    if named.code == code and not is_renamed(named, directory):
        return None
    now = directory.agencies.get(code)
    return {"then": named.name or directory.agency(named.code).name, "now": now.name if now else ""}


DECIDE = N_(
    "{holder} meminta izin memperlihatkan laporan ini kepada {about}, yang dilaporkan. Baca dulu, lalu putuskan."
)
ALONE, TOGETHER = "{holder}", N_("{holder}, bersama Anda")
SORTS = N_("Anda: teruskan ke dinas yang berwenang"), ""
ANSWERS = N_("Anda: pelapor menunggu jawaban"), ""
CLOSES = (
    N_("Anda: tutup bila sudah beres"),
    N_("Anda sudah menjawab. Kabari pelapor lagi, atau tutup laporan ini."),
)
WAITS: dict[Duty | None, str] = {
    Duty.ANSWER: N_("Menunggu jawaban pelapor. Setelah ia membalas, laporan ini kembali kepada Anda."),
    Duty.SORT: N_("Menunggu jawaban pelapor. Setelah ia membalas, laporan ini kembali kepada Anda."),
    Duty.OVERSEE: N_("Menunggu jawaban pelapor. Sampai itu tidak ada yang perlu Anda tagih."),
    Duty.ASSIST: N_("Menunggu jawaban pelapor."),
}
LATE = N_("Terlambat, dan naik kepada Anda. Tagih {holder}, atau pindahkan laporan ini ke instansi lain.")
WAS_LATE = N_("Pernah terlambat dan naik kepada Anda. Sekarang {holder} masih punya waktu.")
HELPS = N_("Anda ikut menangani laporan ini. {holder} yang menjaga batas waktunya dan menutupnya.")
CONFIRMED = N_("Selesai. Pelapor menyatakan laporannya sudah beres.")
UNRATED = N_("Ia tidak memberi nilai.")
WINDOW = N_("Sekarang giliran pelapor; ia dapat menjawab sampai {day}.")
SILENT = N_("Pelapor tidak menjawab. Itu tidak dihitung sebagai puas.")
