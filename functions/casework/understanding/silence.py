"""Orders to be silent, in any words and beside others: "jgn sms saya lagi hp dipegang suami".

Whoever reads an answer on this phone may be whom its owner fears. So an order is one as soon as it stands somewhere in
the text; what is said beside it is kept as words.
"""

import re
from functools import cache
from itertools import islice
from typing import Final

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import any_in, is_all_of, patterns, word_list

_IDLE: Final = "address", "self"
WISHES_MOST: Final = 5  # wishes of one text that are looked at: each costs as much as the text is long
# What may befall whoever gets an SMS. No list of phrases.toml: the learnt model counts those.
_BEFALLING: Final = (
    "dipegang dipegangi pegang dibuka buka dibaca baca dicek cek dilihat lihat diperiksa periksa tahu tau ketahuan "
    "ketauan marah dimarahi curiga pulang datang dengar sering dia mereka"
)
_REACHED: Final = re.compile(
    r"sms|esemes|pesan|hub|k(?:i)?rim|ngirim|ba?la?s|bales|jawab|hp|hape|nom[oe]r|\bno\b|\bwa\b|chat|te?le?p|kabar|"
    r"kbar|notif|"
    r"ganggu|kontak|st[o]?p|henti|brenti|unsub|unreg|dipegang|takut|bahaya|usah\b|cukup|tanya",
    re.IGNORECASE,
)
_ASKED_FOR: Final = re.compile(
    r"\b(?:tolong|tlg|mohon|mhn|minta|harap)\s(?:\w+\s){0,2}?(?:di)?(?:balas|bls|bales|jawab|jwb|kabari|kabarin|"
    r"respon|tanggapi)\b",
    re.IGNORECASE,
)
_SPREAD: Final = re.compile(
    r"\b(?:jangan|jgn|jng|jan)\s(?:sampai\s|sampe\s)?(?:di)?(?:sebar|bocor|sebut|umbar|share)\w*\b", re.IGNORECASE
)
_DENIED: Final = re.compile(
    r"jangan|jangn|jngan|jgn|\bjng|\bjang?\b|ampun|ampon|\bojo|tidak|tdk|\btak?\b|\bgak?|\bgk\b|ngga|stop|stp|henti|cukup|usah|kada|"
    r"\bora\b|mboten|"
    r"\bnda|hapus|takut|bahaya|ketahuan|dipegang|\bblok|matikan|sudahi|\bdiam",
    re.IGNORECASE,
)
_GLUED: Final = re.compile(r"\b(gak?|ngga?k?|g|tdk|nda|tak)(mau|usah|ush|perlu)\b")  # "gamau"
_BEFALLS: Final = frozenset(_BEFALLING.split())
_CLAUSE: Final = re.compile(r"[.,;!?\n]+")
_ONLY_SMS: Final = re.compile(
    r"(?<!jangan )(?<!jgn )(?<!jng )(?<!jan )(?<!usah )(?<!stop )(?<!perlu )(?<!lagi )"
    r"\b(?:lewat |lwt |via |pakai |pake |cukup )?sms (?:saja|sj|aja)\b",
    re.IGNORECASE,
)
_SENT: Final = re.compile(  # what reaches a phone and is no call
    r"sms|esemes|b(?:a)?la?s|bales|k(?:i)?ri?m|kabar|kbar|pesan|jawab|notif|respon", re.IGNORECASE
)
_SAID: Final = re.compile(
    r"\b(?:bilang|blg|bilg|kata|katanya|ktnya|ujar|suruh|disuruh|menyuruh|nyuruh|larang|dilarang|melarang|perintah)\b"
)
_NOT: Final = r"(?:tidak|tdk|tak|gak?|gk|ngga?k?|enggak|nda|ndak|kada|ora|mboten)"
_FILLER: Final = (
    r"(?:lagi|lg|di|dulu|ada|pernah|sampai|sampe|coba|kirim|krim|ngirim|mengirim|kirimi|kirimin|kirimkan|"
    r"dikirim|dikirimi|"
    r"dikirimin|kasih|beri|diberi|dikasih|tolong|pak|bu|ya|terus|trs|dapat|dpt|terima|nerima|menerima|sering|"
    r"saya|sy|aku)"
)
_REACH: Final = (
    r"(?:di|me|men|meng|nge|ng)?(?:sms(?:an|in|i|nya)?|esemes|balas(?:an|i)?|bals|bls|bales(?:in)?|blas|jawab|"
    r"telepon|telpon|tlpon|"
    r"telp|tlp|telfon|hubungi|hubngi|hub|kontak|nelpon|nelepon|nelp|wa|chat|pesan|notif|notifikasi|pemberitahuan|kabari|"
    r"kabarin|kabarkan|kabar|kbari|kbarin|ngabari|ngabarin|ngabarkan|jawaban|jawabannya|mbalas|mbales|mbls|respon|respons|"
    r"reply)"
)
# What may stand behind it: to me, again, why, another way to reach me. A person or thing would be its object.
_ME: Final = (
    r"(?:saya|sy|sya|aku|ak|aq|q|ku|kami|kmi|kita|ulun|sini|kesini|nomor\w*|nomer\w*|no|nmr|hp\w*|siapap"
    r"un|siapa)"
)
_BEHIND: Final = (
    r"(?:\sin|\snya)?(?=$|\s(?:" + _ME + r"|ke\s" + _ME + r"|lagi|lg|maneh|pulang|dulu|dl|ya|yah|pak|pa|bu|"
    r"min|mas|mbak|bang|kak|apapun|apa|"
    r"dan|atau|atw|tapi|tp|cukup|sama sekali|dari sini|terus|trs|malam|siang|pagi|sekarang|skrg|keras|banyak|"
    r"mulai|masuk|"
    r"smsan|tolong|plis|please|dong|deh|yg|yang|saja|aja|sj|karena|krn|karna|soalnya|sebab|nanti|nnt|ntar|takut|"
    r"tkut|biar|"
    r"supaya|agar|kalau|klo|kl|bahaya|suami|istri|bos|juga|jg|smpai|lah|"
    r"(?:lewat|lwt|lwat|via|di|pakai|pake|dengan|dgn)\s?(?:\w+\s)?(?:hp|hape|no|nmr|nomor|nomer|sini|telp\w*|telepon|"
    r"sms|wa|cara)\w*|" + _REACH + r")\b)"
)
_ORDER: Final = (
    r"\b(?:(?:jangan|jngan|jangn|jgn|jng|ojo|ampun|stop|stp|setop|berhenti|brhenti|brenti|berenti|hentikan)|"
    + _NOT
    + r"\s(?:usah|ush|perlu|prlu)|(?:usah|ush))\s(?:"
    + _FILLER
    + r"\s){0,3}"
    + _REACH
    + _BEHIND
    + r"|\b"
    + _NOT
    + r"\s(?:mau|ingin|pengen|pingin)\s(?:"
    + _FILLER
    + r"\s){0,2}(?:di(?:sms|balas|bales|telepon|telpon|telp|hubungi|wa|chat|kontak|kabari|kirimi?\w*)\w*|"
    r"(?:dapat|dpt|terima|nerima|"
    r"menerima)\s" + _REACH + r")" + _BEHIND
)
_STOP: Final = r"(?:jangan|jngan|jangn|jgn|jng|ojo|ampun|stop|stp|setop|" + _NOT + r")"
# This number is not to be reached, or nothing is to be sent: whose it is stands in the words, so no object follows.
_PASSIVE = (
    r"\b(?:nomor|nomer|nmr|no|hp|hape)\w*\s(?:\w+\s){0,3}?" + _STOP + r"\s(?:usah\s|perlu\s|lagi\s|lg\s|mau\s){0,2}"
    r"di(?:sms|hubung|telepon|telpon|telp|tlp|wa|chat|kontak|kirim)\w*\b"
    r"|\b" + _STOP + r"\s(?:usah\s|lagi\s|lg\s|dulu\s|dl\s){0,2}(?:kirim|krim|ngirim|mengirim|kirimkan)\s"
    r"(?:apa\w*(?:\sapa\w*)?|sms|esemes|pesan|balasan|jawaban\w*|kabar|notif\w*|info\slaporan)\b(?!\s(?:\w+\s)?ke\s(?!no|hp|"
    r"saya|sy|sini|aku))"
)
# As others say it: "kada usah mangirimi lagi", "ta' osa SMS pole", "minta tidak dihubungi", "jangan spam".
_PASSIVE += (
    r"|\b(?:kada|ora|ta|gak|ga|nda|ndak|tak)\s(?:usah|osa|perlu|parlu)\s(?:mangirimi|mambalas|sms|esemes|ngirim\w*)\b"
    r"|\b(?:minta|mohon|harap|tolong)\s(?:\w+\s)?(?:tidak|tdk|tak|jangan|jgn)\s(?:\w+\s)?"
    r"di(?:hubungi|sms|kirimi|kabari|telepon|telpon|balas)\b|\b(?:jangan|jgn|stop)\sspam\b"
)
# What comes is not to come here, or the number is to be taken out: "balasan jangan masuk ke nomor ini".
_PASSIVE += (
    r"|\b(?:balasan|balesan|jawaban|sms|esemes|pesan|kabar|notif)\w*\s(?:\w+\s)?"
    + _STOP
    + r"\s(?:usah\s|sampai\s|sampe\s|"
    r"ada\s|yang\s|yg\s)?(?:masuk|datang|dtg|lewat|lwt|via|ke|di|dikirim\w*|kirim|muncul)\b"
    r"|\b(?:nomor|nomer|nmr|no)\s(?:\w+\s)?(?:saya|sy|sya|aku|ini|kami)\s(?:\w+\s)?(?:di)?(?:hapus|keluarkan|coret)\w*\b"
    r"|\b(?:hapus|keluarkan|coret)\w*\s(?:\w+\s)?(?:nomor|nomer|nmr|no)\s(?:\w+\s)?(?:saya|sy|sya|aku|ini|kami)\b"
)
_PASSIVE += r"|\bno\s?reply\b|\b(?:udahan|sudahan|udahin|sudahin)\s(?:\w+\s)?(?:sms|balas|kabar)\w*\b"
# Somebody else reads what comes to this phone.
_WATCHED: Final = re.compile(
    r"\b(?:hp|hape|sms|pesan)\w*\s(?:\w+\s){0,3}?(?:dipegang|dipegangi|dibuka|dicek|diperiksa|dibaca|dilihat|"
    r"dipantau)\s"
    r"(?:\w+\s){0,2}?(?:suami|istri|bini|laki|bos|bosku|atasan|mandor|majikan|mertua|ayah|kades|pacar)"
)


