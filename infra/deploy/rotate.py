"""Rotating keys in the cloud: ops make the new pair, the function that holds the old one wraps anew what stands under
it, ops destroy the old one. Nobody but that function ever opens anything."""

import os
import time
from collections.abc import Callable

from functions.actions.ops.rotate import Rotate
from functions.config.settings import load_settings
from functions.crypto.ops.choose import open_key_maker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import read_directory
from infra.deploy.environs import of_ops
from infra.deploy.functions import Functions
from infra.deploy.place import Place
from infra.deploy.say import DeployError, say

HOLDERS = {Purpose.DESK: "desk", Purpose.IDENTITY: "custody"}
GRACE_SECONDS = 120  # readers look at the public keys once a minute, and a request takes thirty seconds at most


def rotate(place: Place, url: str, purpose: str, instance: str, grace: int = GRACE_SECONDS) -> list[str]:
    """Rotate the keys of one purpose, of one instance or of all (""); returns the new key ids. Raises DeployError,
    KeyringError, StorageError, RotationError; may then simply be run again."""
    settings = load_settings({**os.environ, **of_ops(place, url)})
    known = [each.code for each in read_directory(open_store(settings), settings).directory.instances()]
    if instance and instance not in known:
        raise DeployError(f"{instance} is no instance of the directory; there are: {', '.join(known)}")
    functions = Functions(place, {}, url)
    rewrap = {held: _rewrapping(functions, function) for held, function in HOLDERS.items()}

    def wait() -> None:
        say(f"   waiting {grace} seconds, until every function seals to the new key")
        time.sleep(grace)

    turn = Rotate(open_key_maker(settings), rewrap, wait)
    made = []
    for code in [instance] if instance else known:
        made.append(turn(Purpose(purpose), code))
        say(f"   current {purpose} key of {code}: {made[-1]}")
    return made


def _rewrapping(functions: Functions, function: str) -> Callable[[str], int]:
    def rewrap(instance: str) -> int:
        answer = functions.call(function, {"lapor": "rewrap", "instance": instance})
        count = int(answer["rewrapped"])
        say(f"   {function}: {count} wrapped anew")
        return count

    return rewrap
