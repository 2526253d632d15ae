"""What thanks may hold: that a matter is done, what has happened, or what is not so; and who gives a report up.

Tests: ``tests/casework/test_likely.py``.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import all_in, any_in, patterns

# A part of it is done, or the rest is hoped for.
_NUMBER: Final = (
    r"(?:\d+|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|separuh|setengah|sebagian|semua\w*)"
)
_PARTLY: Final = re.compile(
    r"\b" + _NUMBER + r"\s?(?:dari|dr|/)\s?" + _NUMBER + r"\b|\bbaru (?:sebelah|" + _NUMBER + r")\b"
    r"|\b(?:yang|yg) (?:lain|laen|sebelah|satu|belakang|depan)\w*"
    r"|\b(?:lainnya|sisanya|sebagian|separuh|separo|setengah)\b",
    re.IGNORECASE,
)
# Beside good news: what is still missing.
_NEEDS: Final = re.compile(
    r"\b(?:tinggal|tggl|masih|msh|cuma|cuman|hanya|tapi|tp)\s(?:(?!tidak|tdk|tak|gak?|nggak|nda|ndak|kada)\w+\s){0,2}?"
    r"(?:butuh|perlu|kurang|minta(?!\s(?:\w+\s)?(?:di)?tutup|\smaaf)|(?:me)?nunggu|tunggu)\b",
    re.IGNORECASE,
)
# What was begun and is to go on: "baru separo yang diratakan, tolong dilanjut".
_GOES_ON: Final = re.compile(
    r"\b(?:di|me)?lanjut(?:kan|in|kn)?\b|\b(?:di|me)?terus(?:kan|in)\b(?!\s(?:ke|kpd|kepada|sama)\b)"
    r"|\b(?:belum|blm|blum|tidak|tdk|gak?|nda|ndak)\ssemua(?:nya)?(?=(?:\s(?:pak|bu|min|kok))*\s*(?:[,.;!]|$))"
    r"|\b(?:baru|cuma|cuman|hanya)\s(?:separo|separuh|setengah|sebagian|sebelah|"
    + _NUMBER
    + r")\s(?:\w+\s){0,3}?di\w{4,}"
    r"|\bdi\w{4,}\s(?:\w+\s)?(?:baru|cuma|cuman|hanya)\s(?:separo|separuh|setengah|sebagian|sebelah)\b",
    re.IGNORECASE,
)
_HOPES: Final = re.compile(r"\b(?:semoga|smoga|moga|mudah mudahan|mudah-mudahan)\b", re.IGNORECASE)
_HOPED: Final = re.compile(
    r"\b(?:lain\w*|segera|sgra|cepat|cpt|juga|jg|menyusul|besok|nanti|bisa|sudah|sdh|udah|nyala|menyala|beres|selesai|"
    r"di\w{3,}(?:i|kan)|diangkut|diganti|diaspal|ditambal)\b",
    re.IGNORECASE,
)
# What says of a closed matter that it is well. Only what mends says so by itself: "sudah dicuri" does not.
_NOW: Final = (
    r"\b(?:sudah|sdh|udah|udh|dah|sampun|wis|wes|hudah|su|akhirnya|alhamdulil+ah|skrg|sekarang)\s(?:\w+\s){0,2}?"
)
_HAVING: Final = re.compile(
    _NOW + r"(?:di(?:perbaik|baik|betul|bener|benah|beres|pasang|ganti|tambal|aspal|angkut|angkat|bersih|kembali|cetak|"
    r"rapi|keruk|kuras|cor|bangun|selesai|sambung|dandan|urus|kerja|tangani|timbun|ratakan|semprot|sedot|buatkan|"
    r"salurkan|bagikan|cairkan|kandang|tertib)\w*|"
    r"nyala|menyala|nyambung|normal|lancar|mulus|jernih|bening|bersih|baik|bagus|bgs|apik|becik|mantap|cair|padhang|"
    r"padang|caang|terang\w*|nyaman|layak|adem|pulih|sembuh|datar)\b",
    re.IGNORECASE,
)
# What came or works says so only beside thanks or praise: "sudah ada korban pak".
_CAME: Final = re.compile(
    _NOW
    + r"(?:(?:di)?terima|trima|tarima|dapat|dapet|dpt|diambil|ambil|datang|dtg|ada|jalan|oke?|aktif|buka|jadi|enak|"
    r"tenang|muncul|bisa|kembali)\b",
    re.IGNORECASE,
)
_RECEIVED: Final = re.compile(r"\b(?:di)?(?:terima|trima|tarima|dapat|dapet|dpt|ambil)\b", re.IGNORECASE)
_THANKS: Final = re.compile(
    r"\b(?:terima ?kasih|ma?ka?si\w*|mksh?|tri?ms?|trimakasih|alhamdulil+ah|syukur|suwun|nuwun|nuhun|mantap|sip)\b",
    re.IGNORECASE,
)
# What a confirmation never holds: it is final, and whoever closed the case reads it.
_AGAINST: Final = re.compile(
    r"\b(?:lagi|lg|lgi|apanya|dulu|dl|dlu|baru|setelah|stlh|asal|tambah|makin|kades|kadis|oknum|pejabat|polisi|petugasnya|"
    r"duit|du?wit|uang\w*|bayar|dibayar|membayar|mbayar|setor\w*|pungli|suap|juta|jt|ribu|rb|rekaman|bukti\w*|saksi|"
    r"korban|dicuri|\w*maling\w*|dibakar|dibuang|dirusak|dicabut|diusir|dihapus|dicoret|dicari|diancam|ancam\w*|sarang|ular|"
    r"jatuh|terjatuh|kecelakaan|coklat|cokelat|hitam|kuning|kalau|kalo|klo|jika|andai\w*|seandainya|coba|harus\w*|"
    r"mesti\w*|sebaiknya|ternyata|rokok|amplop)(?:nya|ny)?\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(r"[.,;!:\n]+")
_BLESSES: Final = re.compile(
    r"\b(?:selamat|idul|fitri|natal|maaf|lahir|batin|semoga|moga|sukses|sehat|berkah|allah|tuhan|amin|aamiin)\b",
    re.IGNORECASE,
)
_WHERE_WORDS: Final = (
    "di ke depan dekat belakang samping sekitar pasar warga jalan masjid semua sini sana yg yang ini itu nya "
    "semalam senang gembira puas memuaskan hasil hasilnya oleh benderang berterima dinas pemkab pemda "
    "salut hebat keren jempol top atas bantuan perhatian perhatiannya tanggap layanan pelayanan kerjasama "
    "respon responnya kerja kerjanya cepat sekali banget "
    "sejak dari tadi kemarin kmrn malam pagi siang sore hari petugas cek saya kami bisa lewat"
)
_WHERE: Final = frozenset(_WHERE_WORDS.split())
# Where it was flooded; a well that is dry is not well.
_DRY: Final = re.compile(_NOW + r"(?:kering|surut|asat)\b", re.IGNORECASE)
_FLOODED: Final = re.compile(r"banjir|genang|becek|rendam|meluap|luapan|\brob\b|basah|mampet|sumbat", re.IGNORECASE)
_UNWELL: Final = re.compile(
    r"\b(?:tapi|tp|tetapi|ttpi|tpi|padahal|pdhl|cuma|cuman|hanya|doang|tetap|ttp|malah\w*|masih|msh|blm|belum|blum|"
    r"bohong\w*|"
    r"dibohong\w*|tipu\w*|katanya|ktnya|rusak|hancur|mati|padam|mampet|buntu|bocor|banjir|keruh|bau|lubang|bolong|"
    r"retak|amb[lr]?[ea]s|roboh|hilang|kosong|habis|gelap|dipotong|pejabat|pencitraan|formalitas|janji|asal2an|pura|"
    r"meluap|masuk rumah|macet|ngelupas|mengelupas|"
    r"terkelupas|longgar|"
    r"lepas|copot|patah|ambruk|ngaco|ngawur|numpuk|telat|lambat|parah|kecewa|percuma|susah|"
    r"takut|sakit|jelek|asal|kurang|lupa|salah|bukan|kenapa|knp|kok|kapan|gimana|gmn|mana|tidak|tdk|tak|gak?|nggak|"
    r"ngga|"
    r"kada|ora|nda|ndak|endak|mboten|endik|jangan|jgn|kecuali|sayang\w*|sempat)\b",
    re.IGNORECASE,
)
# What was bad is no more: "sudah tidak bau lagi".
_NO_MORE: Final = re.compile(
    r"\b(?:tidak|tdk|tak|gak?|nggak|ngga|kada|ora|nda|ndak|mboten|endik)\s(?:\w+\s)?(?:bau|banjir|bocor|mampet|"
    r"buntu|gelap|mati|keruh|"
    r"bising|berisik|ribut|bakar|membakar|dibakar|macet|padam|rusak|bolong|berlubang|lubang|becek|licin|ganggu|"
    r"mengganggu|"
    r"memungut|minta|narik|bolos|telat|terlambat|antri|numpuk|menumpuk|byar ?pet|kambuh|merokok|ngebut|kotor|berdebu|"
    r"debu|debuan|nyetrum|miring|goyang)\w*\s(?:lagi|lg|maneh|pulang)\b",
    re.IGNORECASE,
)
# A light, water or power that is back: "sudah menyala lagi".
_RESTORED: Final = re.compile(
    r"\b(?:nyala|menyala|hidup|lancar|normal|ngalir|mengalir|jernih|terang) (?:lagi|lg)\b", re.IGNORECASE
)
_LATER: Final = re.compile(
    r"\b(?:nanti|nnti|nnt|ntar|entar|besok|bsk|sebentar|mau|akan|tak|kami|saya|sy|aku)\s(?:\w+\s){0,2}?"
    r"(?:cek|ngecek|lihat|liat|periksa|coba|pastikan|tengok|delok)\w*(?:\s\w+)?\s(?:dulu|dl|dlu|ke sana|kesana)\b"
    r"|\b(?:belum|blm|blum)\s(?:sempat|di rumah|lihat|liat|cek|ngecek|pulang|tau|tahu|lewat)\b",
    re.IGNORECASE,
)
_GIVES_UP: Final = re.compile(
    r"batal|cabut|tarik|hapus|\bjadi\b|urung|sudahlah|sudah ?lah|lupakan|damai|mundur|nyerah|ikhlas|relakan|tutup|"
    r"berhenti|stop|"
    r"usah|laporan|melapor|lanjut|sampai sini|sudahi|biar(?:kan|in)",
    re.IGNORECASE,
)
ACCEPTS_MOST: Final = 20  # words that say no more than that it is well
CLOSING: Final = "thanks", "agreed", "kind", "already", "done", "things", "address", "self"
TELLING: Final = 3  # words that may tell something


def thanks_in(words: Sequence[str]) -> bool:
    """Whether words hold thanks or agreement: "terima kasih", not "yang terima 19 saja"."""
    said = [word for word in words if word != "terima"] if "kasih" not in words else words
    return any_in(said, "thanks", "agreed")


def is_courtesy(words: Sequence[str]) -> bool:
    """Whether words are thanks, agreement, a greeting, names of address, and nothing else: "iya sudah diterima" is an
    answer."""
    kind = ("kind",) if thanks_in(words) else ()
    return all_in(words, "thanks", "agreed", "greeting", "address", "self", "yes", *kind)


def may_tell(words: Sequence[str], *, doubtful: bool) -> bool:
    """Whether what seems thanks may tell something: what has happened, what is not so, or nothing of thanks at all."""
    more = [word for word in words if not any_in([word], *CLOSING, "greeting", "yes")]
    if any_in(words, "already") and len(more) >= TELLING:  # "damkar sdh datang pak alhamdulillah anak selamat"
        return True
    if len(words) < TELLING or thanks_in(words):
        return False
    few = doubtful and not any_in(words, "kind")
    return few or (len(words) > TELLING and any_in(words, "not_yet"))


def tells_no_thanks(words: Sequence[str]) -> bool:
    """Whether words that seem thanks hold none, nor that something is well, but others: "dari dulu begitu"."""
    more = [word for word in words if not any_in([word], *CLOSING, "greeting", "yes")]
    return not (thanks_in(words) or any_in(words, "agreed", "done")) and len(more) >= TELLING


def accepts(text: str, told: Collection[str] = ()) -> bool:
    """Whether words to a closed case say that it is well and nothing beside it: "sudah sy terima ktpnya, terima kasih".
    A case confirmed wrongly is over, so in doubt they do not. ``told``: words of the case, which say nothing new."""
    dry = _DRY.search(text) is not None and any(_FLOODED.search(word) for word in told)
    if len(text.split()) > ACCEPTS_MOST or contradicts(text) or not (says_well(text) or dry):
        return False
    got = _THANKS.search(text) is not None  # thanks for what was received name it: "sudah sy terima ktpnya"
    return all(
        _tells_no_more(clause, told, int(got and _RECEIVED.search(clause) is not None))
        for clause in _CLAUSE.split(text)
    )


def contradicts(text: str) -> bool:
    """Whether words hold what no confirmation holds: a question, a doubt, money, harm, or "again"."""
    return "?" in text or doubts(text) or _AGAINST.search(_RESTORED.sub(" ", _NO_MORE.sub(" ", text))) is not None


def says_well(text: str) -> bool:
    """Whether any words say that a matter is well, whatever else is said: "sudah dibenerke", "tidak bau lagi"."""
    words = words_of(text)
    said = " ".join(words)
    done = any_in(words, "already") and any_in(words, "done")
    came = _CAME.search(said) is not None and _THANKS.search(text) is not None
    return done or came or _NO_MORE.search(text) is not None or _HAVING.search(said) is not None


def _tells_no_more(clause: str, told: Collection[str], most: int) -> bool:
    left = " ".join(words_of(clause))
    for pattern in (_NO_MORE, _RESTORED, _HAVING, _CAME, _DRY):
        left = pattern.sub(" ", left)
    bare = ((word, word.removesuffix("nya")) for word in left.split())
    more = [word for word, base in bare if base not in told and not {word, base} & _WHERE]
    more = [word for word in more if not any_in([word], *CLOSING, "greeting", "yes", "agreed")]
    return len(more) <= most or _BLESSES.search(clause) is not None


def postpones(text: str) -> bool:
    """Whether somebody will only look whether it is done: "nanti saya cek dulu ya pak, belum di rumah"."""
    return _LATER.search(text) is not None


def doubts(text: str) -> bool:
    """Whether words may say that a matter is not well, or not all of it."""
    return _UNWELL.search(_NO_MORE.sub(" ", text)) is not None or is_partly_done(text)


def is_partly_done(text: str) -> bool:
    """Whether words say that a part is done, or hope for the rest: "1 dari 5 lampu", "semoga yang lain sudah
    dikerjakan". No such words close a case."""
    hopes = _HOPES.search(text)
    some = _PARTLY.search(text) or _NEEDS.search(text)
    return some is not None or (hopes is not None and _HOPED.search(text, hopes.end()) is not None)


