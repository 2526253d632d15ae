"""The words of the name in trust in the thread as the reporter's browser shows it, by codes.

Loaded where a name was left or is about to be; why they come frozen says ``thread_words``. The sentences are those of
the thread's own page (``functions/thread/templates/identity.html``).
"""

import json

from functions.thread.pages import DONE
from functions.web import language
from functions.web.identity_steps import BROKEN, DANGERS, TOLD, YOURS
from functions.web.layout import asset, integrity
from functions.web.wording import N_, SENTENCES

SAYS = {
    "asked": N_("Ada yang meminta nama Anda dibuka"),
    "asked_by": N_("Yang meminta: penjaga identitas di %(agency)s. Alasannya:"),
    "yes_said": N_("Anda sudah setuju."),
    "yes_how": N_(
        "Penjaga identitas dari instansi lain sekarang boleh membukanya. Selama belum dibuka, Anda dapat menarik "
        "persetujuan itu."
    ),
    "danger": N_("Permintaan ini menyebut bahaya bagi nyawa: %(danger)s."),
    "danger_until": N_(
        "Sampai %(day)s tidak seorang pun dapat membukanya tanpa persetujuan Anda. Sesudah itu, bila Anda tetap diam, "
        "dua penjaga identitas dan seorang pengawas bersama-sama boleh membukanya."
    ),
    "danger_late": N_(
        "Waktunya lewat: bila Anda tetap diam, dua penjaga identitas dan seorang pengawas bersama-sama boleh "
        "membukanya kapan saja."
    ),
    "no_holds": N_("Bila Anda menjawab tidak, nama Anda tetap tertutup."),
    "endorsed": N_("Seorang pengawas sudah menyetujui permintaan ini."),
    "silence": N_("Diam bukan persetujuan: selama Anda tidak menyatakan setuju, nama Anda tetap tertutup."),
    "your_answer": N_("Jawaban Anda"),
    "take_yes": N_("Tarik kembali persetujuan saya"),
    "take_yes_how": N_("Permintaan itu menunggu jawaban Anda lagi."),
    "yes": N_("Setuju"),
    "yes_what": N_("Nama dan kontak saya boleh dibaca kedua penjaga identitas itu."),
    "no": N_("Tidak setuju"),
    "no_how": N_("Permintaan ini berakhir. Tidak seorang pun dapat membuka nama Anda atas dasar permintaan ini."),
    "later": N_("Nanti saja"),
    "later_how": N_("Belum ada yang berubah. Anda dapat menjawab kapan pun."),
    "reason": N_("Ada yang ingin Anda sampaikan?"),
    "reason_hint": N_("Tidak wajib diisi. Penjaga identitas membacanya; jangan tulis hal yang menunjukkan siapa Anda."),
    "answer": N_("Kirim jawaban"),
    "broken": BROKEN,
    "danger_named": N_("Bahaya bagi nyawa: {danger}."),
    "identity": N_("Identitas Anda"),
    "history": N_("Riwayat permintaan nama"),
    "open_name": N_("Terbuka: petugas yang menangani laporan ini dapat membaca nama Anda."),
    "kept_name": N_(
        "Rahasia: tersegel dan dititipkan kepada dua penjaga identitas. Petugas yang menangani laporan ini tidak dapat "
        "membacanya."
    ),
    "split": N_("Kuncinya dipecah di antara para penjaga identitas. Server kami tidak dapat membuka nama ini."),
    "unsplit": N_("Syarat itu dijaga oleh program di server kami, bukan oleh kunci di tangan para penjaga identitas."),
    "your_name": N_("Nama"),
    "your_contact": N_("Kontak"),
    "your_contact_long": N_("Alamat email atau nomor telepon"),
    "take_back": N_("Tarik identitas saya"),
    "take_back_how": N_(
        "Anda dapat menariknya kapan saja: nama dan kontak dihapus, permintaan yang menunggu berakhir, dan kami tidak "
        "dapat mengabari Anda lagi. Yang sudah dibaca orang tidak menjadi belum dibaca."
    ),
    "stop_news": N_("Berhenti mengabari saya"),
    "stop_news_how": N_(
        "Anda anonim, dan meninggalkan alamat email untuk kabar. Menghapusnya tidak mengubah laporan Anda; setelah itu "
        "kami tidak dapat mengabari Anda lagi."
    ),
    "stop_news_send": N_("Hapus alamat email saya"),
    "leave": N_("Titipkan"),
    "leave_free": N_("Sekarang Anda anonim. Menitipkan nama tidak wajib, dan tidak mempercepat jawaban."),
    "leave_how": N_(
        "Yang Anda titipkan disegel. Hanya dua penjaga identitas bersama-sama yang bisa membukanya, setelah Anda "
        "setuju. Diam bukan persetujuan, kecuali ada nyawa terancam dan pengawas setuju. Menolak selalu berlaku."
    ),
    "leave_old_way": N_("Untuk laporan ini, nama dititipkan dengan cara lama."),
    "name_hint": N_("Boleh kosong bila Anda hanya ingin dikabari."),
    "contact_hint": N_(
        "Email kami hanya berbunyi “ada kabar”, tidak pernah isinya. Pikirkan siapa lagi yang bisa membaca email itu."
    ),
}
FAULTS = (
    "identity_withdrawn",
    "identity_not_pending",
    "identity_other",
    "identity_left",
)
# Told by the page itself, under names of its own
TOLD_HERE = {
    "consent_wanted": "required.consent",
    "other_waits": "identity_other",
    "none_waits": "identity_not_pending",
    "name_wanted": "name_wanted",
    "bad_contact": "bad_contact",
}
DONE_HERE = {"answered": "answered", "taken_back": "taken_back", "left": "left"}


def name_words(lang: str) -> str:
    """Return the words of a language as JSON, with where the part is that seals a name."""
    language.use(lang)
    say = language.gettext
    says = SAYS | {name: SENTENCES[code] for name, code in TOLD_HERE.items()}
    says |= {name: DONE[code] for name, code in DONE_HERE.items()}
    words = {
        "says": {name: say(text) for name, text in says.items()},
        "faults": {code: say(SENTENCES[code]) for code in FAULTS},
        "steps": {kind.value: say(text) for kind, text in TOLD.items()},
        "yours": {kind.value: say(text) for kind, text in YOURS.items()},
        "dangers": {danger.value: say(text) for danger, text in DANGERS.items()},
        "titip": f"{asset('titip.js')} {integrity('titip.js')}",
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))
