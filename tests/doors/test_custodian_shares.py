"""Shares of a name at the custody door, as custodians' browsers ask for them and pass them on: who gets which, and when."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from functions.actions.custodian.shares import Handed, Turn
from functions.actions.custodian.slots import Pass
from functions.casework.consent.roster import Member
from functions.casework.sealed_identity import READING_DAYS, Identity
from functions.crypto.seal.shares import ENVELOPE_BYTES, Slot
from tests.markup import page, text
from tests.split_world import AGENCIES, Browser, SplitWorld
from tests.trust import CONTACT, NAME, REASON
from tests.world import Desk

HTML = {"Accept": "text/html"}
AGREED = "Saya sependapat."
NONE_NOW = "Sekarang tidak ada bagian kunci yang boleh diberikan kepada Anda"
NOT_FOR_THIS = "bukan untuk permintaan ini"
BROKEN_SEAL = "Belum ada yang tersimpan"
NO_SHARE = "Kunci Anda tidak memegang bagian dari nama ini"
UNPASSED = "belum meneruskan bagian kuncinya"


@dataclass
class Seat:
    """A custodian at the door, with the browser that holds their seed. ``case_id``: the case they look at."""

    desk: Desk
    browser: Browser
    case_id: str

    @property
    def path(self) -> str:
        return f"/custody/cases/{self.case_id}"

    def view(self) -> dict[str, Any]:
        seen: dict[str, Any] = self.desk.get(self.path).get_json()
        return seen

    def page(self) -> str:
        return text(page(self.desk.client.get(self.path, headers=HTML)))

    def does(self, act: str, reason: str) -> Any:
        return self.desk.post(f"{self.path}/{act}", {"reason": reason})

    def asks(self) -> Any:
        return self.desk.post(f"{self.path}/shares", {})

    def shares(self) -> Handed:
        """What the door gives this browser now."""
        answer = self.asks()
        assert answer.status_code == 200, answer.data
        return as_handed(answer.get_json())

    def sends(self, passes: str) -> Any:
        return self.desk.post(f"{self.path}/passes", {"passes": passes})

    def passes_on(self) -> Any:
        return self.sends(written(self.browser.pass_on(self.shares())))


def as_handed(said: dict[str, Any]) -> Handed:
    """The door's answer as a browser reads it."""
    members = [Member(m["agency"], m["key_id"], b64decode(m["public"]), b"", m["x"]) for m in said["recipients"]]
    step, x = said["step"], said["x"]
    sealed, wrap_talk = b64decode(said["sealed"]), b64decode(said["wrap_talk"])
    return Handed(
        Identity(said["case_id"], said["instance"], "", b"", b"", sealed, wrap_talk=wrap_talk),
        Turn(step, Member("", "", b"", b"", x), tuple(members), said["reading"]),
        Slot(b"", x, bytes.fromhex(said["digests"][str(x)]), b64decode(said["slot"])),
        tuple(Pass(step, one["from"], x, b64decode(one["envelope"])) for one in said["passes"]),
        {int(place): bytes.fromhex(digest) for place, digest in said["digests"].items()},
        sealed,
        bytes.fromhex(said["talk"]),
    )


def written(passes: list[tuple[int, bytes]]) -> str:
    return " ".join(f"{x}:{b64encode(envelope).decode()}" for x, envelope in passes)


@pytest.fixture
def world(tmp_path: Path) -> SplitWorld:
    return SplitWorld(tmp_path)


def seats(world: SplitWorld, case_id: str, *which: int) -> list[Seat]:
    return [Seat(world.custodian(n), world.browsers[n], case_id) for n in which]


def asked(world: SplitWorld, *which: int) -> tuple[str, list[Seat]]:
    """A split name that the first of these asked for; its receipt, and their seats."""
    world.split()
    receipt, case_id = world.entrusted()
    found = seats(world, case_id, *which)
    assert found[0].does("ask", REASON).status_code == 200
    return receipt, found


def passed(world: SplitWorld, case_id: str) -> list[tuple[int, int]]:
    """From which custodian to which shares were passed on."""
    members = world.keys.public().rosters["kutim"].members
    which = {member.x: AGENCIES.index(member.agency) for member in members}
    return sorted((which[one.giver], which[one.to]) for one in world.custody.slots.passes(world.identity(case_id)))


