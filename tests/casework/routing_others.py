"""Messages of other hands. Three sets were sealed until they were scored once, and are learnt from ever since:
``OTHERS``, 207 in 18 voices, ``FURTHER``, 260 in 52, and ``SEALED``, 200 in 52. ``HANDS`` are 663 by two writers more,
each in a voice of its own; its first 543 were scored before anything was learnt from them. ``LATER`` are the rest of
theirs, a fourth sealed set of 200, and 989 by one more; both were scored before.

``python -m tests.casework.routing_others FILE`` scores another file of such lines: as written and masked, with and
without the writer's topic.

``unit`` and ``also`` are right. A matter outside the regency bears ``kutim-diskominfo``, so any body outside counts;
``pusat`` stands for those above an accused inspectorate. ``accused_unit`` is whose staff is complained about.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from functions.casework.routing.propose import WATCHERS, propose
from functions.casework.understanding.accused import accused_of
from functions.casework.understanding.said import what_is_said
from functions.pii import words
from tests.casework.routing_scores import DIRECTORY
from tests.casework.trees import a_head

OTHERS, FURTHER, SEALED, HANDS, LATER = (
    [json.loads(line) for line in Path(__file__).with_name(f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    for name in ("routing_others", "routing_further", "routing_sealed", "routing_hands", "routing_later")
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


def main(path: str) -> None:
    """Print how a file of messages scores."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    told = sys.stdout.write
    told(f"{len(rows)} messages, {sum(bool(row['accused_unit']) for row in rows)} accuse a unit\n")
    masked = [row | {"text": words.mask_all(row["text"])} for row in rows]
    for name, shown in (("as written", rows), ("masked", masked)):
        for topical in (False, True):
            topic = "with the topic" if topical else "without a topic"
            told(f"{name}, {topic}: {score_others(shown, topical=topical)}\n")


if __name__ == "__main__":
    main(sys.argv[1])
