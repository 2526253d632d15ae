"""What the reporter's browser says of files, in the thread and after a report: ``/lacak/berkas.json``.

They are fetched with what sends a file or shows one, so that a report and a look without files do not carry them. Why
they come frozen says ``thread_words``.
"""

import json

from functions.sanitize.clean import Refusal
from functions.web import language
from functions.web.wording import N_, SENTENCES, sentence

SAYS = {
    "attach_photo": N_(
        "Foto dibuat ulang dan disegel di ponsel ini, tanpa data tersembunyi. Yang tampak di gambar tetap tampak: "
        "wajah, pelat nomor, pantulan."
    ),
    "attach_document": N_(
        "Dokumen dibersihkan dulu oleh server yang tidak tahu laporan ini milik siapa, lalu disegel di ponsel ini. "
        "Jangan tulis kode laporan di dalamnya."
    ),
    "file_many": N_("Pilih foto atau dokumen, sampai 5 berkas"),
    "file_size": N_("Pertahankan ukuran asli foto"),
    "file_send": N_("Segel dan kirim"),
    "file_save": N_("Simpan di ponsel ini"),
    "opening_file": N_("Sedang dibuka di ponsel ini…"),
    "broken": N_("Bagian ini rusak saat disegel dan tidak dapat dibaca."),
    "required.file": SENTENCES["required.file"],
    "file_sending": N_("Mengirim berkas…"),
    "file_cleaning": N_("Membersihkan berkas {nth} dari {count}, di server yang tidak tahu laporan ini milik siapa…"),
    "file_progress": N_("Mengirim berkas {nth} dari {count}. Biarkan halaman ini terbuka."),
    "file_again": N_("Berkas belum sampai. Laporan Anda aman. Dicoba lagi sendiri selama halaman ini terbuka."),
    "file_once_more": N_("Coba lagi sekarang"),
    "file_stored": N_("Berkas Anda tersimpan. Data tersembunyi di dalamnya sudah dihapus."),
    "files_stored": N_("{count} berkas Anda tersimpan. Data tersembunyi di dalamnya sudah dihapus."),
    "file_left_there": N_(
        "{count} berkas belum dikirim: ponsel ini tidak dapat membuatnya ulang tanpa data tersembunyi. Server yang "
        "membersihkan dokumen dapat melakukannya. Server itu tidak tahu laporan ini milik siapa, tetapi menerima "
        "berkas aslinya."
    ),
    "file_way_there": N_("Bersihkan di server, lalu kirim"),
    "file_left_old": N_(
        "{count} berkas belum dikirim: browser ini tidak dapat menandatanganinya. Dengan cara lama, server yang "
        "membersihkannya, dan kode Anda dibaca oleh server."
    ),
    "file_way_old": N_("Kirim dengan cara lama"),
}
REFUSED = N_("Berkas ini belum diterima. Laporan Anda aman. Coba lagi, atau kirim fotonya.")
ELSEWHERE = N_("Laporan ini ada di instansi yang memakai mesin sendiri. Tambahkan berkasnya di sana, dengan kode Anda.")
BY_CODE = ("not_now", "busy", "meanwhile", "changed_text")
FILES = 5  # as in functions/actions/common/file_limits.py


def file_words(lang: str, file_mb: int) -> str:
    """Return the words of a language as JSON. ``file_mb`` is the most MB of a file."""
    language.use(lang)
    say = language.gettext
    faults = {code: sentence(code, {"mb": str(file_mb)}) for code in (*BY_CODE, *(f"file_{r}" for r in Refusal))}
    faults |= {"refused": say(REFUSED), "too_many": sentence("too_many", {"limit": str(FILES)})}
    faults |= {f"linked_{how}": say(ELSEWHERE) for how in ("waits", "arrived", "refused")}
    says = {name: say(text) for name, text in SAYS.items()} | {"file_too_large": faults["file_too_large"]}
    return json.dumps({"says": says, "faults": faults}, ensure_ascii=False, separators=(",", ":"))