def leaves_rest(text: str) -> bool:
    """Whether words say that a closed matter was begun and has to go on."""
    return _GOES_ON.search(text) is not None


def says_done(text: str, words: Sequence[str]) -> bool:
    """Whether thanks say that the matter is done: "iya betul udah mulus sekarang, salut"."""
    return "?" not in text and any_in(words, "already") and any_in(words, "done") and not any_in(words, "not_yet")


def wants_closed(text: str, words: Sequence[str]) -> bool:
    """Whether words ask to close a report: "air sdh jernih, tutup aja laporannya". A road is not a report."""
    said = " ".join(words)
    if "?" in text or any_in(words, "not_yet"):
        return False
    if any(pattern.search(said) for pattern in patterns("closing")):
        return True
    done = any_in(words, "already") and any_in(words, "done")
    return done and any(pattern.search(said) for pattern in patterns("closing", "when_done"))


def gives_up(text: str) -> bool:
    """Whether a text has a word of giving up: an officer's question is refused without."""
    return _GIVES_UP.search(text) is not None


def closes(words: Sequence[str]) -> bool:
    """Whether all words are thanks, or say that the matter is done."""
    return all_in(words, *CLOSING) and (settles(words) or any_in(words, "thanks", "agreed"))


def only_closes(text: str) -> bool:
    """Whether a text holds nothing but thanks, greetings, what says that a matter is done, and that somebody will only
    look."""
    words = words_of(_LATER.sub(" ", _HAVING.sub(" ", _NO_MORE.sub(" ", text))))
    return all_in([word for word in words if word not in _WHERE], *CLOSING, "greeting", "yes", "agreed")


