"""What long runs say, in the pages of ``docs``.

A part of a page stands between two marks, and a command writes it. What is measured in hours tells its part into
``build/evidence`` first, so that a run which goes on where it stopped finds the source as it was; ``make evidence``
(``python -m tests.evidence``) puts all that was told into ``docs/evidence.md``.
"""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
EVIDENCE: Final = ROOT / "docs" / "evidence.md"
TOLD: Final = ROOT / "build" / "evidence"


def tell(name: str, lines: Iterable[str], folder: Path = TOLD) -> None:
    """Keep a part for the page, with the commit that it is about."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.joinpath(f"{name}.md").write_text("".join(f"{line}\n" for line in (*lines, "", f"Run at `{commit()}`.")))


def put(name: str, lines: Iterable[str], page: Path = EVIDENCE) -> None:
    """Put lines between the marks of a part. Raises ValueError for a page without them."""
    begin, end = (f"<!-- {mark}: {name} -->\n" for mark in ("written", "end"))
    before, found, rest = page.read_text().partition(begin)
    _, closed, after = rest.partition(end)
    if not (found and closed):
        raise ValueError(f"{page} has no part {name}")
    written = "".join(f"{line}\n" for line in lines)
    page.write_text(f"{before}{begin}{written}{end}{after}")


def commit() -> str:
    """Return the state of the code, "" outside of git."""
    done = subprocess.run(
        ["git", "rev-parse", "--short=12", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip()


def say(*lines: str) -> None:
    """Print them at once."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def main(folder: Path = TOLD, page: Path = EVIDENCE) -> None:
    """Put all that was told into the page."""
    for part in sorted(folder.glob("*.md")):
        put(part.stem, part.read_text().splitlines(), page)
        say(f"{part.stem}: {part}")


if __name__ == "__main__":
    main()
