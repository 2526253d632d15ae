"""After the audit at least three values are possible for every hidden number, for an attacker with a solver who has
all that was published in a year; without the audit they are not."""

from dataclasses import replace
from itertools import product
from random import Random

import pytest

from functions.casework.barometer.audit import AuditFailedError, Ledger, corrected, folded, publishable, row_sizes
from functions.casework.barometer.disclosure import (
    ALL,
    BAND_NAMES,
    KINDS,
    OTHER,
    TOTAL,
    WHOLE,
    Edition,
    Menu,
    Suppressed,
    assemble,
    possible,
    public,
    table,
)
from functions.casework.barometer.printed_month import VALUES, Pin
from functions.casework.barometer.printed_net import Net
from tests.casework.barometer.attacker import reads, values
from tests.casework.barometer.offices import MONTHS, editions
from tests.depth import deep

YEARS, CHUNKS = deep(1000, 50), deep(40, 2)


def told(published):
    """What the attacker has of a year: each month's tables as they left the store, how many cases were taken back
    or opened again, which he is taken to know, and how many rows are missing that had something."""
    found, before = [], 0
    for edition in published:
        count = {menu: edition.count(menu, (ALL,), (ALL,)) for menu in WHOLE}
        stays = count[Menu.CLOSED] + count[Menu.OPEN] - count[Menu.RECEIVED]
        missing = {menu.value: len(edition.folded_now(menu)) for menu in Menu if table(edition, menu)}
        found.append((edition.month, public(edition), before - stays, missing))
        before = count[Menu.OPEN]
    return found


def audited(seed):
    ledger = Ledger()
    return [ledger.publish(edition) for edition in editions(seed)]


@pytest.mark.every_day(1)
@pytest.mark.usefixtures("first_counts")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_hidden_number_of_many_years_keeps_three_values(chunk):
    hidden = 0
    for seed in range(chunk, YEARS, CHUNKS):
        found = values(reads(told(audited(seed))), seed)
        assert {name for name, count in found.items() if count < VALUES} == set(), seed
        hidden += len(found)
    assert hidden > 1_000  # there was something to keep


@pytest.mark.long
def test_without_the_audit_numbers_are_pinned_and_the_audit_knows_each():
    pinned = 0
    for seed in range(deep(40, 8)):
        found = values(reads(told(editions(seed))), seed)
        theirs = {name for name, count in found.items() if count < VALUES}
        ledger = Ledger()
        for edition in editions(seed):
            ledger.add(edition)
        ours = {tuple(pin) for pin in ledger.pins()}
        assert {name if len(name) > 2 else (*name, TOTAL, TOTAL) for name in theirs} == with_twins(ours, found)
        pinned += len(theirs)
    assert pinned > deep(100, 20)


def with_twins(pins, hidden):
    """The attacker names the total of a kind in both tables that tell it, the audit once; and he reads the column of a
    quarter's table not at all."""
    found = {pin[:3] if pin[1] == Menu.SENSITIVE else pin for pin in pins}
    twins = {
        (month, Menu.RECEIVED_TOPIC, row, kind)
        for month, menu, row, kind in pins
        if menu == Menu.RECEIVED_DISTRICT and row == TOTAL and kind != TOTAL
    }
    return {tuple(map(str, pin)) for pin in found | {twin for twin in twins if tuple(map(str, twin)) in hidden}}


def test_the_audit_gives_up_little():
    """Of what a small regency would publish, most stays."""
    whole = cut = 0
    for seed in range(deep(100, 12)):
        for before, after in zip(editions(seed), audited(seed), strict=True):
            whole += sum(len(table(before, menu)) for menu in Menu)
            cut += sum(len(table(after, menu)) for menu in Menu)
    assert cut > 0.8 * whole


def small(**counts):
    """A month of one instance with little in it: district, topic and agency rows by name and count, all complaints."""
    rows = {Menu.RECEIVED_DISTRICT: ("d1", "d2", "d3"), Menu.RECEIVED_TOPIC: ("t1", "t2", "t3")}
    rows |= dict.fromkeys((Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY), ("a1", "a2", "a3"))
    districts, topics, agencies = (counts[name] for name in ("districts", "topics", "agencies"))
    kind, band, n = KINDS[0], BAND_NAMES[0], sum(districts)
    closed = counts.get("closed", (0, 0, 0))
    still = counts.get("still", agencies)
    return rows, {
        Menu.RECEIVED: {(ALL, ALL): n},
        Menu.RECEIVED_DISTRICT: {(row, kind): n for row, n in zip(("d1", "d2", "d3"), districts, strict=True) if n},
        Menu.RECEIVED_TOPIC: {(row, kind): n for row, n in zip(("t1", "t2", "t3"), topics, strict=True) if n},
        Menu.RECEIVED_AGENCY: {(row, ALL): n for row, n in zip(("a1", "a2", "a3"), agencies, strict=True) if n},
        Menu.CLOSED: {(ALL, ALL): sum(closed)},
        Menu.CLOSED_AGENCY: {(row, ALL): n for row, n in zip(("a1", "a2", "a3"), closed, strict=True) if n},
        Menu.OPEN: {(ALL, ALL): sum(still)},
        Menu.OPEN_AGENCY: {(row, band): n for row, n in zip(("a1", "a2", "a3"), still, strict=True) if n},
    }