# What was ordered once, and what is wished now: "dulu saya minta jangan disms, sekarang boleh kirim kabar lagi".
_ONCE: Final = re.compile(r"\b(?:dulu|dl|kmrn|kemarin|kmaren|kmren|tadinya|waktu itu|wkt itu)\b", re.IGNORECASE)
_NOW: Final = re.compile(r"\b(?:skrg|skrng|sekarang|skarang|saiki)\b", re.IGNORECASE)

# Who wishes to get something, and what that has to be; before a wish: a denial, or somebody else.
_GOT: Final = re.compile(r"\b(?:terima|nerima|dapat|dpt|dikirim|dikirimi)\b(.*)", re.IGNORECASE)
_OF_WORDS: Final = re.compile(
    r"\s(?:sms|esemes|pesan|kabar|balasan|jawaban|notif\w*|pemberitahuan|info\w*)\b.*|\s(?:di)?kirim.*", re.IGNORECASE
)
_NO_WISH: Final = re.compile(
    r"\b(?:" + _NOT + r"|bukan|belum|blm|jangan|jgn)(?:\s(?!apa|ada|masalah)\w+)?\s*$"
    r"|\b(?:pihak|petugas|tim|para)(?:\s\w+){0,2}\s*$",
    re.IGNORECASE,
)
# All that may stand before and behind an own wish in its clause: whose it is, to whom it is said, that it is safe now.
# Any other word may be another's wish, or be about another.
_ALL_OWN: Final = (
    "saya sy sya aku ak aq q ku kami kmi kita ulun pak pa bu min mas mbak mba kak bang ya iya ok oke baik sekarang "
    "skrg skrng skarang saiki sudah sdh udah udh dah aman tidak tdk tak ga gak nda ndak apa apa2 papa masalah gpp "
    "gapapa ini nomor no nomer nmr hp hape sini ke maaf halo lagi lg kembali saja aja sj dan tolong mohon minta "
    "pegang dipegang kupegang sendiri sdri baru bawa pegangan sama balik nya anu "
    "silakan silahkan bisa boleh mulai terima kasih makasih jadi kok deh lah di lewat sms pesan kabar balasan jawaban"
)
_OWN: Final = frozenset(_ALL_OWN.split())
_PHONE: Final = re.compile(r"\b(?:hp|hape|nomor|nomer|nmr|no|kartu|sim)(?:nya|ku)?\b", re.IGNORECASE)
_BEHIND_OWN: Final = re.compile(
    r"\s*(?:karena|krn|karna|soalnya|sebab|hp|hape|suami\s(?:saya\s|sy\s)?(?:sudah|sdh|udah|lagi|lg|pergi|tidak|"
    r"tdk|gak?|kerja))\b",
    re.IGNORECASE,
)
_CURIOUS: Final = re.compile(r"(?i)\b(?:mau|ingin|pengen)\s(?:tau|tahu|taw)\s(?:\w+\s)?(?:kapan|sampai mana|blm)\b")
_AGAIN: Final = re.compile(r"\b(?:lagi|lg|kembali)\s*$", re.IGNORECASE)
_AWAY: Final = re.compile(  # "suami sdh naik site jd boleh dibalas"
    r"\W*(?:suami|istri|laki|dia|bos)\s(?:sudah|sdh|udah|lagi|lg)\s(?:naik|pergi|brgkt|berangkat|kerja|keluar|balik|"
    r"pulang)(?:\s\w+)?\s(?:jd|jadi)\s*",
    re.IGNORECASE,
)
# A wish for another time, on a condition, or asked: silence is for good until it is none of these.
_NOT_YET: Final = re.compile(
    r"\b(?:nanti|nti|nnti|nnt|ntar|entar|besok|bsk|bsok|lusa|kalau|kalo|klo|kl|jika|jk|bila|malam|mlm|malem|siang|"
    r"sore|kapan|setelah|stlh|sesudah|habis|hbs|abis|tunggu|tggu|sampai|sampe|hingga|asal|asalkan|selama|kecuali|tapi|"
    r"tp|tetapi|jangan|jgn|jng|belum|blm|blum|bukan|minggu|bulan)\b",
    re.IGNORECASE,
)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a large pattern when a text is first read: a door's start would take 4 ms longer."""
    return re.compile(pattern)


