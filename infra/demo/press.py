"""The barometer's editions, made by a process beside the year that goes on: they need what was counted, and no case."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

from functions.actions.clock.publish_edition import Editions
from functions.casework.barometer.audit import AuditFailedError
from functions.casework.directory.agencies import Directory
from functions.storage.interface import OutboxEntry, Register, VersionConflictError


class KeptRegisters:
    """``interface.Registers`` in memory. ``written`` are those that the other side has not got yet."""

    def __init__(self) -> None:
        self._known: dict[str, Register] = {}
        self.written: list[Register] = []

    def put(self, registers: Sequence[Register]) -> None:
        """Take what the other side has written."""
        self._known |= {register.name: register for register in registers}

    def read_register(self, name: str) -> Register | None:
        """Return the register, None if there is none."""
        return self._known.get(name)

    def register_version(self, name: str) -> int:
        """Return its version, 0 if there is none."""
        known = self._known.get(name)
        return known.version if known else 0

    def write_registers(self, registers: Sequence[Register], outbox: Sequence[OutboxEntry] = ()) -> None:
        """Put all. Raises VersionConflictError, and ValueError for notices: an edition has none."""
        if outbox:
            raise ValueError("no notices here")
        for register in registers:
            if register.version != self.register_version(register.name) + 1:
                raise VersionConflictError(register.name)
        self.put(registers)
        self.written += registers


class Press:
    """Makes one edition after the other. It is started before the year, while there is little to copy."""

    def __init__(self, directory: Directory) -> None:
        context = get_context("fork")
        self._line, other = context.Pipe()
        self._process = context.Process(target=_work, args=(directory, other), daemon=True)
        self._process.start()
        other.close()
        self._waited_for = 0

    def begin(self, day: date, registers: Sequence[Register]) -> None:
        """Let the edition be made that is due on a day. ``registers`` were written since the last one."""
        self._line.send((day, registers))
        self._waited_for += 1

    def made(self) -> list[Register]:
        """Wait for what was begun, and return what it wrote. Raises EOFError if the process died."""
        written: list[Register] = []
        while self._waited_for:
            written += self._line.recv()
            self._waited_for -= 1
        return written

    def end(self) -> None:
        """Let the process end."""
        self._line.send(None)
        self._process.join()


def _work(directory: Directory, line: Connection) -> None:
    store = KeptRegisters()
    while order := line.recv():
        day, registers = order
        store.put(registers)
        with suppress(AuditFailedError):
            Editions(store, directory, lambda today=day: today)()
        line.send(store.written)
        store.written = []
