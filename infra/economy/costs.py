"""A year of an office in the cloud: what it uses, and what that costs. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from infra.economy.measured import ACTS, CASE_BYTES, HEAD_BYTES
from infra.economy.prices import (
    ALARMS,
    AS_OF,
    COLD_SECONDS,
    COLD_SHARE,
    HOURS_YEAR,
    IDLE_RUN_SECONDS,
    KEPT_YEARS,
    KEYS,
    LIFE,
    LOG_BYTES,
    MEMORY_GB,
    NOTICES,
    PHOTO_BYTES,
    PHOTO_SECONDS,
    PRICES,
    RECIPIENTS,
    SECONDS,
    VISIT_BYTES,
    VISIT_REQUESTS,
    VISITS,
)

GB = 1e9
COURIER_RUNS = HOURS_YEAR * 60
IDLE_READS = 3.0  # a run that finds nothing: two looks at the queue, one at the registers' versions
ANCHOR_BYTES = 125  # of each case in its instance's register of anchors
READ_BYTES = 4096
CENTS_BELOW = 10
DAYS = 365


@dataclass(frozen=True, slots=True)
class Office:
    """Whose year it is."""

    name: str
    reports: int
    instances: int


OFFICES = (
    Office("nobody reports", 0, 1),
    Office("a kabupaten, quiet", 100, 1),
    Office("a kabupaten, busy", 2_000, 1),
    Office("a province", 23_000, 36),
    Office("the nation", 3_500 * DAYS, 700),
)


def usage(office: Office) -> dict[str, float]:
    """Units of everything that has a price, by its name in PRICES, in one year."""
    used = {name: office.reports * units for name, units in for_a_report().items()}
    for name, units in standing(office).items():
        used[name] = used.get(name, 0) + units
    return used


def for_a_report() -> dict[str, float]:
    """What one report uses in its life, storage for the years it is kept left out."""
    acts = [(ACTS[name], times) for name, times in LIFE.items()]
    requests = sum(times for act, times in acts if act.door != "clock")
    notice = ACTS["notice"]
    work = sum(MEMORY_GB[act.door] * SECONDS[act.door] * times for act, times in acts)
    work += MEMORY_GB["thread"] * PHOTO_SECONDS * LIFE["photo"] + MEMORY_GB["courier"] * SECONDS["courier"] * NOTICES
    work += COLD_SHARE * COLD_SECONDS * requests * MEMORY_GB["desk"]
    visits = VISITS * VISIT_REQUESTS + requests
    return {
        "write": sum(act.write * times for act, times in acts) + notice.write * NOTICES,
        "read": sum(act.read * times for act, times in acts) + notice.read * NOTICES,
        "request": requests,
        "gb_second": work,
        "put": LIFE["photo"],
        "get": LIFE["photo"] * 4,
        "kms_call": COLD_SHARE * LIFE["case"] + NOTICES * 2,
        "mail": NOTICES * RECIPIENTS,
        "edge_gb": (VISITS * VISIT_BYTES + requests * 15_000) / GB,
        "edge_request": visits,
        "firewall_request": visits,
    }


def standing(office: Office) -> dict[str, float]:
    """What a year uses beside its reports: what stands, what looks whether there is something to do, what is kept."""
    kept = office.reports * KEPT_YEARS
    return {
        "read": COURIER_RUNS * IDLE_READS + clock_reads(kept, office.instances),
        "request": COURIER_RUNS + HOURS_YEAR,
        "gb_second": MEMORY_GB["courier"] * COURIER_RUNS * IDLE_RUN_SECONDS
        + MEMORY_GB["clock"] * HOURS_YEAR * SECONDS["clock"] * office.instances,
        "table_gb": kept * CASE_BYTES / GB,
        "blob_gb": kept * LIFE["photo"] * PHOTO_BYTES / GB,
        "kms_key": KEYS,
        "firewall": 1,
        "alarm": ALARMS,
        "log_gb": LOG_BYTES / GB,
    }


def clock_reads(cases: float, instances: int) -> float:
    """Read units of a year of the hourly look over all clocks: four small queries for each instance and the list of
    its last anchor; once a day all heads, twice, for the anchor and for the figures."""
    hourly = HOURS_YEAR * (4 * instances + cases * ANCHOR_BYTES / READ_BYTES)
    daily = DAYS * 2 * cases * HEAD_BYTES / READ_BYTES / 2
    return hourly + daily


def bill(used: Mapping[str, float]) -> dict[str, float]:
    """Dollars by service."""
    found: dict[str, float] = {}
    for name, units in used.items():
        price = PRICES[name]
        found[price.service] = found.get(price.service, 0) + units * price.dollars / price.per
    return found


def page() -> str:
    """docs/costs.md."""
    thousand = bill({name: 1000 * units for name, units in for_a_report().items()})
    bills = [(office, bill(usage(office))) for office in OFFICES]
    at_rest = bills[0][1]
    month = _money(sum(at_rest.values()) / 12)
    services = sorted(at_rest | thousand, key=lambda name: -bills[-1][1].get(name, 0))
    each_thousand = f"{sum(thousand.values()):.2f}"
    lines = [HEAD.format(as_of=AS_OF, month=month, each=each_thousand), "## What does a year cost?", ""]
    lines += ["| office | reports | instances | US$ a year | US$ a report |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for office, each in bills:
        total = sum(each.values())
        share = f"{total / office.reports:.3f}" if office.reports else "–"
        lines.append(f"| {office.name} | {office.reports:,} | {office.instances} | {_money(total)} | {share} |")
    lines += ["", "## Where does it go?", "", "| service | " + " | ".join(office.name for office in OFFICES) + " |"]
    lines += ["| --- |" + " ---: |" * len(OFFICES)]
    lines += [f"| {name} | " + " | ".join(_money(each.get(name, 0)) for _, each in bills) + " |" for name in services]
    lines += [REST.format(total=_money(sum(at_rest.values())), month=month)]
    lines += ["## What do a thousand reports more cost?", "", "| service | US$ |", "| --- | ---: |"]
    lines += [f"| {name} | {thousand[name]:.2f} |" for name in services if name in thousand]
    lines += [f"| **all** | **{sum(thousand.values()):.2f}** |", ""]
    used = for_a_report()
    lines += ["One report in its life: " + ", ".join(f"{used[n]:,.0f} {words}" for n, words in SAID) + ".", ""]
    lines += ["## Which unit prices are assumed?", "", "| service | US$ | for |", "| --- | ---: | --- |"]
    lines += [f"| {p.service} | {p.dollars:,.7g} | {p.per:,.0f} {p.unit} |" for p in PRICES.values()]
    lines += ["", "## What was measured?", "", "| act | function | write units | read units | calls |"]
    lines += ["| --- | --- | ---: | ---: | ---: |"]
    lines += [f"| {name} | {act.door} | {act.write} | {act.read:g} | {act.calls} |" for name, act in ACTS.items()]
    return "\n".join(lines) + TAIL


def _money(dollars: float) -> str:
    return f"{dollars:,.0f}" if dollars >= CENTS_BELOW else f"{dollars:.2f}"


SAID = (
    ("write", "write units"),
    ("read", "read units"),
    ("request", "requests to functions"),
    ("gb_second", "GB-seconds"),
    ("mail", "letters"),
    ("edge_request", "requests at the edge"),
)
HEAD = """# What does it cost?

On AWS about US$ {month} a month while nobody reports, and US$ {each} for each thousand reports. The office on one
machine costs that machine.

- **Measured** on the product: what an act costs in DynamoDB (`tests/bench/test_capacity.py`).
- **Assumed,** all in `infra/economy/prices.py`: how often each act happens, how long a function takes, what AWS asks.
- **Not counted:** free tiers, taxes, a domain name, support plans, people, and what an aggregator asks for SMS.

**Unit prices: {as_of}. Check them before you rely on a sum.**

`python -m infra.economy` writes this page; the build fails where page and program differ.
"""
REST = """
At rest it costs about US$ {total} a year, US$ {month} a month. Nearly all of that goes to three things that stand
whether anybody reports or not: the firewall before CloudFront, the five KMS keys, and the alarms. The functions that
look every minute for a letter to send cost less than two dollars of it.
"""
TAIL = """

Write units are those of the table and of its indexes. A submission writes 2 KB of sealed words, which hide their
length ([sizes.md](sizes.md)), and a head of 1.9 KB that two listings show. Each stays below two kilobytes, which are
billed as two units, through an ordinary case's life. These sizes, not the number of items, make the cost.
"""
