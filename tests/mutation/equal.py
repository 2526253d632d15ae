"""Mutants that survive and may: they say the same in other words, or what they change is a choice that no test should pin.

``equal.jsonl`` has one on each line: the file, the text of the line and what stands there instead, both without the
spaces around them, and why.
"""

import json
from pathlib import Path
from typing import Final


def _read() -> dict[str, dict[tuple[str, str], str]]:
    found: dict[str, dict[tuple[str, str], str]] = {}
    for line in Path(__file__).with_suffix(".jsonl").read_text().splitlines():
        one = json.loads(line)
        found.setdefault(one["file"], {})[one["old"], one["new"]] = one["why"]
    return found


EQUAL: Final = _read()
