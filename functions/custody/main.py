"""Wires the custody door: store, the identities' private keys, the links' public keys.

It can verify links and never mint them. It has no desk's key, so no word of a case; no courier's key, so no address.
"""

from time import time

from flask import Flask

from functions.actions.common.private_door import open_private_door
from functions.actions.common.sign_in import CUSTODY, SignIn
from functions.actions.custodian.custody import Custody
from functions.actions.factors.door import factor_acts
from functions.casework.directory.agencies import Role
from functions.config.settings import Settings
from functions.crypto.seal.public_keys import Purpose
from functions.custody.app import make_app
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """Return the custody door, offline if its keys are missing or damaged. Raises KeysUnavailableError."""
    found = open_private_door(settings, Purpose.IDENTITY)
    if found is None:
        return offline_door(__name__, https=settings.secure)
    store, directory = found.store, found.directory
    custody = Custody(
        store=store,
        identity_keys=found.private,
        directory=directory,
        today=settings.today,
        danger_days=settings.danger_days,
        holidays=directory.holidays,
        public_keys=found.keys.public,
    )
    roles = frozenset({Role.CUSTODIAN, Role.OVERSEER})
    signin = SignIn(
        store,
        found.keys.public,
        directory,
        lambda: int(time()),
        settings.session_hours,
        roles,
        CUSTODY,
        settings.factors,
    )
    factors = factor_acts(signin, found.keys.public, found.private, Purpose.IDENTITY, settings.url)
    return make_app(custody, signin, https=settings.secure, operator=settings.operator, factors=factors)
