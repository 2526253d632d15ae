"""Propose the agency for a case from its topic, its place and its words; the coordinator decides.

About a quarter of SP4N-LAPOR!'s reports stand under "Topik Lainnya", and many under a wrong topic, so the words count
too. ``rules.toml`` lists the words for each responsibility, and the directory names the unit that bears it. What they
find is ranked by them and by ``learnt``, which also proposes a unit where no list speaks. Every proposal shows the
words behind it. Nothing is learnt from reports: people can read the rules, the model learnt from invented messages,
and a report leaves no trace in them.

Pass the words as the officer reads them, masked: a reason must not reveal what a mask hides.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from functions.casework.access import is_accused, may_receive
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Directory
from functions.casework.routing.learnt import OUTSIDE, Likely
from functions.casework.routing.responsible import learnt_units, unit_of
from functions.casework.routing.rules import Outside, Rules, Words, read_rules, spoken_in, tokens_of
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.said import Said, what_is_said

MOST: Final = 3  # proposals
TOLD: Final = 5  # words shown for each proposal
ENOUGH: Final = 2  # one weak word is not yet a reason
TOPIC_WEIGHT: Final = 2  # like one usual word: the chosen topic counts, and two words outweigh it
# At this weight, abuse of office outweighs the subject: a road that was paid for and never built is no pothole.
GRAVE: Final = 5
ABUSE: Final = 3  # like one strong word, enough if the inspectorate leads anyway
# How the learnt subjects rank beside the lists; chosen on hands that they had not learnt from.
_BY_LISTS: Final = 0.35  # log-odds for each weight of the lists
_BY_TOPIC: Final = 1.5  # for the chosen topic
_UNLEARNT: Final = -1.5  # a unit whose subject it does not know: the inspectorate, a kecamatan
_LEAST: Final = -6.0
_UNLISTED: Final = -1.0  # if neither list nor topic speaks for it
_LIKELY: Final = -3.2  # it is proposed even so from here on
_LIKELY_ALONE: Final = -1.2  # and if nothing else is
_SHOWN: Final = 1.0  # if words alone add so much

WATCHERS: Final = ("upper_inspectorate", "ombudsman")  # outside codes: for reports about inspectorate or government
_INTEGRITY = "integrity"


class Why(StrEnum):
    """What supports a proposal: the chosen topic, the words, or both. ACCUSED: the usual unit is accused."""

    TOPIC = "topic"
    WORDS = "words"
    BOTH = "both"
    ACCUSED = "accused"


class Proposal(NamedTuple):
    """Where a case may belong: to ``agency``, a code of the directory, or to ``outside``; the other is empty.

    ``words`` are the entries of ``rules.toml`` that support it, the weightiest first, at most ``TOLD``; if none does,
    those of ``learnt.json``.
    """

    why: Why
    words: tuple[str, ...] = ()
    agency: str = ""
    outside: Outside | None = None


@dataclass(slots=True)
class _Tally:
    """What supports one target so far."""

    weight: int = 0
    topic: bool = False
    instead: bool = False
    words: dict[str, int] = field(default_factory=dict)

    def add(self, words: Mapping[str, int]) -> None:
        self.words |= words
        self.weight += sum(words.values())

    def why(self) -> Why:
        if self.instead:
            return Why.ACCUSED
        if self.topic:
            return Why.BOTH if self.words else Why.TOPIC
        return Why.WORDS

    def told(self) -> tuple[str, ...]:
        return tuple(sorted(self.words, key=lambda word: -self.words[word]))[:TOLD]


_Tallies = dict[str | Outside, _Tally]


def outside_targets() -> Mapping[str, Outside]:
    """Return the bodies outside the local government that may be responsible, by code."""
    return read_rules().outside


def propose(
    head: CaseHead, text: str, directory: Directory, given_back: Collection[str] = (), said: Said | None = None
) -> tuple[Proposal, ...]:
    """Return where the case may belong, the likeliest first, at most ``MOST``; empty if nothing supports any agency.

    ``text`` is all the reporter wrote, of any length, and ``said`` what it says, if that was asked already.
    ``given_back`` are the agencies that already returned the case. Agencies that ``may_receive`` refuses, the holder,
    whoever the words accuse, surely or not, and whoever the case is kept from are never proposed. If the usual unit is
    accused, the inspectorate is proposed in its place. If the words tell of abuse of office, the inspectorate alone is
    proposed: a unit proposed beside it may be the very one the report is about. If they may complain of people in
    office, the inspectorate comes first. If inspectorate or government are accused, the inspectorates above and the
    Ombudsman are.
    """
    rules = read_rules()
    tokens = tokens_of(text, rules)
    spoken = spoken_in(tokens, rules)
    inspectorate = directory.agencies[head.instance].inspectorate
    complaint = (said or what_is_said(text, directory, head.instance, head.topic)).complaint
    by_words = accused_of(complaint.whom)
    accused = tuple(dict.fromkeys((*by_words, head.accused, *head.desk_work.kept_from)))

    def fit(agency: str) -> bool:
        out = agency in (head.holder, *given_back) or _hidden(agency, accused, directory)
        return not out and may_receive(agency, head, directory)

    above = head.instance in accused or _hidden(inspectorate, accused, directory)
    watchers = tuple(Proposal(Why.ACCUSED, outside=rules.outside[code]) for code in WATCHERS) if above else ()
    if watchers and by_words:
        return watchers
    tallies = _tallies(spoken, tokens, head, (directory, accused), rules)
    if by_words and fit(inspectorate):
        tally = tallies.get(inspectorate, _Tally())
        return (Proposal(Why.ACCUSED, tally.told(), inspectorate),)
    found = _found(tallies, fit)
    learnt = learnt_units(tokens, spoken, directory, head.instance, head.district)
    ranked = _ranked(found, tallies, learnt, fit, inspectorate)
    if complaint.conduct and fit(inspectorate):
        return _conduct(ranked, inspectorate)
    abuse = spoken.get(_INTEGRITY, {})
    for proposal in found:
        first = proposal is found[0] and sum(abuse.values()) >= ABUSE
        if proposal.agency == inspectorate and (first or any(weight >= GRAVE for weight in abuse.values())):
            return (*_others_abuse(found, inspectorate), proposal)
    return (*ranked, *watchers)[:MOST]


def _found(tallies: _Tallies, fit: Callable[[str], bool]) -> list[Proposal]:
    """Return what topic and lists speak for, the weightiest first."""
    found: list[Proposal] = []
    for target, tally in sorted(tallies.items(), key=lambda item: -item[1].weight):
        if isinstance(target, Outside) and tally.weight >= ENOUGH:
            found.append(Proposal(tally.why(), tally.told(), outside=target))
        elif isinstance(target, str) and tally.weight >= ENOUGH and fit(target):
            found.append(Proposal(tally.why(), tally.told(), target))
    return found


def _ranked(
    found: Sequence[Proposal],
    tallies: _Tallies,
    likely: Mapping[str, Likely],
    fit: Callable[[str], bool],
    inspectorate: str,
) -> list[Proposal]:
    """Return these proposals, and fit units that the learnt words alone speak for, the likeliest first."""

    def rank(proposal: Proposal) -> float:
        tally = tallies.get(proposal.outside or proposal.agency, _Tally())
        known = likely.get(OUTSIDE if proposal.outside else proposal.agency)
        chance = max(known.chance if known else _UNLEARNT, _LEAST)
        chance += 0 if tally.weight else _UNLISTED
        return -(chance + _BY_LISTS * tally.weight + _BY_TOPIC * tally.topic)

    least = _LIKELY if found else _LIKELY_ALONE
    there = {OUTSIDE, inspectorate, *(proposal.agency for proposal in found)}
    learnt = [
        Proposal(Why.WORDS, each.words[:TOLD], unit)
        for unit, each in likely.items()
        if unit not in there and each.chance >= least and each.shown >= _SHOWN and each.words and fit(unit)
    ]
    return sorted([*found, *learnt], key=rank)


def _conduct(found: Sequence[Proposal], inspectorate: str) -> tuple[Proposal, ...]:
    """Return who may handle conduct of people whom no word ties to a unit: the body outside that leads, then the
    inspectorate, then the rest."""
    lead = [proposal for proposal in found[:1] if proposal.outside]
    own = next((p for p in found if p.agency == inspectorate), Proposal(Why.WORDS, (), inspectorate))
    rest = [proposal for proposal in found if proposal.agency != inspectorate and proposal not in lead]
    return tuple([*lead, own, *rest][:MOST])


def _others_abuse(found: Sequence[Proposal], inspectorate: str) -> tuple[Proposal, ...]:
    """Return the body outside whose abuse it is: the police's or a madrasah's. None if a unit's subject is spoken of,
    since its staff may be meant."""
    outside = tuple(proposal for proposal in found if proposal.outside)
    units = any(proposal.agency not in ("", inspectorate) for proposal in found)
    return () if units else outside[:1]


def _hidden(agency: str, accused: Collection[str], directory: Directory) -> bool:
    return any(is_accused(agency, code, directory) for code in accused)


def _tallies(
    spoken: Mapping[str, Mapping[str, int]],
    tokens: Sequence[Words],
    head: CaseHead,
    known: tuple[Directory, Collection[str]],
    rules: Rules,
) -> _Tallies:
    """Return what supports each unit and outside code; the chosen topic's unit comes first, so that it wins a tie.
    ``known`` are the directory, and the accused: the inspectorate stands in for them."""
    directory, accused = known
    tallies: _Tallies = {}

    def tally_of(unit: str) -> _Tally:
        if not _hidden(unit, accused, directory):
            return tallies.setdefault(unit, _Tally())
        tally = tallies.setdefault(directory.agencies[head.instance].inspectorate, _Tally())
        tally.instead = True
        return tally

    chosen = directory.topics.get(head.topic)
    if chosen is not None and chosen.unit:
        tally = tally_of(chosen.unit)
        tally.weight, tally.topic = tally.weight + TOPIC_WEIGHT, True
    for name, words in spoken.items():
        if name in WATCHERS:
            continue
        if name in rules.outside:
            own = tallies.setdefault(rules.outside[name], _Tally())
            own.add(words)
            _take_over(own, [spoken[other] for other in rules.instead_of[name] if other in spoken])
        elif unit := unit_of(rules.offices[name], directory, head.instance, head.district, tokens):
            tally_of(unit).add(words)
    return tallies


def _take_over(tally: _Tally, others: Sequence[Mapping[str, int]]) -> None:
    """Move the weight of a subject's words to the competent body, and the chosen topic's weight too, since it names the
    subject."""
    for words in others:
        tally.weight += sum(words.values())
    if others:
        tally.weight += TOPIC_WEIGHT
