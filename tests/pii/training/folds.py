"""Learn from half of the authors of ``words_others.jsonl``, score the other half, then the other way round.

``python -m tests.pii.training.folds`` prints both halves together, for several leans. Rules of ``words.json`` and frames
were written with most of the 71 authors in view, so only the weights are held out here.
"""

import argparse
import json
import sys
from pathlib import Path

from functions.pii import tagger
from tests.pii.score import Touch, masked
from tests.pii.training import train

LEANS = (-4, -3, -2, -1, 0, 1, 2)


def main() -> None:
    """Print recall and precision by lean, then by kind for the lean of the training."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--half", type=int, choices=(0, 1), action="append", help="learn from this half only")
    asked.add_argument("--missed", type=Path, help="a file for what is missed and wrong")
    given = asked.parse_args()
    totals = {lean: Touch() for lean in LEANS}
    for half in given.half or (0, 1):
        model = json.loads(json.dumps(train.trained(train.sources(half=half))))
        for lean, total in totals.items():
            made = tagger.unpack(model)._replace(lean=lean)
            tagger.load = lambda made=made: made  # type: ignore[assignment]
            for message in train.marked(1 - half):
                total.add(message, masked(message.text))
    for lean, total in totals.items():
        sys.stdout.write(f"lean {lean}: recall {total.recall():.3f}, precision {total.precision():.3f}\n")
    best = totals[train.LEAN]
    sys.stdout.write("\n".join(line for line in str(best).split("\n") if "author" not in line) + "\n")
    if given.missed:
        lines = [*(f"missed {text}" for text in best.missed), *(f"wrong {text}" for text in best.wrong)]
        given.missed.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
