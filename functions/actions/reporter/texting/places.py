"""Where the words of an SMS are: the place of a new report, the answer to our question, a place sent before its matter.

Tests: ``tests/doors/test_sms_places.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from functions.actions.reporter.sms_cases import Known, SmsCases
from functions.casework.directory.agencies import Directory
from functions.casework.formats.sms_sender import Asked, Sender
from functions.casework.receipt import Receipt
from functions.casework.understanding.opinion.likely import MATTER, matter_of
from functions.casework.understanding.places import (
    PlacesNamed,
    beside_places,
    chosen,
    instance_elsewhere,
)
from functions.casework.understanding.said import what_is_said
from functions.casework.understanding.sorts import Sort
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import says_well, thanks_in
from functions.casework.understanding.word_lists import is_all_of

BARE = 3  # words that hold a place and nothing else: our answers invite to correct it so
QUESTION_MATTER = 6  # words of a question that tells what it is about
FEW = 6  # words without a matter
WHERE_MOST = 12  # words that say who writes and from where
HERE = re.compile(
    r"\b((?:jalan|jln|tempat|lokasi|desa|daerah) (?:yang|yg) sama|di ?sini|dsini|disni|sini|ning kene|nang kene)\b",
    re.IGNORECASE,
)
BESIDES = re.compile(
    r"\b(?:sekalian|selain itu|btw|ngomong ?2|ngomong ngomong|giliran|di ?samping itu)\b|"
    r"\bada lagi(?: pak| bu| min)?\s?[,:.]",
    re.IGNORECASE,
)
# What turns from what is said of one matter to another: "sudah nyala, makasih. oh ya, paritnya mampet".
TURNS = re.compile(
    r"(?<=\W)(?:(?:oh?|eh)\s?(?:iya|ya)|oiya|oya|ohya|sekalian|satu lagi|btw|selain itu)\b", re.IGNORECASE
)
TURNED = 4  # words of what comes then
AGAIN = re.compile(r"\b(?:lagi|lg|lgi|maneh|pulang|kembali|kambuh|masih|msh|belum|blm|blum|tetap|ttp)\b", re.IGNORECASE)
ALSO = re.compile(r"\b(juga|jg|dan|serta)\b", re.IGNORECASE)
CORRECTS = re.compile(
    r"\b(bukan|bkn|salah(?! satu)|ralat|keliru|koreksi|maksud\w*|yang benar|(?:di)?pindah(?:kan|in) ke)\b",
    re.IGNORECASE,
)
# Words about where a matter is, and about nothing else: "masuk muara wahau pak, sebelum jembatan".
IS_WHERE = re.compile(
    r"\b(?:(?:ter)?masuk(?:nya)?|lokasi\w*|tempatnya|posisi\w*|letak\w*|terletak|titiknya|alamatnya|kejadian\w*)\b",
    re.IGNORECASE,
)
ENTERS = re.compile(r"\b(?:ter)?masuk(?:nya)?\b(?:\s(?:ke|wilayah|daerah|kec|kecamatan)\b)?", re.IGNORECASE)
COMES_FROM = re.compile(r"\b(?:dari|dr|asal)\s", re.IGNORECASE)  # "saya jauh-jauh dari Manubar"
IS_AT = re.compile(r"\b(?:di|kec|kecamatan|desa|ds)\s", re.IGNORECASE)
OLD_PLACE = re.compile(r"\b(?:alamat|rumah|tempat)\w* lama\b|\bsalah (?:alamat|desa|kecamatan)\b", re.IGNORECASE)
# What stands around a place where nothing is said to happen there.
_ABOUT_ME = (
    "di d dari dr asal warga wrg penduduk masyarakat orang org wong urang tinggal tinggl desa ds dsa kec kecamatan kab "
    "kabupaten kutim kampung kampong kmpg dusun dsn rt rw kel kelurahan blok gang gg sini perkenalkan "
    "kenalkan nama nm adalah sebagai ketua wakil sekretaris bendahara anggota kader guru petani nelayan karang taruna "
    "pkk kelompok tani pemuda mahasiswa ibu bapak rumah tangga lokasi lokasinya lok posisi alamat alamatnya tempat "
    "tempatnya cepat cpt cepet segera tolong tlg "
    "maaf maap mf sori eh nya tepatnya yg yang benar betul masuk itu tadi keliru ralat persis persisnya "
    "daerah wilayah bagian utara selatan timur barat hulu hilir ya yaitu yakni mau lapor melapor ingin izin "
    "ijin"
)
_AROUND = frozenset(words_of(_ABOUT_ME))


@dataclass(frozen=True, slots=True)
class SmsPlaces:
    """Finds places. ``district`` is that of reports that name none."""

    cases: SmsCases
    directory: Directory
    instance: str
    district: str

    def named(self, words: str) -> PlacesNamed:
        """Return the places that words name."""
        return what_is_said(words, self.directory, self.instance).places

    def surely(self, words: str) -> PlacesNamed:
        """Return the places that words are about, without those that somebody only goes to."""
        return what_is_said(words, self.directory, self.instance).places_about

    def here(self, sender: Sender, words: str) -> PlacesNamed | None:
        """Return the place of the last case for "guru smp di sini"; None for other words, or if it has none."""
        if not HERE.search(words) or not sender.last or sender.last in sender.unplaced:
            return None
        if self.named(words) != PlacesNamed():
            return None
        last = self.cases.find(Receipt(sender.last))
        return PlacesNamed(last.head.district) if last and last.head.instance == self.instance else None

    def of_last(self, sender: Sender, words: str, named: PlacesNamed) -> PlacesNamed | None:
        """Return the place of the case that was over last, for words without any that say it has come back: "lampunya
        mati lg yg tengah"; None for any other words."""
        if sender.receipts or named != PlacesNamed() or not sender.last or not AGAIN.search(words):
            return None
        last = self.cases.find(Receipt(sender.last))
        ours = last and last.head.instance == self.instance and last.receipt.symbols not in sender.unplaced
        return PlacesNamed(last.head.district) if last and ours and self.cases.speaks_of(words, last) else None

    def begins_another(self, words: str, cases: Sequence[Known]) -> bool:
        """Whether words announce something beside these cases and speak of what offices do, and of none of them."""
        if self.turns_to_another(words, cases):
            return True
        if not BESIDES.search(words) or matter_of(words_of(words)) < MATTER:
            return False
        return not any(self.cases.speaks_of(words, each) for each in cases)

    def turns_to_another(self, words: str, cases: Sequence[Known]) -> bool:
        """Whether words say that these cases are well, or thank, and then tell what none of them told."""
        turn = TURNS.search(words)
        before, then = (words[: turn.start()], words[turn.end() :]) if turn else ("", "")
        if not (says_well(before) or thanks_in(words_of(before))):
            return False
        if len(then.split()) < TURNED or matter_of(words_of(then)) < MATTER:
            return False
        return not any(self.cases.speaks_of(then, each) for each in cases)

    def with_before(self, sender: Sender, words: str) -> str:
        """Return the words of a report behind those that said where it is, if these came first ("desa marah haloq"),
        and behind a matter that was taken for a question: nobody has to type it twice. A place of an earlier day is
        none: numbers can be forged."""
        placed = self.named(words) != PlacesNamed() or sender.held != sender.day
        lines = sender.waiting.split("\n") if sender.waiting and sender.waiting not in words else []
        before = [line for line in lines if (not placed and self.says_where(line)) or self._is_matter(line)]
        return "\n".join([*before, words])

    def told_before(self, text: str, places: PlacesNamed) -> str:
        """Return the name of a report's district that this SMS itself does not name, "" if it does."""
        known = not places.district or self.named(text).district == places.district
        return "" if known else self.directory.districts[places.district].name

    def says_where(self, words: str) -> bool:
        """Whether words say where their writer is, or who they are there, and nothing that happens."""
        if len(words.split()) > WHERE_MOST or ALSO.search(words) or "?" in words or self.named(words) == PlacesNamed():
            return False
        rest = beside_places(words, self.directory, self.instance)
        return all(word in _AROUND or is_all_of(word, "address", "self", "greeting") for word in rest)

    def tells_nothing(self, sender: Sender, words: str) -> bool:
        """Whether few words of somebody who was told today how this is used speak of nothing that offices do, and of no
        place: "ga ada hp android soalnya"."""
        few = sender.helps > 0 and len(words.split()) <= FEW
        return few and self.named(words) == PlacesNamed() and matter_of(words_of(words)) == 0

    def completes(self, waiting: str, words: str) -> bool:
        """Whether words are the place of what waits, which is more than a place itself."""
        return self._is_place(words) and not all(self.says_where(line) for line in waiting.split("\n"))

    def _is_matter(self, words: str) -> bool:
        """Whether words that wait speak of what offices do, like "air pdam kdd jalan, kayapa"."""
        sort = what_is_said(words, self.directory, self.instance).nature.sort
        told = sort in (Sort.REPORT, Sort.QUESTION) and len(words.split()) >= QUESTION_MATTER
        return told and matter_of(words_of(words)) >= MATTER

    def _is_place(self, words: str) -> bool:
        return len(words.split()) <= BARE and not ALSO.search(words) and self.named(words) != PlacesNamed()

    def likely(self, places: PlacesNamed, sender: Sender) -> str:
        """Return the district of a report that names none for certain: people mostly write of where they wrote of
        last."""
        last = self._of_open(sender)
        if places.possible:
            return next((each for each in (last, self.district) if each in places.possible), places.possible[0])
        return last or self.district

    def _of_open(self, sender: Sender) -> str:
        """Return the district that the sender's last open case was said to be in, "" if there is none. A flood may be
        forged, so what is in quarantine tells nothing."""
        if sender.last not in sender.receipts or sender.last in (*sender.unplaced, *sender.doubtful):
            return ""
        last = self.cases.find(Receipt(sender.last))
        return last.head.district if last and last.head.instance == self.instance else ""

    def away(self, words: str, places: PlacesNamed) -> str:
        """Return a district of the instance elsewhere that words name, if it is in the directory; "" if not."""
        other = instance_elsewhere(places.elsewhere, self.directory) if places.elsewhere else None
        if other is None:
            return ""
        named = what_is_said(words, self.directory, other.code).places.district
        theirs = (code for code in self.directory.districts if self.directory.instance_of_district(code) == other)
        return named or next(theirs, "")

    def answered(self, sender: Sender, words: str, case: Known) -> PlacesNamed | None:
        """Return the places that words name for a case, if it has none yet or they correct it; None if not."""
        symbols = case.receipt.symbols
        pending = sender.asked is Asked.PLACE and sender.about == symbols
        wanted = pending or symbols in sender.unplaced or CORRECTS.search(words)
        bare = self.says_where(words)
        if case.head.instance != self.instance:
            return None
        if not (wanted or bare):
            return self._another(words, case)
        places = self.named(words)
        if not (wanted or places.district):
            return None
        options = tuple(sender.options) if pending else ()
        if not places.district and (one := chosen(words, options, self.directory)):
            return PlacesNamed(one)
        if pending and places == PlacesNamed() and len(words.split()) <= WHERE_MOST:
            usual = what_is_said(words, self.directory, self.instance).places_if_asked
            return PlacesNamed() if usual.elsewhere else usual
        return self._settled(places, options, case, words)

    def _another(self, words: str, case: Known) -> PlacesNamed | None:
        """Return both places if words say that a matter is elsewhere than its case stands: their writer is asked."""
        if not IS_WHERE.search(words):
            return None
        there = what_is_said(ENTERS.sub("kecamatan", words), self.directory, self.instance).places_at.district
        return PlacesNamed(possible=(case.head.district, there)) if there not in ("", case.head.district) else None

    @staticmethod
    def _settled(places: PlacesNamed, options: Sequence[str], case: Known, words: str) -> PlacesNamed:
        """Return which of the places named is meant: none beside the ``options`` that we asked about if somebody only
        comes from there, and of two the one where the case is not yet if that one is called old."""
        if options and places.district not in ("", *options) and COMES_FROM.search(words) and not IS_AT.search(words):
            return PlacesNamed()
        others = [each for each in places.possible if each != case.head.district]
        left = OLD_PLACE.search(words) and not ALSO.search(words) and len(others) == 1 < len(places.possible)
        return PlacesNamed(others[0]) if left else places
