"""Whether somebody may be in danger now, so that 112 comes first: better too often than too rarely."""

import re
from typing import Final

from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import all_in, any_in

_DANGER: Final = re.compile(
    r"\b(?:ke?bakar(?:an)?|kebakran|kbakaran|terbakar|api besar|kebanjiran|banjir bandang|longsor|teng+elam|hanyut|"
    r"kecelaka(?:an|kan)|kclakaan|kcelakaan|laka lantas|tabrakan|tertabrak|ketabrak|terjepit|terguling|tertimbun|"
    r"darurat|sekarat|pingsan|(?:di|mem|pem)?bunuh(?:an)?|bunuh diri|tertembak|ditembak|tembak|bom|meledak|ledakan|"
    r"sandera|disandera|diculik|penculikan|perampok(?:an)?|dirampok|begal|dibegal|perkosa|diperkosa|pemerkosaan|"
    r"(?:lagi|lg|lgi|sedang|sdg|masih|msh)\s(?:me(?:ng?|m)?)?"
    r"(?:mukul|pukul(?!\s(?:\d|berapa|brp|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sem|seb|set))|hajar|gebuk|tendang|"
    r"nendang|cekik|nyekik)\w*|"
    r"dipukul(?:i|in)?|memukuli?|mukulin?|digebuk(?:i|in)?|disiksa|kdrt|dianiaya|dikeroyok|ditikam|ditusuk|dibacok|"
    r"bacok|dicekik|diancam bunuh|ditodong|mengamuk|ngamuk|tawuran|tersengat|kesetrum|tersetrum|"
    r"pendarahan|muntah darah|keracunan|diterkam|disambar|diseret (?:buaya|arus|air)|dimakan buaya|"
    r"buaya (?:makan|bawa|gigit)|dikepung|terkepung massa|(?:ke|ter)tusuk|"
    r"diserang (?:buaya|beruang|ular|lebah|tawon)|(?:ke|ter)gencet|(?:kena|dipatok|dipatuk) ular|"
    r"kelelep|klelep|cekik saya|ketindih|tertindih|menembaki?|nembaki?|gigit ular|"
    r"digigit anjing|kejebak|kejepit|ketimbun|dobrak|mendobrak|terseret|keseret|disekap|kejang|tidak bernapas|"
    r"digigit ular|serangan jantung|sesak napas|karam|gantung diri|minum racun|"
    r"(?:kapal|perahu|speed|ketinting)\w*\s(?:\w+\s){0,2}?(?:bocor|terbalik|tenggelam)|gas bocor|"
    r"(?:mau|hendak|akan|lagi|sedang|segera|arep|handak|mw)\s(?:\w+\s)?(?:melahirkan|lahiran)|"
    r"melahirkan\s(?:\w+\s){0,3}?(?:sekarang|"
    r"skrg|tolong|cepat|di ?jalan|di perahu|di mobil)|(?:mobil|motor|truk|truck|bus|bis|angkot|pikap|pickup|"
    r"avanza)\w*\s(?:\w+\s){0,2}?"
    r"(?:masuk|terjun|nyemplung|kecemplung|terperosok)\s(?:ke\s|dalam\s)?(?:jurang|sungai|laut)|"
    r"(?:belum|blm|tidak|tdk|ga|gak) (?:pulang|kembali|ketemu|ditemukan)\s(?:\w+\s){0,3}?(?:hutan|laut|sungai|gunung)|"
    r"(?:hilang|tersesat|kesasar)\s(?:\w+\s){0,2}?(?:hutan|laut|sungai|gunung)|"
    r"(?:api|padam|asap|roboh|runtuh|ambruk)\s(?:\w+\s){0,6}?masih\s(?:\w+\s)?di ?(?:dalam|dlm)|"
    r"(?:kabel|kawat)\w*\s(?:(?!tidak|tdk|belum|blm|gak?|nda)\w+\s)?nyala|"
    r"(?:kabel|kawat)\w*\s(?:\w+\s){0,12}?(?:percik\w*|nyetrum|setrum|api|nyala api|memercik\w*)|"
    r"(?:butuh|panggil\w*|minta|kirim|perlu|tolong|mohon|carikan)\s(?:\w+\s){0,2}?ambulans?)\b",
    re.IGNORECASE,
)
_WEAPON: Final = (
    r"(?:parang|golok|mandau|pisau|piso|clurit|celurit|badik|sajam|senjata|senapan|pistol|kapak|linggis|bensin)\w*"
)
# Somebody who fell in and was not brought out: water, a well or a pit.
_FALLEN: Final = re.compile(
    r"(?<!hampir )(?<!takut )(?<!rawan )(?<!bisa )"
    r"\b(?:(?:jatuh|jtuh|jatoh|kecebur|kejebur|tercebur|kecemplung|tercemplung|kejeblos|terperosok|keperosok)\s"
    r"(?:\w+\s){0,3}?(?:sumur|sungai|parit|selokan|got|kolam|laut|jurang|danau|septi[ck] ?tan[kg]|galian|void|"
    r"lubang tambang)|masuk jurang)\b",
    re.IGNORECASE,
)
_SOMEBODY: Final = re.compile(
    r"\b(?:anak|bocah|bayi|balita|cucu|adik|orang|org|ibu|bapak|nenek|kakek|istri|suami|teman|murid|siswa|warga|"
    r"sopir)\w*\b",
    re.IGNORECASE,
)
# Water that rises about somebody who cannot leave.
_RISING: Final = re.compile(
    r"(?<!tarif )(?<!tarif pdam )(?<!tagihan )(?<!harga )\b(?:air|aer|banyu|banjir)\w*\s(?:\w+\s){0,4}?"
    r"(?:naik|munggah|setinggi|se(?:dada|leher|atap|pinggang)|sak)\b",
    re.IGNORECASE,
)
_HELPLESS: Final = re.compile(
    r"\b(?:lumpuh|bayi|orok|terjebak|kejebak|stroke|mertua|lansia|hamil|anak kecil|di ?dalam rumah|"
    r"masih di (?:dalam|dlm|atas)|terkepung|"
    r"(?:tidak|tdk|ga|gak|nda|ndak) (?:bisa|bs) (?:keluar|turun)|oma|opa|simbah|mbah|datok|nenek|kakek|atap|plafon|"
    r"loteng|dada|dodo|leher|"
    r"evakuasi|dievakuasi)\b",
    re.IGNORECASE,
)
# A weapon in somebody's hand, or somebody who hides: no tool or crime by itself.
_ARMED: Final = re.compile(
    r"\b(?:mem)?(?:bawa|bw|bawak|pegang|megang|acung\w*|ngacung\w*|ayun\w*|todong\w*|nodong\w*|ancam\w*|mengancam|"
    r"diancam|kejar\w*|dikejar|ngejar|pakai|pake|dgn|dengan)\s+(?:\w+\s+){0,2}?" + _WEAPON + r"|"
    r"\b(?:saya|sy|sya|aku|ak|aq|kami|kmi|ulun|anak ?(?:saya|sy)?)\s+(?:\w+\s+){0,2}?(?:se|ber)?mbunyi\b|"
    r"\b(?:mereka|dia|ia|suami\w*|bapak\w*|pacar\w*)\s(?:\w+\s){0,2}?kunci(?:in)?\s(?:saya|sy|aku|ak|kami|anak)\b|"
    r"\b(?:saya|sy|sya|aku|ak|aq|kami|kmi|ulun)\s+(?:\w+\s+){0,2}?(?:sembunyi|bersembunyi|dikurung|disekap|terjebak)\b",
    re.IGNORECASE,
)
# Somebody who may end their own life.
_WILL: Final = r"(?:mau|ingin|pengen|pingin|kepengen|mending|lebih baik)"
_NOT: Final = r"(?:tidak|tdk|tak|ga|gak|nggak|nda|ndak|kada)"
_DESPAIR: Final = re.compile(
    r"\b(?:bunuh diri|gantung diri|minum (?:racun|baygon|semua pil|pil\w* semua\w*|pilnya)|siap(?:kan|in) tali\w*|"
    r"(?:udahan|udahin|sudahan|sudahi)\s(?:aja|saja|sj)\s(?:\w+\s)?hidup\w*|(?:meng)?akhiri\s(?:\w+\s){0,2}?(?:hidup|semua)\w*|"
    r"(?:capek|cape|lelah|letih|bosan|muak|males|malas)\s(?:\w+\s)?hidup|"
    r"hidup (?:saya|sy|ini|ku)? ?(?:sudah )?" + _NOT + r"\s(?:ada )?(?:guna|berguna|berarti|arti)\w*|"
    r"" + _WILL + r"\s(?:\w+\s)?mati\s(?:aja|saja|sj)|" + _WILL + r"\s(?:saya|sy|aku)\sakhiri|"
    r"" + _NOT + r"\s(?:mau|ingin|kuat|sanggup|tahan|mampu)\s(?:lagi\s)?hidup)\b",
    re.IGNORECASE,
)
_PAST: Final = re.compile(
    r"\b(?:(?:minggu|mgg|bulan|bln|tahun|thn|th)\s+(?:lalu|lewat|kemarin|kmrn|kmaren)|"
    r"(?:\d+|se|dua|tiga|empat|lima|beberapa)\s*(?:hari|hr|minggu|mgg|bulan|bln|tahun|thn|th)\s+"
    r"(?:yang |yg )?(?:lalu|lewat)|"
    r"(?:tahun|thn|th)\s+(?:19|20)\d\d|dulu|dahulu|kemarin|kmrn|kmaren|pernah)\b",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"\b(?:sekarang|skrg|skrang|skarang|masih|msh|tolong|tlg|cepat|cpt|darurat|barusan|baru saja|hari ini|lagi|lg|"
    r"lgi|sedang|akan|mau|terus|trs|tadi|ini|mulai)\b",
    re.IGNORECASE,
)
# What is feared, what often happens, or happens to fields and to whoever has to give birth some day: no danger now.
_AFAR: Final = re.compile(
    r"\b(?:takut|tkut|khawatir|kuatir|rawan|was ?was|risiko|resiko|jangan sampai|jgn sampai|"
    r"jgn smpe|sebelum|kalau|kalo|klo|kl|"
    r"sering|srg|kerap|tiap|setiap|hampir|nyaris|mudah|gampang|berpotensi|potensi|bisa|bs)\s(?:\w+\s){0,3}?"
    r"(?:di?begal\w*|begal|longsor|kecelaka(?:an|kan)|kclakaan|tabrakan|tertabrak|ketabrak|kebakaran|terbakar|"
    r"tenggelam|"
    r"kelelep|hanyut|tersengat|kesetrum|tersetrum|kebanjiran|melahirkan|ambulans?|terguling|tertimbun|ketimbun|"
    r"perampok(?:an)?|meledak|karam)\b"
    r"|\b(?:orang|org|warga|ibu(?: ?ibu|2)?|untuk|ibu hamil|bumil|yang|yg|kalau|kalo|klo|"
    r"kl)\s(?:(?!pendarahan|perdarahan|kejang|pingsan|sekarat)\w+\s){0,2}?melahirkan\b"
    r"|(?<!sejak )(?<!dari )(?<!dr )\b(?:kemarin|kmrn|kmaren|(?:minggu|mgg|bulan|bln|tahun|thn)\s"
    r"(?:lalu|kemarin|kmrn))\s(?:\w+\s){0,3}?(?:mau|akan|hendak)\s(?:melahirkan|lahiran)\b"
    r"|\bcuti\s(?:\w+\s)?melahirkan\b|\b(?:melahirkan|lahiran)\s(?:\w+\s)?(?:minggu|mgg|bulan|bln|tahun|thn)\s(?:depan|dpn)\b"
    r"|\b(?:sawah|kebun|ladang|padi|tanaman|lahan|tambak)\w*\b(?:(?!rumah|warga).){0,60}\bkebanjiran\b",
    re.IGNORECASE,
)
# "Sama saja bunuh diri" tells how dangerous something is, and of nobody who wants to die.
_LIKE_DEATH: Final = re.compile(
    r"\b(?:sama|seperti|kayak|kaya|kyk|ibarat|artinya|namanya|serasa)\s(?:(?:saja|aja|sj|aj|dengan|dgn|hal\w*|itu)\s){0,2}"
    r"bunuh diri\b",
    re.IGNORECASE,
)
# What befalls things alone.
_THINGS: Final = re.compile(
    r"\b(?:ktp|hp|hape|dompet|kunci|kartu|sim|stnk|ijazah)(?:nya|ku)?\s(?:(?:saya|sy|ku|warga|baru|sudah|sdh|tadi|ikut|hilang)\s){0,3}"
    r"(?:jatuh|hanyut|tenggelam|kecebur)\b|"
    r"\b(?:jembatan|jmbatan|titian|dermaga|gorong|jamban|keramba|rakit|jukung)\w*\s(?:\w+\s){0,5}?hanyut\b|"
    r"\bhanyut\s(?:\w+\s)?"
    r"(?:jembatan|titian)\b|\bbom ikan\b|\b(?:tower|tiang|trafo|travo|gardu|pohon|antena|menara)\w*\s(?:\w+\s){0,3}?"
    r"(?:disambar|meledak|terbakar)\b",
    re.IGNORECASE,
)
_CROCODILE: Final = re.compile(r"\bbuaya\b", re.IGNORECASE)  # where people are
_WASHING: Final = re.compile(
    r"\b(?:mandi|nyuci|mencuci|bekumbah|dermaga|batang|jamban|steher|anak\w*|kanak\w*|ibu\w*)\b", re.IGNORECASE
)
_LANDSLIDE: Final = re.compile(r"\blongsor\b", re.IGNORECASE)
_NEAR: Final = re.compile(
    r"rumah|orang|\borg|warga|anak|korban|timbun|penduduk|jiwa|nyawa|terjebak|mobil|penumpang|sekolah|siswa",
    re.IGNORECASE,
)
# What a life in danger is told with: a second opinion that is not sure needs a word of it.
_LIFE: Final = re.compile(
    r"tolong(?!\s?(?:di(?!selamat|bantu|evak)|per|segera di))|"
    r"darah|luka|pingsan|sekarat|\bmati\b|nyawa|hidup|kejang|sesak|napas|nafas|\bapi\b|asap|bakar|arus|"
    r"hanyut|tenggelam|"
    r"lelep|(?:ter|ke)timbun|jatuh|jatoh|cebur|jebak|kurung|parang|pisau|senjata|pukul|gebuk|tikam|ancam|teriak|nangis|bayi|"
    r"anak|nenek|"
    r"kakek|mbah|lahir|hamil|ular|buaya|racun|kabel|strum|setrum|gigit|hilang|tersesat|darurat|gawat|roboh|runtuh|"
    r"banjir|longsor|"
    r"naik|atap|kapal|perahu|penumpang|tembak|rampok|culik|sandera|dobrak|cekik|stroke|jantung|sakit|gempa|angin|"
    r"takut|bunuh|injak|amuk",
    re.IGNORECASE,
)
_URGENT: Final = re.compile(
    r"\b(?:sekarang|skrg|skrang|darurat|api|terjebak|barusan|baru saja|sedang|cepat|cpt|cepetan|buruan|"
    r"tolong(?!\s(?:di|per|segera di)))\b",
    re.IGNORECASE,
)
_RELIEVED: Final = re.compile(
    r"(?:^|[.,;!?\n]\s*|\b(?:tapi|tp)\s)untung(?:nya|lah)?\b|"
    r"\b(?:(?:sudah|sdh|udah|udh) (?:\w+ )?(?:ketemu|ditemukan|selamat)|"
    r"(?:sudah|sdh|udah|udh) (?:dibawa|dilarikan) ke|semua selamat|selamat (?:semua|dua ?2|dua2|duanya|keduanya)\w*|"
    r"(?:keduanya|semuanya|dua2nya) selamat|api\w* (?:sudah|sdh|udah|"
    r"udh) (?:padam|mati)|(?:tidak|tdk|tak|ga|gak|nda|ndak|"
    r"kada) ada korban(?: jiwa)?|"
    r"(?:sudah|sdh|udah|udh|dah|wis|sampun) (?:padam|aman|selamat|tertangani|dievakuasi|ditolong|diselamatkan|"
    r"surut))\b",
    re.IGNORECASE,
)
# Whoever else is not safe yet: "2 sudah ditemukan, 5 hilang".
_LEFT: Final = re.compile(r"\b(?:belum|blm|blum|hilang|hlg|masih|msh|lain|lainnya|sisanya|satunya)\b", re.IGNORECASE)
_BUT: Final = re.compile(r"\b(?:tapi|tp|tetapi|ttp|namun|cuma)\b", re.IGNORECASE)
_UNTIL_NOW: Final = re.compile(
    r"\b(?:sampai|smpai|sampe|smpe|hingga|sejak|dari dulu sampai)\s(?:saat\s)?(?:sekarang|skrg|skrang|skarang|kini|"
    r"ini|hari ini)\b",
    re.IGNORECASE,
)
URGING_MOST = 6  # words of a call to hurry


