"""Letters that came back: ops learn which office and which officer, nobody learns of a reporter."""

import importlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from functions.courier.bounces import BOUNCED, report_bounces
from tests.world import World

cloud = importlib.import_module("tests.lambda.cloud")  # `lambda` is a word of the language


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


def tell(world: World, *messages: Any) -> int:
    texts = [message if isinstance(message, str) else json.dumps(message) for message in messages]
    return report_bounces(texts, world.deliver, world.store)


def findings(world: World) -> list[tuple[str, tuple[str, ...], str]]:
    letters, _ = world.store.dead_letters()
    return [(letter.agency, letter.delivered, letter.error) for letter in letters]


def test_an_officers_address_that_is_gone_becomes_one_finding(world: World) -> None:
    officer = world.officer("kutim-dpupr")
    for address in (officer.email, officer.email.upper(), f" {officer.email} "):
        assert tell(world, cloud.bounce(address)) == 1
    assert findings(world) == [("kutim-dpupr", (officer.ident,), BOUNCED)]
    (letter,) = world.store.dead_letters()[0]
    assert (letter.instance, letter.case_id, letter.sealed) == ("kutim", "", b"")
    assert officer.email not in repr(letter)


def test_the_older_form_of_the_message_is_read_too(world: World) -> None:
    told = cloud.bounce(world.officer("kutim").email)
    assert tell(world, {"notificationType": told.pop("eventType"), **told}) == 1


def test_of_a_reporters_address_nothing_is_kept(world: World) -> None:
    assert tell(world, cloud.bounce("bunga@warga.example.id")) == 0
    assert (findings(world), world.store.waiting()) == ([], ())
    for path in (path for path in world.folder.rglob("*") if path.is_file()):
        assert b"bunga" not in path.read_bytes()


@pytest.mark.parametrize(
    "message",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "",
        "[" * 100_000,
        "[]",
        "null",
        "1",
        {},
        {"eventType": "Bounce"},
        {"eventType": "Bounce", "bounce": None},
        {"eventType": "Bounce", "bounce": {"bounceType": "Permanent"}},
        {"eventType": "Bounce", "bounce": {"bounceType": "Permanent", "bouncedRecipients": [None]}},
        {"eventType": "Complaint", "complaint": {"complainedRecipients": [{"emailAddress": "x"}]}},
    ],
)
def test_what_tells_of_no_lost_address_is_passed_over(world: World, message: Any) -> None:
    assert tell(world, message) == 0
    assert findings(world) == []


@pytest.mark.parametrize("kind", ["Transient", "Undetermined"])
def test_what_comes_back_for_now_is_no_finding(world: World, kind: str) -> None:
    assert tell(world, cloud.bounce(world.officer("kutim").email, kind)) == 0
    assert findings(world) == []


def test_revived_it_goes_without_a_word_and_is_found_again_if_nothing_was_mended(world: World) -> None:
    officer = world.officer("kutim")
    tell(world, cloud.bounce(officer.email))
    (letter,) = world.store.dead_letters()[0]
    assert world.store.revive(letter.entry_id)
    assert world.run_courier() == 1
    assert world.mailbox.letters == []
    assert (findings(world), world.store.waiting()) == ([], ())
    tell(world, cloud.bounce(officer.email))
    assert len(findings(world)) == 1


def test_a_new_address_of_the_same_officer_is_a_finding_of_its_own(world: World) -> None:
    officer = world.officer("kutim")
    tell(world, cloud.bounce(officer.email))
    staff = (replace(officer, email="lain@dinas.example.id"),)
    world.deliver = replace(world.deliver, officers=replace(world.deliver.officers, officers=staff))
    tell(world, cloud.bounce("lain@dinas.example.id"))
    assert len(findings(world)) == 2
