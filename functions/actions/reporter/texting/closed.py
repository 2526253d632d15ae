"""What words of somebody mean whose cases are all closed: another matter, or that one of these is not done.

Tests: ``tests/doors/test_sms_closed_and_silent.py``.
"""

import re
from collections.abc import Sequence

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.sms_cases import Known, is_coded
from functions.actions.reporter.texting.places import AGAIN, CORRECTS, SmsPlaces
from functions.actions.reporter.texting.whole_sms import Sms, rest_key
from functions.casework.access import reporter_moves
from functions.casework.formats import sms_texts as say
from functions.casework.formats.sms_closing import only_appeal
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_held import denies, takes_back
from functions.casework.formats.sms_sender import Sender
from functions.casework.problems import BusyProblem, Problem
from functions.casework.report import REASON_MAX
from functions.casework.stages import Move
from functions.casework.understanding.danger import is_urging
from functions.casework.understanding.opinion.likely import MATTER as SPEAKS
from functions.casework.understanding.opinion.likely import matter_of
from functions.casework.understanding.places import beside_places
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.thanks import accepts, doubts, leaves_rest, only_closes, postpones, thanks_in
from functions.casework.understanding.word_lists import any_in

MATTER = 6  # words of a matter of its own
WISHES = re.compile(r"\?|\b(?:tolong|tlg|mohon|mhn|minta|juga|jg|sekalian|giliran|lagi|lg)\b", re.IGNORECASE)
DOUBT = 3  # words that say that it is not well
BUT = 4  # words of thanks that hold a but
MATTER_MOST = 12  # words that say of a closed report that it is not done; more may be a new one


