"""Events as sentences, for everything in a thread that is not simply somebody's words."""

from collections.abc import Mapping
from datetime import date

from functions.casework.case import CaseHead, EventKind
from functions.casework.case_ties import Change, Tie
from functions.casework.directory.agencies import Directory
from functions.casework.routing.propose import outside_targets
from functions.casework.stages import FACTS, Stage
from functions.web.language import current, gettext
from functions.web.layout import long_date
from functions.web.unmask_words import ground_name, kind_name
from functions.web.wording import N_

OUTCOMES = {
    "diperbaiki": N_("Sudah diperbaiki"),
    "dijelaskan": N_("Sudah dijelaskan"),
    "sebagian": N_("Sebagian selesai"),
    "tidak_dapat": N_("Tidak dapat ditindaklanjuti"),
    "duplikat": N_("Sudah dilaporkan sebelumnya"),
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
    EventKind.SECOND: N_("{agency} ikut menangani."),
    EventKind.JOIN: N_("Ada laporan lain tentang hal yang sama; jawabannya juga akan dikirim ke sini."),
}
IDENTITY = {
    "left": N_("Pelapor menitipkan identitas."),
    "withdrawn": N_("Pelapor menarik identitasnya."),
    "wished": N_(
        "Petugas meminta kustodian menimbang apakah nama pelapor perlu dibuka. Belum ada yang dibuka; pelapor ditanya "
        "lebih dulu."
    ),
}
ASSIGNED = {
    "taken": N_("Seorang petugas mengambil laporan ini."),
    "given": N_("Laporan ini diberikan kepada seorang petugas."),
    "passed": N_("Petugas lain mengambil laporan ini."),
    "left": N_("Petugas yang mengambil laporan ini melepasnya lagi. Instansinya tetap memegang laporan ini."),
}
PRIORITY = {
    "yes": N_("Ditandai mendesak."),
    "no": N_("Tidak lagi ditandai mendesak."),
}
# Sentences by kind of change
CHANGES = {EventKind.IDENTITY: IDENTITY, EventKind.ASSIGN: ASSIGNED, EventKind.PRIORITY: PRIORITY}
# Letting the accused read the report, by ``casework.guard_lift.LiftStep``
LIFTS = {
    "asked": N_(
        "{agency} meminta agar laporan ini boleh diperlihatkan kepada {about}, yang dilaporkan. Belum ada yang "
        "diperlihatkan: pengawas di {by} yang memutuskan, paling cepat setelah {day}, dan tidak bila pelapor "
        "berkeberatan."
    ),
    "objected": N_("Pelapor berkeberatan. Laporan ini tetap tidak diperlihatkan kepada {about}."),
    "granted": N_("Pengawas di {by} mengizinkan laporan ini diperlihatkan kepada {about}, bila diteruskan ke sana."),
    "refused": N_("Pengawas di {by} tidak mengizinkan. Laporan ini tetap tidak diperlihatkan kepada {about}."),
}
# Making a report public, by ``casework.publication.PublishStep``
PUBLISHED = {
    "wished": N_("Pelapor ingin laporan ini dibaca umum, bila ia menyetujui teksnya."),
    "change": N_("Pelapor meminta teks untuk umum diubah."),
    "drafted": N_("{agency} menulis teks untuk umum. Teks itu terbit hanya bila pelapor menyetujuinya."),
    "agreed": N_("Pelapor menyetujui teks untuk umum."),
    "stopped": N_("Pelapor tidak ingin laporan ini dibaca umum. Yang sudah terbit diambil lagi."),
    "declined": N_("{agency} tidak menerbitkan laporan ini untuk umum."),
}
CORRECTED = {
    "district": N_("Kecamatan dibetulkan: dari {was} menjadi {now}."),
    "topic": N_("Topik dibetulkan: dari {was} menjadi {now}."),
    "text_void": N_("Teks untuk umum tidak berlaku lagi: pelapor akan diminta menyetujui teks yang baru."),
}
WITH_AGENCY = frozenset({EventKind.HANDOVER, EventKind.UNMASK, EventKind.RECUSE, EventKind.REMIND, EventKind.ESCALATE})
UNMASKED = {
    "shown": N_("{agency} membuka yang disamarkan: {kinds}. Untuk apa: {ground}."),
    "asked": N_(
        "{agency} meminta melihat yang disamarkan: {kinds}. Untuk apa: {ground}. Belum ada yang diperlihatkan: orang "
        "kedua harus setuju, dan pelapor boleh menolak sebelum itu."
    ),
    "agreed": N_("{by} menyetujui permintaan {agency}. Instansi itu sekarang membaca yang disamarkan."),
    "refused": N_("{by} menolak permintaan {agency}. Yang disamarkan tetap tertutup bagi instansi itu."),
    "objected": N_("Pelapor menolak permintaan {agency}. Yang disamarkan tetap tertutup bagi instansi itu."),
}
LINKED = N_("Diteruskan ke {agency}, otomatis ke sistemnya sendiri.")
TRANSFERRED = N_("Dialihkan ke {agency}.")
WITH_AGENCY |= {EventKind.SECOND}
HANDED_TO_TWO = N_("Diteruskan ke {agency}. {second} ikut menangani.")
PARTED = N_("Jawaban laporan lain itu tidak dikirim ke sini lagi.")
TIED = {  # for officers, who may see the other case
    (Tie.INTO, Change.JOINED): N_("Digabung ke laporan {number}."),
    (Tie.INTO, Change.PARTED): N_("Dilepas dari laporan {number}."),
    (Tie.FROM, Change.JOINED): N_("Laporan {number} digabung ke sini."),
    (Tie.FROM, Change.PARTED): N_("Laporan {number} dilepas dari sini."),
}
SECOND_ENDED = N_("{agency} tidak ikut menangani lagi.")
SECOND_RECUSED = N_(
    "Petugas {agency} menyatakan benturan kepentingan dan tidak melihat laporan ini lagi. {agency} tidak ikut "
    "menangani lagi."
)
OVERSIGHT = N_("Ini urusan Inspektorat. Diteruskan ke {agency}, dan hanya dibaca di sana.")
MOVED = {"oversight": OVERSIGHT, "transfer": TRANSFERRED}
COPIED = N_("Salinan yang disamarkan diambil untuk dicatat di SP4N-LAPOR!.")
NOT_OURS = N_("Bukan kewenangan pemerintah daerah. {says} Anda dapat menghubungi: {turn_to}.")
WITHDRAWN = N_("Ditarik pelapor")
RATED = N_("Pelapor menyatakan selesai, nilai {rating} dari 5.")
ASKED = N_("Pertanyaan petugas: {question}")
RECALLED = N_("Penerusan ke {unit} dibatalkan sebelum ada yang membukanya di sana. Laporan ini kembali ke {agency}.")
WITH_REASON = N_("{sentence} Alasan: {reason}")


