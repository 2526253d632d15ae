"""Officers without the desk learning addresses: a coordinator's wish, which the courier fulfils or refuses."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.directory.agencies import Officer, Role
from functions.casework.directory.enrolment import ADD, REMOVE, WISH_BUCKET, Wish, pack_wish, read_wish
from functions.delivery.interface import DeliveryError
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.registers.directory_trail import read_trail
from functions.storage.registers.staff import read_staff
from tests.markup import field, page, text
from tests.tending import CHANGES, HOME, HTML, OFFICERS, TendWorld, done
from tests.world import Desk

EMAIL = "petugas9@dishub.example.id"
NEW = {"act": ADD, "ident": "dishub-9", "email": EMAIL, "unit": "kutim-dishub", "role": "officer"}


@pytest.fixture
def world(tmp_path: Path) -> TendWorld:
    return TendWorld(tmp_path)


@pytest.fixture
def desk(world: TendWorld) -> Desk:
    return world.desk_of("kutim")


def told(world: TendWorld, since: int) -> dict[str, str]:
    return {letter.to: letter.text for letter in world.mailbox.letters[since:]}


def wishes(world: TendWorld, wish: Wish, instance: str = "kutim") -> dict[str, str]:
    """A wish put into the outbox as by a desk that was taken over; who was told."""
    world.mandates.send(Notice.OFFICER_WISH, instance, pack_wish(wish), WISH_BUCKET)
    since = len(world.mailbox.letters)
    world.run_courier()
    return told(world, since)


def test_an_officer_is_wished_for_entered_and_invited(world: TendWorld, desk: Desk) -> None:
    root = page(desk.client.post(OFFICERS, data=NEW | {"csrf_token": desk.csrf}, headers=HTML))
    assert "Petugas dishub-9 ditambahkan: petugas, Dinas Perhubungan." in text(root)
    assert world.store.claim("look", world.seconds // 3600) == ()
    kept = {str(i.get("name")): str(i.get("value")) for i in root.iter("input") if i.get("type") == "hidden"}
    answer = desk.client.post(OFFICERS, data=kept, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HOME}?done=enlist")
    found = world.store.claim("look", world.seconds // 3600)
    (entry,) = (each for each in found if each.notice is Notice.OFFICER_WISH)
    assert (entry.notice, entry.agency, EMAIL.encode() in entry.sealed) == (Notice.OFFICER_WISH, "", False)
    world.store.release("look")
    since = len(world.mailbox.letters)
    world.run_courier()
    assert world.staff()[-1] == Officer("dishub-9", EMAIL, "kutim-dishub", Role.OFFICER)
    letters = told(world, since)
    assert set(letters) == {
        EMAIL,
        "koordinator1@diskominfo.example.id",
        "pemeriksa1@inspektorat.example.id",
        "petugas1@dishub.example.id",
        "pengawas1@sekda.example.id",
    }
    watched = " ".join(letters.pop("pengawas1@sekda.example.id").split())
    assert "Petugas dishub-9 ditambahkan: instansi “–” → “kutim-dishub”; tugas “–” → “officer”" in watched
    assert "mendaftarkan Anda sebagai petugas" in " ".join(letters.pop(EMAIL).split())
    for said in letters.values():
        assert "Petugas dishub-9 ditambahkan oleh kutim-1." in " ".join(said.split())
        assert EMAIL not in said
    fresh = world.desk(world.mailbox.tokens(EMAIL)[-1])
    assert fresh.session["agency"] == "kutim-dishub"
    assert [m.ident for m in read_staff(world.store).at("kutim-dishub")] == ["dishub-1", "dishub-9"]
    assert "dishub-9" in text(page(desk.client.get(HOME, headers=HTML)))


def test_a_coordinator_names_a_clerk_of_a_unit_and_he_comes_in_to_the_counter(world: TendWorld, desk: Desk) -> None:
    clerk = NEW | {"ident": "dishub-loket", "role": "clerk"}
    root = page(desk.client.post(OFFICERS, data=clerk | {"csrf_token": desk.csrf}, headers=HTML))
    assert "Petugas dishub-loket ditambahkan: petugas loket, Dinas Perhubungan." in text(root)
    assert done(desk, OFFICERS, **clerk).status_code == 202
    world.run_courier()
    assert world.staff()[-1] == Officer("dishub-loket", EMAIL, "kutim-dishub", Role.CLERK)
    fresh = world.desk(world.mailbox.tokens(EMAIL)[-1])
    assert fresh.get("/desk/loket").status_code == 200
    assert fresh.get("/desk/").status_code == 404
    assert done(desk, OFFICERS, act=REMOVE, ident="dishub-loket").status_code == 202
    assert fresh.get("/desk/loket").status_code == 403


@pytest.mark.parametrize("unit", ["kutim", "kutim-inspektorat", "pusat"])
def test_no_clerk_stands_at_the_government_itself_nor_at_the_inspectorate(desk: Desk, unit: str) -> None:
    answer = desk.post(OFFICERS, NEW | {"ident": "loket-9", "role": "clerk", "unit": unit})
    assert answer.status_code == 422


def test_no_address_rests_where_the_desk_reads(world: TendWorld, desk: Desk) -> None:
    done(desk, OFFICERS, **NEW)
    for name in ("staff", "changes:kutim", "directory"):
        register = world.store.read_register(name)
        assert register
        import zlib

        assert b"@" not in zlib.decompress(register.body), name
    assert EMAIL not in desk.get(HOME).text + desk.get(f"{HOME}trail.csv").text
    (entry,) = read_trail(world.store, "kutim")[1].entries
    assert (entry.by, entry.changes[0].code) == ("kutim-1", "dishub-9")


def test_whoever_is_removed_is_out_before_the_courier_comes(world: TendWorld, desk: Desk) -> None:
    officer = world.desk_of("kutim-dpupr")
    desk = world.desk_of("kutim")
    assert officer.get("/desk/").status_code == 200
    assert done(desk, OFFICERS, act=REMOVE, ident="dpupr-1").status_code == 202
    out = officer.get("/desk/")
    assert (out.status_code, out.get_json()["code"]) == (403, "link_revoked")
    world.ask_link("petugas1@dpupr.example.id")
    since = len(world.mailbox.letters)
    world.run_courier()
    assert "dpupr-1" not in [o.ident for o in world.staff()]
    letters = told(world, since)
    said = " ".join(letters["petugas2@dpupr.example.id"].split())
    assert "Petugas dpupr-1 dikeluarkan oleh kutim-1." in said
    for token in world.mailbox.tokens("petugas1@dpupr.example.id"):  # also one that left in between
        answer = world.desk_app.test_client().post("/desk/session", json={"token": token})
        assert answer.status_code == 403


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"act": "apa"}, "act", "daftar"),
        ({**NEW, "ident": ""}, "ident", "kode petugas"),
        ({**NEW, "ident": "Budi Fulan"}, "ident", "huruf kecil"),
        ({**NEW, "ident": "dpupr-1"}, "ident", "sudah dipakai"),
        ({**NEW, "ident": "dishub-1"}, "ident", "sudah dipakai"),
        ({**NEW, "email": ""}, "email", "email"),
        ({**NEW, "email": "bukan alamat"}, "email", "salah ketik"),
        ({**NEW, "email": f"{'x' * 250}@a.id"}, "email", "salah ketik"),
        ({**NEW, "unit": ""}, "unit", "Pilih unitnya"),
        ({**NEW, "unit": "pusat"}, "unit", "daftar"),
        ({**NEW, "unit": "kutim"}, "role", "daftar"),
        ({**NEW, "role": "coordinator"}, "role", "daftar"),
        ({**NEW, "role": "custodian"}, "role", "daftar"),
        ({**NEW, "role": "inspector", "unit": "kutim-inspektorat"}, "role", "daftar"),
        ({**NEW, "unit": "kutim-inspektorat"}, "unit", "pengelola sistem"),
        ({"act": REMOVE, "ident": ""}, "ident", "kode petugas"),
        ({"act": REMOVE, "ident": "pusat-1"}, "ident", "Tidak ada petugas"),
        ({"act": REMOVE, "ident": "inspektorat-1"}, "ident", "pengelola sistem"),
        ({"act": REMOVE, "ident": "kustodian-2"}, "ident", "pengelola sistem"),
        ({"act": REMOVE, "ident": "kutim-1"}, "ident", "penggantinya"),
    ],
)
def test_what_cannot_be_wished_is_told_and_nothing_leaves(
    world: TendWorld, desk: Desk, typed: dict[str, str], field: str, says: str
) -> None:
    for confirm in ({}, {"confirm": "yes"}):
        answer = desk.post(OFFICERS, typed | confirm)
        assert answer.status_code == 422
        (error,) = answer.get_json()["errors"]
        assert error["field"] == field
        assert says in error["message"]
    page(desk.client.post(OFFICERS, data=typed | {"csrf_token": desk.csrf}, headers=HTML), 422)
    assert read_trail(world.store, "kutim")[0] == 0
    assert world.store.claim("look", world.seconds // 3600) == ()
    assert world.store.revoked([f"officer:{typed.get('ident', '')}"]) == {}


def test_what_was_typed_of_an_officer_stays(desk: Desk) -> None:
    root = page(desk.client.post(OFFICERS, data=NEW | {"ident": "X", "csrf_token": desk.csrf}, headers=HTML), 422)
    assert (field(root, "add_officer-email").get("value"), field(root, "add_officer-ident").get("value")) == (
        EMAIL,
        "X",
    )
    assert 'value="X"' not in desk.client.get(HOME, headers=HTML).text


def test_a_coordinator_more_and_then_the_first_may_go(world: TendWorld, desk: Desk) -> None:
    more = {
        **NEW,
        "ident": "kutim-3",
        "email": "koordinator2@diskominfo.example.id",
        "unit": "kutim",
        "role": "coordinator",
    }
    assert done(desk, OFFICERS, **more).status_code == 202
    world.run_courier()
    second = world.desk(world.mailbox.tokens("koordinator2@diskominfo.example.id")[-1])
    assert done(second, OFFICERS, act=REMOVE, ident="kutim-1").status_code == 202
    world.run_courier()
    assert [o.ident for o in world.staff() if o.agency == "kutim"] == ["kutim-2", "kutim-3"]
    assert desk.get(HOME).status_code == 403


def test_an_officer_of_a_unit_that_was_just_added(world: TendWorld, desk: Desk) -> None:
    unit = {"act": "add", "code": "kutim-baru", "name": "Dinas Baru", "level": "opd", "parent": "kutim"}
    assert done(desk, CHANGES, **unit).status_code == 200
    assert done(desk, OFFICERS, **NEW | {"unit": "kutim-baru", "email": "p@baru.example.id"}).status_code == 202
    world.run_courier()
    assert world.staff()[-1].agency == "kutim-baru"
    assert "officer" in [o.role for o in world.staff() if o.ident == "dishub-9"]
    gone = desk.post(CHANGES, {"act": "remove", "code": "kutim-baru"})
    assert "Keluarkan dulu petugasnya" in gone.text


def test_the_courier_refuses_what_only_it_can_know(world: TendWorld, desk: Desk) -> None:
    before = world.staff()
    assert done(desk, OFFICERS, **NEW | {"email": "petugas1@dlh.example.id"}).status_code == 202
    since = len(world.mailbox.letters)
    world.run_courier()
    assert world.staff() == before
    said = " ".join(told(world, since)["koordinator1@diskominfo.example.id"].split())
    assert "alamat email itu sudah milik petugas instansi lain" in said
    assert "petugas1@dlh.example.id" not in said


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Wish(ADD, "x-1", "kutim-1", "x@x.id", "kutim-inspektorat", "officer"), "pengelola sistem"),
        (Wish(ADD, "x-1", "kutim-1", "x@x.id", "kutim-inspektorat", "custodian"), "lengkap"),
        (Wish(ADD, "x-1", "kutim-1", "x@x.id", "kutim-dishub", "custodian"), "lengkap"),
        (Wish(ADD, "x-1", "kutim-1", "x@x.id", "kutim", "overseer"), "lengkap"),
        (Wish(ADD, "x-1", "kutim-1", "x@x.id", "pusat", "centre"), "lengkap"),
        (Wish(ADD, "x-1", "kutim-1", "kein@", "kutim-dishub", "officer"), "lengkap"),
        (Wish(ADD, "x-1", "dpupr-1", "x@x.id", "kutim-dishub", "officer"), "bukan koordinator"),
        (Wish(ADD, "x-1", "pusat-1", "x@x.id", "kutim-dishub", "officer"), "bukan koordinator"),
        (Wish(ADD, "dpupr-1", "kutim-1", "x@x.id", "kutim-dishub", "officer"), "sudah dipakai"),
        (Wish(ADD, "dpupr-1", "kutim-1", "x@x.id", "kutim-dpupr", "officer"), "sudah dipakai"),
        (Wish(REMOVE, "inspektorat-1", "kutim-1"), "pengelola sistem"),
        (Wish(REMOVE, "kustodian-1", "kutim-1"), "pengelola sistem"),
        (Wish(REMOVE, "pusat-1", "kutim-1"), "lengkap"),
        (Wish(REMOVE, "kutim-1", "kutim-1"), "wajib ada"),
        (Wish("apa", "x-1", "kutim-1"), "lengkap"),
    ],
)
def test_a_taken_over_desk_gets_no_more_than_a_coordinator_may_wish(world: TendWorld, wish: Wish, why: str) -> None:
    before = world.staff()
    letters = wishes(world, wish)
    assert world.staff() == before
    assert why in " ".join(letters["koordinator1@diskominfo.example.id"].split()) or wish.ident == "kutim-1"
    assert "x@x.id" not in letters


def test_what_is_no_wish_is_dropped(world: TendWorld) -> None:
    before = world.staff()
    for raw in (b"{}", b"[]", b"\xff", json.dumps({"act": 1}).encode(), b'{"act":"x","more":"y"}'):
        world.mandates.send(Notice.OFFICER_WISH, "kutim", raw, WISH_BUCKET)
    world.store.enqueue(OutboxEntry("z" * 32, Notice.OFFICER_WISH, "kutim", sealed=b""))
    assert world.run_courier() == 6
    assert (world.staff(), world.mailbox.letters, world.store.dead_letters()[0]) == (before, [], ())
    with pytest.raises(ValueError, match="not a wish"):
        read_wish(b'{"act": 1}')


def test_a_wish_is_fulfilled_once_though_its_letters_fail(world: TendWorld, desk: Desk) -> None:
    assert done(desk, OFFICERS, **NEW).status_code == 202
    world.mailbox.trouble = DeliveryError("server_unreachable")
    world.run_courier()
    assert world.staff()[-1].ident == "dishub-9"
    version = world.store.register_version("officers")
    world.mailbox.trouble = None
    assert done(desk, OFFICERS, act=REMOVE, ident="dishub-9").status_code == 202
    world.run_courier()
    assert "dishub-9" not in [o.ident for o in world.staff()]
    world.later(hours=1)
    world.run_courier()  # the letters of the first wish leave at last; the officer does not come back
    assert "dishub-9" not in [o.ident for o in world.staff()]
    assert world.store.register_version("officers") == version + 1


def test_two_who_write_at_once_lose_nothing(world: TendWorld, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the courier's look and its writing somebody else writes: it looks again."""
    from functions.actions.courier import enrol_officer

    honest, tries = enrol_officer.check, []

    def meanwhile(tables: object) -> object:
        if not tries:
            tries.append(1)
            unit = {"act": "add", "code": "kutim-baru", "name": "Baru", "level": "", "parent": "kutim"}
            assert done(desk, CHANGES, **unit).status_code == 200
        return honest(tables)  # type: ignore[arg-type]

    done(desk, OFFICERS, **NEW)
    monkeypatch.setattr(enrol_officer, "check", meanwhile)
    world.run_courier()
    assert world.staff()[-1].ident == "dishub-9"
    assert "kutim-baru" in world.directory.agencies
    assert world.store.register_version("staff") == 4  # once for the unit, once for the officer


def test_before_any_import_the_files_officers_are_the_ground(tmp_path: Path) -> None:
    from tests.world import World

    world = World(tmp_path)
    desk = world.desk_of("kutim")
    done(desk, OFFICERS, **NEW)
    world.run_courier()
    register = world.store.read_register("officers")
    assert register
    assert register.version == 1
    assert [m.ident for m in read_staff(world.store).at("kutim-dishub")] == ["dishub-1", "dishub-9"]
    assert replace(read_staff(world.store), version=0).members[0].ident == world.officers[0].ident
