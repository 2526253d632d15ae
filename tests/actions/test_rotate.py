"""Rotation: open cases move to the new key, the old private key is destroyed, and what that means."""

from base64 import b64decode, b64encode

import pytest

from functions.actions.common.rewrap import RewrapCases
from functions.actions.ops.rotate import Rotate, RotationError, rewrap_here
from functions.casework.receipt import parse_receipt
from functions.casework.report import read_report
from functions.crypto.errors import KeyringError, SealError
from functions.crypto.open.opening import unwrap_identity_with_receipt
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import receipt_keys
from functions.storage.interface import VersionConflictError
from tests.envelopes import sealed_fields
from tests.world import JSON, WORDS, World


def rotate(world: World, wait: object = None) -> Rotate:
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    return Rotate(world.keys, rewrap, wait or (lambda: None))  # type: ignore[arg-type]


def close(world: World, sent: dict[str, str], *, confirm: bool) -> None:
    desk = world.hand_over(sent["tracking_id"])
    desk.post(f"/desk/cases/{sent['tracking_id']}/close", {"outcome": "dijelaskan", "reason": "Beres."})
    if confirm:
        world.post("/api/thread/verdict", {"receipt": sent["receipt"], "verdict": "selesai"})


def test_open_cases_move_and_the_old_key_is_destroyed(world: World) -> None:
    open_, waiting, done = world.report(), world.report(), world.report()
    close(world, waiting, confirm=False)
    close(world, done, confirm=True)
    old = world.keys.public().current_id(Purpose.DESK, "kutim")
    old_private = world.keys.private(Purpose.DESK)
    new = rotate(world)(Purpose.DESK, "kutim")
    assert new != old
    assert world.keys.private_ids(Purpose.DESK, "kutim") == [new]
    assert old not in world.keys.public().keys
    for sent in (open_, waiting):
        head = world.store.read_case(sent["tracking_id"]).head
        assert head.wraps.key_id == new
        with pytest.raises(SealError):
            old_private.open_case(head)
    unit = world.desk_of("kutim-dpupr")
    assert unit.get(f"/desk/cases/{waiting['tracking_id']}").get_json()["messages"][0]["body"] == WORDS
    dark = unit.get(f"/desk/cases/{done['tracking_id']}")
    assert dark.status_code == 200
    assert WORDS not in dark.text
    assert len(unit.get("/desk/").get_json()["cases"]) == 2
    for sent in (open_, waiting, done):
        assert world.read(sent["receipt"])["messages"][0]["body"] == WORDS


def test_reopening_after_a_rotation_gives_the_desk_the_case_again(world: World) -> None:
    sent = world.report()
    close(world, sent, confirm=False)
    world.later(days=60)  # the reporter's window is over: the case stays under the old key
    rotate(world)(Purpose.DESK, "kutim")
    unit = world.desk_of("kutim-dpupr")
    assert WORDS not in unit.get(f"/desk/cases/{sent['tracking_id']}").text
    answer = world.post("/api/thread/verdict", {"receipt": sent["receipt"], "verdict": "belum", "reason": "Mati lagi."})
    assert answer.status_code == 200
    assert WORDS in unit.get(f"/desk/cases/{sent['tracking_id']}").text


def test_a_report_sealed_to_the_old_key_during_the_rotation_is_caught(world: World) -> None:
    before = world.keys.public()
    late: dict[str, str] = {}

    def request_under_way() -> None:
        world.submit = type(world.submit)(world.store, lambda: before, world.directory, lambda: world.today)
        from functions.casework.report import read_report

        done = world.submit(read_report(world.fields(), world.directory, world.today), bytes(16))
        late["id"] = done.tracking_id

    new = rotate(world, request_under_way)(Purpose.DESK, "kutim")
    assert world.store.read_case(late["id"]).head.wraps.key_id == new