def narrate(kind: EventKind, stage: str, body: str, facts: Mapping[str, str], directory: Directory) -> str:
    """Return the text of a message: the words themselves, or a sentence with the reason."""
    if kind is EventKind.STAGE and stage == "ditahan" and body:
        return gettext(ASKED).format(question=body)
    said = _said(kind, stage, facts, directory)
    if not said:
        return body
    if kind is EventKind.MESSAGE:
        return f"{body}\n\n{said}" if body else said
    return gettext(WITH_REASON).format(sentence=said, reason=body) if body else said


def stage_name(stage: str) -> str:
    """Return the name of a stage."""
    return gettext(FACTS[Stage(stage)].name)


def case_stage(head: CaseHead) -> str:
    """Return the name of a case's stage; of a withdrawn one, that it was withdrawn."""
    return gettext(WITHDRAWN) if head.withdrawn else stage_name(head.stage)


def topic_name(code: str, directory: Directory) -> str:
    """Return a topic's name in the language of the request, "" for one that the directory does not have."""
    topic = directory.topics.get(code)
    return "" if topic is None else topic.name_en if current() == "en" else topic.name


def district_name(code: str, directory: Directory) -> str:
    """Return a district's name, "" for one that the directory does not have."""
    district = directory.districts.get(code)
    return district.name if district else ""


def outcome_name(outcome: str) -> str:
    """Return the name of an outcome."""
    return gettext(OUTCOMES[outcome])


