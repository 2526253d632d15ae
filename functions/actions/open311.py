"""Taking a report from an app (Open311), and what became of it: through the one intake, with a token for the app.

The app gets a token and never a case's number: what an app writes into its own log then names no case to an officer.
A token leads to a report's public number, and to that only once its reporter agreed to publish. Nothing here opens.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from time import time

from functions.actions.replies import take_addition, take_in
from functions.actions.submit import NOTHING, Submit, Submitted
from functions.casework.apps import App
from functions.casework.linked import APP, PROMISED, REPLY_KEY, Said, app_contact
from functions.casework.problems import InvalidInputProblem, NotFoundProblem
from functions.casework.receipt import Receipt
from functions.casework.report import BODY_MAX, Report, read_text
from functions.storage.interface import Slip, Store, VersionConflictError
from functions.storage.linked import app_peer, begin_link, read_link, read_peer, read_sent
from functions.vault.reply_keys import reply_key_of
from functions.vault.sealing import receipt_for
from functions.vault.tokens import TokenKeys, case_keys, is_token, token_keys, token_of

DAY = 24 * 3600
TOKEN_DAYS = 365


@dataclass(frozen=True, slots=True)
class Taken:
    """A report that was taken: the app's token, and what its reporter is told."""

    token: str
    submitted: Submitted


@dataclass(frozen=True, slots=True)
class FromApps:
    """Takes reports of apps. ``now`` gives epoch seconds."""

    submit: Submit
    now: Callable[[], int] = lambda: int(time())

    def __call__(self, report: Report, submission_key: bytes, *, suspicious: bool = False, ident: str = "") -> Taken:
        """Take a report; it is safe when this returns. The same key and text again give the same answer, also where
        the first call was cut short between report and token. ``ident`` is the app's: where it is told of answers
        (``apps updates``), the report is tied to it. Raises what ``Submit`` raises."""
        store, token = self.submit.store, token_of(receipt_for(submission_key))
        instance = self.submit.directory.instance_of_district(report.district).code
        tied = bool(ident) and read_peer(store, app_peer(ident, instance)) is not None
        private, public = reply_key_of(submission_key) if tied else ("", b"")
        if tied:
            report = replace(report, contact=app_contact(ident, token))
        beside = {REPLY_KEY: private} if tied else NOTHING
        submitted = self.submit(report, submission_key, suspicious=suspicious, beside=beside)
        self._slip(token_keys(token), "")
        if tied:
            if read_link(store, submitted.tracking_id, self.now()) is None:
                begin_link(store, submitted.tracking_id, APP, token, public, self.now())
            self._slip(case_keys(token), submitted.tracking_id)
        return Taken(token, submitted)

    def _slip(self, keys: TokenKeys, content: str) -> None:
        now = self.now()
        with suppress(VersionConflictError):  # it came before
            self.submit.store.write_slip(Slip(keys.name, 1, keys.seal(1, content), _end(now)), now)

    def update(self, app: App, said: Said) -> None:
        """Take what an agency's own system says of a report that it was sent, or what the reporter of an app's report
        adds by it. Again, it is taken once. Raises NotFoundProblem where it has no such report, InvalidInputProblem
        where nothing is said."""
        store, now = self.submit.store, self.now()
        sent = read_sent(store, app.agency).cases if app.agency else {}
        known = {number.removeprefix(PROMISED): case for number, case in sent.items()}
        if said.number in known:
            take_in(store, app.agency, known, said, now)
            return
        slip = store.read_slip(case_keys(said.number).name, now) if is_token(said.number) else None
        if slip is None:
            raise NotFoundProblem
        text, errors = read_text({"body": said.text}, "body", BODY_MAX, required=True)
        if errors:
            raise InvalidInputProblem(*errors)
        mark = sha256(f"{app.ident}\x00{said.number}\x00{said.update}".encode()).hexdigest()[:32]
        take_addition(store, case_keys(said.number).open(slip.version, slip.sealed), mark, text, now)

    def number(self, token: str) -> str:
        """The public number of a token's report, "" while there is none. Raises NotFoundProblem for a token that is
        none of ours, or older than a year."""
        if not is_token(token):
            raise NotFoundProblem
        keys = token_keys(token)
        slip = self.submit.store.read_slip(keys.name, self.now())
        if slip is None:
            raise NotFoundProblem
        return keys.open(slip.version, slip.sealed)


def tell_token(store: Store, receipt: Receipt, public_id: str, now: int) -> None:
    """Let the token of a report, if an app sent it, lead to its public number; "" takes that back. For who has the
    receipt at hand because its reporter just agreed, or took it back. ``now`` is in epoch seconds. Raises
    StorageError."""
    keys = token_keys(token_of(receipt))
    slip = store.read_slip(keys.name, now)
    if slip is None:
        return
    version = slip.version + 1
    store.write_slip(Slip(keys.name, version, keys.seal(version, public_id), slip.expires), now)


def _end(now: int) -> int:
    """The midnight (UTC) after a year."""
    return (now // DAY + TOKEN_DAYS + 1) * DAY