def test_the_known_weakness_of_rounding_is_found_and_mended():
    """8 and 8 are printed as 10 and 10, the total 17 as 15: so the hidden one is 1."""
    rows, counts = small(districts=(8, 8, 1), topics=(9, 8, 0), agencies=(9, 8, 0))
    edition = assemble("uji", "2026-01", rows, counts)
    assert [table(edition, Menu.RECEIVED_DISTRICT)[row, TOTAL] for row in ("d1", "d2", "d3")] == [
        10,
        10,
        Suppressed.SMALL,
    ]
    assert table(edition, Menu.RECEIVED)[TOTAL, TOTAL] == 15
    ledger = Ledger()
    ledger.add(edition)
    assert {(pin.menu, pin.row) for pin in ledger.pins()} == {(Menu.RECEIVED_DISTRICT, "d3")}
    mended = publishable(edition)
    assert "d3" not in {row for row, _ in table(mended, Menu.RECEIVED_DISTRICT)}
    assert set(values(reads(told([mended])), 1).values()) <= {VALUES}


def test_a_later_month_may_not_give_an_earlier_one_away():
    """7 are open in January, and hidden; in February nothing came in, one was opened again, and 10 are told to be open,
    which is at least 8. So 7 it was."""
    january = publishable(assemble("uji", "2026-01", *small(districts=(7, 0, 0), topics=(7, 0, 0), agencies=(7, 0, 0))))
    nothing = {"districts": (0, 0, 0), "topics": (0, 0, 0), "agencies": (0, 0, 0)}
    february = assemble("uji", "2026-02", *small(**nothing, still=(8, 0, 0)))
    ledger = Ledger()
    ledger.add(february)
    assert ledger.pins() == []
    ledger = Ledger()
    ledger.add(january)
    assert ledger.pins() == []
    ledger.add(february)
    assert {pin.month for pin in ledger.pins()} == {"2026-01"}
    safe = publishable(february, [january])
    assert safe.withheld == {Menu.OPEN, Menu.OPEN_AGENCY}
    assert set(values(reads(told([january, safe])), 1).values()) == {VALUES}


def test_what_is_folded_follows_from_printed_numbers_alone():
    """Truths that print the same are folded the same."""
    seen = {}
    for seed in range(deep(300, 40)):
        random = Random(seed)  # noqa: S311 - invented cases, no secrets
        numbers = [random.choice((8, 8, 9, 1, 2)) for _ in range(3)]
        n = sum(numbers)
        edition = assemble("uji", "2026-01", *small(districts=numbers, topics=(n, 0, 0), agencies=(n, 0, 0)))
        safe = publishable(edition)
        seen.setdefault(str(public(edition)), set()).add(str((sorted(safe.withheld), sorted(safe.folded.items()))))
    assert len(seen) > 10
    assert {len(ways) for ways in seen.values()} == {1}


def test_rows_are_folded_by_printed_size():
    rows, counts = small(districts=(3, 9, 30), topics=(42, 0, 0), agencies=(42, 0, 0))
    edition = assemble("uji", "2026-01", rows, counts)
    assert row_sizes(edition, Menu.RECEIVED_DISTRICT) == {"d1": 1, "d2": 8, "d3": 28}
    pin = Pin("2026-01", Menu.RECEIVED_DISTRICT, "d1", TOTAL)
    once = folded(edition, pin)
    assert once.folded[Menu.RECEIVED_DISTRICT] == {"d1", "d2"}
    assert table(once, Menu.RECEIVED_DISTRICT)[OTHER, TOTAL] == 10
    assert Menu.RECEIVED_DISTRICT in folded(once, pin._replace(row=OTHER)).withheld
    assert Menu.RECEIVED_TOPIC in folded(edition, pin._replace(menu=Menu.RECEIVED_TOPIC, row="t1")).withheld


def test_a_correction_lets_nobody_compare():
    """A row that was hidden and would now be told, or the other way round, is told in neither way."""
    rows, counts = small(districts=(7, 30, 30), topics=(67, 0, 0), agencies=(67, 0, 0))
    _, more = small(districts=(8, 30, 30), topics=(68, 0, 0), agencies=(68, 0, 0))
    first = publishable(assemble("uji", "2026-01", rows, counts))
    second = assemble("uji", "2026-01", rows, more, [first])
    assert (first.number, second.number) == (1, 2)
    safe = publishable(second, [first])
    assert "d1" not in {row for row, _ in table(safe, Menu.RECEIVED_DISTRICT)}
    assert corrected(second, None) == second


