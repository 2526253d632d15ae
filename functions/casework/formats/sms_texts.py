"""The texts of outgoing SMS: short Indonesian in GSM-7, each in one part even with the longest values (tested).

The first answer says plainly what this channel cannot hide. ``{code}`` is a receipt (29 characters), ``{short}`` its
first group, ``{day}`` a day like 02/12, ``{codes}`` some short codes.
"""

from collections.abc import Sequence
from datetime import date

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency
from functions.casework.formats.gsm import cut, fold
from functions.casework.stages import FACTS, STANDING
from functions.casework.understanding.nature import nature_of

PARTS_MAX = 3
WHOM_TOLD = 2
CODES_TOLD = 4
RECEIVED = "Laporan diterima, diperiksa s.d. {day}. Operator melihat nomor Anda, petugas tidak. Kode rahasia {code} "
ADD = "Balas SMS ini utk menambah."
WHERE = "Balas: kecamatan & tempat?"
WHOM = " Tentang {name}? Mereka tidak kami perlihatkan laporan ini. Bila bukan, balas: bukan tentang mereka."
CALL = "BAHAYA? TELEPON 112! "
URGENT = CALL + "Laporan diterima. Operator melihat nomor Anda, petugas tidak. Kode rahasia {code} "
ADDED = (
    "Sudah ditambahkan ke laporan {short}. Petugas membacanya. Laporan baru: ketik LAPOR <isi>. Periksa: CEK {short}"
)
STATE = "Laporan {short}: {stage}. {until}Menambah: BALAS {short} <isi>."
STATE_CLOSED = (
    "Laporan {short} ditutup. Sudah beres? SELESAI {short}. Belum? BELUM {short} <alasan>, s.d. {day}. "
    "Hal baru? LAPOR <isi>."
)
STATE_OVER = "Laporan {short} sudah selesai. Ada hal baru? Ketik LAPOR <isi laporan>."
THANKS = "Terima kasih. Laporan {short} kami catat selesai. Ada hal baru? Ketik LAPOR <isi laporan>."
REOPENED = "Laporan {short} dibuka lagi dan diteruskan kepada petugas. Periksa: CEK {short}"
REASON = "Apa yang belum selesai? Ketik BELUM {short} <alasan>, misalnya: BELUM {short} lampunya masih mati."
NOT_NOW = (
    "Itu belum dapat dilakukan pada laporan {short} sekarang. Periksa dulu: CEK {short}. Menambah: BALAS {short} <isi>."
)
WHICH = "Laporan yang mana? Kode Anda: {codes}. Ketik misalnya CEK {short}."
NONE = "Tidak ada laporan terbuka dari nomor ini. Ketik LAPOR <isi laporan>, atau CEK <kode laporan>."
UNKNOWN = "Kode itu tidak kami kenal. Periksa lagi: 5 kelompok, masing-masing 5 huruf atau angka. Ketik CEK <kode>."
STOPPED = "Anda tidak dikirimi SMS lagi. Laporan tetap diproses; CEK tetap dijawab. Ketik MULAI untuk menerima lagi."
STARTED = "Anda menerima SMS lagi bila laporan dijawab. Berhenti: ketik BERHENTI."
HELP = (
    "LAPOR <isi>: melapor. CEK: perkembangan. BALAS <isi>: menambah. SELESAI / BELUM <alasan>. "
    "BERHENTI. Operator melihat nomor Anda. Bahaya: telepon 112."
)
LIMIT = (
    "Batas balasan hari ini tercapai; SMS Anda tetap kami terima dan diperiksa. Balasan ada lagi "
    "besok. Bahaya: telepon 112."
)
EMPTY = "SMS Anda kosong atau tidak terbaca. Ketik LAPOR lalu isi laporan, misalnya: LAPOR lampu jalan Sangatta mati."
NEWS = "Ada perkembangan. Ketik CEK untuk membacanya. Berhenti: ketik BERHENTI."
MORE = "... Lengkapnya di {url}/lacak/ dgn kode Anda."
CLOSED = " Sudah beres? Ketik SELESAI. Belum? BELUM <alasan>."
TO_ANYBODY = (NONE, UNKNOWN, HELP, EMPTY, STOPPED, STARTED)  # what a number without a case is told
TEMPLATES = (
    *(RECEIVED + ADD, RECEIVED + WHERE, URGENT + ADD, URGENT + WHERE, ADDED, STATE, STATE_CLOSED, STATE_OVER, THANKS),
    *(REOPENED, REASON, NOT_NOW, WHICH, NONE, UNKNOWN, STOPPED, STARTED, HELP, LIMIT, EMPTY, NEWS),
)


def urgent(answer: str, text: str) -> str:
    """Return the answer with 112 before it, if the text speaks of danger and the answer does not name 112 itself."""
    return cut(f"{CALL}{answer}", PARTS_MAX, "...") if nature_of(text).danger and "112" not in answer else answer


def say_day(day: date) -> str:
    """Return a day in five characters."""
    return f"{day:%d/%m}"


def received(code: str, due: date, *, danger: bool, placed: bool) -> str:
    """Return the first answer. Without ``placed``, no district was named and the answer asks for one."""
    said = URGENT if danger else RECEIVED
    return said.format(code=code, day=say_day(due)) + (ADD if placed else WHERE)


def asked_whom(answer: str, agencies: Sequence[Agency]) -> str:
    """Return the first answer, and the question whether the report is about those whom its words accuse; meanwhile it
    is kept from them. What is answered reaches the coordinator, who decides."""
    names = ", ".join(agency.spoken.partition(",")[0].strip() or agency.name for agency in agencies[:WHOM_TOLD])
    return cut(fold(answer + WHOM.format(name=names)), PARTS_MAX, "...") if agencies else answer


def state(head: CaseHead, short: str) -> str:
    """Return a case's state. A closed case's ``due`` is the last day on which its reporter may say "not done"."""
    if head.open:
        until = f"Batas waktu {say_day(head.clock.due)}. " if head.stage not in STANDING else ""
        return STATE.format(short=short, stage=FACTS[head.stage].sms, until=until)
    if head.awaited:
        return STATE_CLOSED.format(short=short, day=say_day(head.clock.due))
    return STATE_OVER.format(short=short)


def which(shorts: Sequence[str]) -> str:
    """Ask which of several cases is meant."""
    return WHICH.format(codes=", ".join(shorts[-CODES_TOLD:]), short=shorts[-1])


def quoted(text: str, url: str) -> str:
    """Return an officer's words in at most three parts; a cut says where the rest is."""
    return cut(fold(text), PARTS_MAX, MORE.format(url=url))


def closed(reason: str, url: str) -> str:
    """Return that a case was closed, and what the reporter may reply."""
    return cut(fold(f"Ditutup: {reason}") + CLOSED, PARTS_MAX, MORE.format(url=url) + CLOSED)


def later(due: date, reason: str, url: str) -> str:
    """Return that an answer takes longer."""
    return quoted(f"Batas waktu baru {say_day(due)}: {reason}", url)
