"""Which of a number's cases words without a code go to. One wall stands before all: no words go where somebody works
whom another case of this number accuses (law 5). A place alone, and a bare yes or no, pass it. Where they become a
report of their own, it stands before the desk that would sort it.

Tests: ``tests/doors/test_sms.py``.
"""

from collections.abc import Sequence

from functions.actions.reporter.sms_cases import Known, SmsCases, not_in_quarantine
from functions.actions.reporter.texting.places import SmsPlaces
from functions.casework.access import kept_above
from functions.casework.formats.sms_command import Command, ParsedSms
from functions.casework.formats.sms_sender import Asked, Sender
from functions.casework.understanding.places import PlacesNamed, chosen
from functions.casework.understanding.said import Said

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
