"""Messages of other hands, each set sealed until it was scored once and learnt from ever since: ``OTHERS``, 207 of 18
hands, and ``FURTHER``, 260 of 52.

``unit`` and ``also`` are right. A matter outside the regency bears ``kutim-diskominfo``, so any body outside counts;
``pusat`` stands for those above an accused inspectorate. ``accused_unit`` is whose staff is complained about.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from functions.casework.routing.propose import WATCHERS, propose
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.said import what_is_said
from tests.casework.routing_scores import DIRECTORY
from tests.casework.trees import a_head

OTHERS, FURTHER = (
    [json.loads(line) for line in Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("routing_others", "routing_further")
)
OUTSIDE = "outside:"


class Score(NamedTuple):
    """How many are right first and among three; of the accused, how many were proposed first and how many recognised;
    how many messages that accuse nobody ask about somebody."""

    first: int
    among: int
    accused_first: int
    recognised: int
    vain: int


def score_others(rows: Iterable[Mapping[str, str]], *, topical: bool) -> Score:
    """Score these messages, under the topics that their writers chose or under none."""
    counts = [0] * 5
    for row in rows:
        topic = row["topic"] if topical and row["topic"] in DIRECTORY.topics else "lainnya"
        head = a_head(instance="kutim", holder="kutim", district="64.08.04", topic=topic)
        found = [
            OUTSIDE + each.outside.code if each.outside else each.agency
            for each in propose(head, row["text"], DIRECTORY)
        ]
        right = {row["unit"], *row["also"]}
        right |= {each for each in found if each.startswith(OUTSIDE)} if "kutim-diskominfo" in right else set()
        right |= {OUTSIDE + code for code in WATCHERS} if "pusat" in right else set()
        said = accused_of(what_is_said(row["text"], DIRECTORY, "kutim", topic).accused)
        whom = row["accused_unit"]
        told = (
            bool(right & set(found[:1])),
            bool(right & set(found)),
            bool(whom) and found[:1] == [whom],
            whom in said,
            not whom and bool(said),
        )
        counts = [count + one for count, one in zip(counts, told, strict=True)]
    return Score(*counts)