def beside_silence(text: str) -> str | None:
    """Return what is said beside an order to be silent, "" if nothing is; None if there is no such order."""
    only_sms = wants_only_sms(text)
    clauses = [clause for clause in _CLAUSE.split(_ONLY_SMS.sub(",", text)) if words_of(clause)]
    for n, clause in enumerate(clauses):
        if only_sms and not _SENT.search(clause):  # a call is forbidden, and no SMS
            continue
        words = words_of(clause)
        rest = _order(words)
        if rest is not None and not (len(words) > 1 or len(clauses) == 1):
            rest = None
        if rest is None:
            rest = _within(words)
        if rest is not None:
            said = " ".join(rest)
            beside = [*clauses[:n], "" if is_all_of(said, "quiet", *_IDLE) else said, *clauses[n + 1 :]]
            return ", ".join(each.strip() for each in beside if each.strip())
    return None


def lifts_silence(text: str) -> bool:
    """Whether a text ends an earlier order to be silent, which it repeats. No order, or another one, ends nothing."""
    once = _ONCE.search(text)
    now = list(_NOW.finditer(text, once.end())) if once else []
    if not now:
        return False
    before, behind = text[: now[-1].end()], text[now[-1].end() :]
    return beside_silence(before) is not None and beside_silence(behind) is None and wants_answers(behind)


