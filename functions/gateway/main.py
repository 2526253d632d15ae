"""Wires the gateway: what takes reports in and what a receipt opens, and the secret by which a number's receipts are
found while one of its SMS is at hand. No private key."""

from flask import Flask

from functions.actions.common.courier_texts import Texts
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.make_submit import make_submit
from functions.actions.reporter.sms import Limits, Texting
from functions.actions.reporter.sms_acts import Acts
from functions.casework.directory.agencies import Directory
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.crypto.slips.phone_secrets import read_phone_secret
from functions.gateway.app import make_app
from functions.storage.choose_blobs import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """The gateway as a Flask app. Offline where no SMS could be answered, there is no key to seal to, or a secret is
    missing."""
    if settings.sms_way == "off":
        return offline_door(__name__, https=settings.secure)
    keys = open_public_keys(settings)
    try:
        keys.public()
        secrets = {name: read_phone_secret(settings, name) for name in ("phone", "mute", "sms")}
    except KeysUnavailableError:
        raise
    except KeyringError:
        return offline_door(__name__, https=settings.secure)
    store = open_store(settings)
    directory = live_directory(store, settings)
    submit = make_submit(settings, store, keys.public, directory)
    converse = Converse(
        store=store,
        blobs=open_blobs(settings),
        public_keys=keys.public,
        directory=directory,
        today=settings.today,
        deadlines=settings.deadlines,
        holidays=directory.holidays,
        batch=submit.batch,
    )
    instance, district = whose(settings, directory)
    acts = Acts(submit, converse, instance, district, settings.sms_prefix, settings.url)
    texting = Texting(
        store=store,
        acts=acts,
        texts=Texts(keys.public),
        secret=PhoneSecret(secrets["phone"]),
        mute_secret=secrets["mute"],
        today=settings.today,
        limits=Limits(settings.sms_reports, settings.sms_answers),
    )
    return make_app(texting, secrets["sms"], https=settings.secure, operator=settings.operator)


def whose(settings: Settings, directory: Directory) -> tuple[str, str]:
    """The instance whose number this is, and the district of its reports that name none: SMS_DISTRICT, or the first of
    the directory."""
    district = settings.sms_district
    if district not in directory.districts:
        district = next(iter(directory.districts))
    return directory.instance_of_district(district).code, district
