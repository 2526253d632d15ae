"""Wires the custody door: store, the identities' private keys, and the links' public keys, so that it can verify and
never mint. No desk's key, so no word of a case; no courier's key, so no address for notices."""

from time import time

from flask import Flask

from functions.actions.common.sign_in import SignIn
from functions.actions.custodian.custody import Custody
from functions.casework.directory.agencies import Role
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.custody.app import make_app
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """The custody door as a Flask app. Offline where its keys cannot be read."""
    keys = open_keys(settings)
    try:
        identity_keys = Reloading(keys, Purpose.IDENTITY)
        identity_keys()
        keys.public()
        store = open_store(settings)
        directory = live_directory(store, settings)
        if keys.missing([Purpose.IDENTITY], [instance.code for instance in directory.instances()]):
            return offline_door(__name__, https=settings.secure)
    except KeysUnavailableError:
        raise
    except KeyringError:
        return offline_door(__name__, https=settings.secure)
    custody = Custody(
        store=store,
        identity_keys=identity_keys,
        directory=directory,
        today=settings.today,
        objection_days=settings.objection_days,
        holidays=directory.holidays,
    )
    roles = frozenset({Role.CUSTODIAN})
    signin = SignIn(store, keys.public, directory, lambda: int(time()), settings.session_hours, roles, "custody")
    return make_app(custody, signin, https=settings.secure, operator=settings.operator)
