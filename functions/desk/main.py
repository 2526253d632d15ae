"""Wires the desk: store, blobs, the desk's private keys, the links' public keys, the key of counters' passes.

It holds the key that signs what it asks of the courier, and reads it when it first asks. It can verify links and never
mint them. It has no officer's address and no courier's key.
"""

from time import time

from flask import Flask

from functions.actions.common.courier_texts import Texts
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.common.private_door import open_private_door
from functions.actions.common.sign_in import SignIn
from functions.actions.factors.door import factor_acts
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.mandates import Mandates
from functions.actions.officer.read_case import ReadCase
from functions.config.settings import Settings
from functions.crypto.open.private.reloading import Reloading
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.counter_passes import Passes, counter_key
from functions.desk.app import make_app
from functions.storage.blobs.choose import open_blobs
from functions.web.door import offline_door


def create_app(settings: Settings) -> Flask:
    """Return the desk, offline if its keys are missing or damaged. Raises KeysUnavailableError."""
    found = open_private_door(settings, Purpose.DESK)
    if found is None:
        return offline_door(__name__, https=settings.secure)
    keys, directory = found.keys, found.directory
    opening = (found.store, open_blobs(settings), found.private, directory, settings.today)
    cases = ReadCase(*opening, holidays=directory.holidays, deadlines=settings.deadlines)
    signin = SignIn(
        found.store,
        keys.public,
        directory,
        lambda: int(time()),
        settings.session_hours,
        policy=settings.factors,
    )
    mandates = Mandates(found.store, keys.public, Reloading(keys, Purpose.MANDATES), signin.now)
    act = CaseAct(cases, keys.public, Texts(keys.public, mandates.sign), settings.deadlines, directory.holidays)
    handle = HandleCase(act, Forwarding(keys.public, directory), settings.file_mb)
    return make_app(
        handle,
        signin,
        mandates,
        https=settings.secure,
        operator=settings.operator,
        objection_days=settings.objection_days,
        passes=Passes(counter_key(settings)),
        timezone=settings.timezone,
        digest=settings.digests().standard,
        factors=factor_acts(signin, keys.public, found.private, Purpose.DESK, settings.url),
    )
