"""Several instances together, with the sums of province and nation beside them: no hidden number has fewer values than
its instance alone leaves it. Sums of the counts themselves, never audited, pin some."""

from dataclasses import replace
from datetime import date

import pytest

from functions.casework.barometer.audit import AuditFailedError, Ledger, allowed
from functions.casework.barometer.disclosure import ALL, TOTAL, WHOLE, Suppressed, possible, printed, table
from functions.casework.barometer.edition import HIDDEN, Edition, Place
from functions.casework.barometer.national import Total, total
from functions.casework.barometer.national_edition import WHOLE as NATION
from functions.casework.barometer.national_edition import Area, members, sums
from functions.casework.barometer.printed_month import VALUES
from functions.casework.directory.agencies import Agency, AgencyKind, Directory
from tests.casework.barometer.attacker import reads, together, values
from tests.casework.barometer.offices import editions
from tests.casework.barometer.test_audit import told
from tests.depth import deep

NATIONS, MEMBERS, MONTHS = deep(60, 3), 4, 4
PROVINCES = ((0, 1), (2, 3))


def nation(number):
    """Audited editions of some instances, by instance: the same months of each."""
    found = []
    for seed in range(number * MEMBERS, (number + 1) * MEMBERS):
        ledger = Ledger()
        found.append([ledger.publish(edition) for edition in editions(seed)[:MONTHS]])
    return found


def shown(edition, menu):
    """A month's own number as an instance's edition holds it."""
    number = table(edition, menu).get((TOTAL, TOTAL))
    return HIDDEN if number is Suppressed.SMALL else number if isinstance(number, int) else None


def published(each, menu):
    """A sum as the nation publishes it: the least and the most."""
    return span(allowed(total(numbers(each, menu)), numbers(each, menu)))


def numbers(each, menu):
    return [shown(edition, menu) for edition in each]


def span(told):
    return told.least, 1 << 30 if told.most is None else told.most


def sums_of(instances, sum_of):
    """The sums of each month by province and nation: (instances, month, table, least, most)."""
    months = [list(month) for month in zip(*instances, strict=True)]
    return [
        (those, each[0].month, menu.value, *sum_of([each[n] for n in those], menu))
        for each in months
        for those in (*PROVINCES, tuple(range(MEMBERS)))
        for menu in WHOLE
    ]


def unaudited(each, menu):
    """The sum of what was counted, rounded as everything else is: what the audit would never let out."""
    return possible(printed(sum(edition.count(menu, (ALL,), (ALL,)) for edition in each)))


def learnt(instances, known_sums, seed):
    """How many values each hidden number keeps for who knows these sums as well."""
    attacker = together([reads(told(each)) for each in instances])
    for those, name, menu, least, most in known_sums:
        attacker.lines.append(([attacker.wholes[n, name, menu] for n in those], least, most))
    return values(attacker, seed)


@pytest.mark.parametrize("number", range(NATIONS))
def test_the_nations_sums_rule_out_nothing(number):
    instances = nation(number)
    found = learnt(instances, sums_of(instances, published), number)
    assert len(found) > 20
    assert {name for name, count in found.items() if count < VALUES} == set()


def test_sums_that_nobody_audited_pin_what_instances_hid():
    """The planted break: province and nation as the rule for one instance prints them."""
    instances = nation(0)
    found = learnt(instances, sums_of(instances, unaudited), 0)
    assert {name for name, count in found.items() if count < VALUES} != set()
    with pytest.raises(AuditFailedError):
        sums_of(instances, lambda each, menu: span(allowed(counted(each, menu), numbers(each, menu))))


def counted(each, menu):
    least, most = unaudited(each, menu)
    return Total(least, most, len(each), 0, 0)


def test_the_nation_less_all_others_does_not_give_the_one_that_was_withheld():
    """Of 100, 60 and one that was withheld, a rounded total of 185 would say 22 to 28."""
    parts = [100, 60, None]
    assert total(parts) == Total(98 + 58, None, 3, 0, 1)
    with pytest.raises(AuditFailedError):
        allowed(Total(183, 187, 3, 0, 1), parts)
    with pytest.raises(AuditFailedError):
        allowed(Total(156, 5_000, 3, 0, 1), parts)  # an upper end at all: one is withheld
    with pytest.raises(AuditFailedError):
        allowed(Total(159, None, 3, 0, 1), parts)  # a lower end above what is published
    assert allowed(total(parts), parts) == total(parts)


def test_a_hidden_one_stays_hidden_in_the_sum_of_its_province():
    assert total([10, HIDDEN]) == Total(9, 19, 2, 1, 0)
    with pytest.raises(AuditFailedError):
        allowed(Total(13, 17, 2, 1, 0), [10, HIDDEN])
    assert total([]) == Total(0, 0, 0, 0, 0)
    assert total([HIDDEN]) == Total(1, 7, 1, 1, 0)


def place(code, received, **facts):
    counts = {"received": received, "closed": received, "open": 0}
    return Place("instance", code, f"Kabupaten {code}", instance=code, values=counts, **facts)


def month(name, *places):
    return Edition(name, 1, "2026-01", date(2026, 12, 8), places)


def test_who_retires_or_is_renamed_keeps_the_past():
    first = month("2026-09", place("a", 20, kind="kabupaten", region="64.01"), place("b", 30, region="64.71"))
    renamed = replace(place("a", 25, kind="kabupaten", region="64.01"), name="Kabupaten Baru")
    directory = Directory({"a": Agency("a", "Kabupaten Baru", AgencyKind.INSTANCE, region="64.01")}, {}, {})
    found = members([month("2026-10", renamed), first], directory)
    assert found["a"].former == (("Kabupaten a", "2026-09"),)
    assert (found["a"].name, found["a"].here) == ("Kabupaten Baru", True)
    assert (found["b"].last, found["b"].here, found["b"].kind) == ("2026-09", False, "kota")
    assert sums(first, found)[Area("provinsi", "64")]["received"].least == 18 + 28
    assert sums(month("2026-10", renamed), found)[NATION]["received"] == Total(23, 27, 1, 0, 0)


def test_every_count_is_added_up_by_nation_kind_and_province():
    edition = month("2026-10", place("a", 20, kind="kabupaten", region="64.01"), place("b", None, kind="pusat"))
    found = sums(edition, members([edition], Directory({}, {}, {})))
    assert set(found) == {NATION, Area("jenis", "kabupaten"), Area("jenis", "pusat"), Area("provinsi", "64")}
    assert found[NATION]["received"] == Total(18, None, 2, 0, 1)
    assert set(found[NATION]) == {"received", "closed", "open"}
