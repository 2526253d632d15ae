"""``make fuzz MINUTES=``: every target in turn, for so long, going on where it stopped.

What was run stands in ``build/fuzz/state.json``, new outcomes in ``build/fuzz/corpus.json``; ``--keep`` puts the small
ones of these into the repository's corpus. An input that a target stumbles over ends nothing: it is printed, and kept
in ``build/fuzz/stumbled``. At the end the totals of all runs are told (``tests.evidence``).
"""

import json
import resource
import sys
import time
import traceback
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from functions.config import logs
from tests.evidence import commit, say, tell
from tests.fuzz.corpus import KEPT, MOST, SMALL, Corpus, load, save
from tests.fuzz.fuzzing import turn
from tests.fuzz.targets import StumbledError, Targets
from tests.world import World

WORK = Path("build/fuzz")
RUNS = WORK / "runs.jsonl"
State = dict[str, dict[str, Any]]  # by target
FRESH = {"turn": 0, "runs": 0, "seconds": 0.0, "stumbled": 0, "five_hundreds": 0}
EXAMPLES = 200  # a turn; then the World is made anew, so that its store stays small


def main(minutes: float) -> int:
    """Fuzz for so long. Returns how many inputs were stumbled over."""
    state = load_state()
    began = time.monotonic()
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
    known = RUNS.read_text().splitlines() if RUNS.exists() else []
    known.append(json.dumps([commit(), round(time.monotonic() - began), peak()]))
    RUNS.write_text("\n".join(known) + "\n")
    lines = [*summary(state, corpus, [json.loads(line) for line in known])]
    say(*lines)
    tell("fuzz", lines)
    return stumbled


def summary(state: State, corpus: Corpus, runs: list[tuple[str, int, int]]) -> Iterator[str]:
    """Yield the totals. ``runs``: the commit of each run, its seconds and the most MiB that it held."""
    yield "| target | inputs | seconds | outcomes kept | crashes | answers of 500 |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, row in state.items():
        yield (
            f"| {name} | {row['runs']:,} | {row['seconds']:,.0f} | {len(corpus.get(name, {}))} | "
            f"{row['stumbled'] - row['five_hundreds']} | {row['five_hundreds']} |"
        )
    sums = [sum(row[what] for row in state.values()) for what in ("runs", "seconds", "stumbled", "five_hundreds")]
    kept = sum(map(len, corpus.values()))
    yield f"| **all** | **{sums[0]:,}** | **{sums[1]:,.0f}** | {kept} | **{sums[2] - sums[3]}** | **{sums[3]}** |"
    yield ""
    yield (
        f"{sum(run[1] for run in runs) / 60:.0f} minutes in {len(runs)} runs, the last at `{runs[-1][0]}`; "
        f"at most {max(run[2] for run in runs)} MiB in memory, {runs[-1][2]} in the last."
    )


def peak() -> int:
    """Return the most MiB that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def one(targets: Targets, name: str, state: State, corpus: Corpus) -> int:
    """One turn of a target, noted in ``state``."""
    row = state.setdefault(name, {})
    row |= FRESH | row
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
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        row["stumbled"] += 1
        row["five_hundreds"] += isinstance(error, StumbledError)
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


def load_state() -> State:
    """Read how far it came; what was not counted then is nothing."""
    path = WORK / "state.json"
    found = json.loads(path.read_text()) if path.exists() else {}
    return {name: FRESH | row for name, row in found.items()}


def keep_small() -> None:
    """Put small inputs of new outcomes into the repository's corpus."""
    found, kept = load(WORK / "corpus.json"), load(KEPT)
    for name, inputs in found.items():
        there = kept.setdefault(name, {})
        for said, each in sorted(inputs.items(), key=lambda one: len(one[1])):
            if said not in there and len(each) <= SMALL and len(there) < MOST:
                there[said] = each
    save(KEPT, kept)


def quiet(event: str, error: BaseException, **_: object) -> None:
    """Say where a door stumbled."""
    say(f"{event}: {''.join(traceback.format_exception(error))[-1500:]}")


if __name__ == "__main__":
    logs.report = quiet  # type: ignore[assignment]
    if "--keep" in sys.argv:
        keep_small()
    else:
        sys.exit(1 if main(float(sys.argv[1] if len(sys.argv) > 1 else 10)) else 0)
