"""Taking a report from an app (Open311), and what became of it: through the one intake, with a token for the app.

The app gets a token and never a case's number: what an app writes into its own log then names no case to an officer.
A token leads to a report's public number, and to that only once its reporter agreed to publish. Nothing here opens.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import time

from functions.actions.submit import Submit, Submitted
from functions.casework.problems import NotFoundProblem
from functions.casework.receipt import Receipt
from functions.casework.report import Report
from functions.storage.interface import Slip, Store, VersionConflictError
from functions.vault.sealing import receipt_for
from functions.vault.tokens import is_token, token_keys, token_of

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

    def __call__(self, report: Report, submission_key: bytes, *, suspicious: bool = False) -> Taken:
        """Take a report; it is safe when this returns. The same key and text again give the same answer, also where
        the first call was cut short between report and token. Raises what ``Submit`` raises."""
        submitted = self.submit(report, submission_key, suspicious=suspicious)
        token = token_of(receipt_for(submission_key))
        keys, now = token_keys(token), self.now()
        with suppress(VersionConflictError):  # it came before
            self.submit.store.write_slip(Slip(keys.name, 1, keys.seal(1, ""), _end(now)), now)
        return Taken(token, submitted)

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
