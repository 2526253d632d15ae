"""A second factor that is lost: a code read out by phone, what a helper may end, and who is told of it."""

import re

import pytest

from functions.actions.factors.help_factor import CODE_SECONDS
from functions.casework.directory.agencies import Role
from functions.casework.factors.keyring import MISSES_AN_HOUR, Keyring
from functions.casework.factors.standing import helped_by
from functions.storage.registers.factors import read_keyring
from tests.factors import HTML, Passkey, StrictWorld

UNIT = "kutim-dpupr"


@pytest.fixture
def world(tmp_path):
    return StrictWorld(tmp_path)


@pytest.fixture
def coordinator(world):
    visit = world.come()
    assert visit.enrol(Passkey()).status_code == 200
    return visit


def helped(visit, ident, act="code"):
    return visit.post("factors/team", {"ident": ident, "act": act})


def test_a_code_by_phone_puts_a_new_key_in_place_of_all_others(world, coordinator):
    lost, new = Passkey(), Passkey()
    officer = world.officer(UNIT)
    world.come(UNIT).enrol(lost)
    visit = world.come(UNIT)
    assert visit.get("factor/new").status_code == 403
    code = helped(coordinator, officer.ident).get_json()["code"]
    assert len(code) == 9
    assert visit.post("factor/help", {"help": "0000-0000"}).status_code == 422
    asked = visit.post("factor/help", {"help": code.lower().replace("-", " ")})
    assert asked.get_json()["enrol"] is True
    assert not visit.opens  # the code alone opens nothing
    assert world.come(UNIT).post("factor/help", {"help": code}).status_code == 422  # once
    assert visit.enrol(new, "ponsel baru").status_code == 200
    assert visit.opens
    assert world.come(UNIT).sign(lost).status_code == 422
    assert world.come(UNIT).sign(new).status_code == 200
    told = world.told(officer.email)
    assert {"Kode untuk kunci kedua dibuat", "Kunci kedua diganti"} <= set(told)
    watching = world.told(world.officer("kutim-inspektorat", Role.INSPECTOR).email)
    assert {"Kode untuk kunci kedua dibuat", "Kunci kedua diganti"} <= set(watching)
    letters = [m for m in world.mailbox.letters if code in m.text or code.replace("-", "") in m.text]
    assert letters == []


def test_a_code_lasts_fifteen_minutes_and_five_guesses(world, coordinator):
    ident = world.officer(UNIT).ident
    world.come(UNIT).enrol(Passkey())
    visit, code = world.come(UNIT), helped(coordinator, ident).get_json()["code"]
    world.seconds += CODE_SECONDS + 1
    assert visit.post("factor/help", {"help": code}).status_code == 422
    code = helped(coordinator, ident).get_json()["code"]
    older, code = code, helped(coordinator, ident).get_json()["code"]
    assert visit.post("factor/help", {"help": older}).status_code == 422  # replaced
    for _ in range(4):
        assert visit.post("factor/help", {"help": "ABCD-EFGH"}).status_code == 422
    assert "satu jam" in visit.post("factor/help", {"help": code}).get_json()["errors"][0]["message"]
    world.later(hours=1)
    assert world.come(UNIT).post("factor/help", {"help": code}).status_code == 422  # void


def test_revoking_ends_sessions_links_and_keys_and_a_mailbox_brings_none_back(world, coordinator):
    key, ident = Passkey(), world.officer(UNIT).ident
    visit = world.come(UNIT)
    visit.enrol(key)
    assert visit.opens
    listed = helped(coordinator, ident, "revoke").get_json()["officers"]
    assert next(row for row in listed if row["ident"] == ident)["shut"] is True
    assert visit.get().status_code == 403
    again = world.come(UNIT)
    assert again.answer["factor"]["need"] == "help"
    assert again.get("factor/new").status_code == 403
    assert again.sign(key).status_code == 422
    assert again.enrol(Passkey()).status_code == 403
    code = helped(coordinator, ident).get_json()["code"]
    assert again.post("factor/help", {"help": code}).status_code == 200
    assert again.enrol(Passkey()).status_code == 200
    assert "Kunci kedua Anda dicabut" in world.told(world.officer(UNIT).email)


