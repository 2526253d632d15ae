"""Ask the courier for a new link to an officer's inbox.

The desk seals the address to the courier and does not know whether it is an officer's, so the answer is always the
same.

Tests: ``tests/doors/test_desk.py``, ``tests/actions/test_mandates.py``.
"""

from dataclasses import dataclass

from functions.actions.officer.mandates import Mandates
from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.crypto.sign.links import Link
from functions.storage.interface import Notice

CUSTODY = "custody"
EMAIL_MAX = 254
EMAIL_BUCKET = 512


@dataclass(frozen=True, slots=True)
class RequestLink:
    """Sends the request in the name of the first instance: the desk does not know whose address it is."""

    mandates: Mandates
    directory: Directory

    def __call__(self, email: str, door: str = "") -> None:
        """Ask for a link. ``door`` is "custody" for an overseer's link to that door. Raises InvalidInputProblem for
        text that is no address, KeyringError, StorageError."""
        address = email.strip().lower()
        if not address:
            raise InvalidInputProblem(FieldError("email", "required"))
        if len(address.encode()) > EMAIL_MAX or "@" not in address.strip("@") or any(c.isspace() for c in address):
            raise InvalidInputProblem(FieldError("email", "bad_email"))
        self._send(address, door)

    def again(self, link: Link) -> None:
        """Ask for a new link for whoever got this one: the courier knows their address by their ident, which is no
        address and cannot be typed above. Raises KeyringError, StorageError."""
        self._send(link.officer, link.door)

    def _send(self, who: str, door: str) -> None:
        payload = f"{who}\n{CUSTODY}" if door == CUSTODY else who
        instance = self.directory.instances()[0].code
        self.mandates.send(Notice.LINK_WANTED, instance, payload.encode(), EMAIL_BUCKET)
