"""Rotating keys in the cloud: ops make the new pair, the function that holds the old one wraps anew what stands under
it, ops destroy the old one. Nobody but that function ever opens anything. The courier's finds no case, so ops bring it
what is sealed to its old key.

Instances are turned side by side, with one wait for all; a run that was cut off goes on where it stopped."""

import os
import time
from collections.abc import Callable
from functools import partial

import click

from functions.actions.courier.seal_anew import Envelopes, decode, encode
from functions.actions.ops.reseal import ResealForCourier
from functions.actions.ops.rotate import Rotate
from functions.cli._common import moving_bar
from functions.config.settings import load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
from infra.deploy import ours
from infra.deploy.environs import of_ops
from infra.deploy.functions import Functions
from infra.deploy.place import Place
from infra.deploy.portal import upload
from infra.deploy.say import DeployError, say

HOLDERS = {Purpose.DESK: "desk", Purpose.IDENTITY: "custody"}
GRACE_SECONDS = 120  # readers look at the public keys once a minute, and a request takes thirty seconds at most
AT_ONCE = 8  # of the functions that a new account may run at once, two are left for people


def rotate(
    place: Place, url: str, purpose: str, instance: str, grace: int = GRACE_SECONDS, *, fresh: bool = False
) -> list[str]:
    """Rotate the keys of one purpose, of one instance or of all (""); returns the new key ids. Raises DeployError,
    KeyringError, StorageError, RotationError; may then simply be run again. All at once it then goes on where it
    stopped, unless ``fresh``."""
    settings = load_settings({**os.environ, **of_ops(place, url)})
    store = open_store(settings)
    directory = read_directory(store, settings).directory
    known = [each.code for each in directory.instances()]
    if instance and instance not in known:
        raise DeployError(f"{instance} is no instance of the directory; there are: {', '.join(known)}")
    functions = Functions(place, {}, url)
    maker = open_key_maker(settings)
    others = [code for code in known if instance and code != instance]  # of all, each is looked through in its turn
    rewrap = {held: _rewrapping(functions, function) for held, function in HOLDERS.items()}
    rewrap[Purpose.COURIER] = ResealForCourier(store, maker.public, partial(_sealed_anew, functions), directory, others)

    def wait() -> None:
        with click.progressbar(range(grace), label="waiting until every function seals to the new key") as seconds:
            for _ in seconds:
                time.sleep(1)

    def publish() -> None:
        wait()  # every function has to know the new keys before a page shows them
        upload(place, ours.freeze_portal(place, url))

    turn = Rotate(maker, rewrap, wait, AT_ONCE, moving_bar, publish=publish)
    if instance:
        made = {instance: turn(Purpose(purpose), instance)}
    else:
        made = turn.resumable(store, Purpose(purpose), known, settings.today(), fresh=fresh)
    for code, key_id in made.items():
        say(f"   current {purpose} key of {code}: {key_id}")
    return list(made.values())


def _sealed_anew(functions: Functions, instance: str, envelopes: Envelopes) -> list[bytes]:
    order = {"lapor": "seal_anew", "instance": instance, "envelopes": encode(envelopes)}
    return [envelope for _, envelope in decode(functions.call("courier", order)["envelopes"])]


def _rewrapping(functions: Functions, function: str) -> Callable[[str], int]:
    def rewrap(instance: str) -> int:
        return int(functions.call(function, {"lapor": "rewrap", "instance": instance})["rewrapped"])

    return rewrap