def test_nothing_is_destroyed_while_cases_keep_coming_under_the_old_key(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.report()
    old = world.keys.public().current_id(Purpose.DESK, "kutim")
    monkeypatch.setattr(RewrapCases, "__call__", lambda *_: 1)
    with pytest.raises(RotationError):
        rotate(world)(Purpose.DESK, "kutim")
    assert old in world.keys.private_ids(Purpose.DESK, "kutim")


def test_an_interrupted_rotation_is_simply_run_again(world: World) -> None:
    sent = world.report()

    def pulled_plug() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(world, pulled_plug)(Purpose.DESK, "kutim")
    assert len(world.keys.private_ids(Purpose.DESK, "kutim")) == 2
    new = rotate(world)(Purpose.DESK, "kutim")
    assert world.keys.private_ids(Purpose.DESK, "kutim") == [new]
    assert world.store.read_case(sent["tracking_id"]).head.wraps.key_id == new


def test_rotating_links_voids_every_link(world: World) -> None:
    world.report()
    world.run_courier()
    token = world.mailbox.tokens()[0]
    rotate(world)(Purpose.LINKS, "kutim")
    answer = world.desk_app.test_client().post(
        "/desk/session", json={"token": token}, headers={"Accept": "application/json"}
    )
    assert answer.get_json()["code"] == "link_forged"


def test_the_current_key_is_never_destroyed(world: World) -> None:
    with pytest.raises(KeyringError):
        world.keys.destroy(Purpose.DESK, "kutim", world.keys.public().current_id(Purpose.DESK, "kutim"))


def test_a_case_written_to_during_the_rotation_is_wrapped_by_the_next_pass(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = world.report()
    honest, missed = type(world.store).rewrap, []

    def once_missed(self: object, *args: object) -> None:
        if not missed:
            missed.append(args)
            raise VersionConflictError
        honest(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "rewrap", once_missed)
    new = rotate(world)(Purpose.DESK, "kutim")
    assert missed
    assert world.store.read_case(sent["tracking_id"]).head.wraps.key_id == new


def test_what_waits_in_quarantine_is_not_forgotten(world: World) -> None:
    typed = world.fields()
    report = read_report(typed, world.directory, world.today)
    done = world.submit(report, bytes.fromhex(typed["submission_key"]), suspicious=True)
    rotate(world)(Purpose.DESK, "kutim")
    assert WORDS in world.desk_of("kutim").get(f"/desk/cases/{done.tracking_id}").text


def test_what_a_foreign_browser_wrapped_wrongly_does_not_stop_it(world: World) -> None:
    body, _ = sealed_fields(world.submit, world.fields())
    wrap = bytearray(b64decode(body["wrap_desk"]))
    wrap[-1] ^= 1
    answer = world.intake.post("/api/reports", json=body | {"wrap_desk": b64encode(wrap).decode()}, headers=JSON)
    assert answer.status_code == 201
    good = world.report()
    new = rotate(world)(Purpose.DESK, "kutim")
    assert world.store.read_head(good["tracking_id"]).wraps.key_id == new


def test_identities_move_to_the_new_key_and_stay_readable_by_their_writer(world: World) -> None:
    left = world.report(identity_mode="rahasia", name="Bunga Melati")
    old = world.keys.private(Purpose.IDENTITY)
    new = rotate(world)(Purpose.IDENTITY, "kutim")
    identity = world.store.read_identity(left["tracking_id"])
    assert identity is not None
    assert (identity.key_id, identity.version) == (new, 2)
    key = world.keys.private(Purpose.IDENTITY).open("kutim", identity.case_id, identity.wrap_custody)
    assert unwrap_identity_with_receipt(receipt_keys(parse_receipt(left["receipt"])), identity.wrap_receipt) == key
    with pytest.raises(SealError):
        old.open("kutim", identity.case_id, identity.wrap_custody)
    assert rotate(world)(Purpose.IDENTITY, "kutim") != new


def test_what_a_page_of_before_sealed_is_taken_until_phones_are_shown_the_new_key(world: World) -> None:
    early, late = (sealed_fields(world.submit, world.fields())[0] for _ in range(2))
    answers: list[int] = []

    def send(body: dict[str, str]) -> None:
        answers.append(world.intake.post("/api/reports", json=body, headers=JSON).status_code)

    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)
    turn = Rotate(world.keys, rewrap, lambda: send(late), publish=lambda: send(early))
    new = turn(Purpose.DESK, "kutim")
    assert answers == [201, 409]
    assert world.store.read_head(early["case_id"]).wraps.key_id == new
    assert not world.keys.public().late


def test_what_pages_show_is_taken_all_the_time_also_where_a_run_was_cut_short_before_they_showed_it(
    world: World,
) -> None:
    """Ops press Ctrl-C while the cloud waits before it publishes, and run it again, as they are told."""
    shown, taken = [world.keys.public().current_id(Purpose.DESK, "kutim")], list[bool]()
    rewrap = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None)

    def look() -> None:
        public = world.keys.public()
        taken.append(public.takes(Purpose.DESK, "kutim", shown[-1]))

    def cut() -> None:
        look()
        raise KeyboardInterrupt

    def publish() -> None:
        look()
        shown.append(world.keys.public().current_id(Purpose.DESK, "kutim"))

    with pytest.raises(KeyboardInterrupt):
        Rotate(world.keys, rewrap, look, publish=cut)(Purpose.DESK, "kutim")
    new = Rotate(world.keys, rewrap, look, publish=publish)(Purpose.DESK, "kutim")
    assert shown[-1] == new
    assert all(taken), taken
    assert not world.keys.public().late


def test_a_government_that_has_no_key_yet_keeps_no_other_from_a_new_one(world: World) -> None:
    """It stands in the directory's file, and `init` did not come to it."""
    old = world.keys.public().current_id(Purpose.DESK, "kutim")
    made = rotate(world).all(Purpose.DESK, ["kutim", "bontang"])
    assert made["kutim"] != old
    assert world.keys.public().current_id(Purpose.DESK, "bontang") == made["bontang"]
