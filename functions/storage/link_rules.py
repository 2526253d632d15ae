"""What both engines hold true of used links."""

from functions.storage.interface import LinkUse

DAY = 24 * 3600
# How long a use is kept beyond its session. The session may end weeks before the link does (LINK_DAYS is 31
# days at most, the rest of the day of issue counted); a use forgotten earlier would let a second browser in.
KEEP_SECONDS = 40 * DAY


def gone_after(use: LinkUse) -> int:
    """The midnight (UTC, epoch seconds) after which a use may be forgotten: a day, not a time."""
    return (use.expires + KEEP_SECONDS) // DAY * DAY + DAY


def check_secret(use: LinkUse) -> None:
    """Raises ValueError where the secret's hash is missing: it would match a session that was ended."""
    if not use.secret_hash:
        raise ValueError("a link is bound to a browser by the hash of its secret")
