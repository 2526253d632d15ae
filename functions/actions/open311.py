"""Taking a report from an app (Open311): through the one intake, with a token for the app.

The app gets a token and never a number: a case's would name it to an officer who sees an app's log, and a public
report's would tie one of the app's users to a public page. A token tells that its report came, and nothing else.
Nothing here opens.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import time

from functions.actions.submit import Submit, Submitted
from functions.casework.report import Report
from functions.storage.interface import Slip, VersionConflictError
from functions.vault.sealing import receipt_for
from functions.vault.tokens import is_token, token_name, token_of

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
        token, now = token_of(receipt_for(submission_key)), self.now()
        until = (now // DAY + TOKEN_DAYS + 1) * DAY  # a midnight, which times nothing
        with suppress(VersionConflictError):  # it came before
            self.submit.store.write_slip(Slip(token_name(token), 1, b"", until), now)
        return Taken(token, submitted)

    def knows(self, token: str) -> bool:
        """Whether a token's report came, within the last year. Raises StorageError."""
        return is_token(token) and self.submit.store.read_slip(token_name(token), self.now()) is not None
