"""In which row of which table a case counts, and that no row names what a month may not name."""

from datetime import date
from typing import Any

import pytest

from functions.casework.barometer.audit_tables import tables_of
from functions.casework.barometer.disclosure import ALL, BAND_NAMES, OTHER, Edition, Menu, public
from functions.casework.case import CaseHead, Kind, Outcome
from functions.casework.directory.agencies import Agency, AgencyKind, Directory, District, Topic
from functions.casework.stages import Stage
from tests.casework.trees import a_head
from tests.site.edition import ended_of

INSTANCE = Agency("a", "Kabupaten A", AgencyKind.INSTANCE, "pusat", "64.08", "a", "a-inspektorat")
AGENCIES = (
    Agency("pusat", "Pusat", AgencyKind.CENTRE),
    INSTANCE,
    Agency("a-dpu", "Dinas PU", AgencyKind.UNIT, "a"),
    Agency("a-inspektorat", "Inspektorat", AgencyKind.UNIT, "a"),
    Agency("b", "Kota B", AgencyKind.INSTANCE, "pusat", "64.72"),
    Agency("b-dpu", "Dinas PU", AgencyKind.UNIT, "b"),
)
DIRECTORY = Directory(
    {each.code: each for each in AGENCIES},
    {code: Topic(code, code, code, sensitive=code == "korupsi") for code in ("jalan", "sampah", "korupsi")},
    {code: District(code, code) for code in ("64.08.01", "64.08.02", "64.72.01")},
)
RECEIVED = {
    (Menu.RECEIVED, ALL, ALL),
    (Menu.RECEIVED_DISTRICT, "64.08.01", "pengaduan"),
    (Menu.RECEIVED_TOPIC, "jalan", "pengaduan"),
    (Menu.RECEIVED_AGENCY, "a-dpu", ALL),
}


def case(**facts: Any) -> CaseHead:
    """A report of 2 June that is closed on 3 August."""
    plain = {"received_on": date(2026, 6, 2), "due": date(2026, 8, 1), "holder": "a-dpu", "stage": Stage.SELESAI}
    ended = {"closed_on": date(2026, 8, 3), "closed_due": date(2026, 8, 1), "outcome": Outcome.DIJELASKAN}
    return a_head(**plain | ended | facts)


def tables(month: str, *heads: CaseHead) -> Edition:
    return tables_of(INSTANCE, month, ended_of(heads, month), DIRECTORY)


@pytest.mark.parametrize(
    ("head", "month", "wanted"),
    [
        (case(), "2026-05", set()),
        (
            case(),
            "2026-06",
            RECEIVED | {(Menu.OPEN, ALL, ALL), (Menu.OPEN_AGENCY, "a-dpu", BAND_NAMES[2])},
        ),
        (case(), "2026-07", {(Menu.OPEN, ALL, ALL), (Menu.OPEN_AGENCY, "a-dpu", BAND_NAMES[3])}),
        (case(), "2026-08", {(Menu.CLOSED, ALL, ALL), (Menu.CLOSED_AGENCY, "a-dpu", ALL)}),
        (case(), "2026-09", set()),
        (case(quarantined=True), "2026-06", set()),
        (  # came on the month's last day, and was closed on the day
            case(received_on=date(2026, 6, 30), closed_on=date(2026, 6, 30)),
            "2026-06",
            RECEIVED | {(Menu.CLOSED, ALL, ALL), (Menu.CLOSED_AGENCY, "a-dpu", ALL)},
        ),
        (
            case(topic="korupsi", holder="a-inspektorat", kind=Kind.INFORMASI),
            "2026-06",
            {
                (Menu.RECEIVED, ALL, ALL),
                (Menu.RECEIVED_DISTRICT, "64.08.01", "informasi"),
                (Menu.RECEIVED_TOPIC, OTHER, "informasi"),
                (Menu.RECEIVED_AGENCY, OTHER, ALL),
                (Menu.SENSITIVE, "korupsi", ALL),
                (Menu.OPEN, ALL, ALL),
                (Menu.OPEN_AGENCY, OTHER, BAND_NAMES[2]),
            },
        ),
        (
            case(topic="korupsi", holder="a-inspektorat"),
            "2026-08",
            {(Menu.CLOSED, ALL, ALL), (Menu.CLOSED_AGENCY, OTHER, ALL)},
        ),
    ],
)
def test_where_a_case_counts(head: CaseHead, month: str, wanted: set[tuple[Menu, str, str]]) -> None:
    counts = tables(month, head).counts
    assert {(menu, *cell) for menu, cells in counts.items() for cell in cells} == wanted
    assert all(count == 1 for cells in counts.values() for count in cells.values())


def test_each_table_lists_the_instances_own_and_names_nothing_sensitive() -> None:
    """Also rows in which nothing came in: what is missing from a list would tell of itself."""
    rows = tables("2026-06").rows
    assert rows[Menu.RECEIVED_DISTRICT] == ("64.08.01", "64.08.02")
    assert rows[Menu.RECEIVED_TOPIC] == ("jalan", "sampah", OTHER)
    assert rows[Menu.SENSITIVE] == ("korupsi",)
    agencies = {rows[menu] for menu in (Menu.RECEIVED_AGENCY, Menu.CLOSED_AGENCY, Menu.OPEN_AGENCY)}
    assert agencies == {("a", "a-dpu", "pusat", OTHER)}  # its sorting desk, its unit, and the desk above


def test_no_month_says_whether_a_small_report_was_a_sensitive_one() -> None:
    """One of four is about corruption and lies with the inspectorate, or all four are about waste: it reads the same."""
    ordinary = case(received_on=date(2026, 5, 5), topic="sampah", holder="a")
    sensitive = case(received_on=date(2026, 5, 5), topic="korupsi", holder="a-inspektorat")
    one, none = (tables("2026-05", *[ordinary] * 3, last) for last in (sensitive, ordinary))
    assert one.counts != none.counts
    assert public(one) == public(none)