def test_wrong_codes_of_a_helper_and_the_owners_own_are_counted_apart(world, coordinator):
    """Whoever has but the mailbox may type a helper's codes. They keep the owner from nothing, nor the other way."""
    visit = world.come(UNIT)
    secret = visit.get("factor/new").get_json()["secret"]
    assert visit.post("factor/new", {"secret": secret, "code": world.code(secret)}).status_code == 200
    thief, owner = world.come(UNIT), world.come(UNIT)
    for _ in range(MISSES_AN_HOUR):
        assert thief.post("factor/help", {"help": "ABCD-EFGH"}).status_code == 422
    assert "satu jam" in thief.post("factor/help", {"help": "ABCD-EFGH"}).get_json()["errors"][0]["message"]
    assert owner.post("factor", {"code": world.code(secret)}).status_code == 200
    mistyped = world.come(UNIT)
    code = helped(coordinator, world.officer(UNIT).ident).get_json()["code"]
    for _ in range(MISSES_AN_HOUR):
        assert mistyped.post("factor", {"code": "000000"}).status_code == 422
    assert mistyped.post("factor/help", {"help": code}).status_code == 200


def test_nobody_helps_those_who_watch_over_them_nor_custodians(world, coordinator):
    inspector = world.come("kutim-inspektorat", Role.INSPECTOR)
    inspector.enrol(Passkey())
    unit, coordinates = world.officer(UNIT).ident, world.officer("kutim").ident
    inspects = world.officer("kutim-inspektorat", Role.INSPECTOR).ident
    for visit, idents, status in (
        (coordinator, [coordinates, inspects, world.custodians[0].ident, "nobody"], 404),
        (inspector, [unit, inspects, world.custodians[0].ident], 404),
        (inspector, [coordinates], 200),
        (coordinator, [unit], 200),
    ):
        assert [helped(visit, ident).status_code for ident in idents] == [status] * len(idents)
    officer = world.come(UNIT)
    assert (officer.get("factors/team").status_code, helped(officer, unit).status_code) == (404, 404)
    assert helped(coordinator, unit, "x").status_code == 422
    for agency, role, by in (
        ("kutim-inspektorat", Role.OFFICER, ""),
        ("kutim-dpupr", Role.CLERK, "kutim"),
        ("kutim-dpupr", Role.CUSTODIAN, ""),
        ("kutim", Role.OVERSEER, ""),
        ("kutim", Role.COORDINATOR, "kutim-inspektorat"),
        ("gone", Role.OFFICER, ""),
    ):
        assert helped_by(agency, role, world.directory) == by


def test_the_coordinators_page_shows_who_has_none_and_since_when_the_grace_runs(world, coordinator):
    world.come(UNIT)
    world.come("kutim-dlh").enrol(Passkey())
    page = coordinator.get("factors/team", **HTML).text
    members = {row["ident"]: row for row in coordinator.get("factors/team").get_json()["officers"]}
    with_key, without = members[world.officer("kutim-dlh").ident], members[world.officer(UNIT).ident]
    assert (with_key["factors"], with_key["since"]) == (1, None)
    assert (without["factors"], without["since"], without["until"]) == (0, "2026-11-25", "2026-12-24")
    assert "masa tenggang sejak Rabu, 25 November 2026 sampai Kamis, 24 Desember 2026" in page
    assert "1 dari " in page
    assert "belum pernah masuk" in page
    code = coordinator.post("factors/team", {"ident": without["ident"], "act": "code"}, **HTML)
    assert re.search(r"<strong>[0-9A-Z]{4}-[0-9A-Z]{4}</strong>", code.text)
    assert code.headers["Cache-Control"] == "no-store"
    world.later(days=31)
    again = world.come()
    again.enrol(Passkey())
    assert again.answer["factor"]["need"] == "factor"


def test_a_removed_officers_keys_go_and_the_same_ident_begins_anew(world, coordinator):
    officer = world.officer(UNIT)
    world.come(UNIT).enrol(Passkey())

    def ask(act, ident, **more):
        sent = {"act": act, "ident": ident, "confirm": "yes", **more}
        answer = coordinator.post("instance/officers", sent)
        assert answer.status_code == 202, answer.data
        world.run_courier()

    new = {"email": "baru@dpupr.example.id", "unit": UNIT, "role": "officer"}
    ask("add_officer", "dpupr-9", **new)
    ask("remove_officer", officer.ident)
    left = read_keyring(world.store, "", UNIT, officer.ident)
    assert (left.factors, left.shut) == ((), True)
    ask("add_officer", officer.ident, **new | {"email": officer.email})
    assert read_keyring(world.store, "", UNIT, officer.ident) == Keyring()
