"""One turn of the fuzzer: a target takes inputs that its seed decides, and what becomes of them is kept."""

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzz.corpus import Corpus, keep
from tests.fuzz.mutate import inputs
from tests.fuzz.targets import Targets

MIB = 1024


def resident() -> int:
    """Return the KiB that this process holds (``VmRSS``)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def turn(targets: Targets, name: str, number: int, examples: int, corpus: Corpus) -> int:
    """Run a target on ``examples`` inputs, the same for the same number and corpus; returns how many it took. Raises
    what the target raises, with the smallest input in the message."""
    run, count = targets.runs[name], Counter[str]()
    starts = [*targets.seeds[name], *corpus.get(name, {}).values()]

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=[*HealthCheck],
    )
    @given(inputs(starts))
    def go(found: bytes) -> None:
        count["runs"] += 1
        keep(corpus, name, run(found), found)

    go()
    return count["runs"]


def replay(targets: Targets, corpus: Corpus) -> int:
    """Run every kept input once; returns how many."""
    done = 0
    for name, kept in corpus.items():
        for found in kept.values():
            targets.runs[name](found)
            done += 1
    return done
