"""Receiving reports and additions from apps (Open311), through the one intake, with a token for the app.

The app gets a token and no number. A case's number would identify it to an officer who sees an app's log. A public
report's number would tie one of the app's users to a public page. A token only tells that its report came. For apps
that get answers (``apps updates``) it also leads to the case. Nothing here opens a report.

Tests: ``tests/doors/test_open311.py``, ``tests/doors/test_two_instances.py``.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from time import time

from functions.actions.common.incoming_replies import receive_addition, receive_reply
from functions.actions.reporter.submit import NOTHING, Submit, Submitted
from functions.casework.apps import App
from functions.casework.linked_systems import BY_APP, PROMISED, REPLY_KEY, Said, app_contact
from functions.casework.problems import InvalidInputProblem, NotFoundProblem
from functions.casework.report import BODY_MAX, Report, read_text
from functions.crypto.seal.reply_keys import reply_key_of
from functions.crypto.seal.sealing import receipt_for
from functions.crypto.slips.app_tokens import case_keys, is_token, token_name, token_of
from functions.storage.interface import Slip, VersionConflictError
from functions.storage.registers.linked_systems import app_peer, begin_link, read_link, read_peer, read_sent

DAY = 24 * 3600
TOKEN_DAYS = 365


@dataclass(frozen=True, slots=True)
class AppReport:
    """A report that was received: the app's token, and the answer to the reporter."""

    token: str
    submitted: Submitted


@dataclass(frozen=True, slots=True)
class ReceiveFromApp:
    """Receives reports from apps. ``now`` gives epoch seconds."""

    submit: Submit
    now: Callable[[], int] = lambda: int(time())

    def __call__(
        self, report: Report, submission_key: bytes, *, suspicious: bool = False, ident: str = ""
    ) -> AppReport:
        """Receive a report; it is safe when this returns.

        The same key and text again give the same answer, even if the first call was cut short between report and token.
        ``ident`` is the app's: an app that gets answers becomes the report's contact. Raises what ``Submit`` raises.
        """
        store, token = self.submit.store, token_of(receipt_for(submission_key))
        instance = self.submit.directory.instance_of_district(report.district).code
        tied = bool(ident) and read_peer(store, app_peer(ident, instance)) is not None
        private, public = reply_key_of(submission_key) if tied else ("", b"")
        beside = {REPLY_KEY: private} if tied else NOTHING
        contact = app_contact(ident, token) if tied else None
        submitted = self.submit(report, submission_key, suspicious=suspicious, beside=beside, contact=contact)
        self._slip(token_name(token), b"")
        if tied:
            if read_link(store, submitted.tracking_id, self.now(), BY_APP) is None:
                begin_link(store, submitted.tracking_id, BY_APP, token, public, self.now())
            keys = case_keys(token)
            self._slip(keys.name, keys.seal(1, f"{ident}:{submitted.tracking_id}:{instance}"))
        return AppReport(token, submitted)

    def _slip(self, name: str, sealed: bytes) -> None:
        now = self.now()
        with suppress(VersionConflictError):  # written by an earlier call
            self.submit.store.write_slip(Slip(name, 1, sealed, _end(now)), now)

    def update(self, app: App, said: Said) -> None:
        """Receive an agency's reply to a report forwarded to it, or a reporter's addition through the app that sent the
        report. A repeat changes nothing. Raises NotFoundProblem for a report that is not theirs, InvalidInputProblem
        for an empty text."""
        store, now = self.submit.store, self.now()
        sent = read_sent(store, app.agency).cases if app.agency else {}
        known = {number.removeprefix(PROMISED): case for number, case in sent.items()}
        if said.number in known:
            receive_reply(store, self.submit.directory, app.agency, known, said, now)
            return
        keys = case_keys(said.number)
        slip = store.read_slip(keys.name, now) if is_token(said.number) else None
        opened = keys.open(slip.version, slip.sealed) if slip else ""
        sender, case_id, instance, *_ = (*opened.split(":"), "", "", "")  # an older release named no instance
        if sender != app.ident:  # the token of another app, or none
            raise NotFoundProblem
        text, errors = read_text({"body": said.text}, "body", BODY_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)
        mark = sha256(f"{app.ident}\x00{said.number}\x00{said.update}".encode()).hexdigest()[:32]
        receive_addition(store, self.submit.directory, instance, case_id, mark, text, now)

    def knows(self, token: str) -> bool:
        """Tell whether a token's report came within the last year. Raises StorageError."""
        return is_token(token) and self.submit.store.read_slip(token_name(token), self.now()) is not None


def _end(now: int) -> int:
    """Return the midnight (UTC) after a year."""
    return (now // DAY + TOKEN_DAYS + 1) * DAY