def test_two_custodians_read_a_name_in_their_browsers_and_each_reading_is_told_once(world: SplitWorld) -> None:
    receipt, (first, second) = asked(world, 0, 1)
    case_id = first.case_id
    assert (first.view()["part"], second.view()["part"]) == ("pass", None)
    assert "Tanpa bagian Anda, kustodian lain tidak dapat membuka nama ini" in first.page()
    handed = first.shares()
    assert {member.agency for member in handed.turn.recipients} == set(AGENCIES[1:])
    assert (handed.turn.reading, handed.sealed, handed.identity.wrap_talk, handed.passes) == (False, b"", b"", ())
    for _ in range(2):  # sent again after an answer that was lost: one set
        assert first.passes_on().get_json() == {"passed": 3}
        assert passed(world, case_id) == [(0, 1), (0, 2), (0, 3)]
    assert "Bagian Anda sudah diteruskan." in first.page()
    world.answer(receipt)
    assert second.does("open", AGREED).get_json() == {"state": "opened"}
    assert passed(world, case_id) == [(0, 1)]  # a third custodian's would read the name together with the door
    assert (first.view()["part"], second.view()["part"]) == ("read", "read")
    for _ in range(2):  # a page that is loaded again
        handed = second.shares()
        assert second.browser.read(handed) == {"name": NAME, "contact": CONTACT}
        assert [member.agency for member in handed.turn.recipients] == [AGENCIES[0]]
        assert second.passes_on().get_json() == {"passed": 1}
        assert passed(world, case_id) == [(0, 1), (1, 0)]
    handed = first.shares()
    assert first.browser.read(handed) == {"name": NAME, "contact": CONTACT}
    assert [member.agency for member in handed.turn.recipients] == [AGENCIES[1]]
    steps = [(step["kind"], step["agency"]) for step in first.view()["steps"]]
    assert steps == [
        ("left", None),
        ("asked", AGENCIES[0]),
        ("agreed", None),
        ("opened", AGENCIES[1]),
        ("read", AGENCIES[1]),
        ("read", AGENCIES[0]),
    ]
    assert NAME not in first.page() + second.page()


def test_while_a_request_waits_only_who_asked_gets_their_share(world: SplitWorld) -> None:
    _, (first, *others) = asked(world, 0, 1, 2)
    passes = written(first.browser.pass_on(first.shares()))
    before = world.identity(first.case_id)
    for answer in (answer for other in others for answer in (other.asks(), other.sends(passes))):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_closed")
        assert NONE_NOW in answer.get_json()["detail"]
    assert world.identity(first.case_id) == before
    # Whoever writes to the store changed the reason of the request: nothing is built on it.
    last = replace(before.steps[-1], sealed=b"x" * 60)
    world.store.write_identity(replace(before, version=before.version + 1, steps=(*before.steps[:-1], last)))
    for answer in (first.asks(), first.sends(passes)):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_closed")
    assert world.identity(first.case_id).passes == b""


def test_a_name_opens_only_for_a_custodian_to_whom_the_share_was_passed_on(world: SplitWorld) -> None:
    receipt, (first, second, third) = asked(world, 0, 1, 2)
    world.answer(receipt)
    to_third = first.browser.pass_on(first.shares())[1:2]
    for passes in ([], to_third):
        if passes:
            assert first.sends(written(passes)).get_json() == {"passed": 1}
        before = world.identity(first.case_id)
        assert second.view()["actions"] == ["refuse"]
        answer = second.does("open", AGREED)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_unpassed")
        assert UNPASSED in answer.get_json()["detail"]
        assert world.identity(first.case_id) == before
    assert third.view()["actions"] == ["refuse", "open"]
    assert third.does("open", AGREED).get_json() == {"state": "opened"}
    assert third.browser.read(third.shares()) == {"name": NAME, "contact": CONTACT}


OWN = 4  # the place of the inspectorate's custodian: agencies in the order of their codes
Passes = list[tuple[int, bytes]]
STRANGE: dict[str, tuple[Callable[[Passes], str], str]] = {
    "to oneself": (lambda them: written([(OWN, them[0][1])]), NOT_FOR_THIS),
    "to nobody of the roster": (lambda them: written([(9, them[0][1])]), NOT_FOR_THIS),
    "one of them to nobody": (lambda them: written([*them, (5, them[0][1])]), NOT_FOR_THIS),
    "two to one": (lambda them: written([them[0], them[0]]), NOT_FOR_THIS),
    "too short": (lambda them: written([(them[0][0], them[0][1][:-1])]), NOT_FOR_THIS),
    "too long": (lambda them: written([(them[0][0], them[0][1] + b"x")]), NOT_FOR_THIS),
    "one of them too short": (lambda them: written([them[0], (them[1][0], b"x" * (ENVELOPE_BYTES - 1))]), NOT_FOR_THIS),
    "none": (lambda _: "", BROKEN_SEAL),
    "no place": (lambda them: b64encode(them[0][1]).decode(), BROKEN_SEAL),
    "place 0": (lambda them: written([(0, them[0][1])]), BROKEN_SEAL),
    "no base64": (lambda _: "2:A", BROKEN_SEAL),
    "two for one": (lambda them: written((them * 3)[:8]), NOT_FOR_THIS),
    "more than a roster has": (lambda them: written(them * 3), BROKEN_SEAL),
}


