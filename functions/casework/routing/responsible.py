"""The units whose subject a text is about, and where a responsibility leads in a directory."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from functions.casework.directory.agencies import Agency, Directory
from functions.casework.routing.learnt import OUTSIDE, Likely, likely_subjects
from functions.casework.routing.rules import Office, Words, plain, read_rules, spoken_in, tokens_of

LEADS: Final = 2  # a word of this weight shows the subject
_MOST: Final = 3
_INSPECTORATE: Final = "inspectorate"


def responsible(text: str, directory: Directory, instance: str, district: str = "") -> Iterator[tuple[str, str]]:
    """Yield the units that a text's subject leads to, the weightiest first, each with the words that say so. The
    inspectorate is none of them. None is if the subject is more that of a body outside (police, madrasah)."""
    rules = read_rules()
    tokens = tokens_of(text, rules)
    weights: dict[str, dict[str, int]] = {}
    least = LEADS
    for name, words in spoken_in(tokens, rules).items():
        least = max(least, sum(words.values())) if name in rules.outside else least
        office = rules.offices.get(name)
        if office is not None and office.role != _INSPECTORATE:
            unit = unit_of(office, directory, instance, district, tokens)
            if unit:
                weights.setdefault(unit, {}).update(words)
    ranked = sorted(weights.items(), key=lambda item: -sum(item[1].values()))
    for unit, words in ranked[:_MOST]:
        if sum(words.values()) >= least:
            yield unit, ", ".join(words)


def learnt_units(
    tokens: Sequence[Words],
    spoken: Mapping[str, Mapping[str, int]],
    directory: Directory,
    instance: str,
    district: str = "",
) -> Mapping[str, Likely]:
    """Return how likely a text is about each unit's subject; under ``OUTSIDE``, about that of a body outside."""
    offices = read_rules().offices
    found: dict[str, Likely] = {}
    for name, likely in likely_subjects(tokens, spoken).items():
        unit = OUTSIDE if name == OUTSIDE else unit_of(offices[name], directory, instance, district, tokens)
        if unit and (unit not in found or found[unit].chance < likely.chance):
            found[unit] = likely
    return found


def unit_of(office: Office, directory: Directory, instance: str, district: str, tokens: Sequence[Words]) -> str:
    """Return the unit of an instance that bears a responsibility; "" if there is none."""
    if office.role == _INSPECTORATE:
        return directory.agencies[instance].inspectorate
    units = directory.units(instance)
    codes = {unit.code for unit in units}
    for code in office.topics:
        if code in directory.topics and directory.topics[code].unit in codes:
            return directory.topics[code].unit
    if office.place:
        return next((u.code for u in units if _is_there(u, office.place, district, directory, tokens)), "")
    return _named_so(tuple([(unit.code, unit.name) for unit in units]), tuple(office.units))


@lru_cache(maxsize=2048)
def _named_so(units: Sequence[tuple[str, str]], called: Sequence[Words]) -> str:
    """Return the first of these units, by code and name, that bears one of the names. Nothing of a report is kept."""
    named = [(code, plain(name)) for code, name in units]
    return next((code for words in called for code, name in named if _within(words, name)), "")


def _is_there(unit: Agency, kind: str, district: str, directory: Directory, tokens: Sequence[Words]) -> bool:
    """Whether a unit is the kecamatan of the report's district, or a kelurahan that its words name."""
    name = _plain_name(unit.name)
    if kind not in name:
        return False
    own = name[name.index(kind) + 1 :]
    if kind == "kecamatan":
        here = directory.districts.get(district)
        return here is not None and own == plain(here.name)
    return bool(own) and _within(own, tuple(forms[0] for forms in tokens))


@lru_cache(maxsize=8192)
def _plain_name(name: str) -> Words:
    """Return the words of an agency's name."""
    return plain(name)


def _within(words: Words, name: Words) -> bool:
    return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))
