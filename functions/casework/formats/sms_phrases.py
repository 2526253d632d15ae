"""Phrases that make a command of words, or none: another matter, a report of before, giving up, one's own words.

Tests: ``tests/casework/test_sms.py``, ``tests/doors/test_sms_scenarios.py``.
"""

import re

OF_BEFORE = re.compile(  # "yang saya lapor lampu merah": said of a report, and no new one
    r"\W*(?:\w+\W+){0,2}?(?:yang|yg|kemarin|kmrn|kemaren|tadi)\W+(?:(?:saya|sy|kami|aku|sudah|sdh|kemarin|kmrn|dulu|"
    r"pernah)\W+){0,2}(?:me|di)?lapor",
    re.IGNORECASE,
)
# Words of somebody who has something else to report.
NEW_MATTER = re.compile(
    r"\b(?:mau|ingin|akan|hendak|pengen|izin|ijin)(?: (?:saya|sy|kami|aku|juga|jg)){0,2} "
    r"(?:me|nge)?(?:lapor|laporkan|laporin|adukan|ngadu|ngadukan)\b"
    r"|\b(?:sama |ada |dan )?satu lagi\b|\bsekalian (?:juga )?(?:lapor|mau lapor)\b"
    r"|\b(?:laporan|aduan|lapor|hal|masalah) (?:baru|lain|kedua|berbeda)\b"
    r"|\bbeda (?:lagi|lg|laporan|masalah|hal|soal|urusan)\b"
    r"|\b(?:ini|itu|yg|yang) (?:lain|laen) (?:lagi|lg|hal|soal|urusan|masalah)\b|\b(?:soal|urusan|perkara) lain\b|"
    r"\b(?:lapor|laporan|nambah|tambah) (?:satu |1 )?(?:lagi|lg|maneh)\b(?=\W+\w+\W+\w+)",
    re.IGNORECASE,
)
GIVES_UP = re.compile(
    r"(?<!jangan )(?<!jgn )\b(?:batal\w*|cabut|tarik|hapus)(?: (?:saja|aja|sj|aj|lah|ya|pak|bu|kan))* "
    r"(?:laporan|lapor|aduan|pengaduan)\w*\b"
    r"|\b(?:ga|gak|g|tidak|tdk|nda|ndak|nggak|ngga) jadi (?:me|nge)?lapor\b"
    r"|^(?:maaf )?(?:ga|gak|tidak|tdk|nda|ndak|nggak|ngga|kada) jadi(?: (?:pak|bu|min|deh|aja|saja|lah))*(?:,|\.|$)",
    re.IGNORECASE,
)
ASKS_WORDS = re.compile(
    r"\b(?:kirim(?:kan|i|in)?|sms|balas|bls|bacakan) (?:ulang|lagi|kembali)? ?"
    r"(?:isi|teks|bunyi) ?(?:laporan|aduan|sms)\w*"
    r"|\b(?:isi|bunyi) (?:laporan|aduan)(?:ku|nya| saya| sy)? ?(?:apa|gimana)\b|\b(?:nulis|tulis|ketik|lapor) apa\b",
    re.IGNORECASE,
)
OF_MINE = re.compile(
    r"\s*[:,]?\s*(saya|sy|sya|aku|kami|ku|kemarin|kmrn|yang|yg|itu|tadi|sebelumnya|ulun|mu|q|nya|tersebut)\b",
    re.IGNORECASE,
)
OF_A_REPORT = re.compile(r"(semua |data |isi )?(laporan|lapor|aduan|pengaduan|keluhan)", re.IGNORECASE)
# "STATUS <code>" behind other words, when the code is taken out.
ASKS = re.compile(r"\b(?:status|setatus|sts|cek|perkembangan\w*|progres\w*)\W*$", re.IGNORECASE)
# "(2/3) …", "bagian 2: …": a part whose sender numbered it.
MORE = re.compile(
    r"^\W*(?:(?:bagian|bag|part|sms|ke)\W*)?(?:[2-9]\s*(?:/|dari|of)\s*[2-9]\b|(?<=bagian )[2-9]\b|(?<=bag )[2-9]\b)",
    re.IGNORECASE,
)
_POLITE = "untuk mau ingin pengen hendak akan mw izin ijin numpang dulu dgn"
POLITE = frozenset(_POLITE.split())
_FILLERS = "laporan laporannya aduan kode kodenya no nomor dengan dgn utk untuk dulu data info tentang maksud"
FILLERS = frozenset(_FILLERS.split())  # what stands between a command and its code
# What may be meant as a code behind a command: one word with a digit.
LIKE_CODE = re.compile(r"(?=\S*\d)[0-9A-Za-z][0-9A-Za-z._-]{3,}")
CODE_NAMED = re.compile(r"\bkode\w*\W+(?=[A-Z0-9]*\d)[A-Z0-9]{4,8}\b")  # "cek laporan teman, kodenya XW4TZ"
OF_ONE = frozenset({"laporan", "aduan", "pengaduan"})  # "laporan kulo pun dugi pundi": of a report, no new one
WHETHER = re.compile(r"\?|\b(?:kah|ga|gak|nda|ndak|tidak|nggak)\W*(?:bu|pak|min|ya|sih|kak|mas)?\W*$", re.IGNORECASE)
