"""A world whose directory and officers are the store's, as they stand at each look."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from functions.casework.directory.agencies import Member, Officer, Role
from functions.casework.directory.registers import (
    DIRECTORY_REGISTER,
    OFFICERS_REGISTER,
    STAFF_REGISTER,
    decode_directory,
    decode_officers,
    encode_directory,
    encode_officers,
    encode_staff,
)
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.desk import app as desk
from functions.storage.interface import Register, Store
from functions.storage.registers.directory import LiveDirectory, Standing
from functions.storage.registers.staff import read_staff, tell_staff
from tests.world import Desk, World

HOME = "/desk/instance/"
CHANGES, OFFICERS = f"{HOME}changes", f"{HOME}officers"
HTML = {"Accept": "text/html"}


class TendWorld(World):
    """Imported once, so that the registers count."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.store.write_registers(
            [
                Register(DIRECTORY_REGISTER, 1, encode_directory(self.directory, ())),
                Register(OFFICERS_REGISTER, 1, encode_officers(self.officers)),
                Register(STAFF_REGISTER, 2, encode_staff(self.officers)),
            ]
        )
        self.directory = LiveDirectory(self._standing)
        self.seat(self.cases.desk_keys)
        self.signin = replace(self.signin, directory=self.directory)
        self.converse = replace(self.converse, directory=self.directory)
        self.desk_app = self.seated()

    def seated(self) -> Flask:
        """The desk's door as it stands now."""
        return desk.make_app(self.handle, self.signin, self.mandates, https=False)

    def _standing(self) -> Standing:
        register = self.store.read_register(DIRECTORY_REGISTER)
        assert register
        return Standing(register.version, *decode_directory(register.body))

    def staff(self) -> tuple[Officer, ...]:
        """The officers as the courier has them."""
        register = self.store.read_register(OFFICERS_REGISTER)
        assert register
        return decode_officers(register.body)

    def run_courier(self) -> int:
        """Deliver all that is due, with the registers as they stand at each look."""
        total = 0
        while True:
            self.officers = self.staff()
            mail = replace(self.deliver.officers, directory=self._standing().directory, officers=self.officers)
            count = replace(self.deliver, officers=mail).run_once("courier")
            if not count:
                return total
            total += count

    def sit(self, ident: str, agency: str, role: Role) -> Desk:
        """Somebody's desk by a link of the courier's key."""
        hire(self.store, ident, agency, role)
        link = Link(f"tautan-{ident}", ident, agency, role, "kutim", "", self.seconds - 60, self.seconds + 86400)
        return self.desk(sign_link(link, next(iter(self.deliver.officers.link_keys.keys.values()))))


def hire(store: Store, ident: str, agency: str, role: Role) -> None:
    """Let the desk know somebody, unless it does already, or knows nobody yet."""
    roll = read_staff(store)
    if roll.version and Member(ident, agency, role) not in roll.members:
        known = [Officer(each.ident, "", each.agency, each.role) for each in roll.members if each.ident != ident]
        tell_staff(store, [*known, Officer(ident, "", agency, role)])


def done(desk: Desk, path: str = CHANGES, **typed: str) -> Any:
    """A change shown, then confirmed."""
    shown = desk.post(path, typed)
    if shown.status_code != 200:
        return shown
    return desk.post(path, typed | {"confirm": "yes", "version": str(shown.get_json()["version"])})


def move(desk: Desk, code: str, parent: str) -> Any:
    """Put a unit below another."""
    return done(desk, act="change", code=code, name=code, level="", parent=parent)


def empty(desk: Desk, world: TendWorld, code: str) -> None:
    """Take a unit's officers and topics away, so that it can go."""
    for topic in [t.code for t in world.directory.topics.values() if t.unit == code]:
        assert done(desk, act="topic", topic=topic, unit="").status_code == 200
    for officer in [o.ident for o in world.staff() if o.agency == code]:
        assert done(desk, OFFICERS, act="remove_officer", ident=officer).status_code == 202
    world.run_courier()
