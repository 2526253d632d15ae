"""A year of an office in the cloud: what it uses, and what that costs. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from infra.deploy.backup import PART_PARTITIONS
from infra.deploy.pool import RENEWED_AFTER
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
    METRICS,
    NOTICES,
    PHOTO_BYTES,
    PHOTO_SECONDS,
    PRICES,
    RECIPIENTS,
    SECONDS,
    TOUCHED_NIGHTS,
    VISIT_BYTES,
    VISIT_REQUESTS,
    VISITS,
    WARM_GB_SECOND,
)

GB = 1e9
COURIER_RUNS = HOURS_YEAR * 60
IDLE_READS = 3.0  # a run that finds nothing: two looks at the queue, one at the registers' versions
ANCHOR_BYTES = 163  # of each case in its instance's register of anchors
READ_BYTES = 4096
CENTS_BELOW = 10
DAYS = 365
BACKUP_DAYS, OLDER_NIGHTS, WHOLE_NIGHTS = 35, 2, 33
LISTED = 3  # listings that show a head: not in a backup, which reads the table alone


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


THOUSAND = Office("a thousand reports", 1_000, 1)


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
        "metric": METRICS,
        "dashboard": 1,
        "runner": 1,
        "zone": 1,
        **backups(office),
        "log_gb": LOG_BYTES / GB,
    }


def clock_reads(cases: float, instances: int) -> float:
    """Read units of a year of the hourly look over all clocks: four small queries for each instance and the list of
    its last anchor; once a day all heads, twice, for the anchor and for the figures."""
    hourly = HOURS_YEAR * (4 * instances + cases * ANCHOR_BYTES / READ_BYTES)
    daily = DAYS * 2 * cases * HEAD_BYTES / READ_BYTES / 2
    return hourly + daily


def warm_intake() -> float:
    """Dollars for one intake that stands ready for a year, whether anybody comes or not."""
    return MEMORY_GB["intake"] * HOURS_YEAR * 3600 * WARM_GB_SECOND.dollars


def backups(office: Office) -> dict[str, float]:
    """What a year of nightly backups uses: a scan of the whole table, what changed, what is written anew each week.

    An object that is no longer wanted lies there for 35 days, a version that was written over for two.
    """
    kept = office.reports * KEPT_YEARS
    files, parts = kept * LIFE["photo"], math.ceil(kept / PART_PARTITIONS)
    touched = office.reports / DAYS * TOUCHED_NIGHTS / kept if kept else 0
    changed = 1 - (1 - touched) ** PART_PARTITIONS  # share of the parts in which a case changed since last night
    nights = DAYS / (RENEWED_AFTER.days + 1)
    twice = 1 + OLDER_NIGHTS / (RENEWED_AFTER.days + 1)
    table = kept * (CASE_BYTES - LISTED * HEAD_BYTES)
    stored = files * PHOTO_BYTES * twice + table * (twice + changed * BACKUP_DAYS)
    return {
        "backup_put": (files + parts) * nights + parts * changed * DAYS + office.reports * LIFE["photo"] + 2 * DAYS,
        "backup_gb": stored / GB,
        "backup_read": DAYS * table / READ_BYTES,
    }


def whole_nights(office: Office) -> dict[str, float]:
    """What a year of backups would use that share nothing, as those of releases up to 0.1.0."""
    files, used = office.reports * KEPT_YEARS * LIFE["photo"], backups(office)
    copies = used["backup_read"] / DAYS * READ_BYTES + files * PHOTO_BYTES
    return used | {"backup_put": files * DAYS, "backup_gb": copies * WHOLE_NIGHTS / GB}


def at_rest() -> list[tuple[str, float, float]]:
    """What stands though nobody reports: what it is, how many of it, and dollars a year; the dearest first."""
    used = {name: units for name, units in standing(OFFICES[0]).items() if units}
    rows = [(PRICES[name], units) for name, units in used.items()]
    priced = [(f"{p.service}: {p.unit}", units, units * p.dollars / p.per) for p, units in rows]
    return sorted(priced, key=lambda row: -row[2])


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
    rest = bills[0][1]
    month = _money(sum(rest.values()) / 12)
    services = sorted(rest | thousand, key=lambda name: -bills[-1][1].get(name, 0))
    each, kept = sum(thousand.values()), sum(bill(usage(THOUSAND)).values()) - sum(rest.values())
    lines = [
        HEAD.format(as_of=AS_OF, month=month, each=f"{each:.2f}", kept=f"{kept - each:.2f}"),
        "## What does a year cost?",
        "",
    ]
    lines += ["| office | reports | instances | US$ a year | US$ a report |"]
    lines += ["| --- | ---: | ---: | ---: | ---: |"]
    for office, each in bills:
        total = sum(each.values())
        share = f"{total / office.reports:.3f}" if office.reports else "–"
        lines.append(f"| {office.name} | {office.reports:,} | {office.instances} | {_money(total)} | {share} |")
    lines += ["", "## Where does it go?", "", "| service | " + " | ".join(office.name for office in OFFICES) + " |"]
    lines += ["| --- |" + " ---: |" * len(OFFICES)]
    lines += [f"| {name} | " + " | ".join(_money(each.get(name, 0)) for _, each in bills) + " |" for name in services]
    lines += [REST.format(total=_money(sum(rest.values())), month=month)]
    lines += ["| what | how many | US$ a year |", "| --- | ---: | ---: |"]
    lines += [f"| {what} | {_units(units)} | {_money(dollars)} |" for what, units, dollars in at_rest()]
    lines += [f"| {what} | – | 0.00 |" for what in dict.fromkeys(FREE.values())]
    shared, whole = (bill(used)["Backups"] for used in (backups(OFFICES[-1]), whole_nights(OFFICES[-1])))
    lines += [WARM.format(unit=WARM_GB_SECOND.dollars, one=_money(warm_intake()), memory=f"{MEMORY_GB['intake']:g}")]
    lines += [BACKUPS.format(shared=_money(shared), whole=_money(whole))]
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


def _units(units: float) -> str:
    return f"{units:,.0f}" if units >= 1 else f"{units:.1g}"


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

On AWS about US$ {month} a month while nobody reports, and US$ {each} for each thousand reports, with US$ {kept} for
keeping them two years and backing them up. The office on one machine costs that machine.

- **Measured** on the product: what an act costs in DynamoDB (`tests/bench/test_capacity.py`).
- **Assumed,** all in `infra/economy/prices.py`: how often each act happens, how long a function takes, what AWS asks.
- **Not counted:** free tiers, taxes, a domain name, support plans, people, and what an aggregator asks for SMS.

**Unit prices: {as_of}. Check them before you rely on a sum.**

`python -m infra.economy` writes this page; the build fails where page and program differ.
"""
FREE = {  # by CloudFormation's word for it: what stands in our templates, and costs nothing at rest
    "AWS::CloudFormation": "stacks, roles, policies, permissions, and rules that start the courier and the clock",
    "AWS::Events": "stacks, roles, policies, permissions, and rules that start the courier and the clock",
    "AWS::IAM": "stacks, roles, policies, permissions, and rules that start the courier and the clock",
    "AWS::Lambda": "functions, their addresses and kept versions (75 GB are free)",
    "AWS::CloudFront": "the distribution, its policies and its certificate",
    "AWS::CertificateManager": "the distribution, its policies and its certificate",
    "AWS::Logs": "log groups, but for what is written",
    "AWS::SNS": "topics, and their mails below a thousand a month",
    "AWS::SES": "the sender's identity and its configuration set",
    "AWS::Budgets": "the budget (an account's first two are free), and secrets in the parameter store (standard)",
    "AWS::S3": "buckets and the table, but for what lies in them",
    "AWS::DynamoDB": "buckets and the table, but for what lies in them",
}
REST = """
At rest it costs about US$ {total} a year, US$ {month} a month. Nearly all of that goes to what stands whether anybody
reports or not: a small machine for the nightly job, the firewall before CloudFront, five KMS keys, alarms, dashboard
and metrics. A runner that comes by OIDC (`.github/workflows/`) takes the machine's place, and costs AWS nothing.

## What stands at rest?
"""
WARM = """
By choice: one intake that stands ready (`warm_intake = 1`, {memory} GB at US$ {unit:.7f} a second) costs US$ {one}
more a year. It spares the first visitor of the day the start, and nobody else anything."""
BACKUPS = """
KMS rotates no key by itself: it would ask a dollar a month more for each key from the first turn on, two from the
second, and encrypt nothing anew.

Backups share what did not change: US$ {shared} a year for the nation. Were each night whole it were US$ {whole}, for 33
copies of its files. A second region costs what data between regions costs besides, once for each new file and about
once a week for all; a lock costs nothing.
"""
TAIL = """

Write units are those of the table and of its indexes. A submission writes 2 KB of sealed words, which hide their
length ([sizes.md](sizes.md)), and a head of 1.9 KB that two listings show. Each stays below two kilobytes, which are
billed as two units, through an ordinary case's life. Once an hour the courier reads besides for up to fifty agencies
whether a deleted case's number is left there (25 read units). These sizes, not the number of items, make the cost.
"""
