"""The texts of outgoing SMS: short Indonesian in GSM-7, each in one part even with the longest values (tested).

The first answer says plainly what this channel cannot hide. ``{code}`` is a receipt (29 characters), ``{short}`` its
first group, ``{day}`` a day like 02/12, ``{codes}`` some short codes.
"""

from collections.abc import Sequence
from datetime import date

from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency
from functions.casework.formats.gsm import PARTS_MAX, count, cut, fold
from functions.casework.formats.sms_about import ABOUT, ABOUT_CASE, BESIDE
from functions.casework.formats.sms_closing import CLOSED_THANKED, CLOSING_TEMPLATES, STATE_CLOSED, closed_state, quoted
from functions.casework.stages import FACTS, STANDING

WHOM_TOLD = 2
CODES_TOLD = 4
RECEIVED = "Laporan diterima, diperiksa s.d. {day}. Operator melihat nomor Anda, petugas tidak. Kode rahasia {code} "
ADD = "Balas SMS ini utk menambah."
WHERE = "Balas: kecamatan & tempat?"
WHOM = " Tentang {name}? Mereka tidak kami perlihatkan laporan ini. Bila bukan, balas: bukan tentang mereka."
CALL = "BAHAYA? TELEPON 112! "
URGENT = CALL + "Laporan diterima. Operator melihat nomor Anda, petugas tidak. Kode rahasia {code} "
ADDED = (  # right as well if it was a question or thanks
    "Sudah ditambahkan ke laporan {short}; petugas membacanya. Kini: {stage}. {until}Hal lain? Balas BARU: kami "
    "jadikan laporan sendiri."
)
ADDED_WHERE = f"Sudah ditambahkan ke laporan {{short}}; petugas membacanya. {WHERE}"
ADDED_WHICH = "Sudah ditambahkan ke laporan {short}. Maksud Anda laporan lain? Balas kodenya saja: {codes}."
WALLED = (
    "Laporan {short} dibaca dinas yang Anda laporkan, jadi SMS tadi tidak kami tambahkan ke sana. Tetap kirim? BALAS "
    "{short} <isi>."
)
PLACED = "Dicatat: kecamatan {place}, laporan {short}. Keliru? Balas dengan kecamatan yang benar."
VOID = "Teks untuk umum batal; yang baru kami tanyakan lagi."
PLACE_WHICH = "Sudah ditambahkan ke laporan {short}. Kecamatan yang mana: {places}?"
ELSEWHERE_ADDED = "Sudah ditambahkan ke laporan {short}. Itu {where}, di luar wilayah kami: laporkan juga ke sana."
STATE = "Laporan {short}: {stage}. {until}Menambah: BALAS {short} <isi>."
STATES = "Laporan Anda: {states}. Selengkapnya: ketik CEK {short}."
ADDED_STATE = "Laporan {short}: {stage}. {until}SMS Anda ditambahkan dan dibaca petugas. Hal lain? Balas BARU."
WELCOME = "Baik, terima kasih. Laporan {short}: {stage}. {until}Ada yang perlu dibaca petugas? BALAS {short} <isi>."
WENT_UP = "Terlambat, jadi naik ke tingkat di atasnya."
THANKS = "Terima kasih. Laporan {short} kami catat selesai. Ada hal baru? Ketik LAPOR <isi laporan>."
REOPENED = "Laporan {short} dibuka lagi dan diteruskan kepada petugas. Periksa: CEK {short}"
REASON = "Apa yang belum selesai? Ketik BELUM {short} <alasan>, misalnya: BELUM {short} lampunya masih mati."
DONE_NOTED = (
    "Dicatat di laporan {short}: menurut Anda sudah selesai. Petugas membacanya, lalu menutup laporan. Belum selesai? "
    "BALAS {short} <isi>."
)
WITHDRAW_NOTED = (
    "Dicatat di laporan {short}: Anda ingin membatalkannya. Petugas membacanya. Menghapus sendiri: dengan kode Anda di "
    "situs kami (Lihat jawaban)."
)
WHICH = "Laporan yang mana? Kode Anda: {codes}. Ketik misalnya {command} {short}."
NONE = "Tidak ada laporan terbuka dari nomor ini. Ketik LAPOR <isi laporan>, atau CEK <kode laporan>."
UNKNOWN = (
    "Kode itu tidak kami kenal; tidak ada yang diubah. Bisa dicek: laporan dari nomor ini, atau kode lengkap (5 "
    "kelompok x 5 huruf/angka): CEK <kode>."
)
UNKNOWN_OWN = (
    "Kode itu tidak kami kenal; tidak ada yang diubah. Dari nomor ini: laporan {short}, {stage}. Kode lain: CEK <kode "
    "lengkap>."
)
UNKNOWN_KEPT = (
    "Kode itu tidak kami kenal; tidak ada yang ditambahkan. Kirim lagi dgn kode yang benar, atau balas BARU: jadi "
    "laporan baru."
)
STOPPED = "Anda tidak dikirimi SMS lagi. Laporan tetap diproses; CEK tetap dijawab. Ketik MULAI untuk menerima lagi."
STARTED = "Anda menerima SMS lagi bila laporan dijawab. Berhenti: ketik BERHENTI."
HELP = (
    "LAPOR <isi>: melapor. CEK: kabar. BALAS <isi>: menambah. SELESAI / BELUM <alasan>. "
    "BERHENTI. Tarif SMS biasa. Operator melihat nomor Anda. Bahaya: telepon 112."
)
LIMIT = (
    "Batas balasan hari ini tercapai; SMS Anda tetap kami terima dan diperiksa. Balasan ada lagi "
    "besok. Bahaya: telepon 112."
)
GREETED = (
    "Halo, ini SMS pengaduan. Tulis apa yang terjadi dan di mana, lalu kirim. Operator melihat nomor Anda, petugas "
    "tidak. Bahaya: telepon 112."
)
ASK = (
    "Apa yang ingin Anda laporkan, dan di mana? Balas SMS ini. Operator melihat nomor Anda, petugas tidak. Bahaya: "
    "telepon 112."
)
ASK_WHAT = (
    "Baik, {place}. Apa yang terjadi di sana? Balas SMS ini. Operator melihat nomor Anda, petugas tidak. Bahaya: "
    "telepon 112."
)
ELSEWHERE = (
    "Itu {where}: laporkan juga ke sana. Kami tetap memeriksa. Operator melihat nomor Anda, petugas tidak. "
    "Kode rahasia {code}"
)
ELSEWHERE_ASKED = (
    "Ini nomor pengaduan {office}, bukan {where}; nomor di sana tidak kami punya. Masalah di wilayah kami? Tulis apa "
    "dan di mana."
)
FORWARDED = (
    "Diteruskan ke {where}, diperiksa s.d. {day}. Operator melihat nomor Anda, petugas tidak. Kode rahasia {code}"
)
WITHDRAW = (
    "SMS tidak menghapus laporan, sebab nomor dapat dipalsukan. Menarik laporan: dengan kode Anda di situs kami (Lihat "
    "jawaban)."
)
EMPTY = "SMS Anda kosong atau tidak terbaca. Ketik LAPOR lalu isi laporan, misalnya: LAPOR lampu jalan Sangatta mati."
NEWS = "Ada perkembangan. Ketik CEK untuk membacanya. Berhenti: ketik BERHENTI."
ADVERT = (
    "SMS ini tampak seperti iklan atau pesan berantai, jadi tidak kami simpan. Bila ini laporan, ketik LAPOR <isi>. "
    "Bahaya: telepon 112."
)
# What is no report, by a second opinion: its words wait for LAPOR, or for BALAS where a case is open.
TALK = (
    "Ini nomor pengaduan pemerintah, bukan toko atau perorangan. Ada masalah layanan umum? Tulis apa dan di mana. SMS "
    "tadi laporan? Balas: LAPOR"
)
TALK_CASE = (
    "Ini nomor pengaduan. Laporan {short}: {stage}. {until}SMS tadi tidak ditambahkan. Perlu dibaca petugas? Balas: "
    "BALAS. Hal lain? BARU."
)
CALM = (
    "Maaf Anda kecewa. Apa yang terjadi, dan di mana? Tulis di sini, petugas membacanya. SMS tadi sudah laporan? "
    "Balas: LAPOR"
)
CALM_CASE = (
    "Maaf Anda kecewa. Laporan {short}: {stage}. {until}Agar SMS tadi dibaca petugas, balas: BALAS. Laporan lain? BARU."
)
THANKED = (
    "Terima kasih kembali. Ada masalah layanan umum? Tulis apa yang terjadi dan di mana. SMS tadi laporan? Balas: LAPOR"
)
NONE_HELD = (
    "Ini SMS pengaduan pemerintah. Dari nomor ini belum ada laporan terbuka. Punya kode? CEK <kode>. SMS tadi laporan? "
    "Balas: LAPOR."
)
ABOUT_HOW, ABOUT_COST, ABOUT_SAFE, ABOUT_PHOTO, ABOUT_WHO, ABOUT_TIME, ABOUT_WAYS, ABOUT_OTHER = (
    ABOUT[topic] for topic in ("how", "cost", "safe", "photo", "who", "time", "ways", "other")
)
STATE_SHORT = "Laporan {short}: {stage}. {until}"
HELD = "SMS tadi laporan? Balas: LAPOR"
HELD_QUESTION = "Perlu jawaban petugas? Balas: LAPOR"
HELD_CASE = "SMS tadi perlu dibaca petugas? Balas: BALAS"
COMFORT = "Anda tidak sendiri. Bicaralah sekarang, gratis: telepon 119 lalu tekan 8. Dalam bahaya: 112. "
UNTOLD = "Nama dan nomor Anda tidak kami perlihatkan kepada yang dilaporkan."
READ_THERE = "Isi laporan tidak dikirim lewat SMS. Membacanya: {url}/lacak/ dgn kode Anda."
APART = " Hal yang berbeda? Kirim juga sendiri: LAPOR <isi>."
PLACE_BEFORE = "Kecamatan {place}: dari SMS sebelumnya. Keliru? Balas kecamatan yang benar."
# What a number without a case is told, behind its last value.
TO_ANYBODY = tuple(
    each.rpartition("}")[2]
    for each in (
        *(NONE, UNKNOWN, HELP, EMPTY, GREETED, ASK, ASK_WHAT, WITHDRAW, STOPPED, STARTED, ADVERT),
        *(TALK, CALM, THANKED, NONE_HELD, HELD, *ABOUT.values(), *BESIDE.values()),
    )
)
TEMPLATES = (
    *(RECEIVED + ADD, RECEIVED + WHERE, URGENT + ADD, URGENT + WHERE, ADDED, STATE, THANKS),
    *(REOPENED, REASON, WHICH, NONE, UNKNOWN, STOPPED, STARTED, HELP, LIMIT, EMPTY, NEWS),
    *(
        ADDED_WHICH,
        PLACED,
        PLACE_WHICH,
        ELSEWHERE_ADDED,
        WELCOME,
        UNKNOWN_KEPT,
        GREETED,
        ASK,
        ELSEWHERE,
        FORWARDED,
        ELSEWHERE_ASKED,
    ),
    *(ADDED_WHERE, WALLED, WITHDRAW, DONE_NOTED, WITHDRAW_NOTED, ADVERT, READ_THERE, f"{PLACED} {VOID}"),
    *(PLACE_BEFORE, HELD_CASE, STATE_SHORT, WENT_UP, *CLOSING_TEMPLATES),
    *(ASK_WHAT, TALK, TALK_CASE, CALM, CALM_CASE, THANKED, NONE_HELD, UNKNOWN_OWN, STATES, ADDED_STATE),
    *(*ABOUT.values(), *ABOUT_CASE.values()),
)


