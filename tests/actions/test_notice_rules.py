"""The table of notices: complete, and true of who writes them."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from functions.actions.courier.notice_rules import RULES, NoticeProofs, Proof
from functions.actions.courier.open311_exchange import FORWARDS
from functions.actions.courier.reporter_news import TO_REPORTERS
from functions.casework.directory.agencies import Role
from functions.storage.interface import Notice, OutboxEntry
from tests.world import World

ACTIONS = Path(__file__).parents[2] / "functions" / "actions"
DOORS = {"intake", "thread", "desk", "custody", "gateway", "open311", "clock", "courier"}
TERMINAL = "ops"  # who imports a directory tells of it
# Which doors an action's folder serves; ``common`` serves several.
SERVES = {
    "reporter": {"intake", "thread", "gateway", "open311"},
    "officer": {"desk"},
    "custodian": {"custody"},
    "clock": {"clock"},
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def writers() -> Iterator[tuple[str, str]]:
    """Each folder of actions and a notice that it names."""
    for folder in SERVES:
        for path in (ACTIONS / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Notice":
                    yield folder, node.attr


def test_every_notice_has_a_rule_and_every_rule_names_doors() -> None:
    assert set(RULES) == set(Notice)
    assert {door for rule in RULES.values() for door in rule.asked_by} == DOORS | {TERMINAL}
    assert {notice for notice, rule in RULES.items() if TERMINAL in rule.asked_by} == {
        Notice.DIRECTORY_CHANGED,
        Notice.FACTOR_CHANGED,
    }
    assert all(rule.asked_by for rule in RULES.values())


def test_whoever_writes_a_notice_is_among_those_who_may_ask_for_it() -> None:
    found = sorted(set(writers()))
    assert len(found) > 20
    wrong = [(folder, name) for folder, name in found if not SERVES[folder] & set(RULES[Notice[name]].asked_by)]
    assert wrong == []


def test_what_has_power_is_signed_and_the_desk_alone_asks_for_it() -> None:
    signed = {notice for notice, rule in RULES.items() if rule.proof is Proof.SIGNED}
    assert signed == {Notice.OFFICER_WISH, Notice.LINK_WANTED}
    assert all(RULES[notice].asked_by == ("desk",) for notice in signed)
    assert {notice for notice, rule in RULES.items() if rule.proof is Proof.NONE} == TO_REPORTERS | {
        Notice.FACTOR_CHANGED,
        Notice.RELAYED,
    }
    assert {notice for notice, rule in RULES.items() if rule.proof is Proof.HOLDS} == FORWARDS


@pytest.mark.parametrize(
    ("agency", "instance", "holds"),
    [("kutim", "kutim", True), ("kutim-dpupr", "kutim", False), ("kutim", "pusat", False), ("", "kutim", False)],
)
def test_a_report_goes_to_the_system_of_whoever_holds_it(world: World, agency: str, instance: str, holds: bool) -> None:
    case_id = world.report()["tracking_id"]
    entry = OutboxEntry("e" * 32, Notice.FORWARDED, instance, agency, case_id)
    assert NoticeProofs(world.store, world.directory).holds(entry) is holds


def test_the_case_that_the_entry_names_must_be_there(world: World) -> None:
    proofs = NoticeProofs(world.store, world.directory)
    for case_id in ("", "4F7K-2M9Q-XR3D"):
        entry = OutboxEntry("e" * 32, Notice.FORWARDED, "kutim", "kutim", case_id)
        assert proofs.lies(entry) is None
        assert not proofs.holds(entry)


@pytest.mark.parametrize(
    ("agency", "instance", "sorts"),
    [
        ("kutim", "kutim", True),
        ("kutim-inspektorat", "kutim", True),
        ("pusat", "kutim", True),
        ("kutim-dpupr", "kutim", False),
        ("kutim", "nowhere", False),
    ],
)
def test_a_flood_is_told_where_reports_come_in_and_nowhere_else(
    world: World, agency: str, instance: str, sorts: bool
) -> None:
    entry = OutboxEntry("e" * 32, Notice.QUARANTINED, instance, agency, "")
    assert NoticeProofs(world.store, world.directory).sorts(entry) is sorts


def test_an_officer_may_know_what_the_guard_lets_them_see(world: World) -> None:
    case_id = world.report(about_agency="kutim-dpupr")["tracking_id"]
    entry = OutboxEntry("e" * 32, Notice.NEW_CASE, "kutim", "kutim", case_id)
    proofs = NoticeProofs(world.store, world.directory)
    head = proofs.lies(entry)
    assert head
    assert proofs.may_know(world.officer("kutim", Role.COORDINATOR), entry, head)
    assert not proofs.may_know(world.officer("kutim-dpupr"), entry, head)


def test_units_that_could_help_hear_of_a_withdrawal_and_the_accused_and_who_waits_do_not(world: World) -> None:
    sent = world.report(about_agency="kutim-dpupr")
    world.hand_over(sent["tracking_id"], "kutim-dishub")
    entry = OutboxEntry("e" * 32, Notice.WITHDRAWN, "kutim", "kutim-dlh", sent["tracking_id"])
    proofs = NoticeProofs(world.store, world.directory, world.seconds // 3600)
    helper, accused = world.officer("kutim-dlh"), world.officer("kutim-dpupr")
    head = proofs.lies(entry)
    assert head
    assert not proofs.may_know(helper, entry, head)  # it is not withdrawn
    assert world.post("/api/thread/withdraw", {"receipt": sent["receipt"]}).status_code == 200
    dead = proofs.lies(entry)
    assert dead
    assert proofs.may_know(helper, entry, dead)
    assert not proofs.may_know(accused, entry, dead)
    assert not proofs.may_know(helper, entry, replace(dead, visible_from=proofs.hour + 1))
    assert not proofs.may_know(helper, replace(entry, notice=Notice.NEW_CASE), dead)
