"""Wiring of the thread: store, blobs, public keys. It has no private key: the receipt opens a case."""

import time
from dataclasses import replace

from flask import Flask

from functions.actions.reporter.converse import Converse
from functions.actions.reporter.identity import Trust
from functions.actions.reporter.relay import Elsewhere
from functions.config.settings import Settings
from functions.crypto.seal.public_store import open_public_keys
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.thread.app import make_app


def create_app(settings: Settings) -> Flask:
    """Make the thread as a Flask app."""
    store = open_store(settings)
    directory = live_directory(store, settings)
    converse = Converse(
        store=store,
        blobs=open_blobs(settings),
        public_keys=open_public_keys(settings).public,
        directory=directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=directory.holidays,
        batch=settings.batches(directory),
        file_mb=settings.file_mb,
    )
    converse = replace(converse, where=Elsewhere(store, converse.public_keys, lambda: int(time.time())))
    trust = Trust(
        store=converse.store,
        public_keys=converse.public_keys,
        today=settings.today,
        directory=directory,
        danger_days=settings.danger_days,
        holidays=converse.holidays,
    )
    return make_app(converse, trust, https=settings.secure, operator=settings.operator)
