"""What sounds like an order to be silent and is none: a question about it, and whom an officer is to reach instead.

"Kalau saya ketik BERHENTI, laporannya dihapus?" asks, "hubungi pak RT dulu kalau turun" helps. Silence is for good, so
whoever only asked would never read the answer. What may be an order all the same stays one: words of fear, of whoever
reads the phone, or of the writer's own number.

Tests: ``tests/casework/test_seeming_silence.py``.
"""

import re
from typing import Final

_STOP: Final = r"(?:berhenti|brhenti|berenti|brenti|henti(?:kan)?|stop|stp|setop|unreg)"
_TYPE: Final = r"(?:ketik|ktik|balas|bls|bales|jawab|tulis|kirim|krm|pencet|pilih|bilang|minta|sms)"
_KEY: Final = r"(?:ketik|ktik|balas|bls|bales|jawab|tulis|kirim|krm|pencet|pilih)"  # no "saya bilang stop"
_I: Final = r"(?:saya|sy|sya|aku|ak|kami|kmi|kita|ulun|orang|org|pelapor)"
_IF: Final = r"(?:kalau|kalo|klo|kl|jika|jk|bila|misal(?:nya)?|seandainya|andai|umpama)"
_NOT: Final = r"(?:tidak|tdk|tak|gak?|gk|ngga?k?|enggak|nda|ndak|kada|ora)"
_MEANS: Final = (
    r"(?:maksud\w*|arti\w*|guna\w*|fungsi\w*|(?:utk|untuk|buat)\s(?:apa|opo)|apa(?:an)?(?:\ssih|\sya)?(?=\W*$)|"
    r"(?:itu|tu)\s(?:apa|opo)\b)"
)
_FATE: Final = (
    r"(?:hilang|ilang|hapus|dihapus|kehapus|terhapus|ikut|batal|dibatalkan|tetap|ttp|masih|msh|lanjut|jalan|selesai|"
    r"ditutup|tutup|berhenti|brhenti|dihentikan|mati|gugur|diproses|dibaca|dianggap)"
)
_THING: Final = r"(?:laporan|aduan|pengaduan|lapor|kasus|data|proses|kode|perkara|keluhan)\w*"
_QUESTION: Final = re.compile(
    r"\?|\b(?:apa(?:kah)?|apkh|kah|kan|gimana|gmn|bagaimana|bgmn|kenapa|knp)\b|"
    r"\b(?:ga|gak|nda|ndak|tidak|tdk|nggak|ya)\W*$",
    re.IGNORECASE,
)
# What the word BERHENTI does, and what becomes of the report then.
_ASKED: Final = re.compile(
    rf"\b{_IF}\s(?:\w+\s){{0,2}}?(?:{_I}\s)?(?:\w+\s)?{_KEY}\s(?:\w+\s)?{_STOP}\b"
    rf"|\b(?:{_IF}(?!\s(?:bisa|boleh|mau))|apa(?:kah)?|apkh|habis|setelah)\s(?:\w+\s){{0,4}}?{_STOP}\b[^.!]{{0,30}}\b{_THING}\s(?:\w+\s){{0,3}}?{_FATE}\b"
    rf"|\b{_THING}\s(?:\w+\s){{0,3}}?{_FATE}\b[^.!]{{0,30}}\b{_IF}\s(?:\w+\s){{0,4}}?{_STOP}\b"
    rf"|\b(?:{_TYPE}|kata|tulisan|perintah|yang|yg)\s(?:\w+\s)?{_STOP}\b\W*(?:\w+\s){{0,5}}?{_MEANS}"
    rf"|\b{_STOP}\s(?:sms\s)?(?:itu|tu|ini)\s(?:\w+\s)?{_MEANS}"
    rf"|\b{_MEANS}\s(?:\w+\s){{0,3}}?{_STOP}\b",
    re.IGNORECASE,
)
# How to give such an order.
_HOW: Final = re.compile(
    rf"\b(?:cara\w*|gimana|gmn|bagaimana|bgmn)\s(?:\w+\s){{0,2}}?(?:biar|supaya|agar|spy)\s(?:{_NOT}|jangan|jgn)\s(?:lagi\s|usah\s|"
    r"ada\s|dapat\s|dpt\s)?(?:di\s?)?(?:sms|kirim\w*|balas|hubungi|kabari|masuk)\b|"
    rf"\b(?:{_NOT})\smau\s(?:di\s?)?(?:sms|kirim\w*|balas|hubungi)\s(?:\w+\s)?(?:cara\w*|gimana|gmn|bagaimana)\b",
    re.IGNORECASE,
)
# Whether the writer has to write again: "jadi sy tdk usah balas lagi kan?"
_OWN_DUTY: Final = re.compile(
    rf"\b(?:{_I}\s{_NOT}\s(?:usah|perlu|harus)|(?:perlu|harus|hrs|wajib|apa(?:kah)?)\s{_I}(?:\s(?:harus|hrs|perlu))?|"
    rf"(?:perlu|harus|hrs)(?:kah)?)\s(?:\w+\s)?(?:me(?:m|ng)?)?(?:balas|bls|bales|jawab|jwb|sms|kirim|krm|lapor)\b",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(r"\?|\b(?:kan|kah|ga|gak|nda|ndak|ya)\b", re.IGNORECASE)
# Somebody else, who can be reached where the matter is.
_OFFICE: Final = (
    r"(?:(?:pihak|kantor|dinas|sekolah|guru|wali|kepala|kpl|kepsek|ketua|bendahara|pengurus|panitia|kades|lurah|camat|"
    r"kadus|sekdes|rt|rw|bidan|mantri|perawat|dokter|puskesmas|polisi|polsek|babinsa|bhabin\w*|mandor|perusahaan|"
    r"desa|kelurahan|kecamatan|pln|pdam|bupati|haji|h|ustad\w*|imam|takmir|kaling|korlap)(?:nya)?)"
)
_PERSON: Final = (
    rf"(?:{_OFFICE}|beliau|pemuda|warga|tetangga|istri|anak|adik|adek|kakak|bapak\s(?:saya|sy)|ibu\s(?:saya|sy)|"
    r"penjaga|pemilik|yang\spunya|yg\spunya)"
)
_REACH: Final = (
    r"(?:hubungi|hubngi|kontak|telepon|telpon|telp|tlp|kabari|kabarin|kabarkan|kasih\sta(?:h)?u|beri\s?tahu|panggil|temui|"
    r"sms|wa|kirim)"
)
_TO: Final = (
    r"(?:(?:dulu|dl|aja|saja|sj|langsung|lgsg|ke|kpd|kepada|sama|lah|pak|pa|bu|bpk|bapak|ibu|p|yang|yg|orang)\s){0,4}"
)
_ANOTHER: Final = re.compile(rf"\b{_REACH}\s{_TO}{_PERSON}\b", re.IGNORECASE)
_NO: Final = rf"(?:jangan|jangn|jgn|jng|jan|ojo|{_NOT}\s(?:usah|perlu)|usah)"
_NO_OFFICE: Final = re.compile(
    rf"\b{_NO}\s(?:dulu\s|di)?(?:{_REACH}\s{_TO}{_OFFICE}|kirim\s(?:petugas|tim|anggota|orang)\s(?:yang|yg|itu|dari))\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(rf"\b(?:{_NO}|{_NOT}\smau|berhenti|hentikan|stop|stp|cukup|hapus)\b", re.IGNORECASE)
# With one of these an order is obeyed, whatever else it may be.
_FEARS: Final = re.compile(
    rf"\b(?:takut|tkut|bahaya|ketahuan|ketauan|curiga|marah\w*|di(?:pegang|baca|buka|periksa|cek|lihat|intip|pinjam|sita)\w*|"
    r"(?:pegang|megang|baca|buka|cek|periksa|liat|lihat|intip|pinjam|pinjem|minjam|pakai|pake)\s(?:\w+\s)?(?:hp|hape|sms|pesan)\w*|"
    r"sering|tau|tahu|nemu|samping|sebelah|nomor\s(?:saya|sy|ini)|hp\s?(?:saya|sy|ini|ku)|disini|di\ssini|spam|"
    rf"{_I}\s(?:{_NOT}\s(?:usah|perlu|mau)|jangan|jgn))\b",
    re.IGNORECASE,
)
# Who ordered it before, and gets SMS still.
_STILL: Final = re.compile(r"\b(?:kok|kenapa|knp|sudah|sdh|udah|udh|masih|msh|tetap|ttp)\b", re.IGNORECASE)
_COND: Final = re.compile(rf"\b{_IF}\b", re.IGNORECASE)
_OWN_NUMBER: Final = re.compile(
    r"\b(?:nomor|nomer|nmr|no)\s(?:hp|hape|wa|te?le?[pf]o?n|te?lp|tlp)(?:ku|nya)?\b", re.IGNORECASE
)
# What is sent, on what, and who shares a phone: who only fears to be known names none of these.
_MESSAGE: Final = re.compile(
    r"sms|esemes|\b(?:di|mem|me)?ba?la?s\w*|bales|\b(?:di|men)?jawab|jwb|pesan|hub(?:ung|ngi)|kontak|te?le?[pf]o?n|te?lp|kabar|"
    r"kbar|notif|\bwa\b|chat|\bhp\w*|hape|k(?:i)?rim|ngirim|ganggu|\bse?to?p\b|henti|brenti|unreg|\bdiam|sudahi|cukup|"
    r"dipegang|dibuka|dibaca|dicek|\busah\b|suami|istri|bini\b|\blaki|mertua|pacar|ayah|serumah|orang rumah",
    re.IGNORECASE,
)


def asks_of_silence(text: str) -> bool:
    """Whether a text asks what an order to be silent does to a report, or how to give one, and gives none."""
    if _HOW.search(text):
        return True
    if not (_ASKED.search(text) and _QUESTION.search(text)):
        return False
    return _COND.search(text) is not None or _STILL.search(text) is None


def only_sounds_silent(text: str) -> bool:
    """Whether a text is no order to be silent though it has the words of one: it asks of it, asks whether its writer
    has to write again, or says whom else to reach, or not to."""
    if asks_of_silence(text) or (_OWN_DUTY.search(text) and _ASKING.search(text)):
        return True
    if _FEARS.search(text):
        return False
    beside = _ANOTHER.sub(" ", _NO_OFFICE.sub(" ", text))
    return beside != text and _DENIED.search(beside) is None


def speaks_of_messages(text: str) -> bool:
    """Whether any word may be of what is sent, of a phone, or of who shares it. A plea for
    secrecy without is no order to be silent: whoever makes it waits for the promise."""
    return _MESSAGE.search(_OWN_NUMBER.sub(" ", text)) is not None
