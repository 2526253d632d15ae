"""The national load against every limit in its way: what breaks first, and the setting that moves it. Pure.

The load: 3,500 reports a day, an eighth of them in the busiest hour; a burst of a hundred times that; two million
cases; 50,000 officers in 700 instances. Limits are AWS's defaults for an account that has been raised out of its
beginner's quotas, put in by hand like the prices.
"""

from dataclasses import dataclass

from infra.economy.costs import ANCHOR_BYTES
from infra.economy.measured import ACTS, LETTERS
from infra.economy.prices import LIFE, MEMORY_GB, NOTICES, PHOTO_SECONDS, RECIPIENTS, SECONDS

REPORTS_DAY, BUSIEST_HOUR, BURST = 3_500, 1 / 8, 100
CASES, OFFICERS, INSTANCES = 2_000_000, 50_000, 700
BIGGEST = 0.1  # of all cases, in one instance
HOUR, DAY = 3_600, 86_400
OPEN_DAYS, NEAR_SHARE = 20, 0.15  # how long a case is open; how many of the open ones are near their deadline or late
ACTIVE = 0.2  # of the officers, in the busiest hour, each living through this many requests
OFFICER_REQUESTS = 20

PARTITION_WRITE, PARTITION_READ = 1_000, 3_000  # units a second
NEW_TABLE_WRITE = 4_000
CONCURRENCY, SES_DAY, SES_SECOND = 1_000, 50_000, 14
FLOOD_DEFAULT, FLOOD_MOST = 300, 100_000
LAMBDA_SECONDS = 900
KMS_SECOND = 5_500
CALL_SECONDS, HEAD_SECONDS, ANCHOR_SECONDS = 0.012, 0.000_06, 0.000_02  # a call; a head, a line of anchors in 0.3 vCPU
LETTER_SECONDS = 0.12  # SES and the calls of one letter, one after another
PAGE_HEADS, QUERY_BYTES = 100, 1_000_000
ANCHOR_MEMORY = 1_300  # of each case while its instance is anchored: measured at 200,000 (infra/economy/tried.py)


@dataclass(frozen=True, slots=True)
class Load:
    """Reports a second, and in the day that they are part of."""

    second: float
    day: float


