"""What a nation's load took on the product: ``python -m tests.bench.nation_load``, on SQLite and two cores, much else
beside it. CPU seconds; megabytes of the process at the largest size that was tried.
"""

NO = "–"  # not tried
SIZES = ("20,000", "200,000", "2,000,000")
TRIED: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("**before**: one order, first of a day, the biggest government", ("0.58", "5.3", "50.3"), "0.97", "989"),
    ("one order, first of a day, the biggest government", ("0.68", "3.9", "41.6"), "0.89", "364"),
    ("one order, an ordinary government, mean of ten, without its start", ("0.022", "0.077", "0.61"), "0.71", "99"),
    ("the same, the very first one: a year is counted", ("0.050", "0.27", "1.39"), "0.72", "69"),
    ("the same at a month's end, all that is due", (NO, NO, "1.39"), NO, "100"),
    ("all 700 orders of a day: *calculated*, the biggest and 661 ordinary ones", (NO, NO, "445"), NO, NO),
    ("**before**: one run for all, first of a day", ("12.2", NO, NO), NO, "111"),
    ("a further hour, all 700 orders' tasks", ("2.4", NO, NO), NO, "103"),
    ("figures of a month's end, all 700", ("7.0", NO, NO), NO, "105"),
    ("edition of the month, all 700", ("46.9", NO, NO), NO, "168"),
    ("edition of one ordinary government, eleven months after its first", (NO, NO, "0.05"), NO, "106"),
    ("rotation, an ordinary government", ("0.30", "0.36", "1.41"), "0.34", "105"),
    ("rotation, the biggest government", ("0.72", "5.1", "56.9"), "0.95", "104"),
    ("rotation, all 700", ("31.4", NO, NO), NO, "113"),
    ("400 letters claimed and settled by one courier", ("0.08", NO, NO), NO, "93"),
    ("200 by four couriers at once, none twice", ("0.03", NO, NO), NO, "93"),
    ("10,000 letters claimed and settled by one courier, and 5,000 put", (NO, NO, "1.57"), NO, "110"),
    ("5,000 by four couriers at once, none twice", (NO, NO, "0.51"), NO, "94"),
    ("10,000 notices put", (NO, NO, "1.00"), NO, "129"),
    ("digests of a morning: 3,310 notices, 16,230 letters to 50,000 officers", (NO, NO, "28.7"), NO, "125"),
    ("writing the cases", ("3.7", "20.2", "183"), "0.85", "113"),
)
TRIAL = """## What did a nation's cases take?

An invented nation of 700 governments, one of which has a tenth of all cases, in one SQLite file (`make bench-nation`):
heads with what listings, clock, seals and outbox need, and no events; closed cases share their words and wraps, which
nothing of this opens. Two million take 4.4 GB, and the list of the last anchor 163 bytes for each case (33 MB where one
government has 200,000). An order needs 0.25 s before it reads its first case. The machine was shared with much else,
so wall-clock times would say little.
"""
AFTER_TRIAL = """

**What broke first, at two million: memory.** The anchor held every head of its government, 4.4 KB each: 989 MB for
200,000 cases, in a function that has 512. The calculation above had counted the list's text alone. Now a page of heads
is held and of each case what an anchor knows, 1.3 KB: 364 MB, and less work. So a government may have some 230,000
cases before the function wants more memory. A test counts the heads (`tests/clock/test_clock_memory.py`).

Next comes the disk. A rotation writes each open case durably, alone: 11,900 cases of the biggest government took 57 s
of CPU and eight minutes, waiting for a disk that six others wrote to; letters are settled in the same way, 0.8 ms of
CPU each. Neither grows faster than its cases.

Letters cost 0.16 ms each to claim and settle, at two million cases as at few (the file lay in memory for this). Of a
morning's digests 8.6 s went into putting notices by and 19.2 s into writing: each notice looks through all officers.

Whole days grow with cases (exponents near 1), what a government has to do on top of its cases with nothing: an edition
audits tables, whose number follows from offices and places. In its twelfth month a government's audit takes 14 ms (5 ms
in its first) and its pages' numbers 35 ms, at two million cases as at few. Rotations broke first in an earlier trial:
each pass read the register of every agency of the nation, and every private key. Among 60 governments with 2,000 cases
all keys took 10.5 s of CPU; since only a government's own are read 1.1 s.

**Calculated, not tried**, at two million: all 700 orders of a day in one go (41.6 + 661 × 0.61), figures, edition and
rotation of all 700. An edition reads each government's sums, not its cases, so that of 20,000 stands for it; all
rotations are 120,000 open cases at 1.5 ms and a look at every head in two passes.

**The served DynamoDB engine** on this machine took 20,000 heads in a minute and 200,000 in nine. The order of an
ordinary government took 2.2 and 2.9 s, of which 0.3 s are the program's own CPU. That of the biggest took 25 s at
20,000; at 200,000 a page took longer than the five seconds that a call may take, and the order failed as it should.
There the trial stopped: the engine looks through the whole table for each page, which AWS does not.

`make bench-nation SIZES=2000000` tries all of it, and takes hours. That an order asks for its own government alone, and
for pages that grow with its own cases, is tried every day (`tests/clock/test_fan_out.py`)."""