def comforted(answer: str) -> str:
    """Return the answer to somebody who may end their own life, with who listens now before it."""
    return cut(f"{COMFORT}{answer.removeprefix(CALL)}", PARTS_MAX, "...")


def urgent(answer: str) -> str:
    """Return the answer to a text that speaks of danger, with 112 first unless the answer names it."""
    return cut(f"{CALL}{answer}", PARTS_MAX, "...") if answer and "112" not in answer else answer


def say_day(day: date) -> str:
    """Return a day in five characters."""
    return f"{day:%d/%m}"


def received(code: str, due: date, *, danger: bool, placed: bool, places: Sequence[str] = ()) -> str:
    """Return the first answer. Without ``placed``, no district was named and the answer asks for one: which of
    ``places``, if these fit into its one part."""
    said = (URGENT if danger else RECEIVED).format(code=code, day=say_day(due))
    asked = f"Balas: {' / '.join(_apart(places))}?"
    if placed:
        return said + ADD
    return said + (asked if places and count(said + asked) == 1 else WHERE)


def placed(short: str, place: str, *, void: bool = False) -> str:
    """Return that a case is now in a district. ``void``: a text that was offered for the public no longer holds."""
    return with_more(PLACED.format(short=short, place=place), VOID if void else "")


def place_which(short: str, places: Sequence[str]) -> str:
    """Ask which of several districts is meant."""
    return cut(fold(PLACE_WHICH.format(short=short, places=", ".join(places))), PARTS_MAX, "...")


