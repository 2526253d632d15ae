"""Which of a number's cases words without a code go to. One wall stands before all: no words go where somebody works
whom another case of this number accuses (law 5). A place alone, and a bare yes or no, pass it. Where they become a
report of their own, it stands before the desk that would sort it.

Tests: ``tests/doors/test_sms.py``, ``tests/doors/test_sms_places.py``.
"""

import re
from collections.abc import Sequence

from functions.actions.reporter.sms_cases import ANSWERS, Known, SmsCases, not_in_quarantine
from functions.actions.reporter.texting.closed import speaks_of_any
from functions.actions.reporter.texting.places import CORRECTS, SmsPlaces
from functions.casework.access import kept_above
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import Asked, Sender
from functions.casework.understanding.opinion.likely import matter_of
from functions.casework.understanding.places import PlacesNamed, chosen
from functions.casework.understanding.said import Said
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.word_lists import is_all_of

OWN_MATTER = 6  # words of a matter of its own; fewer are an answer
HALF_LEAST = 140  # signs of a text that a phone may have cut
GOES_ON = re.compile(
    r"\W*(?:ternyata|trnyata|rupanya|malah|malahan|tambah\w*|tapi|tp|terus|trs|trus|oh iya|padahal)\b", re.IGNORECASE
)
OPTION_MOST = 2  # words that choose one of the places we named


def case_of(
    places: SmsPlaces,
    sender: Sender,
    asked: ParsedSms,
    named: PlacesNamed,
    known: Sequence[Known],
    ours: Sequence[Known],
    *,
    suspicious: bool,
) -> Known | None:
    """Return the case of ``ours`` that words are about, which name the places ``named``; None if any may hurt another.
    Where several fit, ask which was meant."""
    cases = places.cases
    meant = _seemingly(cases, sender, asked, named, ours, suspicious=suspicious)
    if meant and (_tells_nobody(places, sender, asked) or cases.may_read(meant, asked.words, known)):
        return meant
    sender.ask(Asked.WHICH)
    return next((each for each in reversed(cases.safe(ours)) if cases.may_read(each, asked.words, known)), None)


def _seemingly(
    cases: SmsCases,
    sender: Sender,
    asked: ParsedSms,
    named: PlacesNamed,
    ours: Sequence[Known],
    *,
    suspicious: bool,
) -> Known | None:
    """Return the case that words seem to be about, None if several fit. On a day with a flood of SMS it is the oldest:
    the flood may be forged, and its cases are the latest."""
    last = next((each for each in ours if each.receipt.symbols == sender.last), None)
    pending = next((each for each in ours if each.receipt.symbols == sender.about), None)
    if suspicious or len(ours) == 1:
        return ours[0]
    if asked.more and last:
        return last
    if sender.asked is Asked.PLACE and pending and (named != PlacesNamed() or sender.options):
        return pending
    return cases.meant(asked.words, named.district, ours)


def _tells_nobody(places: SmsPlaces, sender: Sender, asked: ParsedSms) -> bool:
    """Whether words are a bare yes or no, or a place and nothing else: no evidence."""
    words = asked.words
    option = len(words.split()) <= OPTION_MOST and chosen(words, tuple(sender.options), places.directory)
    bare = asked.command is Command.YATIDAK and any(sign.isalpha() for sign in words)
    return bool(bare or option) or places.says_where(words)


def also_meant(cases: SmsCases, sender: Sender, asked: ParsedSms, said: Said, district: str) -> tuple[str, ...]:
    """Return whom another case of its number accuses among the desks that would sort or inspect a new report:
    "petugasnya" are theirs. Nobody for words that stand behind LAPOR and complain of nobody in office."""
    filed = asked.command is Command.LAPOR and asked.words != asked.whole
    if filed and not said.complaint.conduct:
        return ()
    accused = cases.accused(not_in_quarantine(cases.of(sender)))
    return kept_above(cases.directory.instance_of_district(district), "", accused, cases.directory)


def is_other_matter_beside(finder: SmsPlaces, sender: Sender, asked: ParsedSms, ours: Sequence[Known]) -> bool:
    """Whether words are about something new: at another place than every open case, or surely by what they say, in
    words enough, while nothing was asked. What repeats words of a case is a detail of it, though it names a place
    there."""
    words, places = asked.words, finder.surely(asked.words)
    where = {places.district} if places.district else set(places.possible) if asked.nature.new else set()
    if len(words.split()) < OWN_MATTER or CORRECTS.search(words):
        return False
    answered = [case for case in ours if case.head.stage in ANSWERS]
    if finder.cases.is_asked(answered) or any(case.receipt.symbols in sender.unplaced for case in ours):
        return False
    there = [each for each in ours if places.district in ("", each.head.district)]
    fresh = asked.nature.new and not speaks_of_any(finder, words, there)
    new = (fresh or finder.begins_another(words, ours)) and not GOES_ON.match(words)
    if new and sender.asked is Asked.NOTHING and all(case.head.open for case in ours):
        return True
    return (
        bool(where)
        and not asked.nature.same
        and all(case.head.open and case.head.district not in where for case in ours)
    )


def goes_on(places: SmsPlaces, sender: Sender, asked: ParsedSms, ours: Sequence[Known]) -> bool:
    """Whether words go on with those that were written last: a phone cut a long text in two, without marks. The first
    is long and ends within a sentence, the second begins with a small letter, no address and no matter. No minute is
    kept of any SMS, so nothing else may have been written to the case since."""
    first, *_ = words_of(asked.words) or [""]
    begins = asked.words[:1].islower() and not is_all_of(first, "address", "self", "greeting", "announce")
    case = next((each for each in ours if each.receipt.symbols == sender.last and each.head.open), None)
    if case is None or not begins or matter_of([first]) or places.begins_another(asked.words, ours):
        return False
    before = places.cases.written_last(case, sender.day)
    return len(before) >= HALF_LEAST and before[-1].isalnum()
