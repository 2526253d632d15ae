"""Wiring of the gateway: intake of reports, opening with receipts, and the secret that finds a number's receipts.

A number's receipts are found only while one of its SMS is at hand. There is no private key.
"""

from flask import Flask

from functions.actions.common.courier_texts import Texts
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.make_submit import make_submit
from functions.actions.reporter.sms import Limits, ReceiveSms
from functions.actions.reporter.sms_acts import SmsActs
from functions.casework.directory.agencies import Directory
from functions.config.settings import Settings
from functions.crypto.errors import KeyringError, KeysUnavailableError
from functions.crypto.seal.public_store import open_public_keys
from functions.crypto.slips.phone_numbers import PhoneSecret
from functions.crypto.slips.phone_secrets import read_phone_secret
from functions.gateway.app import make_app
from functions.storage.blobs.choose import open_blobs
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import live_directory
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """Make the gateway as a Flask app. It is offline if SMS cannot be answered, or a key to seal to or a secret is
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
    acts = SmsActs(submit, converse, instance, district, settings.sms_prefix, settings.url)
    texting = ReceiveSms(
        store=store,
        acts=acts,
        texts=Texts(keys.public),
        secret=PhoneSecret(secrets["phone"]),
        mute_secret=secrets["mute"],
        today=settings.today,
        limits=Limits(settings.sms_reports, settings.sms_answers, settings.sms_answers_hour, settings.sms_countries),
    )
    return make_app(texting, secrets["sms"], https=settings.secure, operator=settings.operator)


def whose(settings: Settings, directory: Directory) -> tuple[str, str]:
    """Return the instance that owns the number, and the district of reports that name none.

    The district is SMS_DISTRICT, or the first of the directory.
    """
    district = settings.sms_district
    if district not in directory.districts:
        district = next(iter(directory.districts))
    return directory.instance_of_district(district).code, district
