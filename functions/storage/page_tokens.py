"""Page tokens: opaque to clients, bound to one listing, and checked before they reach an engine."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from functions.casework.case import CaseHead
from functions.storage.interface import BadPageTokenError, Scope
from functions.storage.sort_keys import after_waiting, place, work_place

# The forms of ``sort_keys.place`` and ``identity_place``, and of an outbox entry's id.
_PLACE = re.compile(r"(?:(?:0[!w]?|[hno]!?)#\d{4}-\d\d-\d\d(?:#~\d{8})?|[12]#\d{7})#[0-9a-f]{24}", re.ASCII)
_IDENTITY_PLACE = re.compile(r"[01]#[0-9a-f]{24}", re.ASCII)
_ENTRY = re.compile(r"[0-9A-Za-z._-]{1,128}", re.ASCII)  # dots: a tallied entry is named after its agency


def make_token(listing: str, last: str) -> str:
    """Return the token for what follows ``last`` in this listing."""
    return urlsafe_b64encode(f"{listing}\n{last}".encode()).decode().rstrip("=")


def skip_waiting(scope: Scope, code: str, head: CaseHead) -> str:
    """Return the token for what follows this waiting case and all others that wait and are due on its day."""
    return make_token(f"{scope}:{code}", after_waiting(head, work=scope is Scope.WORK))


def token_after(scope: Scope, code: str, head: CaseHead) -> str:
    """Return the token for what follows this case."""
    return make_token(f"{scope}:{code}", work_place(head) if scope is Scope.WORK else place(head))


def read_place(listing: str, token: str) -> str:
    """Return the place after which a page of cases begins, "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _PLACE)


def read_identity_place(listing: str, token: str) -> str:
    """Return the place after which a page of identities begins, "" for the first page. Raises BadPageTokenError."""
    return _read(listing, token, _IDENTITY_PLACE)


def read_entry(listing: str, token: str) -> str:
    """Return the entry id after which a page of dead letters begins, "" for the first page. Raises
    BadPageTokenError."""
    return _read(listing, token, _ENTRY)


def _read(listing: str, token: str, form: re.Pattern[str]) -> str:
    if not token:
        return ""
    try:
        text = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4)).decode()
    except ValueError as error:
        raise BadPageTokenError("not a page token") from error
    found, _, last = text.rpartition("\n")
    if found != listing or not form.fullmatch(last):
        raise BadPageTokenError("a page token of another listing")
    return last
