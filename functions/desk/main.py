"""Wires the desk: store, blobs, the desk's private keys; the links' public keys, so that it can verify and
never mint; the key of counters' passes. No officer's address, no courier's key."""

from time import time

from flask import Flask

from functions.actions.common.courier_texts import Texts
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.common.sign_in import SignIn
from functions.actions.officer.case_notes import Mark
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.open.private.choose import open_keys
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.counter_passes import Passes, counter_key
from functions.desk.app import make_app
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """The desk as a Flask app. Offline where its keys cannot be read."""
    keys = open_keys(settings)
    try:
        desk_keys = Reloading(keys, Purpose.DESK)
        desk_keys()
        keys.public()
        store = open_store(settings)
        directory = live_directory(store, settings)
        if keys.missing([Purpose.DESK], [instance.code for instance in directory.instances()]):
            return offline_door(__name__, https=settings.secure)
    except KeysUnavailableError:
        raise
    except KeyringError:
        return offline_door(__name__, https=settings.secure)
    handle = Mark(
        store=store,
        blobs=open_blobs(settings),
        desk_keys=desk_keys,
        directory=directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=directory.holidays,
        texts=Texts(keys.public),
        forwarding=Forwarding(keys.public, directory),
    )
    signin = SignIn(store, keys.public, directory, lambda: int(time()), settings.session_hours)
    return make_app(
        handle,
        signin,
        https=settings.secure,
        operator=settings.operator,
        objection_days=settings.objection_days,
        passes=Passes(counter_key(settings)),
    )
