"""Wires the thread: store, blobs, public keys. No private key: what opens a case is the receipt."""

from flask import Flask

from functions.actions.converse import Converse
from functions.settings import Settings, load_directory, load_holidays
from functions.storage.choose import open_store
from functions.storage.choose_blobs import open_blobs
from functions.thread.app import make_app
from functions.vault.keyring import KeyDirectory


def create_app(settings: Settings) -> Flask:
    """The thread as a Flask app."""
    converse = Converse(
        store=open_store(settings),
        blobs=open_blobs(settings),
        public_keys=KeyDirectory(settings.keys_dir).public,
        directory=load_directory(settings.directory_file),
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=load_holidays(settings.directory_file),
    )
    return make_app(converse, https=settings.secure, operator=settings.operator)
