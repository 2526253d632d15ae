"""The text of mails: short, plain Indonesian, and never a word of a case.

A letter to an officer holds the case's public number, what happened, and the signed link. A letter to a reporter only
says that there is news. Their mailbox may be watched, so it names no number, no topic and no agency; its subject shows
on a locked screen, so it does not name this system either.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from functions.delivery.interface import Letter

NOT_WHO = (
    "Tugas kita menjawab laporannya, bukan mencari pelapornya. Jangan mencoba mencari tahu siapa ia; tanyakan saja apa "
    "yang Anda perlukan lewat halaman laporan."
)
TOGETHER = (
    "Identitas hanya dibuka oleh dua kustodian dari instansi yang berbeda, dengan alasan yang dibaca pelapor. Diam "
    "bukan persetujuan. Jangan membicarakan permintaan ini dengan siapa pun di luar halaman itu."
)
DESK = "Buka meja Anda"
RENAMED = (
    "Pelapor memilih siapa yang dilaporkan dari namanya. Bila Anda tidak mengenal perubahan ini, tanyakan kepada yang "
    "melakukannya, lalu beri tahu pengelola sistem. Inspektorat dan pengawas melihat semua perubahan di mejanya."
)
WATCH = "Bila Anda tidak mengenal orangnya, tanyakan kepada yang menambahkannya, lalu beri tahu pengelola sistem."


@dataclass(frozen=True, slots=True)
class Wording:
    """Subject, first sentence (``{count}`` is the number of cases), the words on the button, and the last paragraph."""

    subject: str
    says: str
    button: str = "Buka laporan"
    closing: str = NOT_WHO


WORDINGS: dict[str, Wording] = {
    "new_case": Wording("Laporan baru menunggu Anda", "Ada laporan baru yang perlu Anda periksa dan teruskan."),
    "handed_over": Wording("Laporan diteruskan kepada Anda", "Sebuah laporan diteruskan kepada instansi Anda."),
    "reporter_wrote": Wording("Pelapor menulis lagi", "Pelapor menambahkan pesan atau berkas."),
    "reopened": Wording("Pelapor menyatakan belum selesai", "Laporan yang Anda tutup dibuka kembali oleh pelapor."),
    "appealed": Wording("Banding atas laporan", "Pelapor mengajukan banding. Laporan ini sekarang pada instansi Anda."),
    "confirmed": Wording("Pelapor menyatakan selesai", "Pelapor menyatakan laporan ini sudah selesai. Terima kasih."),
    "withdrawn": Wording("Laporan ditarik", "Pelapor menarik laporannya. Tidak ada lagi yang perlu Anda kerjakan."),
    "link_wanted": Wording("Link masuk Anda", "Ini link masuk yang Anda minta.", DESK),
    "quarantined": Wording(
        "Laporan datang beramai-ramai",
        "{count} laporan datang beramai-ramai dalam waktu singkat dan menunggu Anda periksa, di kotak masuk atau di "
        "karantina.",
        DESK,
    ),
    "due_soon": Wording("Batas waktu sudah dekat", "Batas waktu sebuah laporan pada instansi Anda sudah dekat."),
    "overdue": Wording(
        "Laporan terlambat",
        "Batas waktu sebuah laporan sudah lewat, dan ia naik ke tingkat di atas Anda. Anda masih dapat menjawab.",
    ),
    "escalated": Wording(
        "Laporan terlambat naik kepada Anda",
        "Sebuah laporan tidak dijawab pada waktunya. Anda kini dapat membacanya, menagih, atau memindahkannya.",
    ),
    "lift_asked": Wording(
        "Keputusan Anda diminta",
        "Sebuah instansi meminta izin memperlihatkan laporan kepada yang dilaporkan. Anda yang memutuskan; pelapor "
        "dapat berkeberatan lebih dulu.",
        "Baca permintaannya",
    ),
    "lift_ended": Wording(
        "Permintaan izin sudah dijawab",
        "Permintaan memperlihatkan sebuah laporan kepada yang dilaporkan sudah dijawab. Jawabannya ada di laporan itu.",
    ),
    "identity_asked": Wording(
        "Permintaan membuka identitas",
        "Seorang kustodian meminta identitas pelapor dibuka. Baca alasannya; Anda boleh menolak. Membuka baru boleh "
        "setelah pelapor setuju.",
        "Baca permintaannya",
        TOGETHER,
    ),
    "identity_wished": Wording(
        "Petugas meminta bantuan kustodian",
        "Petugas yang menangani sebuah laporan merasa perlu mengetahui nama pelapornya. Baca alasannya. Belum ada yang "
        "diminta kepada pelapor, dan tidak ada yang terbuka dengan sendirinya; Anda yang menilai.",
        "Baca alasannya",
        TOGETHER,
    ),
    "identity_answered": Wording(
        "Permintaan membuka identitas dijawab",
        "Ada jawaban atas permintaan membuka identitas. Baca dulu siapa yang menjawab dan apa, lalu putuskan.",
        "Baca jawabannya",
        TOGETHER,
    ),
    "identity_danger": Wording(
        "Bahaya bagi nyawa: keputusan Anda diminta",
        "Seorang kustodian menyebut bahaya bagi nyawa dan meminta identitas pelapor dibuka. Tanpa jawaban pelapor, itu "
        "hanya boleh bila Anda setuju. Nama tidak diperlihatkan kepada Anda.",
        "Baca permintaannya",
        TOGETHER,
    ),
    "identity_objected": Wording(
        "Pelapor berkeberatan",
        "Pelapor tidak setuju identitasnya dibuka. Permintaan itu berakhir.",
        "Baca keberatannya",
        TOGETHER,
    ),
    "asked_in": Wording(
        "Instansi Anda diminta ikut menangani",
        "Sebuah laporan ditangani instansi lain, dan instansi Anda diminta ikut. Anda dapat membaca dan menjawabnya.",
    ),
    "stepped_out": Wording(
        "Instansi kedua tidak ikut lagi",
        "Instansi yang ikut menangani sebuah laporan pada instansi Anda tidak ikut lagi.",
    ),
    "assigned": Wording(
        "Sebuah laporan diberikan kepada Anda",
        "Rekan Anda memberikan sebuah laporan kepada Anda. Laporan itu sekarang ada di “Milik saya”.",
    ),
    "publication_wished": Wording(
        "Pelapor ingin laporannya diterbitkan",
        "Pelapor ingin umum membaca apa yang dilaporkan dan apa jawabannya. Tulis ringkasannya, atau katakan mengapa "
        "tidak; yang terbit hanya teks yang ia setujui.",
        "Tulis ringkasannya",
    ),
    "directory_changed": Wording(
        "Daftar instansi berubah", "Daftar instansi {whose} diubah oleh {by} pada {on}:", DESK, RENAMED
    ),
    "unmask_asked": Wording(
        "Orang kedua diminta",
        "Seorang petugas meminta melihat bagian yang disamarkan dalam sebuah laporan. Itu perlu persetujuan orang "
        "kedua. Isinya tidak diperlihatkan kepada Anda; baca alasannya, lalu putuskan.",
        "Baca permintaannya",
    ),
    "unmask_decided": Wording(
        "Permintaan melihat yang disamarkan sudah dijawab",
        "Permintaan instansi Anda melihat bagian yang disamarkan dalam sebuah laporan sudah dijawab. Jawabannya ada di "
        "laporan itu.",
    ),
    "second_wrote": Wording(
        "Instansi kedua menjawab pelapor",
        "Instansi yang ikut menangani sebuah laporan pada instansi Anda sudah menjawab pelapornya.",
    ),
    "digest": Wording("{subject}", "Yang baru sejak email terakhir, menurut keadaan saat ini:", DESK),
}
# These follow from an officer's role or from the outcome of a request about officers, not from the notice alone.
OUTCOMES: dict[str, Wording] = {
    "counter_link": Wording("Link masuk Anda", "Ini link masuk ke loket yang Anda minta.", "Buka loket"),
    "invited": Wording("Anda terdaftar sebagai petugas", "Koordinator mendaftarkan Anda sebagai petugas Lapor Anonim."),
    "officer_added": Wording("Petugas baru", "Petugas {officer} ditambahkan oleh {by}.", DESK, WATCH),
    "officer_removed": Wording("Petugas dikeluarkan", "Petugas {officer} dikeluarkan oleh {by}.", DESK, WATCH),
    "officer_refused": Wording(
        "Daftar petugas tidak diubah", "Permintaan {by} tentang petugas {officer} tidak dijalankan: {why}.", DESK, WATCH
    ),
}
REFUSED = {
    "address_elsewhere": "alamat email itu sudah milik petugas instansi lain",
    "ident_taken": "kode petugas itu sudah dipakai",
    "officer_needed": "tanpa petugas itu pemerintah daerah kekurangan petugas yang wajib ada",
    "not_coordinator": "yang meminta bukan koordinator pemerintah daerah ini",
    "late": "permintaannya sudah terlalu lama; ajukan sekali lagi bila masih perlu",
    "early": "jam kedua mesin berbeda; beri tahu pengelola sistem, lalu ajukan sekali lagi",
    "repeated": "permintaan yang sama sudah pernah diperiksa; beri tahu pengelola sistem",
    "ops_only": "petugas itu hanya dapat diubah oleh pengelola sistem",
}
REPORTERS_SUBJECT = "Ada kabar"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("functions.delivery"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def why_not(code: str) -> str:
    """Return in words why a coordinator's request about officers was refused."""
    return REFUSED.get(code, "daftar petugas tidak akan lengkap lagi, atau unitnya sudah tidak ada")