def wants_answers(text: str) -> bool:
    """Whether a text asks to be answered: a plain wish of its writer, for now. None that is denied, asked, for later or
    on a condition, of somebody else, or of another thing than words: an answer that nobody wanted may be read."""
    text = _CURIOUS.sub(" ", text)
    if _NOT_YET.search(text):
        return False
    found = (islice(pattern.finditer(text), WISHES_MOST) for pattern in patterns("wish", "speak"))
    return any(_is_own_wish(text, each) for several in found for each in several)


def speaks_of_answers(text: str) -> bool:
    """Whether a text has the words of a wish to be answered, whoever's it is and whether denied or not."""
    return any(pattern.search(text) for pattern in patterns("wish", "speak"))


def _is_own_wish(text: str, found: re.Match[str]) -> bool:
    before, behind = _CLAUSE.split(text[: found.start()])[-1], _CLAUSE.split(text[found.end() :])[0]
    got = _GOT.search(found[0])
    asked = "?" in text[found.start() :]
    if asked or _NO_WISH.search(before) or not (got is None or _OF_WORDS.fullmatch(got[1])):
        return False
    others = [each for each in _CLAUSE.split(f"{text[: found.start()]},{text[found.end() :]}") if _PHONE.search(each)]
    if not all(_is_all_own(each) for each in others):
        return False  # "nomor ini mau saya kasih adik, boleh sms lagi"
    gives_why = _AGAIN.search(found[0]) and _BEHIND_OWN.match(behind)
    own = _is_all_own(before) or _AWAY.fullmatch(before)
    return bool(own) and (gives_why is not None or _is_all_own(behind))


