"""Messages with the unit they belong to, and how often a guesser names it first, or among its first three."""

import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

from functions.casework.directory.check import directory_from_mapping
from functions.casework.routing.propose import propose
from functions.casework.routing.rules import read_rules, tokens_of
from functions.pii import words
from tests.casework.trees import a_head

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "infra" / "demo" / "kutai-timur.toml"
DIRECTORY = directory_from_mapping(tomllib.loads(DEMO.read_text()))
_MARK = re.compile(r"\[\[[a-z_]+\|([^\]]*)\]\]")


@dataclass(frozen=True)
class Message:
    """An invented message under a topic, and where it belongs: a unit, or ``outside:`` and a code."""

    text: str
    topic: str
    district: str
    unit: str


Guess = Callable[[Message], Sequence[str]]


def ours(name: str) -> list[Message]:
    """``dev`` or ``held_out`` of routing_messages.json."""
    return [Message(**row) for row in json.loads((HERE / "routing_messages.json").read_text())[name]]


def foreign(*names: str) -> list[Message]:
    """The messages of tests/pii that have a label, under no topic: their writers chose none."""
    labels = json.loads((HERE / "routing_foreign.json").read_text())
    found = []
    for name in names or labels:
        texts = json.loads((HERE.parent / "pii" / f"{name}.json").read_text())["messages"]
        for index, unit in labels[name].items():
            found.append(Message(_MARK.sub(r"\1", texts[int(index)]["marked"]), "lainnya", "64.08.04", unit))
    return found


def rules(message: Message) -> list[str]:
    head = a_head(instance="kutim", holder="kutim", topic=message.topic, district=message.district)
    found = propose(head, message.text, DIRECTORY)
    return [f"outside:{p.outside.code}" if p.outside else p.agency for p in found]


def masked_rules(message: Message) -> list[str]:
    """The rules on what the desk reads."""
    return rules(Message(words.mask_all(message.text), message.topic, message.district, message.unit))


def topics_unit(message: Message) -> list[str]:
    """Baseline 1: the chosen topic's own unit, as before there were rules."""
    return [DIRECTORY.topics[message.topic].unit]


def commonest(messages: Iterable[Message]) -> Guess:
    """Baseline 2: the three commonest units of these messages, whatever is written."""
    most = [unit for unit, _ in Counter(message.unit for message in messages).most_common(3)]
    return lambda _: most


def naive_bayes(messages: Iterable[Message]) -> Guess:
    """A classifier that learns from these messages: words without affixes and the topic, add-one smoothing."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    seen: Counter[str] = Counter()
    for message in messages:
        seen[message.unit] += 1
        counts[message.unit].update(_features(message))
    known = {feature for counter in counts.values() for feature in counter}

    def guess(message: Message) -> list[str]:
        def likelihood(unit: str) -> float:
            total = counts[unit].total() + len(known)
            return log(seen[unit]) + sum(log((counts[unit][f] + 1) / total) for f in _features(message) if f in known)

        return sorted(seen, key=likelihood, reverse=True)[:3]

    return guess


def _features(message: Message) -> list[str]:
    found = {forms[-1] for forms in tokens_of(message.text, read_rules())} | {f"topic={message.topic}"}
    return sorted(found)  # so that the sums below are the same on every run


def score(guess: Guess, messages: Sequence[Message]) -> tuple[int, int]:
    """How many are right at first, and how many among the first three."""
    guesses = [(message.unit, list(guess(message))) for message in messages]
    return sum(unit in found[:1] for unit, found in guesses), sum(unit in found[:3] for unit, found in guesses)


def halves(make: Callable[[Iterable[Message]], Guess], messages: Sequence[Message]) -> tuple[int, int]:
    """The score of a learner that each half has trained for the other."""
    first, second = messages[::2], messages[1::2]
    one, two = score(make(first), second), score(make(second), first)
    return one[0] + two[0], one[1] + two[1]
