"""A number in whose name somebody else writes all day: what rests of it stays small enough for an item of DynamoDB, else
every SMS of its owner would be refused."""

from pathlib import Path

from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.storage.interface import Slip
from tests.doors.test_sms import code
from tests.world import NUMBER, PHONE, World

ITEM_BYTES = 400_000


def test_first_parts_of_long_sms_without_end_leave_the_number_its_owners(tmp_path: Path) -> None:
    world = World(tmp_path)
    first = code(world.said("LAPOR lampu jalan di Bengalon mati sudah seminggu depan pasar"))
    for n in range(150):
        world.sms(f"Bagian pertama {n}", reference=f"r{n}", part="1", parts="255")
    kept = world.store.read_slip(PhoneSecret(PHONE).keys(NUMBER).name, world.seconds)
    assert isinstance(kept, Slip)
    assert len(kept.sealed) < ITEM_BYTES
    world.later(days=1)
    assert first[:5] in world.said("CEK")
