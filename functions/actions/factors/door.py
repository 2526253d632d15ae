"""What a door does with second factors, made when first somebody asks for it: no cold start waits for it.

Tests: ``tests/doors/test_half_open.py``.
"""

from collections.abc import Callable
from functools import cache
from urllib.parse import urlsplit

from functions.actions.common.sign_in import SignIn
from functions.casework.formats.web_address import is_this_machine
from functions.crypto.open.private.keys import PrivateKeys
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.web.factors.acts import Acts


def factor_acts(
    signin: SignIn, public: Callable[[], PublicKeys], private: Callable[[], PrivateKeys], purpose: Purpose, url: str
) -> Callable[[], Acts]:
    """Return what gives the actions of a door whose private keys are those of ``purpose``. ``url`` is the portal's."""

    @cache
    def made() -> Acts:
        from functions.actions.factors.enrol_factor import EnrolFactor  # noqa: PLC0415 - see above
        from functions.actions.factors.second_factor import SecondFactor  # noqa: PLC0415 - see above
        from functions.crypto.sign.assertions import Site  # noqa: PLC0415 - see above

        second = SecondFactor(signin, public, private, purpose, Site(*place_of(url)))
        return Acts(second, EnrolFactor(second))

    return made


def place_of(url: str) -> tuple[str, frozenset[str]]:
    """Return the host for which passkeys hold, and the origins that may ask. On this machine it is ``localhost``, since
    no passkey holds for an address of numbers (WebAuthn §5.1.2)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if not is_this_machine(host):
        return host, frozenset({url})
    port = f":{parts.port}" if parts.port else ""
    return "localhost", frozenset({f"{parts.scheme}://localhost{port}"})