def settles(words: Sequence[str]) -> bool:
    """Whether words of a closing say that the matter is done: "sudah beres", "beres pak"."""
    alone = len(words) <= 2 and any_in(words, "done_alone")  # noqa: PLR2004 - one, and to whom
    return alone or (any_in(words, "done") and any_in(words, "already"))


_WITHDRAWING: Final = re.compile(
    r"\b(?:men|me|di|nge)?(?:batal\w*|cabut\w*|tarik\w*|hapus\w*|narik|nyabut|mundur)\b", re.IGNORECASE
)
_REPORTS: Final = re.compile(
    r"\b(?:(?:me|nge)?lapor\w*|\w*adu(?:an|kan)?\w*|keluhan\w*|data|jadi|mau|ingin|minta|saja|aja|aj|sj|dulu|di)\b",
    re.IGNORECASE,
)
# Before the word: a denial, force, or whoever wants it. "minta" alone is the writer's own.
_NOT_OWN: Final = re.compile(
    r"\b(?:(?:tidak|tdk|tak|ga|gak|g|nggak|ngga|enggak|nda|ndak|kada|takkan)\s(?:mau|akan|ingin|pernah|bisa|boleh|"
    r"berniat|rela|sudi|usah|perlu)|jangan\w*|jgn|jng|bukan|menolak|"
    r"\w*(?:paksa|suruh|nyuruh|ancam|desak|tekan|bujuk|sogok|intimidasi|perintah)\w*|diminta|dibilang|"
    r"(?:minta|mnta|nyuruh|bilang|mohon)\s(?:ke\s|agar\s|supaya\s|sama\s)?(?:saya|sy|sya|aku|ak|kami|kmi|kita|warga|ibu|"
    r"bapak|suami|istri)|kades|sekdes|kadus|camat|lurah|kadis|oknum|mereka|dia|pelaku|preman|polisi|bos|atasan|mandor|"
    r"majikan|kepala|pihak|perusahaan)\b",
    re.IGNORECASE,
)
_PIECE: Final = re.compile(r"[.,;!?\n]+")


def tells_beside_withdrawal(text: str) -> bool:
    """Whether a text that withdraws says why: "cabut laporan krn diancam pegawai PU"."""
    left = " ".join(words_of(_REPORTS.sub(" ", _WITHDRAWING.sub(" ", text)))).split()
    return any(not any_in([word], "address", "self", "greeting", "yes", "no", "thanks", "already") for word in left)


def is_no_withdrawal(text: str) -> bool:
    """Whether every word of withdrawing in a text is another's or refused: "kades paksa saya cabut laporan"."""
    found = list(_WITHDRAWING.finditer(text))
    return bool(found) and all(_NOT_OWN.search(_PIECE.split(text[: each.start()])[-1]) for each in found)
