"""``make fuzz MINUTES=``: every target in turn, for so long, going on where it stopped.

What was run stands in ``build/fuzz/state.json``, new outcomes in ``build/fuzz/corpus.json``; ``--keep`` puts the small
ones of these into the repository's corpus. An input that a target stumbles over ends nothing: it is printed, and kept
in ``build/fuzz/stumbled``.
"""

import json
import sys
import time
import traceback
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.config import logs
from tests.fuzz.corpus import KEPT, MOST, SMALL, Corpus, load, save
from tests.fuzz.fuzzing import resident, turn
from tests.fuzz.targets import Targets
from tests.world import World

WORK = Path("build/fuzz")
EXAMPLES = 200  # a turn; then the World is made anew, so that its store stays small


def main(minutes: float) -> int:
    """Fuzz for so long. Returns how many inputs were stumbled over."""
    state: dict[str, dict[str, Any]] = load_state()
    corpus = load(WORK / "corpus.json") or load(KEPT)
    until, stumbled = time.monotonic() + 60 * minutes, 0
    names: list[str] = []
    while time.monotonic() < until:
        with TemporaryDirectory() as folder:
            world = World(Path(folder) / "office")
            targets = Targets(world, Path(folder))
            names = list(targets.runs)
            for name in names:
                if time.monotonic() > until:
                    break
                stumbled += one(targets, name, state, corpus)
        save(WORK / "corpus.json", corpus)
        (WORK / "state.json").write_text(json.dumps(state, indent=1))
    total = sum(row["runs"] for row in state.values())
    minutes_all = sum(row["seconds"] for row in state.values()) / 60
    for name, row in state.items():
        say(f"{name:10} {row['runs']:8,} runs {row['seconds']:7.0f} s  {row['stumbled']} stumbled")
    say(f"{total:,} runs in {minutes_all:.1f} minutes; {resident() // 1024} MiB")
    return stumbled


def one(targets: Targets, name: str, state: dict[str, dict[str, Any]], corpus: Corpus) -> int:
    """One turn of a target, noted in ``state``."""
    row = state.setdefault(name, {"turn": 0, "runs": 0, "seconds": 0.0, "stumbled": 0})
    row["turn"] += 1
    began, last = time.monotonic(), [b""]
    run = targets.runs[name]

    def noting(found: bytes) -> str:
        last[0] = found
        row["runs"] += 1
        return run(found)

    targets.runs[name] = noting
    try:
        turn(targets, name, row["turn"], EXAMPLES, corpus)
    except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
        row["stumbled"] += 1
        path = WORK / "stumbled" / f"{name}-{sha256(last[0]).hexdigest()[:12]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(last[0])
        where = traceback.format_exc(limit=-3).partition("Failing test case")[0]
        say(f"{name}, turn {row['turn']}: {path}\n{where[-1500:]}")
        return 1
    finally:
        targets.runs[name] = run
        row["seconds"] += time.monotonic() - began
    return 0


def load_state() -> dict[str, dict[str, Any]]:
    """Read how far it came."""
    path = WORK / "state.json"
    return dict(json.loads(path.read_text())) if path.exists() else {}


def keep_small() -> None:
    """Put small inputs of new outcomes into the repository's corpus."""
    found, kept = load(WORK / "corpus.json"), load(KEPT)
    for name, inputs in found.items():
        there = kept.setdefault(name, {})
        for said, each in sorted(inputs.items(), key=lambda one: len(one[1])):
            if said not in there and len(each) <= SMALL and len(there) < MOST:
                there[said] = each
    save(KEPT, kept)


def say(line: str) -> None:
    """Print at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def quiet(event: str, error: BaseException, **_: object) -> None:
    """Say where a door stumbled."""
    say(f"{event}: {''.join(traceback.format_exception(error))[-1500:]}")


if __name__ == "__main__":
    logs.report = quiet  # type: ignore[assignment]
    if "--keep" in sys.argv:
        keep_small()
    else:
        sys.exit(1 if main(float(sys.argv[1] if len(sys.argv) > 1 else 10)) else 0)
