"""Which process of one machine serves which paths, under which system user, with which keys.

Each process of the office has a system user of its own (``DOOR_USERS``), called ``lapor-`` and its name. All but the
portal and the cleaner are members of ``lapor-store``, which shares the database and the sealed files.
"""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from functions.crypto.seal.public_keys import Purpose

PREFIX: Final = "lapor-"
STORE_GROUP: Final = "lapor-store"
RUN: Final = Path("/run/lapor")


class Process(NamedTuple):
    """``paths``: the prefix of a path and the module that makes its door. ``purposes``: the private keys it loads.
    ``secrets``: files beside the keys that it reads."""

    paths: Mapping[str, str] = MappingProxyType({})
    purposes: tuple[Purpose, ...] = ()
    secrets: tuple[str, ...] = ()
    in_store: bool = True


PROCESSES: Final = {
    "portal": Process(in_store=False),
    "intake": Process(
        {"/api/reports": "functions.intake.main", "/open311": "functions.open311.main"}, secrets=("waiting", "counter")
    ),
    "thread": Process({"/api/thread": "functions.thread.main"}),
    "cleaner": Process({"/api/clean": "functions.cleaner.main"}, in_store=False),
    "gateway": Process({"/api/sms": "functions.gateway.main"}, secrets=("phone", "mute", "sms")),
    "desk": Process({"/desk": "functions.desk.main"}, (Purpose.DESK, Purpose.MANDATES), ("counter",)),
    "custody": Process({"/custody": "functions.custody.main"}, (Purpose.IDENTITY,)),
    "courier": Process(purposes=(Purpose.COURIER, Purpose.LINKS), secrets=("mute",)),
    "clock": Process(),
}
DOORS: Final = tuple(name for name, process in PROCESSES.items() if process.paths)
APART: Final = ("desk", "custody")  # doors with private keys: processes of their own under `make run`, too


def owner_of(purpose: Purpose) -> str:
    """Return the process that loads the private keys of a purpose."""
    return next(name for name, process in PROCESSES.items() if purpose in process.purposes)


def user_of(process: str) -> str:
    """Return the system user of a process."""
    return PREFIX + process


def socket_of(folder: Path, door: str) -> Path:
    """Return where a door listens below ``folder``."""
    return folder / door / "door.sock"
