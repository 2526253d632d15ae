"""What the actions ask of storage: one interface for each kind of thing that is kept, with its records and errors.

Two engines stand behind them and pass one suite of tests (``tests/storage/*_contract.py``). Every operation is atomic.
No request path scans. Nothing here knows a clock finer than a day for what concerns a reporter.
"""

from functions.storage.interface.blobs import Blobs
from functions.storage.interface.cases import Append, CaseExistsError, Cases, Page, Scope, Work
from functions.storage.interface.errors import (
    BadPageTokenError,
    CaseNotFoundError,
    EntryGoneError,
    NoRoomError,
    StorageError,
    StoreUnavailableError,
    VersionConflictError,
)
from functions.storage.interface.identities import Identities
from functions.storage.interface.links import Links, LinkUse, Revocation
from functions.storage.interface.outbox import Notice, Outbox, OutboxEntry
from functions.storage.interface.registers import Register, Registers
from functions.storage.interface.retention import Retention
from functions.storage.interface.slips import Slip, Slips
from functions.storage.interface.store import Store

__all__ = [
    "Append",
    "BadPageTokenError",
    "Blobs",
    "CaseExistsError",
    "CaseNotFoundError",
    "Cases",
    "EntryGoneError",
    "Identities",
    "LinkUse",
    "Links",
    "NoRoomError",
    "Notice",
    "Outbox",
    "OutboxEntry",
    "Page",
    "Register",
    "Registers",
    "Retention",
    "Revocation",
    "Scope",
    "Slip",
    "Slips",
    "StorageError",
    "Store",
    "StoreUnavailableError",
    "VersionConflictError",
    "Work",
]
