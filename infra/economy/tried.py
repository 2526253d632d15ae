"""What a nation's load took on the product: ``python -m tests.bench.nation_load``, on SQLite and two cores, much else
beside it. CPU seconds; megabytes of the process at the largest size that was tried.
"""

NO = "–"  # not tried
SIZES = ("20,000", "200,000", "2,000,000")
TRIED: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("**before**: one run for all, first of a day", ("12.2", NO, NO), NO, "111"),
    ("**before**: a further hour, to learn that all is done", ("0.25", NO, NO), NO, "94"),
    ("one order, first of a day, the biggest government", ("0.58", "5.3", NO), "0.96", "179"),
    ("one order, first of a day, an ordinary government", ("0.25", "0.29", NO), "0.06", "107"),
    ("a further hour, all 700 orders' tasks", ("2.4", NO, NO), NO, "103"),
    ("figures of a month's end, all 700", ("7.0", NO, NO), NO, "105"),
    ("edition of the month, all 700", ("46.9", NO, NO), NO, "168"),
    ("rotation, an ordinary government", ("0.30", "0.36", NO), "0.08", "103"),
    ("rotation, the biggest government", ("0.72", "5.1", NO), "0.85", "103"),
    ("rotation, all 700", ("31.4", NO, NO), NO, "113"),
    ("400 letters claimed and settled by one courier", ("0.08", NO, NO), NO, "93"),
    ("200 by four couriers at once, none twice", ("0.03", NO, NO), NO, "93"),
    ("writing the cases", ("3.5", "20.2", NO), "0.76", "109"),
)
TRIAL = """## What did a nation's cases take?

An invented nation of 700 governments, one of which has a tenth of all cases, in one SQLite file (`make bench-nation`).
An order needs 0.25 s before it reads its first case. The machine was shared with much else, so wall-clock times would
say nothing.
"""
AFTER_TRIAL = """

What broke first was no limit that had been calculated, but a rotation: each pass read the register of every agency of
the nation for officers' secrets, and every private key. Among 60 governments with 2,000 cases all keys took 10.5 s of
CPU. Now it is noted which agencies hold what, and only a government's own keys are read: 1.1 s. Next is the edition,
which audits every government's tables against those of its year, once a month, in one run: in the cloud about five of
its fifteen minutes, calculated from the 47 s of CPU; with more cases it was not tried.

**Not tried:** two million cases in one file (four minutes of CPU to write; the machine had none to spare), rotating
all 700 among more than 20,000 cases, and the served DynamoDB engine beyond the everyday tests. `make bench-nation
SIZES=2000000` tries the first two. That an order asks for its own government alone, and for pages that grow with its
own cases, is tried every day (`tests/clock/test_fan_out.py`)."""
