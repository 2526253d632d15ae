"""Wires the intake: the store to write into, public keys to seal to, and nothing that opens."""

from secrets import token_bytes

from flask import Flask

from functions.actions.reporter.submit import Submit
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.sign.counter_passes import Passes, counter_key
from functions.crypto.transport.waiting_reports import read_waiting_secret
from functions.intake.app import make_app
from functions.intake.gate import Gate
from functions.intake.proof import SECRET_BYTES, Proofs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """The intake as a Flask app. Goes offline where there is no key to seal to, rather than take reports
    that nobody can read."""
    keys = open_public_keys(settings)
    try:
        public = keys.public()
        store = open_store(settings)
        directory = live_directory(store, settings)
        for instance in directory.instances():
            public.current_id(Purpose.DESK, instance.code)
    except KeysUnavailableError:
        raise
    except KeyringError:
        return offline_door(__name__, https=settings.secure)
    submit = Submit(
        store=store,
        public_keys=keys.public,
        directory=directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=directory.holidays,
        batch=(batches := settings.batches(directory)),
        digest=batches.next,
    )
    secret = settings.form_secret.encode() or token_bytes(SECRET_BYTES)  # one process needs no lasting one
    passes = Passes(counter_key(settings))
    proofs, gate = Proofs(secret, settings.pow_difficulty, passes=passes), Gate(settings.flood_per_hour)
    waiting = read_waiting_secret(settings)
    return make_app(submit, proofs, gate, url=settings.url, operator=settings.operator, waiting_secret=waiting)