def after_closing(places: SmsPlaces, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> Command | None:
    """Return LAPOR if words to closed cases are another matter, BELUM if they say that one is not done. Few words,
    thanks and words of nothing that a case told may be neither: None, and they wait for BELUM or LAPOR."""
    words, plain = asked.whole.split(), words_of(asked.whole)
    rest = leaves_rest(asked.whole) and (doubts(asked.whole) or not ("?" in asked.whole or thanks_in(plain)))
    if rest and not (asked.nature.danger or is_other_matter(places, sender, asked, known)):
        return Command.BELUM
    tells = len(words) >= MATTER and matter_of(plain) >= SPEAKS and not thanks_in(plain)
    another = tells and not (AGAIN.search(asked.whole) or speaks_of_any(places, asked.whole, known))
    another = another and not (asked.nature.likely and not asked.nature.undone)
    if is_other_matter(places, sender, asked, known) or (another and not CORRECTS.search(asked.whole)):
        return Command.LAPOR
    says_still, few = any_in(plain, "still"), len(words) <= MATTER_MOST
    but = denies(asked.whole) if thanks_in(plain) else takes_back(asked.whole)
    but = but and len(words) >= BUT
    says_so = says_still or speaks_of_any(places, asked.whole, known)
    if (asked.nature.undone and says_so) or (few and says_still) or but:
        return Command.BELUM
    # "lampunya nyala. sekarang jalannya, lubang semua", and no "sudah ada sinyal, terima kasih"
    partly = asked.nature.settled and matter_of(plain) >= SPEAKS and not thanks_in(plain)
    another = asked.nature.new or partly
    if len(words) < MATTER or is_coded(asked) or ((asked.nature.likely or thanks_in(plain)) and not another):
        return None
    district = places.named(asked.whole).district
    same = speaks_of_any(places, asked.whole, [each for each in known if district in ("", each.head.district)])
    if another and not same:
        return Command.LAPOR
    return Command.BELUM if same or says_still else None


def may_be_all(asked: ParsedSms) -> bool:
    """Whether words to closed cases are no command: words, a question, or what seems thanks or talk and may be none."""
    if is_coded(asked) or asked.short:
        return False
    seems = asked.nature.likely and asked.command in (Command.TERIMA, Command.LAIN, Command.SALAM)
    return asked.command in (Command.TEXT, Command.CEK) or seems


def after_all(places: SmsPlaces, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> Command | None:
    """Return SELESAI if words to closed cases say that it is well, TERIMA if somebody will only look or thanks, BELUM
    for a doubt, LAPOR for a question of another place; None for any other words."""
    text = asked.whole
    few, plain = len(text.split()) <= MATTER_MOST, words_of(text)
    if asked.nature.danger or is_coded(asked):
        return None
    if accepts(text, places.cases.told(known).words):
        return Command.SELESAI
    thanks = thanks_in(plain) and not (doubts(text) or WISHES.search(text))
    if few and (postpones(text) or thanks) and only_closes(text):
        return Command.TERIMA
    if asked.command is not Command.CEK and few and is_doubt(places, text, known):
        return None if is_other_matter(places, sender, asked, known) else Command.BELUM
    district = places.named(text).district if asked.command is Command.CEK else ""
    elsewhere = district and all(each.head.district != district for each in known)
    return Command.LAPOR if elsewhere and len(text.split()) >= MATTER else None


def is_doubt(places: SmsPlaces, text: str, known: Sequence[Known]) -> bool:
    """Whether words say that a closed case is not well, and tell no matter that no case told."""
    plain = words_of(text)
    if len(plain) < DOUBT or thanks_in(plain) or "?" in text or not (doubts(text) or any_in(plain, "still")):
        return False
    return len(plain) < MATTER or matter_of(plain) < SPEAKS or speaks_of_any(places, text, known)


def is_other_matter(places: SmsPlaces, sender: Sender, asked: ParsedSms, known: Sequence[Known]) -> bool:
    """Whether words are a matter of their own, though they say "again" or "still": at another place than every case,
    or danger of which no case told. An emergency that reopens a lamp's case is read by whoever mends lamps."""
    text, nature = asked.whole, asked.nature
    doubtful = (
        (nature.likely and not (nature.undone or nature.danger)) or thanks_in(words_of(text)) or CORRECTS.search(text)
    )
    if is_coded(asked) or asked.short or doubtful:
        return False
    danger = nature.danger and not is_urging(text)
    if danger and not speaks_of_any(places, text, known):
        return True
    district = places.named(text).district
    unplaced = any(each.receipt.symbols in sender.unplaced for each in known)
    elsewhere = bool(district) and all(each.head.district != district for each in known)
    return elsewhere and not unplaced and (danger or len(text.split()) >= MATTER)


def speaks_of_any(places: SmsPlaces, text: str, known: Sequence[Known]) -> bool:
    """Whether words repeat what any of the cases tells, names of places aside."""
    words = " ".join(beside_places(text, places.directory, places.instance))
    return any(places.cases.speaks_of(words, each) for each in known)


def reopened(converse: Converse, sms: Sms, sender: Sender, case: Known, reason: str, url: str) -> str:
    """Reopen a case and return the answer; what is too long for a reason is added to it. If it cannot be, the words
    wait, and the answer names what is left: a case is reopened once."""
    ours = case.receipt.symbols in sender.receipts
    number = sms.number if ours else ""
    try:
        converse.verdict(case.receipt, "belum", reason=reason[:REASON_MAX], number=number, key=sms.key.hex())
    except BusyProblem:  # the gateway tries again
        raise
    except Problem:
        sender.keep(reason, case.receipt.symbols)
        if Move.APPEAL in reporter_moves(case.head):
            return only_appeal(case.short, url)
        return say.with_more(say.state(case.head, case.short), say.HELD)
    return gone_on(converse, sms, sender, case, reason)


def gone_on(converse: Converse, sms: Sms, sender: Sender, case: Known, reason: str) -> str:
    """Add what is too long for the reason of a case that was reopened, and return the answer."""
    sender.keep("")
    if rest := reason[REASON_MAX:]:
        converse.write(case.receipt, f"[...]{rest}", rest_key(sms.key))
    return say.REOPENED.format(short=case.short)