def _apart(places: Sequence[str]) -> list[str]:
    """Return names without the words that they all begin with: "Utara", "Selatan" of two Sangattas."""
    words = [place.split() for place in places]
    while len({each[0] for each in words if each}) == 1 and min(map(len, words)) > 1:
        words = [each[1:] for each in words]
    return [" ".join(each) for each in words]


def asked_whom(answer: str, agencies: Sequence[Agency]) -> str:
    """Return the first answer, and the question whether the report is about those whom its words accuse; meanwhile it
    is kept from them. What is answered reaches the coordinator, who decides."""
    names = ", ".join(agency.spoken.partition(",")[0].strip() or agency.name for agency in agencies[:WHOM_TOLD])
    return cut(fold(answer + WHOM.format(name=names)), PARTS_MAX, "...") if agencies else answer


def with_more(answer: str, more: str) -> str:
    """Return an answer, and what else is to be told."""
    return cut(fold(f"{answer} {more}" if more else answer), PARTS_MAX, "...")


def read_there(url: str) -> str:
    """Return where a report can be read: no answer holds it, since others may read this phone."""
    return cut(fold(READ_THERE.format(url=url)), PARTS_MAX, "...")


def state(head: CaseHead, short: str, *, danger: bool = False) -> str:
    """Return a case's state. A closed case's ``due`` is the last day on which its reporter may say "not done"."""
    if head.open:
        answer = with_state(STATE, head, short, danger=danger)
        return with_more(answer, WENT_UP if _is_late(head) and not danger else "")
    return closed_state(head).format(short=short, day=say_day(head.clock.due))


