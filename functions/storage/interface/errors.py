"""What a store raises. Each engine turns its own errors into these."""

MAKE_THEM = "run `python -m functions.cli init`"  # what an error says where a store was never prepared


class StorageError(Exception):
    """The store could not do what was asked; nothing was written."""


class StoreUnavailableError(StorageError):
    """The engine does not answer or is busy. The same call may succeed later."""


class NoRoomError(StorageError):
    """Files are taken no more today, or leave too little free space. Words still are."""


class VersionConflictError(StorageError):
    """Somebody else wrote first: read again and decide again (``retry_on_conflict``)."""


class EntryGoneError(StorageError):
    """An outbox entry that was to be withdrawn is no longer as it was read: a courier took it in hand, or it left."""


class CaseNotFoundError(StorageError):
    """There is no such case."""


class BadPageTokenError(StorageError):
    """This store gave no such page token for this listing."""
