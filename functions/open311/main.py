"""Build the door of apps: the store to write into, public keys to seal to, public reports, and nothing that opens."""

from functools import partial
from zoneinfo import ZoneInfo

from flask import Flask

from functions.actions.reporter.make_submit import make_submit
from functions.actions.reporter.open311 import ReceiveFromApp
from functions.config.settings import Settings
from functions.crypto.seal.public_store import open_public_keys
from functions.open311.app import Place, make_app
from functions.open311.flood import Flood
from functions.open311.public import Recent
from functions.storage.choose_store import open_store
from functions.storage.registers.apps import live_apps
from functions.storage.registers.directory import live_directory
from functions.storage.registers.publications import public_versions, read_public


def create_app(settings: Settings) -> Flask:
    """Return the door of apps. Without keys to seal to, it takes no report (503) and answers the rest."""
    keys = open_public_keys(settings)
    store = open_store(settings)
    directory = live_directory(store, settings)
    apps = live_apps(store)
    place = Place(
        directory=directory,
        from_apps=ReceiveFromApp(make_submit(settings, store, keys.public, directory)),
        apps=lambda: apps().apps,
        reports=Recent(partial(read_public, store), lambda instance: public_versions(store, [instance])[0]),
        flood=Flood(settings.flood_per_hour),
        today=settings.today,
        zone=ZoneInfo(settings.timezone),
        url=settings.url,
        operator=settings.operator,
        test=settings.mail == "dev",
    )
    return make_app(place)
