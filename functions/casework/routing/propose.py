"""Propose the agency for a case from its topic, its place and its words; the coordinator decides.

About a quarter of SP4N-LAPOR!'s reports stand under "Topik Lainnya", and many under a wrong topic, so the words count
too. ``rules.toml`` lists the words for each responsibility, and the directory names the unit that bears it. Every
proposal shows the words behind it. Nothing is learnt from reports: people can read the rules, and a report leaves no
trace in them.

Pass the words as the officer reads them, masked: a reason must not reveal what a mask hides.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from functions.casework.access import is_accused, may_receive
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Agency, Directory
from functions.casework.routing.rules import Office, Outside, Rules, Words, plain, read_rules, spoken_in, tokens_of

MOST: Final = 3  # proposals
TOLD: Final = 5  # words shown for each proposal
ENOUGH: Final = 2  # one weak word is not yet a reason
TOPIC_WEIGHT: Final = 2  # like one usual word: the chosen topic counts, and two words outweigh it
# At this weight, abuse of office outweighs the subject: a road that was paid for and never built is no pothole.
GRAVE: Final = 5
ABUSE: Final = 3  # like one strong word, enough if the inspectorate leads anyway

_INTEGRITY = "integrity"
_INSPECTORATE = "inspectorate"


class Why(StrEnum):
    """What supports a proposal: the chosen topic, the words, or both. ACCUSED: the usual unit is accused."""

    TOPIC = "topic"
    WORDS = "words"
    BOTH = "both"
    ACCUSED = "accused"


class Proposal(NamedTuple):
    """Where a case may belong: to ``agency``, a code of the directory, or to ``outside``; the other is empty.

    ``words`` are the entries of ``rules.toml`` that support it, the weightiest first, at most ``TOLD``.
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


def propose(head: CaseHead, text: str, directory: Directory, given_back: Collection[str] = ()) -> tuple[Proposal, ...]:
    """Return where the case may belong, the likeliest first, at most ``MOST``; empty if nothing supports any agency.

    ``text`` is all the reporter wrote, of any length. ``given_back`` are the agencies that already returned the case.
    Agencies that ``may_receive`` refuses, and the holder, are never proposed. If the usual unit is accused, the
    inspectorate is proposed in its place. If the words tell of abuse of office, the inspectorate alone is proposed: a
    unit proposed beside it may be the very one the report is about.
    """
    rules = read_rules()
    tokens = tokens_of(text, rules)
    spoken = spoken_in(tokens, rules)
    tallies = _tallies(spoken, tokens, head, directory, rules)
    refused = {head.holder, *given_back}
    inspectorate = directory.agencies[head.instance].inspectorate
    found: list[Proposal] = []
    for target, tally in sorted(tallies.items(), key=lambda item: -item[1].weight):
        if tally.weight < ENOUGH:
            continue
        if isinstance(target, Outside):
            found.append(Proposal(tally.why(), tally.told(), outside=target))
        elif target not in refused and may_receive(target, head, directory):
            found.append(Proposal(tally.why(), tally.told(), target))
    abuse = spoken.get(_INTEGRITY, {})
    for proposal in found:
        first = proposal is found[0] and sum(abuse.values()) >= ABUSE
        if proposal.agency == inspectorate and (first or max(abuse.values(), default=0) >= GRAVE):
            return (proposal,)
    return tuple(found[:MOST])


def _tallies(
    spoken: Mapping[str, Mapping[str, int]],
    tokens: Sequence[Words],
    head: CaseHead,
    directory: Directory,
    rules: Rules,
) -> _Tallies:
    """Return what supports each unit and outside code; the chosen topic's unit comes first, so that it wins a tie."""
    tallies: _Tallies = {}
    chosen = directory.topics.get(head.topic)
    if chosen is not None and chosen.unit:
        tally = _tally(chosen.unit, head, directory, tallies)
        tally.weight, tally.topic = tally.weight + TOPIC_WEIGHT, True
    for name, words in spoken.items():
        if name in rules.outside:
            own = tallies.setdefault(rules.outside[name], _Tally())
            own.add(words)
            _take_over(own, [spoken[other] for other in rules.instead_of[name] if other in spoken])
        elif unit := _unit(rules.offices[name], head, directory, tokens):
            _tally(unit, head, directory, tallies).add(words)
    return tallies


def _tally(unit: str, head: CaseHead, directory: Directory, tallies: _Tallies) -> _Tally:
    """Return the tally of a unit, or of the inspectorate if that unit is accused."""
    if not is_accused(unit, head.accused, directory):
        return tallies.setdefault(unit, _Tally())
    tally = tallies.setdefault(directory.agencies[head.instance].inspectorate, _Tally())
    tally.instead = True
    return tally


def _take_over(tally: _Tally, others: Sequence[Mapping[str, int]]) -> None:
    """Move the weight of a subject's words to the competent body, and the chosen topic's weight too, since it names the
    subject."""
    for words in others:
        tally.weight += sum(words.values())
    if others:
        tally.weight += TOPIC_WEIGHT


def _unit(office: Office, head: CaseHead, directory: Directory, tokens: Sequence[Words]) -> str:
    """Return the unit of the case's instance that bears a responsibility; "" if there is none."""
    if office.role == _INSPECTORATE:
        return directory.agencies[head.instance].inspectorate
    units = directory.units(head.instance)
    codes = {unit.code for unit in units}
    for code in office.topics:
        if code in directory.topics and directory.topics[code].unit in codes:
            return directory.topics[code].unit
    if office.place:
        return next((unit.code for unit in units if _is_there(unit, office.place, head, directory, tokens)), "")
    named = [(unit.code, plain(unit.name)) for unit in units]
    return next((code for words in office.units for code, name in named if _within(words, name)), "")


def _is_there(unit: Agency, kind: str, head: CaseHead, directory: Directory, tokens: Sequence[Words]) -> bool:
    """Whether a unit is the kecamatan of the report's district, or a kelurahan that its words name."""
    name = plain(unit.name)
    if kind not in name:
        return False
    own = name[name.index(kind) + 1 :]
    if kind == "kecamatan":
        district = directory.districts.get(head.district)
        return district is not None and own == plain(district.name)
    return bool(own) and _within(own, tuple(forms[0] for forms in tokens))


def _within(words: Words, name: Words) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))