def _sentence(kind: EventKind, stage: str, facts: Mapping[str, str], directory: Directory) -> str:
    if kind is EventKind.STAGE:
        elsewhere = outside_targets().get(facts["outside"]) if facts.get("outside") else None
        if elsewhere:
            return gettext(NOT_OURS).format(says=elsewhere.says, turn_to=elsewhere.turn_to)
        return gettext(FACTS[Stage(stage)].told)
    if kind is EventKind.CONFIRM and facts.get("rating"):
        return gettext(RATED).format(rating=facts["rating"])
    if kind in CHANGES:
        change = facts["change"]
        return gettext(CHANGES[kind][change])
    if kind not in TOLD:
        return ""
    blanks: dict[str, str] = {}
    handed = facts if kind is EventKind.HANDOVER else {}
    moved = next((told for name, told in MOVED.items() if handed.get(name)), "")
    told = moved or _of_two(kind, facts) or (LINKED if handed.get("linked") else TOLD[kind])
    if kind in WITH_AGENCY:
        blanks["agency"] = directory.agency(facts["agency"]).name
        blanks["second"] = directory.agency(facts.get("second", "")).name
    elif kind is EventKind.EXTEND:
        blanks["day"] = long_date(date.fromisoformat(facts["due"]))
    elif kind is EventKind.SP4N:
        told, blanks["number"] = told if facts["number"] else COPIED, facts["number"]
    elif kind is EventKind.CLOSE:
        blanks["outcome"] = outcome_name(facts["outcome"])
    return gettext(told).format(**blanks)


def _said(kind: EventKind, stage: str, facts: Mapping[str, str], directory: Directory) -> str:
    if kind is EventKind.UNMASK and not facts.get("step"):
        return _sentence(kind, stage, facts, directory)
    if kind is EventKind.MESSAGE and "text_void" in facts:  # an answer that says where the case is
        void = CORRECTED["text_void"]
        return gettext(void)
    told = _TOLD.get(kind)
    return told(facts, directory) if told else _sentence(kind, stage, facts, directory)


def _published(facts: Mapping[str, str], directory: Directory) -> str:
    step = facts["step"]
    return gettext(PUBLISHED[step]).format(agency=directory.agency(facts.get("agency", "")).name)


def _recalled(facts: Mapping[str, str], directory: Directory) -> str:
    unit, agency = (directory.agency(facts[name]).name for name in ("from", "agency"))
    return gettext(RECALLED).format(unit=unit, agency=agency)


def _unmasked(facts: Mapping[str, str], directory: Directory) -> str:
    """Return the sentence of a step of a request to see masked words."""
    names = {name: directory.agency(facts.get(name, "")).name for name in ("agency", "by")}
    pairs = [part.split(":") for part in facts.get("kinds", "").split(",") if part]
    kinds = ", ".join(f"{count} {kind_name(kind)}" for kind, count in pairs)
    step = facts["step"]
    return gettext(UNMASKED[step]).format(**names, kinds=kinds, ground=ground_name(facts.get("ground", "")))


def _lift(facts: Mapping[str, str], directory: Directory) -> str:
    """Return the sentence of a step to let the accused read, with the names of those it concerns."""
    names = {name: directory.agency(facts[name]).name for name in ("agency", "about", "by") if name in facts}
    day = long_date(date.fromisoformat(facts["until"])) if "until" in facts else ""
    step = facts["step"]
    return gettext(LIFTS[step]).format(**names, day=day)


def _corrected(facts: Mapping[str, str], directory: Directory) -> str:
    """Return the sentences of a correction: what it was and what it is, by today's names."""
    codes = [facts[name] for name in ("was_district", "district", "was_topic", "topic") if name in facts]
    names = {code: topic_name(code, directory) or district_name(code, directory) or code for code in codes}
    told = (
        gettext(said).format(was=names.get(facts.get(f"was_{name}", ""), ""), now=names.get(facts[name], ""))
        for name, said in CORRECTED.items()
        if name in facts
    )
    return " ".join(told)


def _of_two(kind: EventKind, facts: Mapping[str, str]) -> str:
    """Return the sentence of a second unit that joins or leaves with the event; "" without one."""
    if kind is EventKind.SECOND and facts["change"] == "ended":
        return SECOND_ENDED
    if facts.get("second"):
        return {EventKind.HANDOVER: HANDED_TO_TWO, EventKind.RECUSE: SECOND_RECUSED}.get(kind, "")
    return ""


def _tied(facts: Mapping[str, str], _: Directory) -> str:
    """Return the sentence of a tie: with the other case's number for officers, without it for the reporter."""
    change = Change(facts["change"])
    if "number" in facts:
        tied = TIED[Tie(facts["tie"]), change]
        return gettext(tied).format(number=facts["number"])
    told = TOLD[EventKind.JOIN] if change is Change.JOINED else PARTED
    return gettext(told)


_TOLD = {
    EventKind.LIFT: _lift,
    EventKind.PUBLISH: _published,
    EventKind.UNMASK: _unmasked,
    EventKind.CORRECT: _corrected,
    EventKind.RECALL: _recalled,
    EventKind.JOIN: _tied,
}
