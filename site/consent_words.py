"""The words of yes and no in the thread as the reporter's browser shows them, by codes. Loaded where there is something
to say yes or no to; why they come frozen says ``thread_words``."""

import json

from functions.thread.pages import DONE
from functions.web import language
from functions.web.wording import N_, SENTENCES

SAYS = {
    "unmask": N_("%(agency)s meminta melihat yang disamarkan"),
    "unmask_how": N_(
        "Orang kedua harus menyetujuinya, dan boleh melakukannya kapan saja. Sebelum itu Anda boleh menolak; penolakan "
        "Anda berlaku seterusnya bagi instansi itu."
    ),
    "unmask_why": N_("Mengapa Anda menolak?"),
    "unmask_hint": N_("Tidak wajib diisi. Petugas membacanya; jangan tulis hal yang menunjukkan siapa Anda."),
    "unmask_no": N_("Saya menolak"),
    "public_ask": N_("Bolehkah teks ini dibaca umum?"),
    "public_exactly": N_(
        "Anda menginginkannya, dan petugas menulis teks ini. Persis ini yang akan dibaca siapa saja, juga orang yang "
        "mengenal Anda:"
    ),
    "public_answer": N_("Jawaban %(agency)s, %(month)s"),
    "public_beside": N_(
        "Di sebelahnya tahap dan hasilnya, dan bulan terakhir berubah. Tidak ada tanggal, foto, atau nomor laporan. "
        "Ada kalimat Anda sendiri di dalamnya? Minta diubah: gaya Anda dapat dikenali."
    ),
    "few": N_("Hati-hati: laporan seperti ini sedikit."),
    "few_how": N_(
        "Untuk topik, kecamatan, dan bulan ini kami menghitung kurang dari 8 laporan. Bisa jadi hanya laporan Anda, "
        "dan orang dapat menebak. Anda dapat menghilangkan kecamatannya, atau tidak menerbitkan apa pun."
    ),
    "crowd": N_(
        "Untuk topik, kecamatan, dan bulan ini ada 8 laporan atau lebih. Hal yang hanya Anda ketahui tetap dapat "
        "menunjukkan siapa Anda."
    ),
    "public_on": N_(
        "Terbit bersama yang lain pada %(day)s. Anda dapat menariknya kapan saja di halaman ini; yang sudah disalin "
        "orang tidak dapat kami tarik."
    ),
    "hide": N_("Jangan sebut kecamatannya."),
    "read": N_("Saya sudah membacanya. Tidak ada yang menunjukkan siapa saya."),
    "read_wanted": SENTENCES["required.publish-read"],
    "agree": N_("Setuju, terbitkan teks ini"),
    "older_text": N_("Teks ini ditulis sebelum ada cara baru ini. Untuk menyetujuinya, buka dengan cara lama."),
    "change": N_("Ada yang perlu diubah"),
    "change_what": N_("Apa yang harus lain?"),
    "change_hint": N_("Petugas membacanya dan menulis teks yang lain. Jangan tulis hal yang menunjukkan siapa Anda."),
    "change_send": N_("Minta teks yang lain"),
    "stop": N_("Jangan terbitkan"),
    "stop_it": N_("Berhenti; jangan terbitkan"),
    "wish": N_("Boleh dibaca umum?"),
    "wish_what": N_(
        "Laporan Anda tetap tertutup, kecuali Anda mau masalahnya dan jawabannya dapat dibaca siapa saja. Itu tidak "
        "mempercepat apa pun."
    ),
    "wish_out": N_(
        "Yang terbit: ringkasan dan jawaban yang ditulis petugas, jenis, topik, kecamatan, bulan, tahap, dan hasilnya."
    ),
    "wish_never": N_("Yang tidak pernah terbit: tulisan dan foto Anda, tanggal, nama Anda, dan nomor laporan."),
    "wish_first": N_(
        "Anda membaca teksnya lebih dulu. Tanpa persetujuan Anda tidak ada yang terbit, dan Anda dapat berhenti kapan "
        "saja."
    ),
    "wish_think": N_(
        "Pikirkan dulu: hal yang hanya diketahui sedikit orang dapat menunjukkan siapa Anda, juga dalam kata-kata "
        "orang lain. Bila ragu, jangan."
    ),
    "wish_send": N_("Saya mau; mintakan teksnya"),
    "about": N_("Laporan ini dan umum"),
    "is_agreed": N_("Anda menyetujui teks untuk umum."),
    "is_wished": N_("Anda ingin laporan ini dibaca umum. Petugas belum menulis teksnya; Anda membacanya dulu di sini."),
    "is_declined": N_(
        "Petugas tidak menerbitkan laporan ini. Alasannya tertulis di atas. Tidak ada yang terbit darinya."
    ),
    "copied": N_("Yang sudah disalin orang tidak dapat kami tarik."),
}
TOLD = {"kept_masked": "kept_masked", "wished": "wished", "changed": "change", "agreed": "agreed", "stopped": "stopped"}


def consent_words(lang: str) -> str:
    """Return the words of a language as JSON."""
    language.use(lang)
    told = {name: DONE[code] for name, code in TOLD.items()}
    words = {name: language.gettext(text) for name, text in (SAYS | told).items()}
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))