def test_a_pass_that_is_none_is_refused_whole_and_told(world: SplitWorld) -> None:
    _, (first,) = asked(world, 0)
    right = first.browser.pass_on(first.shares())
    before = world.identity(first.case_id)
    for what, (wrong, says) in STRANGE.items():
        answer = first.sends(wrong(right))
        assert answer.status_code in (409, 422), what
        said = answer.get_json()
        assert says in said["detail"] + str(said.get("errors")), what
        assert world.identity(first.case_id) == before, what
    assert first.sends(written(right)).get_json() == {"passed": 3}


def test_the_accused_agencys_custodian_finds_nothing_and_nobody_passes_them_a_share(world: SplitWorld) -> None:
    world.split()
    receipt, case_id = world.entrusted(about_agency=AGENCIES[1])
    first, accused = seats(world, case_id, 0, 1)
    assert first.does("ask", REASON).status_code == 200
    right = first.browser.pass_on(first.shares())
    assert first.passes_on().get_json() == {"passed": 2}
    assert passed(world, case_id) == [(0, 2), (0, 3)]
    place = next(m.x for m in world.keys.public().rosters["kutim"].members if m.agency == AGENCIES[1])
    answer = first.sends(written([*right, (place, right[0][1])]))
    assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_bad_pass")
    assert passed(world, case_id) == [(0, 2), (0, 3)]
    world.answer(receipt)
    before = world.identity(case_id)
    for answer in (accused.asks(), accused.sends(written(right)), accused.does("open", AGREED)):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    assert world.identity(case_id) == before


def test_a_name_that_was_taken_back_gives_no_share_and_says_so(world: SplitWorld) -> None:
    receipt, (first,) = asked(world, 0)
    right = written(first.browser.pass_on(first.shares()))
    assert world.post("/api/thread/identity/withdraw", {"receipt": receipt}).status_code == 200
    before = world.identity(first.case_id)
    for answer in (first.asks(), first.sends(right)):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_withdrawn")
        assert "Pelapor sudah menarik identitasnya" in answer.get_json()["detail"]
    assert world.identity(first.case_id) == before


def test_where_no_roster_stands_no_browser_gets_a_share(world: SplitWorld) -> None:
    receipt, case_id = world.entrusted()
    (first,) = seats(world, case_id, 0)
    assert first.does("ask", REASON).status_code == 200
    for answer in (first.asks(), first.sends("2:AAAA")):
        assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_no_slot")
        assert NO_SHARE in answer.get_json()["detail"]
    assert first.view()["part"] is None
    world.answer(receipt)
    world.custody.open(world.viewer(1), case_id, AGREED)
    seen = first.view()
    assert (seen["name"], seen["split"], seen["part"]) == (NAME, False, None)


def test_a_custodian_with_a_new_key_cannot_ask_for_a_name_that_was_left_before(world: SplitWorld) -> None:
    world.split()
    case_id = world.entrusted()[1]
    world.browsers[3] = newcomer = Browser(b"n" * 32)
    world.own_keys.put_key(world.viewer(3), newcomer.public, newcomer.vouch)
    proposed = world.rosters.propose()
    for which in (0, 1):
        world.own_keys.vouch(world.viewer(which), proposed.id, world.browsers[which].sign(proposed))
    world.rosters.publish()
    (seat,) = seats(world, case_id, 3)
    answer = seat.does("ask", REASON)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "identity_no_slot")
    assert NO_SHARE in answer.get_json()["detail"]
    assert len(world.identity(case_id).steps) == 1
    (younger,) = seats(world, world.entrusted()[1], 3)
    assert younger.does("ask", REASON).status_code == 200


def test_after_the_days_to_read_nothing_that_was_passed_on_is_kept(world: SplitWorld) -> None:
    world.split()
    _, case_id = world.opened_by(0, 1)
    world.later(days=READING_DAYS)
    third, second = seats(world, case_id, 2, 1)
    before = world.identity(case_id)
    assert third.view()["part"] is None
    assert world.identity(case_id) == before  # the last day: the second may still read
    assert passed(world, case_id) == [(0, 1)]
    world.later(days=1)
    third, second = seats(world, case_id, 2, 1)
    for _ in range(2):
        assert third.view()["part"] is None
        assert world.identity(case_id) == replace(before, passes=b"", version=before.version + 1)
    assert second.view()["part"] is None
    assert second.asks().get_json()["code"] == "identity_closed"
