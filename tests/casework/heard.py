"""What is heard in a text, all of it at once, as it is kept beside some texts in ``heard.jsonl``.

Whoever changes a rule, a list or a model sees there what changes with it: ``python -m tests.casework.heard`` writes the
file again, and its difference is what a person reads before they commit it. What is *right* other tests say; here
nothing changes unseen.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, NamedTuple

from functions.casework.formats.sms_command import read_sms
from functions.casework.understanding import about, danger, pointers, silence, thanks, unaddressed
from functions.casework.understanding.accused import kept_from
from functions.casework.understanding.opinion.likely import Standing
from functions.casework.understanding.opinion.told import UNTOLD, Told, told_by
from functions.casework.understanding.places import beside_places
from functions.casework.understanding.said import what_is_said
from functions.casework.understanding.spelling import words_of
from functions.casework.understanding.words import without_receipts_in
from functions.config.settings import DEMO, load_directory

FILE = Path(__file__).with_name("heard.jsonl")
DIRECTORY, INSTANCE, ABUSE = load_directory(DEMO / "kutai-timur.toml"), "kutim", "pungli"
ASKED_OF_TEXTS = (
    *(about.asked_about, about.asked_beside, about.surely_about, about.tells_beside, about.asked_within),
    *(about.loses_code, about.asks_us, about.is_curse, about.wants_secrecy),
    *(danger.speaks_of_life, danger.is_relieved, danger.is_despair, danger.is_urging),
    *(pointers.pointer_of, pointers.is_enumerated),
    *(silence.beside_silence, silence.lifts_silence, silence.wants_answers, silence.speaks_of_answers),
    *(silence.is_another_wish, silence.speaks_of_reaching, silence.wants_only_sms, silence.is_said_of_others),
    *(silence.gives_reason, thanks.contradicts, thanks.says_well, thanks.postpones, thanks.doubts),
    *(thanks.is_partly_done, thanks.gives_up, thanks.only_closes, thanks.tells_beside_withdrawal),
    *(thanks.is_no_withdrawal, unaddressed.behind_ours, unaddressed.is_among_people, unaddressed.is_advertising),
    unaddressed.is_sent_goods,
)
ASKED_OF_WORDS = thanks.thanks_in, thanks.is_courtesy, thanks.closes, thanks.settles


class Line(NamedTuple):
    """A text, what stands with its writer, and what was written ``before`` in their case."""

    text: str
    standing: str = ""
    before: str = ""


def heard(line: Line) -> dict[str, Any]:
    """Return all that is heard in a text, but for what is not."""
    told = told_by([line.before], by_officer=line.standing == Standing.ANSWERED) if line.before else UNTOLD
    said, words = what_is_said(line.text, DIRECTORY, INSTANCE), words_of(line.text)
    of_abuse = what_is_said(line.text, DIRECTORY, INSTANCE, ABUSE).accused
    found: dict[str, Any] = {
        "whom": [[*each] for each in said.accused],
        "of abuse": [[*each] for each in of_abuse] if of_abuse != said.accused else "",
        **{name: getattr(said.complaint, name) for name in ("conduct", "unnamed", "harm", "told")},
        "kept": [*kept_from(said.accused, DIRECTORY, INSTANCE)] if said.accused else "",
        "pointed": [[*said.complaint.pointed.to], sorted(said.complaint.pointed.aside), said.complaint.pointed.did],
        "receipts": [[each.start, each.end, each.receipt is not None] for each in said.receipts],
        "without": without_receipts_in([line.text]) if said.receipts else "",
        "places": [*said.places],
        "if asked": [*said.places_if_asked] if said.places_if_asked != said.places else "",
        "beside places": len(words) - len(beside_places(line.text, DIRECTORY, INSTANCE)),
        "accepts": thanks.accepts(line.text, told.words),
        "done": thanks.says_done(line.text, words),
        "closed": thanks.wants_closed(line.text, words),
        "may tell": [thanks.may_tell(words, doubtful=doubtful) for doubtful in (False, True)],
        **{ask.__name__: ask(line.text) for ask in ASKED_OF_TEXTS},
        **{ask.__name__: ask(words) for ask in ASKED_OF_WORDS},
        "sms": _sms(line, told),
    }
    return {name: value for name, value in found.items() if _is_something(value)}


def _sms(line: Line, told: Told) -> dict[str, Any]:
    parsed = read_sms(line.text, known=("AB12C",), standing=Standing(line.standing), told=lambda: told)
    found = {field.name: getattr(parsed, field.name) for field in fields(parsed)}
    nature = found.pop("nature")._asdict()
    nature["sure"] = round(nature["sure"], 2)
    found |= nature | {"receipt": str(parsed.receipt or "")}
    same = {name for name in ("words", "whole", "rest") if found[name] == line.text.strip()}
    return {name: "=" if name in same else value for name, value in found.items() if _is_something(value)}


def _is_something(value: object) -> bool:
    """Whether a value says anything."""
    return any(map(_is_something, value)) if isinstance(value, list | tuple) else bool(value)


def lines() -> Iterator[tuple[Line, dict[str, Any]]]:
    """Yield what the file holds."""
    for raw in FILE.read_text().splitlines():
        text, standing, before, known = json.loads(raw)
        yield Line(text, standing, before), known


def write(texts: Iterable[Line]) -> None:
    """Write what is heard in texts."""
    told = (json.dumps([*line, json.loads(json.dumps(heard(line)))], ensure_ascii=False) for line in texts)
    FILE.write_text("".join(f"{line}\n" for line in told))


if __name__ == "__main__":
    write([line for line, _ in lines()])
    sys.stdout.write(f"{FILE.name} is written; read its difference\n")