def is_in_danger(text: str) -> bool:
    """Whether a text speaks of danger that is not over, or of nothing but hurry. What was last week or month, and of
    which no word says that it goes on, is past."""
    if is_urging(text) or is_despair(text):
        return True
    text = _LIKE_DEATH.sub(" ", text)
    text = _THINGS.sub(" ", _UNTIL_NOW.sub(" ", text))
    if not _NEAR.search(text):
        text = _LANDSLIDE.sub(" ", text)
    if not _URGENT.search(_RELIEVED.sub(" ", text)):
        text = _AFAR.sub(" ", text)
        if _is_over(text) and not _ARMED.search(text):
            return False
    fallen = _FALLEN.search(text) and _SOMEBODY.search(text)
    rising = _RISING.search(text) and _HELPLESS.search(text)
    crocodile = _CROCODILE.search(text) and _WASHING.search(text)
    if not (_DANGER.search(text) or _ARMED.search(text) or fallen or rising or crocodile):
        return False
    return not _PAST.search(text) or _NOW.search(_PAST.sub(" ", text)) is not None


def _is_over(text: str) -> bool:
    """Whether words say that danger is over, for everybody they speak of."""
    if not _RELIEVED.search(text) or _LEFT.search(text):
        return False
    but = _BUT.search(text)
    return but is None or not _DANGER.search(text, but.end())


def speaks_of_life(text: str) -> bool:
    """Whether any word may be of a life in danger."""
    return _LIFE.search(text) is not None


def is_relieved(text: str) -> bool:
    """Whether a text says that danger is over: "sudah padam, tidak ada korban"."""
    return _is_over(text) and not is_in_danger(text)


def is_despair(text: str) -> bool:
    """Whether somebody may be about to end their own life."""
    return _DESPAIR.search(_LIKE_DEATH.sub(" ", text)) is not None


def is_urging(text: str) -> bool:
    """Whether a text only calls for hurry: "cepat pak!!"."""
    words = words_of(text)
    return len(words) <= URGING_MOST and any_in(words, "urge_core") and all_in(words, "urge", "urge_core", "address")
