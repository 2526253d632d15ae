"""The officers' masked copy: what identifies the writer is hidden until an officer says why they need it.

The words are sealed as they were written. Only the copy for officers is masked, by the rules of ``pii.words``. An
agency that was shown a message (``casework.consent.unmask_request``) sees it whole from then on.
A receipt was taken out of all words before (``understanding.words``), whoever typed it: it opens the thread.

Tests: ``tests/doors/test_masking.py``.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace

from functions.actions.common.decrypted_case import Message, OpenedCase, unmask_facts
from functions.casework.consent.unmask_request import shown_to
from functions.casework.stages import Actor
from functions.casework.understanding.accused import Accusation
from functions.pii import words

# Not the officials' names, since the accused have to be named; nor the name that a reporter gave openly.
FACTS = ("subject", "place")
HIDDEN = "…"  # in place of words that are masked


def unmasked_by(agency: str, messages: Iterable[Message]) -> frozenset[int]:
    """Return the numbers of the messages that this agency was shown as they were written."""
    return shown_to(agency, unmask_facts(messages))


def masked_kinds(opened: OpenedCase, n: int, *, sensitive: bool) -> Counter[str]:
    """Count by category what is masked in message ``n``, and in the subject with the first. ``place`` is the exact
    place of a ``sensitive`` topic, ``unknown`` what has no category, so that it is not shown lightly."""
    message = next(each for each in opened.messages() if each.n == n)
    texts = [message.body, *(message.facts.get(name, "") for name in FACTS)]
    if n == 1 and opened.subject() not in texts:  # a foreign browser may seal another beside the report
        texts.append(opened.subject())
    kinds: Counter[str] = Counter()
    for text in texts:
        kinds += _kinds_in(text)
    if sensitive and message.facts.get("place"):
        kinds["place"] += 1
    return kinds


def _kinds_in(text: str) -> Counter[str]:
    kinds: Counter[str] = Counter()
    while findings := [found for found in words.find(text) if found.mask]:
        kinds.update(found.category for found in findings)
        text = words.mask(text, findings)
    if mask_text(text) != text:
        kinds["unknown"] += 1
    return kinds


def masked(messages: Iterable[Message], shown: Collection[int], *, sensitive: bool) -> tuple[Message, ...]:
    """Return the messages as officers read them; those in ``shown`` stay as written. A ``sensitive`` topic hides the
    exact place too: the district stands beside it."""
    return tuple(m if m.n in shown or m.by is not Actor.REPORTER else _mask(m, sensitive=sensitive) for m in messages)


def mask_text(text: str) -> str:
    """Return a text with all that may identify its writer masked."""
    return words.mask_all(text)


def _mask(message: Message, *, sensitive: bool) -> Message:
    facts = dict(message.facts)
    if sensitive and facts.get("place"):
        facts["place"] = ""
    for name in FACTS:
        if facts.get(name):
            facts[name] = mask_text(facts[name])
    body = mask_text(message.body)
    changed = body != message.body or any(facts[name] != message.facts[name] for name in FACTS if name in facts)
    return replace(message, body=body, facts=facts, masked=changed)


def written(subject: str, messages: Iterable[Message]) -> str:
    """Return all that the reporter wrote about the matter, each place before its words."""
    return _joined(subject, messages)


def accusing(subject: str, messages: Iterable[Message]) -> str:
    """Return the words in which an office may be accused, as ``Report.accusing``: with the officials that the report
    names."""
    return _joined(subject, messages, "about_officials")


def quoted(found: Accusation, copy: str) -> Accusation:
    """Return an accusation with the words that say so, if all of them stand in the masked copy."""
    there, parts = " ".join(copy.split()).casefold(), [part.casefold() for part in found.words.split(", ")]
    said = " ".join(found.words.split()).casefold() in there or all(part in there for part in parts)
    return found if said else found._replace(words=HIDDEN)


def _joined(subject: str, messages: Iterable[Message], *behind: str) -> str:
    said = [subject]
    for message in messages:
        if message.by is Actor.REPORTER:
            said += [message.facts.get("place", ""), message.body, *(message.facts.get(name, "") for name in behind)]
    return "\n".join(said)
