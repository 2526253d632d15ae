"""docs/scale.md, out of ``scale``."""

from infra.economy.measured import ACTS, HEAD_BYTES, LETTERS, LETTERS_APART
from infra.economy.prices import AS_OF
from infra.economy.scale import (
    AVERAGE,
    BIGGEST,
    BURST,
    CASES,
    HOUR,
    INSTANCES,
    LAMBDA_SECONDS,
    PARTITION_WRITE,
    REPORTS_DAY,
    SES_DAY,
    clock_seconds,
    limits,
    short,
)
from infra.economy.tried import AFTER_TRIAL, SIZES, TRIAL, TRIED

HEAD = """# Does it bear the nation's load?

The ordinary load yes, with a higher `FLOOD_PER_HOUR`. A burst of a hundred times that needs a higher quota of SES, or
some letters come days later. Limits are calculated: no such load was ever put on an account. What the program itself
takes was [tried](#what-did-a-nations-cases-take).

| assumed | how much |
| --- | --- |
| reports a day | {reports:,}, of which {busy:,.0f} in the busiest hour |
| a **burst** | a hundred times that hour: {burst:.0f} reports a second |
| cases | two million |
| officers | 50,000 in 700 instances |

What an act costs is measured on the product. Limits are AWS's defaults ({as_of}).
Times are assumptions in `infra/economy/scale.py`. `python -m infra.economy` writes this page; the build fails where
page and program differ.

## What breaks first?

"Breaks at" is the load at which a limit is met; what lies below 100 × does not bear the burst.
"""
CLOCK = """
## How long does the clock take?

Every hour it gives itself an order for each instance, twenty a second; an order reads nothing of other instances. The
first of a day also anchors and counts, which reads every head of the instance twice. A small register says what was
finished today, so an order that was cut off goes on, and no further hour looks for it. On one machine the same tasks
run one instance after the other. At two million cases:
"""
TAIL = """

Before, one run did all of it, which its 900 seconds did not hold.

{tried}

## How many letters is that?

{letters:,.0f} on a working day, counted on the simulated year with the courier (`python -m tests.bench.letters`:
{each} in a government with five or six reports a day; without digests {apart}). SES gives {ses:,} in a day.
`LETTERS_PER_DAY` says what the provider takes: ordinary news to officers leaves four fifths of it and waits for the
next morning then, uncounted as a try. Links, decisions, escalations, all about an identity and answers to reporters
leave as long as anything does.

## Who keeps couriers apart?

Leases: an entry that one has claimed is claimed by nobody else, and only who holds the lease settles it. So several
drain one queue and none sends twice. In the cloud each minute begins one, while a run may take three; on one machine
`python -m functions.courier.main --worker NAME` is a further one. There are no shards: a queue takes a thousand
notices a second, mail fourteen. Entries of an hour leave in the order of their ids, which are random: an order of
arrival would tell when somebody reported. No letter carries what happened, only that something did, so no letter of a
case can contradict an earlier one. What waits for an agency's digests has a queue of its own.

## What is to be done before the nation is let in?

Raise `FLOOD_PER_HOUR`, the quotas of SES and of concurrent functions, and set `LETTERS_PER_DAY`. In a burst these give
first: {first}; {second}. Both lose nothing.

The partitions hold: a report writes its head of {head:,} bytes into two indexes, and one instance alone takes {biggest}
reports a second.

## What does no setting move?

- **The flood gate counts in each process by itself**, so the real limit is that of one process times as many as run. A
  count that all share would be a write for each report, which a flood then pays for too, and a place that knows how
  many came in this minute ([floods.md](floods.md#who-counts-a-flood)). Anchors are each instance's own.
- **One firewall rule counts by address.** A village, an office or Tor is one address; the limit must be far above
  them.

## What do 700 portals cost?

Measured on the product (two cores, November 2026, an invented nation of 700 governments with 7,700 agencies, keys of
three purposes, two languages, no edition of the barometer yet). Seconds are those of processors, since the machine was
shared.

| what | how much |
| --- | ---: |
| freezing all 700 from nothing | 290 s of processors, about 2.5 minutes on two |
| the same with one more government | 5.7 s; with twelve editions at the front 8.1 s |
| the same with every key changed, and so every portal rendered | 82 s |
| memory of the largest process, in each of these | 76 MB |
| first visit to a home, heads included: without, with a look of its own | 6,510, 6,667 bytes |
| first visit to a form: 18 districts and 31 units, 10 and 8 | 13,145, 12,769 bytes |
| first visit to the nation's front page | 6,269 bytes |
| `keys.json`, and the part that the form asks for | 5,650, 1,795 bytes |

Before, one form listed all agencies (520 KB), and `keys.json` held all keys (3.9 MB). An edition of the barometer adds
its pages to each portal; they are compressed quickly, and only those that changed. Of one government more its own
portal, its province's and the front's pages of places are made, and none of the barometer's; a test fails where more is
(`tests/site/test_nation.py`).

## What does the nation's barometer cost?

Measured on an invented nation of 700 governments with twelve offices each, twelve editions, two languages (seconds of
processors on a busy machine; portals measured on three and multiplied).

| what | how much |
| --- | ---: |
| the nation's own pages and its package, 2,819 files, from nothing | 46 s, 8 s for the months' tables |
| the same with nothing new, or with one government more | 2.4 s (before: 11 s), 0.5 s for the months' tables |
| memory of the largest process | 148 MB |
| its bytes with what is packed: pages and package, without the months' tables | 38 MB |
| editions as files for the freezing | 136 MB |
| the nation's first page; the longest page of a hundred peers: packed, without style sheets | 4.1 KB, 2.2 KB |
| pages of all portals, from nothing: 7 s and 5.9 MB each | 84 minutes, 4.1 GB |
| the same for a new month: 2.4 s each | 28 minutes, 14 on two cores |

A new month makes some 90 of a portal's 360 pages and takes over those of the months before as they are. What is left of
the 2.4 s is mostly tables and workbooks, which are made to be compared.
"""