def _is_late(head: CaseHead) -> bool:
    """Whether a case has gone up since nobody answered it in time."""
    return head.open and head.stage not in STANDING and head.escalation.steps > 0


def welcome(head: CaseHead, short: str, *, danger: bool = False, thanks: bool = False) -> str:
    """Return what somebody is told who thanks or greets: how their case stands, and how officers hear of more. In
    danger no deadline is named. ``thanks``: they say nothing else, so a closed case is not asked about again."""
    if head.awaited and thanks and closed_state(head) is STATE_CLOSED:
        return CLOSED_THANKED.format(short=short, day=say_day(head.clock.due))
    if not head.open:
        return state(head, short)
    return with_state(WELCOME, head, short, danger=danger)


def with_state(template: str, head: CaseHead, short: str, *, danger: bool = False) -> str:
    """Return a text that names a case and how it stands. In danger no deadline is named."""
    named = head.open and head.stage not in STANDING and not danger
    until = f"{'Lewat batas' if _is_late(head) else 'Batas waktu'} {say_day(head.clock.due)}. " if named else ""
    return template.format(short=short, stage=FACTS[head.stage].sms, until=until)


def states(heads: Sequence[tuple[str, CaseHead]]) -> str:
    """Return how several cases stand, the latest of them."""
    told = [f"{short}: {FACTS[head.stage].sms}" for short, head in heads[-CODES_TOLD:]]
    return cut(STATES.format(states="; ".join(told), short=heads[-1][0]), PARTS_MAX, "...")


def which(shorts: Sequence[str], command: str) -> str:
    """Ask which of several cases a command is meant for."""
    return WHICH.format(codes=", ".join(shorts[-CODES_TOLD:]), command=command, short=shorts[-1])


def added_which(short: str, others: Sequence[str]) -> str:
    """Return which case words were added to, and ask whether another was meant."""
    return ADDED_WHICH.format(short=short, codes=", ".join(others[-CODES_TOLD:]))


def later(due: date, reason: str, url: str) -> str:
    """Return that an answer takes longer."""
    return quoted(f"Batas waktu baru {say_day(due)}: {reason}", url)
