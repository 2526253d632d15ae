"""Digests on every engine: reports come in, wait, and are told of once."""

import re

from functions.courier.orders import deliver_due
from tests.actions.test_digest import UNIT, digesting, hand_on, until
from tests.world import World


def test_a_digest_is_the_same_on_every_engine(store, tmp_path):
    world = digesting(World(tmp_path, store=store))
    for _ in range(3):
        world.report()
    hand_on(world, world.report()["tracking_id"])
    deliver_due(store, lambda: world.deliver, lambda: 900.0)
    world.mailbox.letters.clear()
    assert len(store.held("kutim", 1 << 30)) == 4
    until(world, "Thu 09")
    deliver_due(store, lambda: world.deliver, lambda: 900.0)
    assert sorted(re.sub(r" \(.*", "", letter.subject) for letter in world.mailbox.letters) == [
        "[Lapor Anonim] 1 laporan menunggu",
        "[Lapor Anonim] 1 laporan menunggu",
        "[Lapor Anonim] 3 laporan menunggu",
    ]
    assert (store.held("kutim", 1 << 30), store.held(UNIT, 1 << 30), store.waiting()) == ((), (), ())
