"""Read the words for the check page: what may reveal the writer, and the likely topic. Offered, never forced."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from functions.casework.directory.agencies import Directory
from functions.casework.formats.clean_text import clean_text
from functions.casework.understanding.words import Words
from functions.pii import rules, words
from functions.web.language import DEFAULT, current, indonesian

# Without the officials' field: a report has to name the accused.
FIELDS = ("subject", "body", "place")
TEXTS = (*FIELDS, "about_officials", "name", "contact")
PLEA = "secrecy"


class Hint(NamedTuple):
    """A finding. ``value`` is what its tick sends (``field:start:end``); ``mask`` is False for advice only."""

    value: str
    text: str
    label: str
    advice: str
    mask: bool


def without_receipts(typed: Mapping[str, str]) -> tuple[dict[str, str], bool]:
    """Return what was typed, without receipts, and whether there was any: nobody is asked about these."""
    said = Words({name: clean_text(typed.get(name, "")) for name in TEXTS})
    return {**typed, **(said if said.taken_out else {})}, said.taken_out


def hints(typed: Mapping[str, str]) -> list[Hint]:
    """Return all findings, field by field, in the language of the request."""
    categories = rules.categories()
    return [
        Hint(
            _value(field, finding),
            finding.text,
            _said(categories[finding.category]["label"]),
            _said(categories[finding.category]["advice"]),
            finding.mask,
        )
        for field in FIELDS
        for finding in words.find(clean_text(typed.get(field, "")))
        if finding.category != PLEA
    ]


def _said(texts: Mapping[str, str]) -> str:
    """Return a category's text in the language of the request, marked as Indonesian where that has none."""
    return texts.get(current()) or indonesian(texts[DEFAULT])


def unproposed(typed: Mapping[str, str], directory: Directory) -> dict[str, str]:
    """Return what was typed without the topic if that is what its words propose: other words may propose another."""
    own = proposed({**typed, "topic": ""}, directory)["topic"]
    return {**typed, "topic": "" if typed.get("topic") == own else typed.get("topic", "")}


def proposed(typed: Mapping[str, str], directory: Directory) -> dict[str, str]:
    """Return what was typed with a topic, proposed from the words unless one was chosen, "" if they name none. A
    village of another district is left out: the writer has changed the district since."""
    village, topic = directory.villages.get(typed.get("village", "")), typed.get("topic", "").strip()
    kept = village is not None and village.district == typed.get("district", "").strip()
    if not topic:
        from functions.casework.routing.topic import propose_topic  # noqa: PLC0415 - only a form's first step asks

        topic = propose_topic(clean_text(" ".join(typed.get(field, "") for field in FIELDS)), directory)
    return {**typed, "topic": topic, "village": typed.get("village", "") if kept else ""}


def pleads(typed: Mapping[str, str]) -> bool:
    """Whether the writer asks not to be named, or fears it."""
    return any(words.pleads_secrecy(clean_text(typed.get(field, ""))) for field in FIELDS)


def masked(typed: Mapping[str, str], ticked: Collection[str]) -> dict[str, str]:
    """Return what was typed, with the ticked findings masked. A tick that matches nothing any more masks nothing."""
    result = dict(typed)
    for field in {tick.partition(":")[0] for tick in ticked}.intersection(FIELDS):
        text = clean_text(typed.get(field, ""))
        chosen = [f for f in words.find(text) if f.mask and _value(field, f) in ticked]
        if chosen:
            result[field] = words.mask(text, chosen, current())
    return result


def _value(field: str, finding: words.Finding) -> str:
    return f"{field}:{finding.start}:{finding.end}"