AVERAGE = Load(REPORTS_DAY * BUSIEST_HOUR / HOUR, REPORTS_DAY)


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: what the busiest ordinary hour and the burst ask of it, and what it gives. ``bursts``: whether a burst
    of reports matters to it; else it is the number of cases that does."""

    what: str
    unit: str
    ordinary: float
    burst: float
    gives: float
    then: str
    setting: str
    bursts: bool = True

    @property
    def room(self) -> float:
        """How many times the burst (or the two million cases) it takes before this limit is met."""
        if not self.bursts:
            return self.gives / self.ordinary
        each = (self.burst - self.ordinary) / (BURST - 1)
        return max(0, 1 + (self.gives - self.ordinary) / each) / BURST

    @property
    def breaks_at(self) -> str:
        """The load at which it is met."""
        if self.bursts:
            return f"{short(BURST * self.room)} × the ordinary"
        return f"{self.room * CASES / 1e6:,.1f} million cases"


def limits() -> tuple[Limit, ...]:
    """All of them, the first to break first."""
    found = (*_gate(), *_mail(), *_partitions(), *_functions(), *_clock(), *_keys())
    return tuple(sorted(found, key=lambda limit: limit.room))


def _bursting(what: str, unit: str, each: float, gives: float, then: str, setting: str, base: float = 0) -> Limit:
    """A limit that ``each`` report a second asks something of, beside a ``base`` that does not burst."""
    ordinary = base + each * AVERAGE.second
    return Limit(what, unit, ordinary, base + each * AVERAGE.second * BURST, gives, then, setting)


def _gate() -> tuple[Limit, ...]:
    then = "nobody is refused: the rest waits in quarantine for a human look, with one counted letter"
    what = "flood gate of one process, as installed"
    setting = f"`FLOOD_PER_HOUR`, up to {FLOOD_MOST:,}; for the nation 100,000 at once"
    raised = _bursting(
        "flood gate, raised", "reports an hour", HOUR, FLOOD_MOST, then, "more processes: each counts alone"
    )
    return _bursting(what, "reports an hour", HOUR, FLOOD_DEFAULT, then, setting), raised


def _mail() -> tuple[Limit, ...]:
    ordinary = INSTANCES * LETTERS
    burst = ordinary + OFFICERS  # new reports are told of by digests: at most one more to each officer
    day = Limit(
        "letters, SES's quota of a day",
        "letters a day",
        ordinary,
        burst,
        SES_DAY,
        "with `LETTERS_PER_DAY` ordinary news waits for the morning, and what is urgent leaves; without, all is tried "
        "for 31 hours and then waits for `outbox revive`",
        "`LETTERS_PER_DAY`; ask SES for a higher daily quota before the nation is let in",
    )
    then = "digests come later in the morning; none is lost"
    what, unit = "digests, all at the same hour", "letters in an hour"
    more = (
        "further couriers: in the cloud each minute begins one, on one machine `--worker NAME` (leases keep them apart)"
    )
    spread = "other hours for the digests of some (`DIGEST`); ask SES for a higher rate"
    return (
        day,
        Limit(f"{what}, one courier", unit, ordinary, OFFICERS, HOUR / LETTER_SECONDS, then, more),
        Limit(f"{what}, SES's rate", unit, ordinary, OFFICERS, HOUR * SES_SECOND, then, spread),
    )


def _partitions() -> tuple[Limit, ...]:
    report, notice = ACTS["report"], ACTS["notice"]
    then = "writes are throttled and tried again; if a report is not taken, its writer reads so and gets the words back"
    life = sum(ACTS[name].write * times for name, times in LIFE.items()) + notice.write * NOTICES
    turns = report.turns + notice.turns
    all_turns = turns * NOTICES * AVERAGE.second
    return (
        _bursting(
            "`by_turn`: the outbox's queue is one partition",
            "write units a second",
            turns,
            PARTITION_WRITE,
            then,
            "shards, `waiting#<n>` with n by the entry's id, of which a claim asks each; not built: mail is slower",
            all_turns,
        ),
        _bursting(
            "`by_instance`: one instance gets the whole burst",
            "write units a second",
            report.listed,
            PARTITION_WRITE,
            then,
            "DynamoDB splits no index partition of one key by itself: shards by the mark of the case in `at_instance`",
        ),
        _bursting(
            "`by_holder`: a national desk sorts everything first",
            "write units a second",
            report.listed,
            PARTITION_WRITE,
            then,
            "let each instance sort (no `centre` that sorts), which is how it is installed",
        ),
        Limit(
            "`by_holder`: officers of one agency open their inbox at once",
            "read units a second",
            OFFICERS * ACTIVE * 4 / HOUR / INSTANCES * ACTS["desk"].read,
            OFFICERS / INSTANCES * ACTS["desk"].read / 10,  # a whole instance within ten seconds
            PARTITION_READ,
            "the inbox says that it is busy",
            "none is needed",
        ),
        _bursting(
            "the table as it is new",
            "write units a second",
            report.write,
            NEW_TABLE_WRITE,
            then,
            "warm throughput of the table (`WarmThroughput`); on demand doubles by itself within half an hour",
            (life - report.write) * AVERAGE.second,
        ),
        _bursting(
            "the digest of a quarantine: one item counts a flood",
            "write units a second",
            1,
            PARTITION_WRITE,
            "the count is short by some; the cases are there",
            "none is needed",
        ),
    )


def _functions() -> tuple[Limit, ...]:
    reporters = sum(SECONDS[ACTS[n].door] * LIFE[n] for n in LIFE if ACTS[n].door in ("intake", "thread"))
    reporters += PHOTO_SECONDS * LIFE["photo"]
    officers = OFFICERS * ACTIVE * OFFICER_REQUESTS / HOUR * SECONDS["desk"]
    return (
        _bursting(
            "functions running at once, the account's quota",
            "at once",
            reporters,
            CONCURRENCY,
            "CloudFront shows that it is busy; the form keeps what was typed",
            "ask for a higher quota; a new account may have 10 only: `aws lambda get-account-settings`",
            officers,
        ),
    )


def clock_seconds(cases: float = CASES, instances: int = INSTANCES) -> dict[str, float]:
    """Seconds of the clock's orders for so many instances, the first of a day, by what it does."""
    near = REPORTS_DAY * OPEN_DAYS * NEAR_SHARE * cases / CASES
    list_bytes = cases * ANCHOR_BYTES
    paging = cases / PAGE_HEADS * CALL_SECONDS + cases * HEAD_SECONDS
    return {
        "reminding and taking up": (instances + near / 50) * CALL_SECONDS + near * (HEAD_SECONDS + CALL_SECONDS),
        "what is to be deleted": 2 * instances * CALL_SECONDS,
        "reading the list of the last anchor": instances * CALL_SECONDS
        + list_bytes / QUERY_BYTES * CALL_SECONDS
        + cases * ANCHOR_SECONDS,
        "today's anchor": paging + list_bytes / 300_000 * CALL_SECONDS + cases * ANCHOR_SECONDS,
        "today's figures": paging,
    }


def _clock() -> tuple[Limit, ...]:
    seconds = sum(clock_seconds(CASES * BIGGEST, 1).values())
    return (
        Limit(
            "the clock's first order of a day, where one instance has a tenth of all cases",
            "seconds",
            seconds,
            seconds,
            LAMBDA_SECONDS,
            "it is cut off; what it did stands, and its next order, an hour later, goes on",
            "memory of the clock (its share of a processor grows with it)",
            bursts=False,
        ),
        Limit(
            "the list of an anchor, where one instance has a tenth of all cases",
            "bytes in memory",
            CASES * BIGGEST * ANCHOR_MEMORY,
            CASES * BIGGEST * ANCHOR_MEMORY,
            MEMORY_GB["clock"] * 1e9 * 0.6,
            "the run ends for lack of memory, and says so",
            "memory of the clock",
            bursts=False,
        ),
    )


def _keys() -> tuple[Limit, ...]:
    cold = OFFICERS * ACTIVE / HOUR  # worst: every officer meets a process that has not his instance's key yet
    return (
        _bursting(
            "opening keys in KMS",
            "requests a second",
            RECIPIENTS,
            KMS_SECOND,
            "the page of a case says that it is busy",
            "none is needed: a process opens an instance's key once",
            cold,
        ),
    )


def short(number: float) -> str:
    """A number in as many digits as it is worth."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"  # noqa: PLR2004 - two digits are enough