def write_letter(
    *,
    to: str,
    notice: str,
    tracking_id: str,
    agency: str,
    link: str,
    until: str,
    message_id: str,
    count: int = 0,
    facts: Mapping[str, str] = MappingProxyType({}),
) -> Letter:
    """Return the letter to an officer for a notice. ``until`` is the last day of the link, in words; ``tracking_id``
    may be "". Only a digest says ``count``; ``facts`` fill the blanks, and ``lines`` among them is a list."""
    wording = (WORDINGS | OUTCOMES)[notice]
    heading = wording.subject.format(**facts)
    subject = f"{heading} ({tracking_id})" if tracking_id else heading
    shown = {
        "heading": heading,
        "wording": wording,
        "says": wording.says.format(count=count, **facts),
        "tracking_id": tracking_id,
        "agency": agency,
        "lines": facts.get("lines", "").splitlines(),
        "link": link,
        "until": until,
    }
    text, html = rendered("letter", shown)
    return Letter(to, f"[Lapor Anonim] {subject}", text, html, message_id)


def write_reporters_letter(*, to: str, url: str, message_id: str) -> Letter:
    """Return the letter to a reporter. ``url`` is where the portal is reached."""
    text, html = rendered("reporter", {"heading": REPORTERS_SUBJECT, "there": f"{url}/lacak/"})
    return Letter(to, REPORTERS_SUBJECT, text, html, message_id)


def rendered(template: str, shown: Mapping[str, object]) -> tuple[str, str]:
    """Return a letter's text and HTML."""
    text, html = (_environment().get_template(f"{template}.{kind}").render(shown) for kind in ("txt", "html"))
    return text, html
