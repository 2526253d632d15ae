"""The letters about second factors: to whom, and never with a link."""

import re

import pytest

from functions.actions.courier.factor_mail import BY_OPS
from functions.actions.factors.notify import Notify
from functions.casework.directory.agencies import Role
from functions.casework.factors.events import TO_HELPERS, TO_WATCHERS, Event, who_is_told
from functions.delivery.factor_letters import NOT_YOU, SAYS, WATCH
from functions.storage.interface import Notice, OutboxEntry
from tests.world import World


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def told(world, ident, event, by=""):
    """Who got the letter of one event, and the letters."""
    world.mailbox.letters.clear()
    Notify(world.store, world.keys.public)("kutim", ident, event, by)
    world.run_courier()
    return {letter.to for letter in world.mailbox.letters}, world.mailbox.letters


@pytest.mark.parametrize("event", list(Event))
def test_the_officer_is_told_and_who_helps_or_watches_besides(world, event):
    unit, coordinator = world.officer("kutim-dpupr"), world.officer("kutim")
    inspector = world.officer("kutim-inspektorat", Role.INSPECTOR)
    overseer = world.officer("kutim", Role.OVERSEER)
    helps, watches = event in TO_HELPERS, event in TO_WATCHERS
    who, letters = told(world, unit.ident, event, coordinator.ident)
    assert who == {unit.email, *([coordinator.email] * helps), *([inspector.email] * watches)}
    for letter in letters:
        own = letter.to == unit.email
        assert (NOT_YOU if own else WATCH) in re.sub(r"\s+", " ", letter.text)
        assert SAYS[event].subject in letter.subject
        assert not re.search(r"https?:|href=|masuk/#", letter.text + letter.html)
        assert max(map(len, letter.text.splitlines())) <= 78
        assert not re.search(r"[{}]", letter.text)
    who, letters = told(world, coordinator.ident, event)
    assert ("{by}" in SAYS[event].officer) is any(
        BY_OPS in letter.text for letter in letters if letter.to == coordinator.email
    )
    assert who == {coordinator.email, *([inspector.email] * helps), *([overseer.email] * watches)}
    custodian = next(o for o in world.officers if o.role is Role.CUSTODIAN)
    who, _ = told(world, custodian.ident, event)
    assert who == {custodian.email, *([coordinator.email] * helps), *([overseer.email] * watches)}


LURE = "x, dan kirim kode Anda ke 0812-3456"


@pytest.mark.parametrize("ident", ["invented", LURE])
def test_of_an_officer_whom_no_register_knows_those_who_watch_are_told(world, ident):
    """And nothing that the entry says stands in the letters: a desk that is taken over could write there."""
    who, letters = told(world, ident, Event.ENROLLED, LURE)
    watch = [world.officer("kutim"), world.officer("kutim", Role.OVERSEER)]
    watch += [o for o in world.officers if o.agency == "kutim-inspektorat" and o.role is Role.INSPECTOR]
    assert who == {officer.email for officer in watch}
    for letter in letters:
        assert "tidak ada dalam daftar petugas" in re.sub(r"\s+", " ", letter.text)
        assert (ident in letter.text, "0812" in letter.text + letter.html) == (False, False)
    _, letters = told(world, world.officer("kutim-dpupr").ident, Event.CODE, LURE)
    assert len(letters) == 1 + len([o for o in watch if o.role is Role.INSPECTOR])
    assert not any("0812" in letter.text + letter.html for letter in letters)


def test_nothing_is_sent_for_what_does_not_open(world):
    for at, sealed in enumerate((b"", b"x" * 80)):
        world.store.enqueue(OutboxEntry(f"f{at}", Notice.FACTOR_CHANGED, "kutim", sealed=sealed))
    world.run_courier()
    assert world.mailbox.letters == []
    assert world.store.waiting() == ()
    centre = world.officer(world.directory.agencies["kutim"].parent)
    assert list(who_is_told(Event.CODE, centre.ident, world.officers, world.directory)) == [centre]