def test_a_correction_keeps_folded_what_was_folded():
    rows, counts = small(districts=(8, 8, 1), topics=(9, 8, 0), agencies=(9, 8, 0))
    first = publishable(assemble("uji", "2026-01", rows, counts))
    _, none = small(districts=(8, 8, 0), topics=(8, 8, 0), agencies=(8, 8, 0))
    second = publishable(assemble("uji", "2026-01", rows, none, [first]), [first])
    assert first.withheld <= second.withheld
    assert all(
        second.folded.get(menu, frozenset()) >= gone or menu in second.withheld for menu, gone in first.folded.items()
    )


def test_a_correction_is_audited_with_the_months_after_it():
    year = audited(7)
    rows = year[3].rows
    again = assemble("uji", year[3].month, rows, year[3].counts, year)
    safe = publishable(again, year)
    ledger = Ledger()
    for edition in [*year[:3], safe, *year[4:]]:
        ledger.add(edition)
    assert ledger.pins() == []


def test_who_publishes_unaudited_learns_of_it():
    """An earlier edition that pins a number by itself cannot be mended by a later one."""
    rows, counts = small(districts=(8, 8, 1), topics=(9, 8, 0), agencies=(9, 8, 0))
    never_audited = assemble("uji", "2026-01", rows, counts)
    with pytest.raises(AuditFailedError):
        publishable(
            assemble("uji", "2026-02", *small(districts=(0,) * 3, topics=(0,) * 3, agencies=(0,) * 3)), [never_audited]
        )


def test_an_edition_that_says_nothing_pins_nothing():
    for seed in range(20):
        ledger = Ledger()
        for edition in editions(seed):
            ledger.add(replace(edition, withheld=frozenset(Menu)))
        assert ledger.pins() == []


def brute(arcs):
    """All values of each arc over all circulations, by trying them all."""
    found = {n: set() for n in range(len(arcs))}
    nodes = {end for arc in arcs for end in arc[:2]}
    for flow in product(*(range(low, high + 1) for _, _, (low, high) in arcs)):
        even = dict.fromkeys(nodes, 0)
        for (start, end, _), n in zip(arcs, flow, strict=True):
            even[start] -= n
            even[end] += n
        if not any(even.values()):
            for arc, n in enumerate(flow):
                found[arc].add(n)
    return found


@pytest.mark.parametrize("seed", range(60))
def test_other_worlds_are_all_found_and_none_is_invented(seed):
    random = Random(seed)  # noqa: S311 - invented cases, no secrets
    ends = [(random.randrange(4), random.randrange(4)) for _ in range(7)]
    arcs = []
    flow = [0] * len(ends)
    for _ in range(3):  # a truth: some circles
        start = random.randrange(len(ends))
        path, node = [start], ends[start][1]
        while node != ends[start][0] and len(path) < 6:
            onward = [n for n, (a, _) in enumerate(ends) if a == node and n not in path]
            if not onward:
                break
            path.append(random.choice(onward))
            node = ends[path[-1]][1]
        if node == ends[start][0]:
            for n in path:
                flow[n] += 1
    for (a, b), n in zip(ends, flow, strict=True):
        low = random.randint(max(0, n - 2), n)
        arcs.append((a, b, (low, random.randint(n, max(n, low + 3)))))
    net = Net()
    for (a, b, bounds), n in zip(arcs, flow, strict=True):
        net.arc(a, b, bounds, n)
    everything = brute(arcs)
    for arc, possible_too in everything.items():
        worlds = net.others(arc, 99)
        assert {flow[arc], *(flow[arc] + world[arc] for world in worlds)} == possible_too
        assert all(net.fits(world) for world in worlds)
    assert net.flow == flow


def test_a_net_is_cut_back_to_where_it_stood():
    net = Net()
    first = net.arc("a", "b", (0, 9), 3)
    mark = net.mark()
    net.arc("b", "a", (0, 9), 3)
    net.fix(first, 4)
    net.cut(mark)
    assert (net.flow, net.least, net.most, net.at) == ([3], [0], [9], [[0], [0]])
    with pytest.raises(ValueError):
        net.arc("a", "b", possible(10), 3)


def test_tables_that_contradict_each_other_are_refused():
    rows, counts = small(districts=(3, 0, 0), topics=(4, 0, 0), agencies=(3, 0, 0))
    with pytest.raises(ValueError, match="does not add up"):
        assemble("uji", "2026-01", rows, counts)
    counts[Menu.RECEIVED_TOPIC] = {("t1", KINDS[1]): 3}
    with pytest.raises(ValueError, match="differs"):
        assemble("uji", "2026-01", rows, counts)


def test_months_of_the_year_are_those_of_the_simulation():
    assert [edition.month for edition in audited(1)] == [*MONTHS]
    assert all(isinstance(edition, Edition) for edition in audited(1))
