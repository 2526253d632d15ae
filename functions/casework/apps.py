"""Apps that may send reports by Open311. Each has a key; only the key's hash is stored.

A key is ``<ident>.<secret>``. The secret is 256 random bits, so a plain hash (SHA-256) is enough. A revoked app stays
listed, so that nobody takes its ident again.
"""

import hmac
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from secrets import token_urlsafe

from functions.casework.directory.registers import pack, unpack

APPS_REGISTER = "apps"
SECRET_BYTES = 32
NAME_MAX = 100
IDENT = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?", re.ASCII)
KEY_MAX = 120
_NOBODYS = sha256(b"").hexdigest()


class AppsError(ValueError):
    """The register of apps cannot be changed or read this way; the message says why."""


@dataclass(frozen=True, slots=True)
class App:
    """An app. ``digest`` is the hash of its secret, in hex. ``revoked``: its key is no longer valid. ``agency``: the
    app is that agency's own system, which answers the reports forwarded there."""

    ident: str
    name: str
    digest: str = field(repr=False)
    revoked: bool = False
    agency: str = ""


Apps = Mapping[str, App]


def admit(apps: Apps, ident: str, name: str, agency: str = "") -> tuple[dict[str, App], str]:
    """Return the register with a new app, and the app's key, which is not stored and cannot be shown again. Raises
    AppsError."""
    if not IDENT.fullmatch(ident):
        raise AppsError(f"{ident}: an ident is 1 to 32 small letters, digits and dashes, like warga-kutim")
    if ident in apps:
        raise AppsError(f"{ident} was taken already; choose another ident")
    if not name.strip() or len(name) > NAME_MAX or not name.isprintable():
        raise AppsError(f"--name must be one line of 1 to {NAME_MAX} characters")
    secret = token_urlsafe(SECRET_BYTES)
    return {**apps, ident: App(ident, name.strip(), _digest(secret), agency=agency)}, f"{ident}.{secret}"


def revoke(apps: Apps, ident: str) -> dict[str, App]:
    """Return the register with this app's key revoked. Raises AppsError."""
    if ident not in apps:
        raise AppsError(f"{ident}: no such app; `apps list` lists them")
    if apps[ident].revoked:
        raise AppsError(f"{ident} is revoked already")
    return {**apps, ident: replace(apps[ident], revoked=True)}


def app_of(apps: Apps, key: str) -> App | None:
    """Return the app with this key, None if there is none. The time of the comparison reveals nothing about the
    secret."""
    ident, _, secret = key[:KEY_MAX].partition(".")
    app = apps.get(ident)
    fits = hmac.compare_digest(app.digest if app else _NOBODYS, _digest(secret))
    return app if app and fits and not app.revoked else None


def encode_apps(apps: Iterable[App]) -> bytes:
    """Return the body of the register."""
    return pack({APPS_REGISTER: [asdict(app) for app in apps]})


def decode_apps(body: bytes) -> dict[str, App]:
    """Return the apps by ident. Raises AppsError for a body that this release cannot read."""
    try:
        return {raw["ident"]: App(**raw) for raw in unpack(body)[APPS_REGISTER]}
    except (KeyError, TypeError, ValueError, zlib.error) as error:
        raise AppsError(f"the register of apps cannot be read by this release: {error}") from error


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