def _is_all_own(text: str) -> bool:
    return all(word in _OWN for word in re.findall(r"\w+", text.lower()))


def is_another_wish(text: str) -> bool:
    """Whether a text asks to be answered and denies nothing ("tolong dibalas kalau sudah dibaca"), or only that
    a number or name is passed on to nobody."""
    return _SPREAD.search(text) is not None or (_ASKED_FOR.search(text) is not None and _DENIED.search(text) is None)


def speaks_of_reaching(text: str) -> bool:
    """Whether any word may be of SMS, phones or who reads them: no order to be silent is without."""
    return _REACHED.search(text) is not None


def wants_only_sms(text: str) -> bool:
    """Whether a text forbids calls alone: "jangan telepon, sms saja"."""
    return _ONLY_SMS.search(text) is not None


def is_said_of_others(text: str) -> bool:
    """Whether somebody else gave an order: "kades bilang jangan sms lagi"."""
    return _SAID.search(" ".join(words_of(text))) is not None


def gives_reason(text: str) -> bool:
    """Whether a text only says why, all words of it: "suami saya pukul saya" is a matter of its own."""
    words = words_of(text)
    known = all(word in _BEFALLS or any_in([word], "because", "quiet", *_IDLE) for word in words)
    return known and any_in(words[:1], "because")


def _within(words: list[str]) -> list[str] | None:
    """Return the words around an order that stands among them; None if there is none, or somebody else gave it."""
    said = _GLUED.sub(r"\1 \2", " ".join(words))
    if (found := _compiled(_ORDER).search(said)) and not _SAID.search(said[: found.start()]):
        after = said[found.end() :].split()
        idle = (n for n, word in enumerate(after) if any_in([word], "because") or not any_in([word], "quiet", *_IDLE))
        return said[: found.start()].split() + after[next(idle, len(after)) :]
    if (found := _compiled(_PASSIVE).search(said)) and not _SAID.search(said[: found.start()]):
        return said[: found.start()].split()
    return words if _WATCHED.search(said) else None


def _order(words: list[str]) -> list[str] | None:
    """Return the words that give the reason for an order to be silent; None if they are none."""
    ends = (n for n, word in enumerate(words) if not any_in([word], "quiet", "address", "self"))
    size = next(ends, len(words))
    order, rest = words[:size], words[size:]
    alone = len(words) == 1 and any_in(words, "quiet_alone")
    said = alone or (any_in(order, "quiet_core") and any_in(order, "quiet_of"))
    if any_in(order, "quiet_wish"):  # "saya tidak mau …", not "saya mau kirim …" nor "petugas tidak mau balas"
        said = said and any_in(order, "no") and words[0] not in ("petugas", "tim", "para")
    return rest if said and (not rest or rest[0] in word_list("because")) else None
