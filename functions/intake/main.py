"""Build the intake: the store to write into, public keys to seal to, and nothing that opens."""

import time
from dataclasses import replace
from secrets import token_bytes

from flask import Flask

from functions.actions.reporter.make_submit import make_submit
from functions.actions.reporter.relay import RelayToOffice
from functions.config.settings import Settings
from functions.crypto.errors import unless_missing
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.sign.counter_passes import Passes, counter_key
from functions.crypto.transport.waiting_reports import read_waiting_secret
from functions.intake.app import make_app
from functions.intake.gate import Gate
from functions.intake.proof import SECRET_BYTES, Proofs
from functions.storage.choose_store import open_store
from functions.storage.interface import Store
from functions.storage.registers.directory import LiveDirectory, directory_with_offices, live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """Return the intake. Without a key to seal to, it goes offline: no report is better than one that nobody can
    read."""
    keys = open_public_keys(settings)

    def look() -> tuple[Store, LiveDirectory]:
        public, store = keys.public(), open_store(settings)
        directory = live_directory(store, settings)
        for instance in directory.instances():
            public.current_id(Purpose.DESK, instance.code)
        return store, directory_with_offices(directory, lambda: keys.public().linked)

    found = unless_missing(look)
    if found is None:
        return offline_door(__name__, https=settings.secure)
    store, directory = found
    submit = make_submit(settings, store, keys.public, directory)
    submit = replace(submit, relay=RelayToOffice(store, directory, keys.public, lambda: int(time.time())))
    secret = settings.form_secret.encode() or token_bytes(SECRET_BYTES)  # a single process needs no lasting secret
    passes = Passes(counter_key(settings))
    proofs, gate = Proofs(secret, settings.pow_difficulty, passes=passes), Gate(settings.flood_per_hour)
    waiting = read_waiting_secret(settings)
    # Behind an edge a request's host says nothing, so without a list no portal has a host of its own.
    hosts = {} if settings.origin_secret and settings.portal_hosts is None else settings.portal_hosts
    return make_app(
        submit,
        proofs,
        gate,
        url=settings.url,
        operator=settings.operator,
        waiting_secret=waiting,
        file_mb=settings.file_mb,
        hosts=hosts,
    )
