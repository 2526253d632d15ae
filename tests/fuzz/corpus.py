"""The kept inputs: one for each outcome that a target ever gave, the smallest that was found."""

import json
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Final

KEPT: Final = Path(__file__).with_name("corpus.json")  # in the repository: small ones, and all that ever stumbled
SMALL: Final = 10_000  # bytes, as an envelope has; a larger one stays on the machine that found it
MOST: Final = 30  # of a target
Corpus = dict[str, dict[str, bytes]]  # target -> outcome -> input


def load(path: Path) -> Corpus:
    """Read a corpus, an empty one where there is none."""
    raw = json.loads(path.read_text()) if path.exists() else {}
    return {target: {said: b64decode(text) for said, text in found.items()} for target, found in raw.items()}


def save(path: Path, corpus: Corpus) -> None:
    """Write a corpus, sorted, a line for each input."""
    path.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        target: {said: b64encode(found).decode() for said, found in sorted(inputs.items())}
        for target, inputs in sorted(corpus.items())
    }
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n")


def keep(corpus: Corpus, target: str, outcome: str, found: bytes) -> None:
    """Keep an input for an outcome that is new, or that a larger input stood for."""
    there = corpus.setdefault(target, {})
    if outcome not in there or len(found) < len(there[outcome]):
        there[outcome] = found
