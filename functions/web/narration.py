"""Events as sentences: what a thread says of an event that is not simply somebody's words."""

from collections.abc import Mapping
from datetime import date

from functions.casework.agencies import Directory
from functions.casework.case import EventKind
from functions.casework.routing import outside_targets
from functions.web.language import gettext
from functions.web.layout import long_date
from functions.web.wording import N_

STAGES = {
    "diterima": N_("Diterima"),
    "diverifikasi": N_("Diperiksa"),
    "didisposisikan": N_("Di dinas"),
    "diproses": N_("Dikerjakan"),
    "ditanggapi": N_("Dijawab"),
    "ditahan": N_("Menunggu jawaban pelapor"),
    "dialihkan": N_("Dipindahkan"),
    "selesai": N_("Selesai"),
    "diarsipkan": N_("Diarsipkan"),
    "banding": N_("Banding"),
}
OUTCOMES = {
    "diperbaiki": N_("Sudah diperbaiki"),
    "dijelaskan": N_("Sudah dijelaskan"),
    "sebagian": N_("Sebagian selesai"),
    "tidak_dapat": N_("Tidak dapat ditindaklanjuti"),
    "duplikat": N_("Sudah dilaporkan sebelumnya"),
}
STAGED = {
    "diverifikasi": N_("Laporan sudah diperiksa koordinator."),
    "diproses": N_("Laporan sedang dikerjakan."),
    "ditahan": N_("Petugas bertanya kepada pelapor."),
    "diarsipkan": N_("Laporan diarsipkan."),
}
TOLD = {
    EventKind.HANDOVER: N_("Diteruskan ke {agency}."),
    EventKind.EXTEND: N_("Batas waktu baru: {day}."),
    EventKind.CLOSE: N_("Ditutup petugas: {outcome}."),
    EventKind.CONFIRM: N_("Pelapor menyatakan selesai."),
    EventKind.REOPEN: N_("Pelapor menyatakan belum selesai."),
    EventKind.APPEAL: N_("Pelapor mengajukan banding."),
    EventKind.WITHDRAW: N_("Pelapor menarik laporan."),
    EventKind.UNMASK: N_("{agency} membuka bagian yang disamarkan."),
    EventKind.RECUSE: N_(
        "Petugas menyatakan benturan kepentingan dan tidak melihat laporan ini lagi. Diteruskan ke {agency}."
    ),
    EventKind.SP4N: N_("Dicatat di SP4N-LAPOR! dengan nomor {number}."),
    EventKind.NOTE: N_("Catatan antarpetugas"),
    EventKind.REMIND: N_("{agency} diingatkan: batas waktunya dekat."),
    EventKind.ESCALATE: N_("Terlambat. Diteruskan ke {agency}, yang kini dapat membaca laporan ini."),
    EventKind.LAPSE: N_(
        "Masa menanggapi berakhir tanpa jawaban pelapor. Ini dihitung tersendiri, bukan sebagai puas. "
        "Pelapor tetap boleh menanggapi."
    ),
}
IDENTITY = {
    "left": N_("Pelapor menitipkan identitas."),
    "withdrawn": N_("Pelapor menarik identitasnya."),
}
ASSIGNED = {
    "taken": N_("Seorang petugas mengambil laporan ini."),
    "passed": N_("Petugas lain mengambil laporan ini."),
    "left": N_("Petugas yang mengambil laporan ini melepasnya lagi. Instansinya tetap memegang laporan ini."),
}
PRIORITY = {
    "yes": N_("Ditandai mendesak."),
    "no": N_("Tidak lagi ditandai mendesak."),
}
# What is said by which change it was.
CHANGES = {EventKind.IDENTITY: IDENTITY, EventKind.ASSIGN: ASSIGNED, EventKind.PRIORITY: PRIORITY}
WITH_AGENCY = frozenset({EventKind.HANDOVER, EventKind.UNMASK, EventKind.RECUSE, EventKind.REMIND, EventKind.ESCALATE})
OVERSIGHT = N_("Ditandai berkadar pengawasan. Diteruskan ke {agency}, dan hanya dibaca di sana.")
COPIED = N_("Salinan yang disamarkan diambil untuk dicatat di SP4N-LAPOR!.")
NOT_OURS = N_("Bukan kewenangan pemerintah daerah. {says} Anda dapat menghubungi: {turn_to}.")
RATED = N_("Pelapor menyatakan selesai, nilai {rating} dari 5.")
ASKED = N_("Pertanyaan petugas: {question}")
WITH_REASON = N_("{sentence} Alasan: {reason}")


def narrate(kind: EventKind, stage: str, body: str, facts: Mapping[str, str], directory: Directory) -> str:
    """The text of a message: the words themselves, or a sentence with the reason that was given."""
    if kind is EventKind.STAGE and stage == "ditahan" and body:
        return gettext(ASKED).format(question=body)
    said = _sentence(kind, stage, facts, directory)
    if not said:
        return body
    return gettext(WITH_REASON).format(sentence=said, reason=body) if body else said


def stage_name(stage: str) -> str:
    """A stage as people say it."""
    return gettext(STAGES[stage])


def outcome_name(outcome: str) -> str:
    """An outcome as people say it."""
    return gettext(OUTCOMES[outcome])


def _sentence(kind: EventKind, stage: str, facts: Mapping[str, str], directory: Directory) -> str:
    if kind is EventKind.STAGE:
        elsewhere = outside_targets().get(facts["outside"]) if facts.get("outside") else None
        if elsewhere:
            return gettext(NOT_OURS).format(says=elsewhere.says, turn_to=elsewhere.turn_to)
        return gettext(STAGED[stage])
    if kind is EventKind.CONFIRM and facts.get("rating"):
        return gettext(RATED).format(rating=facts["rating"])
    if kind in CHANGES:
        change = facts["change"]
        return gettext(CHANGES[kind][change])
    if kind not in TOLD:
        return ""
    blanks: dict[str, str] = {}
    told = OVERSIGHT if facts.get("oversight") else TOLD[kind]
    if kind in WITH_AGENCY:
        agency = directory.agencies.get(facts["agency"])
        blanks["agency"] = agency.name if agency else facts["agency"]
    elif kind is EventKind.EXTEND:
        blanks["day"] = long_date(date.fromisoformat(facts["due"]))
    elif kind is EventKind.SP4N:
        told, blanks["number"] = told if facts["number"] else COPIED, facts["number"]
    elif kind is EventKind.CLOSE:
        blanks["outcome"] = outcome_name(facts["outcome"])
    return gettext(told).format(**blanks)
