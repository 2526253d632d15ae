"""Words that are no command: a report, an answer to a case, or the answer to what we asked.

In doubt they are kept: as an answer where a case is open, else as a report. Words become a new report though a case is
open if they say so ("mau lapor lagi"), or if they are at another place than every open case and nobody asked anything.
Whoever meant that otherwise writes BARU.

Tests: ``tests/doors/test_sms_unlost.py``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms_cases import Known, SmsCases, not_in_quarantine, open_or_all
from functions.actions.reporter.submit import Submit
from functions.actions.reporter.texting.places import SmsPlaces
from functions.actions.reporter.texting.which_case import also_meant, case_of, goes_on, is_other_matter_beside
from functions.actions.reporter.texting.whole_sms import Sms, rest_key
from functions.casework.access import is_accused
from functions.casework.case import Kind
from functions.casework.channel import Channel, Contact
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_about import BESIDE
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import Asked, Sender, hash_of
from functions.casework.problems import NotFoundProblem, NotNowProblem, TooManyProblem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX, Report
from functions.casework.routing.correction import offers_text
from functions.casework.stages import Stage
from functions.casework.understanding.about import asked_within, wants_secrecy
from functions.casework.understanding.danger import is_despair
from functions.casework.understanding.places import PlacesNamed
from functions.casework.understanding.pointers import is_enumerated, pointer_of
from functions.casework.understanding.said import what_is_said
from functions.casework.understanding.sorts import Sort, is_sure_danger
from functions.crypto.seal.sealing import receipt_for

OTHER_TOPIC = "lainnya"
# Who does not know the district, or is afraid to name it, is not asked again.
REFUSES = re.compile(
    r"\b(?:tidak|tdk|tak|g|gak?|ng?gak?|nda|ndak|kada|ora|endik|kurang)\s(?:tau|tahu|taw|ngerti|mau|berani|bisa)\b"
    r"|\b(?:rahasia|takut|dirahasia|ketahuan|ketauan|ktauan)",
    re.IGNORECASE,
)
WHEN = re.compile(r"\b(?:kapan|kpan|kpn|kpan\w*|bila lah|iraha)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SmsWords:
    """Makes reports and answers of words. ``instance`` and ``district`` as in ``SmsActs``."""

    submit: Submit
    converse: Converse
    cases: SmsCases
    instance: str
    district: str

    @property
    def places(self) -> SmsPlaces:
        """Return what finds places."""
        return SmsPlaces(self.cases, self.submit.directory, self.instance, self.district)

    def report(self, sms: Sms, sender: Sender, asked: ParsedSms) -> str:
        """Submit a report at the place that its words name, and ask for a place if they name none or several."""
        if case := self.cases.again(asked.words or asked.whole, sms.key, sender):
            return say.state(case.head, case.short)
        topics, said_now = self.submit.directory.topics, asked.words or asked.whole
        words = said_now if sender.receipts else self.places.with_before(sender, said_now)
        whole = words
        words = self.cases.words_of_first(sms.key) or words  # a delivery cut short joined more than waits now
        said = what_is_said(words, self.submit.directory, self.instance)
        again = self.places.of_last(sender, words, said.places)
        places = again or self.places.here(sender, words) or said.places
        away = self.places.away(words, places)
        report = Report(
            kind=Kind.PENGADUAN,
            topic=OTHER_TOPIC if OTHER_TOPIC in topics else next(iter(topics)),
            district=away or places.district or self.places.likely(places, sender),
            body=words[:BODY_MAX],
        )
        suspicious = sms.suspicious or said.nature.sort is Sort.SPAM
        contact, also = Contact(Channel.SMS, sms.number), also_meant(self.cases, sender, asked, said, report.district)
        done = self.submit(report, sms.key, suspicious=suspicious, contact=contact, also=also)
        if done.receipt is None:
            raise NotFoundProblem
        self.add_rest(sms, done.receipt, whole)
        sender.add(done.receipt.symbols, doubtful=suspicious)
        sender.last = done.receipt.symbols
        sender.ask(Asked.NOTHING)
        if places.elsewhere:
            told = say.FORWARDED if away else say.ELSEWHERE
            code = str(done.receipt)
            answer = told.format(where=places.elsewhere, day=say.say_day(done.due), code=code)
        else:
            danger = said.nature.danger or asked.nature.danger
            answer = self._received(sender, done.receipt, done.due, places, danger=danger, ask=not is_despair(words))
            if before := self.places.told_before(sms.text, again or said.places):  # a forged one is seen so
                answer = say.with_more(answer, say.PLACE_BEFORE.format(place=before))
        if done.suspected and sender.asked is Asked.NOTHING:
            sender.ask(Asked.WHOM, done.receipt.symbols)
        sender.remember(said_now)
        sender.keep("")
        if is_sure_danger(said.nature) or is_sure_danger(asked.nature):
            sender.dangers.append(done.receipt.symbols)
        answer = say.asked_whom(answer, [self.submit.directory.agency(code) for code in done.suspected])
        if said.nature.danger or asked.nature.danger:
            return say.comforted(answer) if is_despair(words) else answer
        more = say.APART.strip() if is_enumerated(words) else pointer_of(words)
        return say.with_more(say.with_more(answer, more), self._asked_beside(words))

    def _received(
        self, sender: Sender, receipt: Receipt, due: date, places: PlacesNamed, *, danger: bool, ask: bool
    ) -> str:
        """Return the first answer, and ``ask`` for the place if words named none or several."""
        if not places.district:
            sender.unplaced.append(receipt.symbols)
            sender.ask(Asked.PLACE, receipt.symbols, places.possible)
            if not ask:  # nor a second time
                sender.remember(f"{Asked.PLACE} {receipt.symbols}", "")
        names = [self.submit.directory.districts[district].name for district in places.possible]
        return say.received(str(receipt), due, danger=danger, placed=bool(places.district) or not ask, places=names)

    def add(self, sms: Sms, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> str:
        """Add the words to the named case, or to the one they are about; without any they are a report."""
        named = self.cases.named(asked, known)
        if (asked.receipt or asked.unknown) and not named and (known or asked.command is not Command.TEXT):
            sender.keep(asked.words)
            return say.UNKNOWN_KEPT if asked.words else say.UNKNOWN
        ours = open_or_all(not_in_quarantine(known))
        asks_report = sender.asked is Asked.REPORT and not named
        # An earlier delivery of it became a report: then it is that again.
        if not (named or ours) or asks_report or self.cases.find(receipt_for(sms.key)):
            words = asked.words or asked.whole
            if not known and not asked.nature.danger:
                if sender.waiting and self.places.completes(sender.waiting, words):
                    words = f"{sender.waiting}\n{words}"
                elif not sms.unheard and (answer := self._ask_what(sender, asked, words)):
                    return answer
            return self.report(sms, sender, ParsedSms(Command.TEXT, words, asked.whole, nature=asked.nature))
        if asked.command is Command.BALAS and not (asked.words or sender.kept_for):
            asked = replace(asked, words=sender.waiting)
        return self.to_case(sms, sender, asked, named) if named else self._add_unnamed(sms, sender, asked, ours, known)

    def _ask_what(self, sender: Sender, asked: ParsedSms, words: str) -> str:
        """Ask what happens at a place that came first, or behind words that tell nothing, and hold them; else ""."""
        where, text = self.places.says_where(words), asked.command is Command.TEXT
        if not (where or (text and self.places.tells_nothing(sender, words))):
            return ""
        self.cases.hold(words, sender, ())
        sender.ask(Asked.REPORT)
        district = self.places.named(words).district
        asking = say.ASK if where else say.with_more(say.ASK, say.HELD)
        return say.ASK_WHAT.format(place=self.submit.directory.districts[district].name) if district else asking

    def _add_unnamed(
        self, sms: Sms, sender: Sender, asked: ParsedSms, ours: Sequence[Known], known: Sequence[Known]
    ) -> str:
        """Add the words to the case they are about, and ask if several may be. Who wants no SMS gets no new case unless
        they say LAPOR: its code would be sent to them."""
        places = what_is_said(asked.words, self.submit.directory, self.instance).places
        asked = replace(asked, more=asked.more or goes_on(self.places, sender, asked, ours))
        other = not (asked.more or asked.seemed or sms.muted) and is_other_matter_beside(
            self.places, sender, asked, ours
        )
        case = None
        if not other:
            case = case_of(self.places, sender, asked, places, known, ours, suspicious=sms.suspicious)
        if case is None:
            return self.report(sms, sender, asked)
        answer = self.to_case(sms, sender, asked, case)
        if sender.asked is not Asked.WHICH or not (case.head.open and asked.words):
            return answer
        others = [each.short for each in ours if each.receipt != case.receipt]
        sender.ask(Asked.WHICH, hash_of(sender.kept), others)
        return say.added_which(case.short, others)

    def to_case(self, sms: Sms, sender: Sender, asked: ParsedSms, case: Known) -> str:
        """Add the words to a case, and correct its district if they answer where it is."""
        if not asked.words:
            return say.state(case.head, case.short)
        if before := self.cases.came_again(asked, sms.key, sender, case):
            return say.state(before.head, before.short)
        places = self.places.answered(sender, asked.words, case)
        try:
            district = places.district if places else ""
            self.converse.write(case.receipt, asked.words[:BODY_MAX], sms.key.hex(), district)
            self.add_rest(sms, case.receipt, asked.words)
        except NotNowProblem:  # the case is closed: a later BELUM uses the words as its reason
            sender.keep(asked.words, case.receipt.symbols)
            return say.with_more(say.state(case.head, case.short), say.HELD)
        except TooManyProblem:
            return self.report(sms, sender, asked)
        return self.added(sender, asked, case, places)

    def added(self, sender: Sender, asked: ParsedSms, case: Known, places: PlacesNamed | None) -> str:
        """Remember that words were added to a case, and return what somebody is told whose words these are."""
        sender.keep(asked.words)
        sender.last = case.receipt.symbols
        sender.remember(asked.words)
        return self._added(sender, asked, case, places)

    def _added(self, sender: Sender, asked: ParsedSms, case: Known, places: PlacesNamed | None) -> str:
        """Return what somebody is told whose words were added. In danger no deadline is named."""
        if is_sure_danger(asked.nature):
            sender.dangers.append(case.receipt.symbols)
        danger, placed = self.cases.in_danger(sender, case), places not in (None, PlacesNamed())
        if asked.seemed and not (placed or danger):
            more = say.UNTOLD if wants_secrecy(asked.words) else ""
            answer = say.with_more(self._asked_whom(sender, case, asked.seemed), more)
            return say.urgent(answer) if danger else answer
        if (asked.asks or asked.nature.asks or WHEN.search(asked.words)) and not places:
            head = self.converse.head(case.receipt) if case.head.stage is Stage.DITAHAN else case.head
            answer = say.with_state(say.ADDED_STATE, head, case.short, danger=danger)
            return say.urgent(answer) if danger else answer
        answer = self._told(sender, case, places, ask=not (REFUSES.search(asked.words) or wants_secrecy(asked.words)))
        answer = self._kindly(asked.words, self._asked_whom(sender, case, answer))
        return say.urgent(answer) if danger else answer

    def _kindly(self, words: str, answer: str) -> str:
        """Return an answer with what somebody has to hear who wants to die, or fears to become known."""
        if is_despair(words):
            return say.comforted(answer)
        return say.with_more(answer, self._asked_beside(words))

    @staticmethod
    def _asked_beside(words: str) -> str:
        """Return what words ask of us beside all that they tell, answered; "" if nothing."""
        return say.UNTOLD if wants_secrecy(words) else BESIDE.get(asked_within(words), "")

    def add_rest(self, sms: Sms, receipt: Receipt, words: str) -> None:
        """Add to a case what is too long for one message: a long SMS has up to 39,000 characters."""
        if rest := words[BODY_MAX:]:
            self.converse.write(receipt, f"[...]{rest}", rest_key(sms.key))

    def _asked_whom(self, sender: Sender, case: Known, answer: str) -> str:
        """Return the answer, and the question whether those are meant whom the words newly accuse."""
        after, directory = self.converse.head(case.receipt), self.submit.directory
        if not after.about_agency or is_accused(after.about_agency, case.head.about_agency, directory):
            return answer
        if sender.asked is Asked.NOTHING:
            sender.ask(Asked.WHOM, case.receipt.symbols)
        hidden_from = (after.about_agency, *after.desk_work.kept_from)
        return say.asked_whom(answer, [directory.agency(code) for code in hidden_from])

    def _told(self, sender: Sender, case: Known, places: PlacesNamed | None, *, ask: bool) -> str:
        """Return what somebody is told whose words were added: with the place, if they named it. ``ask``: whether they
        may be asked for it once more."""
        symbols, districts = case.receipt.symbols, self.submit.directory.districts
        if places and places.district:
            sender.unplaced = [each for each in sender.unplaced if each != symbols]
            sender.ask(Asked.NOTHING)
            moved = places.district != case.head.district
            void = moved and offers_text(case.head.publication)
            return say.placed(case.short, districts[places.district].name, void=void)
        if places and places.possible:
            sender.ask(Asked.PLACE, symbols, places.possible)
            return say.place_which(case.short, [districts[code].name for code in places.possible])
        if places and places.elsewhere:
            return say.ELSEWHERE_ADDED.format(short=case.short, where=places.elsewhere)
        if ask and self._asks_again(sender, case):
            return say.ADDED_WHERE.format(short=case.short)
        # what was asked is answered now, so its clock goes on
        head = self.converse.head(case.receipt) if case.head.stage is Stage.DITAHAN else case.head
        return say.with_state(say.ADDED, head, case.short, danger=self.cases.in_danger(sender, case))

    def _asks_again(self, sender: Sender, case: Known) -> bool:
        """Whether to ask where it is a second time, which is the last, after words that did not tell."""
        symbols = case.receipt.symbols
        mark = f"{Asked.PLACE} {symbols}"
        if symbols not in sender.unplaced or hash_of(mark) in sender.said or case.head.instance != self.instance:
            return False
        if sender.asked not in (Asked.NOTHING, Asked.PLACE):
            return False
        sender.remember(mark, "")
        sender.ask(Asked.PLACE, symbols, sender.options)
        return True
