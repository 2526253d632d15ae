"""The words of the thread as the reporter's browser shows it: sentences and names, by codes.

They come with the frozen page. A door answers codes alone, so one that is taken over cannot write on the page: "send
your code to this number" is none of these sentences. They are those of the thread's own page
(``functions/thread/templates``, ``functions/web/narration.py``).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from functions.casework.directory.agencies import Directory
from functions.casework.directory.linked_office import linked_url
from functions.casework.stages import FACTS
from functions.thread import standing
from functions.thread.pages import YOUR_IDENTITY, YOURS
from functions.thread.publication import YOURS as YOUR_PUBLICATION
from functions.web import language, narration
from functions.web.dates import _DAYS, _MONTHS
from functions.web.unmask_words import GROUNDS, KINDS, OTHER
from functions.web.wording import N_, SENTENCES

FAULTS = (
    "required:receipt",
    "receipt_tracking",
    "receipt_length",
    "receipt_groups",
    "receipt_unknown",
    "meanwhile",
    "keys_changed",
    "not_now",
    "too_many",
    "busy",
    "invalid",
    "changed_text",
)
LIMIT = " ({limit})"  # a number that a door would put into the sentence
THERE = N_("Buka di %(office)s")
LINKED = ("linked_waits", "linked_arrived", "linked_refused")  # as ``actions.reporter.relay`` says it
# What the page says. Texts with a tag have one for emphasis, which the script makes itself.
SAYS = {
    "title": N_("Laporan Anda"),
    "talk": N_("Percakapan"),
    "you": N_("Anda"),
    "officer": N_("Petugas"),
    "officer_asks": N_("Petugas bertanya"),
    "reason": N_("Alasan:"),
    "broken": N_("Bagian ini rusak saat disegel dan tidak dapat dibaca."),
    "place": N_("Tempat"),
    "when": N_("Kapan"),
    "accused": N_("Orang yang dilaporkan"),
    "step": N_("Langkah %(number)s dari 5: <strong>%(name)s</strong>"),
    "rated": N_("Nilai %(rating)s dari 5."),
    "next": N_("Berikutnya: <strong>%(next)s</strong>"),
    "next_verdict": N_("Penilaian Anda"),
    "next_answer": N_("Jawaban Anda"),
    "next_hand_over": N_("Diteruskan ke dinas"),
    "next_officer": N_("Jawaban petugas"),
    "by_day": N_("paling lambat %(day)s"),
    "confirmed": N_(
        "Laporan ini sudah selesai, dan Anda sudah menyatakannya. Terima kasih. Tidak ada lagi yang perlu Anda lakukan."
    ),
    "closed": N_("%(agency)s menutup laporan ini. Sekarang giliran Anda: sudah selesai atau belum?"),
    "withdrawn": N_("Laporan ini sudah ditarik dan isinya dihapus untuk selamanya. Tidak ada lagi yang dapat dibuka."),
    "archived_gone": N_(
        "Laporan ini diarsipkan, dan isinya sudah dihapus untuk selamanya. Tidak ada lagi yang dapat dibuka."
    ),
    "expired": N_(
        "Masa simpan laporan ini sudah habis. Isinya dihapus untuk selamanya; tidak ada lagi yang dapat dibuka."
    ),
    "archived": N_("Laporan ini diarsipkan dan tidak ditangani lagi. Alasannya tertulis di bawah."),
    "held": N_("Petugas menunggu jawaban Anda."),
    "held_how": N_(
        "Pertanyaannya ada di bawah. Selama menunggu Anda, batas waktu %(day)s berhenti. Setelah Anda membalas, "
        "laporan "
        "dikerjakan lagi dan batas itu mundur."
    ),
    "overdue": N_("Batas waktunya, %(day)s, sudah lewat."),
    "overdue_up": N_("%(agency)s belum menjawab. Laporan ini diteruskan ke %(upper)s, yang kini dapat membacanya."),
    "overdue_here": N_("Laporan Anda ada di %(agency)s. Anda berhak menagih: tulis pesan di bawah."),
    "sorting": N_(
        "Koordinator di %(agency)s membaca laporan Anda dan meneruskannya ke dinas yang tepat, paling lambat "
        "<strong>%(day)s</strong>."
    ),
    "first": N_("Laporan Anda ada di %(agency)s. Jawaban pertama paling lambat <strong>%(day)s</strong>."),
    "coming": N_("Laporan Anda ada di %(agency)s. Jawaban berikutnya paling lambat <strong>%(day)s</strong>."),
    "altered": N_("Petugas tidak dapat membuka laporan ini sekarang."),
    "altered_how": N_(
        "Seseorang mengubah catatan tentang siapa yang boleh membacanya, sehingga tidak cocok lagi dengan segel Anda. "
        "Isinya tidak diperlihatkan kepada siapa pun, dan tulisan Anda tetap tersimpan. Anda dapat memberi tahu "
        "Inspektorat: sebut nomor %(number)s, jangan kode Anda."
    ),
    "hidden": N_("Tidak boleh dilihat oleh: <strong>%(agency)s</strong>."),
    "verdict": N_("Sudah selesai?"),
    "verdict_how": N_(
        "Laporan baru dianggap selesai setelah Anda setuju. Jika Anda diam, kami mencatatnya sebagai “ditutup tanpa "
        "jawaban”, bukan sebagai puas."
    ),
    "verdict_until": N_("Anda dapat menjawab sampai <strong>%(day)s</strong>."),
    "done": N_("Ya, sudah selesai"),
    "rating": N_("Bagaimana laporan Anda ditangani?"),
    "optional": N_("(opsional)"),
    "r5": N_("Baik sekali"),
    "r4": N_("Baik"),
    "r3": N_("Cukup"),
    "r2": N_("Buruk"),
    "r1": N_("Buruk sekali"),
    "r0": N_("Tidak menilai"),
    "done_reason": N_("Ada yang ingin Anda sampaikan?"),
    "done_send": N_("Nyatakan selesai"),
    "done_after": N_("Setelah ini laporan ditutup dan tidak dapat dibuka lagi."),
    "not_done": N_("Belum selesai"),
    "not_done_reason": N_("Apa yang belum selesai?"),
    "not_done_how": N_(
        "Laporan kembali ke dinas yang sama, dengan batas waktu baru. Ini dapat Anda lakukan satu kali; sesudahnya "
        "Anda "
        "dapat mengajukan banding."
    ),
    "not_done_send": N_("Kembalikan ke dinas"),
    "appeal": N_("Belum selesai: ajukan banding"),
    "appeal_reason": N_("Mengapa Anda tidak setuju?"),
    "appeal_how": N_(
        "Laporan naik ke tingkat di atas dinas ini: Inspektorat, atau tingkat di atasnya. Di sana orang lain yang "
        "membacanya, dengan batas waktu baru. Banding hanya satu kali."
    ),
    "appeal_send": N_("Ajukan banding"),
    "appealed": N_(
        "Banding sudah dipakai. Masalahnya masih ada? Tulis laporan baru dan sebut nomor laporan ini, atau adukan "
        "pelayanannya ke Ombudsman Republik Indonesia."
    ),
    "reply": N_("Balas petugas"),
    "add": N_("Tambahkan sesuatu"),
    "reply_how": N_("Jangan tulis nama, nomor, atau alamat Anda."),
    "send": N_("Kirim"),
    "object": N_("Bolehkah %(about)s membaca laporan ini?"),
    "object_ask": N_(
        "Anda melaporkan mereka, jadi laporan ini tertutup bagi mereka. Sekarang %(agency)s meminta izin "
        "memperlihatkannya. Alasannya:"
    ),
    "object_how": N_("<strong>Belum ada yang diperlihatkan.</strong> Pengawas di %(by)s yang memutuskan."),
    "object_reason": N_("Mengapa Anda berkeberatan?"),
    "object_hint": N_("Tidak wajib diisi. Petugas membacanya; jangan tulis hal yang menunjukkan siapa Anda."),
    "object_send": N_("Saya berkeberatan"),
    "object_after": N_(
        "Sekali Anda berkeberatan, itu berlaku seterusnya: tidak seorang pun dapat memintanya lagi. Bila Anda diam, "
        "itu "
        "tidak dianggap setuju: pengawas membaca bahwa Anda belum menjawab, dan hanya ia yang bertanggung jawab atas "
        "keputusannya."
    ),
    "code": N_("Kode laporan Anda"),
    "code_how": N_(
        "Hanya kode ini yang membuka laporan Anda. Kami tidak bisa mengirimnya lagi. Jangan berikan kepada siapa pun, "
        "juga "
        "tidak kepada petugas."
    ),
    "number": N_("Nomor laporan: %(number)s. Nomor ini tidak rahasia, dan tidak membuka apa pun."),
    "withdraw": N_("Tarik dan hapus laporan"),
    "withdraw_how": N_(
        "Penanganannya berhenti. Tulisan, berkas, dan nama yang Anda titipkan dihapus; kami pun tidak bisa "
        "mengembalikannya. Untuk statistik tersisa jenis, topik, kecamatan, instansi, tahap, hasil, tanggal, dan "
        "jumlah "
        "pesan. Salinan cadangan hilang paling lama 35 hari kemudian. Yang sudah dibaca petugas tidak bisa ditarik."
    ),
    "withdraw_sure": N_("Ya, hapus laporan ini untuk selamanya."),
    "withdraw_send": N_("Tarik dan hapus"),
    "waiting": N_("Belum ada jawaban petugas."),
    "untold": N_("Kami tidak bisa mengabari Anda. Buka lagi halaman ini dengan kode Anda."),
    "shared": N_("Selesai membaca di ponsel bersama? Tutup tab ini."),
    "photo": N_("Foto"),
    "document": N_("Dokumen"),
    "wrong": N_("Ada yang perlu diperbaiki"),
    "error": N_("Kesalahan"),
    "kept": N_("Tulisan Anda masih ada. Belum ada yang terkirim."),
    "told_message": N_("Pesan Anda tersimpan."),
    "told_verdict": N_("Jawaban Anda tersimpan. Terima kasih."),
    "told_appeal": N_("Banding Anda tersimpan dan diteruskan."),
    "told_withdraw": N_("Laporan Anda sudah ditarik dan dihapus."),
    "told_lift": N_("Keberatan Anda tersimpan. Laporan ini tetap tertutup bagi yang dilaporkan."),
    # The path by script itself
    "stays": N_("Kode Anda tidak meninggalkan ponsel ini: laporan dibuka, dibaca, dan dijawab di sini."),
    "opening": N_("Sedang membuka laporan di ponsel ini…"),
    "sending": N_("Sedang menyegel dan mengirim…"),
    "unreached": N_(
        "Tidak ada sambungan, atau server tidak menjawab. Yang Anda tulis masih ada di sini; coba lagi sebentar."
    ),
    "refused": N_("Belum berhasil. Yang Anda tulis masih ada di sini; coba lagi sebentar."),
    "otherwise": N_(
        "Yang dikirim server tidak cocok dengan kode Anda. Tidak ada yang diperlihatkan. Beri tahu Inspektorat; sebut "
        "nomor laporan, jangan kode Anda."
    ),
    "old_way": N_("Buka dengan cara lama"),
    "old_way_unknown": N_("Laporan lama, dari sebelum ada cara baru ini, dibuka dengan cara lama."),
    "identity": N_("Identitas Anda"),
    "old_way_linked": N_(
        "Instansi ini memakai sistemnya sendiri. Jawaban Anda disamarkan dulu oleh server, jadi balas dengan cara lama."
    ),
    "old_way_again": N_(
        "Belum selesai, atau ingin banding? Untuk laporan ini hal itu hanya dapat dengan cara lama, di bawah."
    ),
    "old_way_cost": N_("Dengan cara lama, kode Anda dibaca oleh server selama halaman ini dibuat."),
    "again": N_("Coba lagi sekarang"),
    # Files: what their part says comes with it (``file_words``)
    "attach": N_("Tambah foto atau dokumen"),
    "only_old_way": N_("Bagian ini hanya dapat dibaca dengan cara lama."),
}


def _fault(say: Callable[[str], str], code: str) -> str:
    return say(SENTENCES[code.replace(":", ".")]).replace(LIMIT, "")


Offices = Mapping[str, tuple[str, str]]


def offices_of(directory: Directory) -> Offices:
    """Return name and address of every linked office, by the code of its instance."""
    return {each.code: (each.name, linked_url(each)) for each in directory.instances() if linked_url(each)}


def thread_words(directory: Directory, lang: str, offices: Offices | None = None) -> str:
    """Return the words of a language as JSON. ``offices`` are the linked ones, which a receipt may lead to."""
    language.use(lang)
    say = language.gettext
    many: dict[str, Mapping[Any, str]] = {
        "says": SAYS,
        "told": narration.TOLD,
        "identity": YOUR_IDENTITY | {"wished": narration.IDENTITY["wished"]},
        "assigned": narration.ASSIGNED,
        "priority": narration.PRIORITY,
        "lifts": narration.LIFTS,
        "published": narration.PUBLISHED,
        "corrected": narration.CORRECTED,
        "unmasked": narration.UNMASKED,
        "outcomes": narration.OUTCOMES,
        "yours": YOURS,
        "yourPublication": YOUR_PUBLICATION,
        "grounds": GROUNDS,
        "kinds": KINDS,
        "ends": _ends(),
    }
    words: dict[str, object] = {
        name: {str(key): say(text) for key, text in texts.items()} for name, texts in many.items()
    }
    words["faults"] = {code.partition(":")[0]: _fault(say, code) for code in FAULTS}
    if offices:  # few nations have one, and everybody's look carries these words
        words["linked"] = {code: say(SENTENCES[code]) for code in LINKED} | {"there": say(THERE)}
        words["offices"] = offices
    required = {name: say(SENTENCES[f"required.{name}"]) for name in ("reply", "reason", "sure")}
    words["required"] = required | {"too_long": say(SENTENCES["too_long"])}
    words["more"] = {
        name: say(text)
        for name, text in {
            "linked": narration.LINKED,
            "transfer": narration.TRANSFERRED,
            "oversight": narration.OVERSIGHT,
            "two": narration.HANDED_TO_TWO,
            "secondEnded": narration.SECOND_ENDED,
            "secondRecused": narration.SECOND_RECUSED,
            "copied": narration.COPIED,
            "recalled": narration.RECALLED,
            "withReason": narration.WITH_REASON,
            "other": OTHER,
        }.items()
    }
    words["stages"] = {
        stage.value: [
            facts.step,
            facts.step_sorting,
            say(facts.yours or facts.name),
            say(facts.told) if facts.told else "",
        ]
        for stage, facts in FACTS.items()
    }
    words["steps"] = [say(step) for step in standing.STEPS]
    words["agencies"] = {agency.code: agency.name for agency in directory.agencies.values()}
    words["topics"] = {t.code: t.name_en if lang == "en" else t.name for t in directory.topics.values()}
    words["districts"] = {district.code: district.name for district in directory.districts.values()}
    words["days"], words["months"] = _DAYS.get(lang, _DAYS["id"]), _MONTHS.get(lang, _MONTHS["id"])
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _ends() -> dict[str, str]:
    return {
        "your_turn": standing.YOUR_TURN,
        "unjudged": standing.UNJUDGED,
        "withdrawn": standing.WITHDRAWN,
        "expired": standing.EXPIRED,
        "archived": standing.ARCHIVED,
        "archived_gone": standing.ARCHIVED_GONE,
    }
