"""Parts of a page that a command writes: each stands between two marks, and the rest of the page stays as it is."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
EVIDENCE: Final = ROOT / "docs" / "evidence.md"


def put(name: str, lines: Iterable[str], page: Path = EVIDENCE) -> None:
    """Put lines between the marks of a part. Raises ValueError for a page without them."""
    begin, end = (f"<!-- {mark}: {name} -->\n" for mark in ("written", "end"))
    before, found, rest = page.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page} has no part {name}")
    written = "".join(f"{line}\n" for line in lines)
    page.write_text(f"{before}{begin}{written}{end}{after}")


def say(*lines: str) -> None:
    """Print them at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()
