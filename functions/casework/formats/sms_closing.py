"""The texts of SMS about a case that is closed: why, and what is left to its reporter. The longest values as in
``sms_texts``.

Tests: ``tests/doors/test_told.py``.
"""

from functions.casework.case import CaseHead
from functions.casework.formats.gsm import PARTS_MAX, cut, fold
from functions.casework.stages import Stage

MORE = "... Lengkapnya di {url}/lacak/ dgn kode Anda."
STATE_CLOSED = (
    "Laporan {short} ditutup. Sudah beres? SELESAI {short}. Belum? BELUM {short} <alasan>, s.d. {day}. "
    "Hal baru? LAPOR <isi>."
)
STATE_APPEAL = (  # it was reopened once already
    "Laporan {short} ditutup. Sudah beres? SELESAI {short}. Belum? Keberatan: di situs kami (Lihat jawaban) dgn kode "
    "Anda, s.d. {day}. Hal baru? LAPOR <isi>."
)
STATE_LAST = (  # and appealed
    "Laporan {short} ditutup, banding sudah dipakai. Sudah beres? SELESAI {short}. Masalahnya masih ada? Kirim laporan "
    "baru: LAPOR <isi>."
)
STATE_LAPSED = (
    "Laporan {short} ditutup tanpa jawaban Anda. Masih boleh menanggapi: di situs kami (Lihat jawaban) dgn kode Anda. "
    "Hal baru? LAPOR <isi>."
)
STATE_ARCHIVED = (
    "Laporan {short} diarsipkan, tidak ditangani lagi. Alasannya: di situs kami (Lihat jawaban) dgn kode Anda. "
    "Hal baru? LAPOR <isi>."
)
ONLY_APPEAL = (
    "Laporan {short} sudah pernah dibuka lagi. Keberatan: {url}/lacak/ dgn kode Anda. Atau balas LAPOR: SMS tadi jadi "
    "laporan baru."
)
CLOSED_THANKED = (
    "Terima kasih kembali. Laporan {short} ditutup. Ternyata belum beres? BELUM {short} <alasan>, s.d. {day}. "
    "Hal baru? LAPOR <isi>."
)
STATE_OVER = "Laporan {short} sudah selesai. Ada hal baru? Ketik LAPOR <isi laporan>."
CLOSED = " Sudah beres? Ketik SELESAI. Belum? BELUM <alasan>."
CLOSED_AGAIN = " Sudah beres? Ketik SELESAI. Belum? Keberatan: {url}/lacak/ dgn kode Anda."
CLOSED_LAST = " Sudah beres? Ketik SELESAI. Masih ada? LAPOR <isi>."
CLOSING_TEMPLATES = (
    *(STATE_CLOSED, STATE_APPEAL, STATE_LAST, STATE_LAPSED, STATE_ARCHIVED, STATE_OVER, ONLY_APPEAL, CLOSED_THANKED),
)


def closed_state(head: CaseHead) -> str:
    """Return the text of a closed case by what its reporter may still do: reopen it once, then appeal once."""
    if not head.awaited:
        over = STATE_OVER if head.closing.confirmed else STATE_LAPSED
        return STATE_ARCHIVED if head.stage is Stage.DIARSIPKAN else over
    if head.history.appealed:
        return STATE_LAST
    return STATE_APPEAL if head.history.reopened else STATE_CLOSED


def only_appeal(short: str, url: str) -> str:
    """Return what can be done about a closed case that was reopened once, whose reporter says that it is not done."""
    return ONLY_APPEAL.format(short=short, url=url)


def quoted(text: str, url: str) -> str:
    """Return an officer's words in at most three parts; a cut says where the rest is."""
    return cut(fold(text), PARTS_MAX, MORE.format(url=url))


def closed(reason: str, url: str, undone: str = "") -> str:
    """Return that a case was closed, and what the reporter may reply: BELUM, or what ``undone`` (``Answer``) says."""
    said = fold(f"Ditutup: {reason}")
    if undone == "appeal":  # the address of the whole text is that of the appeal
        tail = CLOSED_AGAIN.format(url=url)
        return cut(said + tail, PARTS_MAX, "..." + tail)
    tail = CLOSED_LAST if undone == "none" else CLOSED
    return cut(said + tail, PARTS_MAX, MORE.format(url=url) + tail)


def archived(reason: str, turn_to: str, url: str) -> str:
    """Return that a case is not worked on any more, why, and who is responsible, if somebody else is."""
    return quoted(f"Diarsipkan, tidak ditangani lagi: {reason}" + (f" Hubungi: {turn_to}." if turn_to else ""), url)
