"""Whether a report reaches the desk that it accuses before a person decided: ``python -m tests.casework.notified_others FILE``.

A line is as ``routing_others`` reads it. Each message that accuses a unit comes in by the form without scripts, its check
page sent as it stands, and by SMS, in a world of its own. Counted are those for which an officer of that unit got a
letter within three working days, or finds the case at their desk then.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.ways_in import Way, by_form, by_sms
from tests.world import World


def reached(world: World, way: Way, text: str, topic: str, unit: str) -> tuple[bool, bool]:
    """Whether the unit got a letter, and whether it finds the case."""
    _, case_id = way(world, {"body": text, "topic": topic})
    for _ in range(4):
        world.later(days=1)
        world.run_courier()
    theirs = {officer.email for officer in world.officers if officer.agency == unit}
    mailed = any(letter.to in theirs for letter in world.mailbox.letters)
    return mailed, world.desk_of(unit).get(f"/desk/cases/{case_id}").status_code == 200


def main(path: Path) -> None:
    """Print the counts by way in."""
    accusing = [row for row in map(json.loads, path.read_text().splitlines()) if row["accused_unit"]]
    for way in (by_form, by_sms):
        seen: Counter[str] = Counter()
        for row in accusing:
            with TemporaryDirectory() as folder:
                mailed, found = reached(World(Path(folder)), way, row["text"], row["topic"], row["accused_unit"])
            seen.update(mailed=mailed, found=found)
            if mailed or found:
                sys.stdout.write(f"{way.__name__} {row['accused_unit']} {mailed=} {found=}: {row['text'][:120]}\n")
        sys.stdout.write(f"{way.__name__}: {len(accusing)} accuse, {seen['mailed']} mailed, {seen['found']} found\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
