"""The officers' masked copy: what identifies the writer is hidden until an officer says why they need it.

The words are sealed as they were written. Only the copy for officers is masked, by the rules of ``pii.words``. An
agency that unmasked a message, with a reason the reporter reads, sees it whole from then on. A receipt stays hidden
from everybody, whoever typed it: it opens the thread.

Tests: ``tests/doors/test_masking.py``.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace

from functions.actions.common.decrypted_case import Message
from functions.casework.case import EventKind
from functions.casework.stages import Actor
from functions.pii import words

# Not the officials' names, since the accused have to be named; nor the name that a reporter gave openly.
FACTS = ("subject", "place")


def unmasked_by(agency: str, messages: Iterable[Message]) -> frozenset[int]:
    """Return the numbers of the messages that this agency unmasked."""
    acts = (m.facts for m in messages if m.kind is EventKind.UNMASK and not m.broken)
    return frozenset(int(facts["target"]) for facts in acts if facts.get("agency") == agency)


def masked(messages: Iterable[Message], shown: Collection[int], *, sensitive: bool) -> tuple[Message, ...]:
    """Return the messages as officers read them; those in ``shown`` stay as written, but for receipts. A ``sensitive``
    topic hides the exact place too: the district stands beside it."""
    safe = map(_without_receipts, messages)
    return tuple(m if m.n in shown or m.by is not Actor.REPORTER else _mask(m, sensitive=sensitive) for m in safe)


def mask_text(text: str) -> str:
    """Return a text with all that may identify its writer masked."""
    return words.mask_all(text)


def without_receipts(text: str) -> str:
    """Return a text with receipts masked and nothing else."""
    return words.without_receipts(text)


def _mask(message: Message, *, sensitive: bool) -> Message:
    facts = dict(message.facts)
    for name in FACTS:
        if facts.get(name):
            facts[name] = mask_text(facts[name])
    if sensitive and facts.get("place"):
        facts["place"] = ""
    body = mask_text(message.body)
    changed = body != message.body or any(facts[name] != message.facts[name] for name in FACTS if name in facts)
    return replace(message, body=body, facts=facts, masked=changed)


def _without_receipts(message: Message) -> Message:
    told = message.kind is EventKind.REPORT
    facts = {name: without_receipts(text) for name, text in message.facts.items()} if told else message.facts
    return replace(message, body=without_receipts(message.body), facts=facts)
