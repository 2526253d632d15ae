"""Letters about an officer's second factor. They have no link, so that none can lead to a page that asks for it."""

from typing import NamedTuple

from functions.delivery.interface import Letter
from functions.delivery.letters import rendered

NOT_YOU = (
    "Bila bukan Anda yang melakukannya, telepon koordinator Anda sekarang juga, dengan nomor yang sudah Anda kenal. "
    "Kami tidak pernah meminta kode lewat email."
)
WATCH = (
    "Bila Anda tidak mengetahui hal ini, telepon petugas itu, dengan nomor yang sudah Anda kenal, lalu beri tahu "
    "pengelola sistem."
)


class Says(NamedTuple):
    """The subject, what it says to the officer, and to who is told beside them."""

    subject: str
    officer: str
    others: str


SAYS = {
    "enrolled": Says(
        "Kunci kedua dipasang",
        "Kunci kedua pertama untuk meja Anda baru saja dipasang. Sejak sekarang link di email saja tidak membuka apa "
        "pun.",
        "Petugas {officer} memasang kunci keduanya yang pertama.",
    ),
    "added": Says("Kunci kedua ditambahkan", "Sebuah kunci kedua ditambahkan pada meja Anda.", ""),
    "removed": Says("Kunci kedua dihapus", "Sebuah kunci kedua dihapus dari meja Anda.", ""),
    "code": Says(
        "Kode untuk kunci kedua dibuat",
        "Sebuah kode untuk memasang kunci kedua Anda dibuat oleh {by}. Kode itu dibacakan lewat telepon, dan berlaku "
        "15 menit.",
        "Sebuah kode untuk memasang kunci kedua petugas {officer} dibuat oleh {by}.",
    ),
    "recovered": Says(
        "Kunci kedua diganti",
        "Kunci kedua Anda diganti dengan kode dari yang membantu Anda. Kunci yang lama tidak berlaku lagi.",
        "Kunci kedua petugas {officer} diganti dengan sebuah kode. Kuncinya yang lama tidak berlaku lagi.",
    ),
    "revoked": Says(
        "Kunci kedua Anda dicabut",
        "Semua kunci kedua Anda dicabut oleh {by}, dan Anda keluar dari semua perangkat. Untuk masuk lagi, mintalah "
        "kode lewat telepon.",
        "Semua kunci kedua petugas {officer} dicabut oleh {by}.",
    ),
    "unknown": Says(
        "Kunci kedua petugas yang tidak dikenal",
        "",
        "Kunci kedua berubah pada meja seorang petugas yang tidak ada dalam daftar petugas. Mungkin ia baru saja "
        "dihapus dari daftar; mungkin juga seseorang membuat petugas palsu.",
    ),
    "closed": Says(
        "Kode terlalu sering salah",
        "Kode enam angka untuk meja Anda terlalu sering salah, jadi tidak diterima lagi. Orang yang menebaknya sudah "
        "membuka email Anda.",
        "Kode enam angka petugas {officer} terlalu sering salah, jadi tidak diterima lagi. Orang yang menebaknya sudah "
        "membuka emailnya.",
    ),
}


def write_factor_letter(
    *, to: str, event: str, own: bool, officer: str, by: str, agency: str, message_id: str
) -> Letter:
    """Return the letter about an event (``casework.factors.events``): to the officer themselves (``own``), or to who
    is told beside them. ``by`` says who helped."""
    wording = SAYS[event]
    says = (wording.officer if own else wording.others).format(officer=officer, by=by)
    shown = {"heading": wording.subject, "says": says, "agency": agency, "closing": NOT_YOU if own else WATCH}
    text, html = rendered("factor", shown)
    return Letter(to, f"[Lapor Anonim] {wording.subject}", text, html, message_id)