def page() -> str:
    """docs/scale.md."""
    found = limits()
    lines = [HEAD.format(as_of=AS_OF, reports=REPORTS_DAY, busy=AVERAGE.second * HOUR, burst=AVERAGE.second * BURST)]
    lines += ["| limit | ordinary hour | burst | gives | breaks at |", "| --- | ---: | ---: | ---: | ---: |"]
    for limit in found:
        asks = (short(limit.ordinary), short(limit.burst) if limit.bursts else "–", short(limit.gives))
        lines.append(f"| {limit.what} | " + " | ".join(asks) + f" {limit.unit} | {limit.breaks_at} |")
    lines += ["", "## What happens then, and which setting moves it?", "", "| limit | then | setting |"]
    lines += ["| --- | --- | --- |"]
    lines += [f"| {limit.what} | {limit.then} | {limit.setting} |" for limit in found]
    seconds = clock_seconds()
    lines += [CLOCK, "| part | seconds |", "| --- | ---: |"]
    lines += [f"| {part} | {short(spent)} |" for part, spent in seconds.items()]
    biggest_order = sum(clock_seconds(CASES * BIGGEST, 1).values())
    lines += [f"| **all {INSTANCES} orders, about thirty at once** | **{short(sum(seconds.values()))}** |"]
    lines += [f"| **the longest order: a tenth of all cases** | **{short(biggest_order)}** of {LAMBDA_SECONDS} |"]
    first, second = [limit for limit in found if limit.bursts][:2]
    biggest = PARTITION_WRITE // ACTS["report"].listed
    said = {"first": first.what, "second": second.what, "biggest": biggest, "head": HEAD_BYTES, "ses": SES_DAY}
    letters = {"letters": INSTANCES * LETTERS, "each": LETTERS, "apart": LETTERS_APART}
    return "\n".join(lines) + TAIL.format(**said, **letters, tried=trial())


def trial() -> str:
    """What was measured, as a section."""
    lines = [TRIAL, f"| CPU seconds, at so many cases | {' | '.join(SIZES)} | exponent | MB |"]
    lines += ["| --- |" + " ---: |" * (len(SIZES) + 2)]
    lines += [f"| {what} | {' | '.join(took)} | {power} | {memory} |" for what, took, power, memory in TRIED]
    return "\n".join(lines) + AFTER_TRIAL
