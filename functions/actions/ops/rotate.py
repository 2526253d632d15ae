"""Rotate a key: make a new pair current, re-wrap open cases to it, destroy the old private key.

Cases that were closed for good under the old key go dark for the desk, in the store and in every backup. Their
reporters still open them with the receipt. Contacts of open cases, and what waits to leave, are sealed anew to the
courier's next key (``reseal``): who reported by SMS has no other way to read an answer.

Tests: ``tests/actions/test_rotate.py``, ``tests/actions/test_rotate_courier.py``.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import MappingProxyType

from functions.actions.common.rewrap import RewrapCases, RewrapIdentities
from functions.actions.common.sign_in import CUSTODY
from functions.actions.courier.seal_anew import Envelopes, seal_anew
from functions.actions.factors.rewrap_factors import RewrapFactors
from functions.actions.ops.reseal import ResealForCourier
from functions.casework.directory.agencies import Directory
from functions.crypto.ops.interface import KeyMaker
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Registers, Store
from functions.storage.registers.rotation import begin_rotation, end_rotation

PASSES_MAX = 20
Bar = Callable[[str, int], AbstractContextManager[Callable[[], None]]]
LATE = frozenset({Purpose.DESK, Purpose.IDENTITY, Purpose.COURIER})  # what reports are sealed to


class RotationError(Exception):
    """After many passes cases are still under the old key, which was not destroyed. Run the rotation again."""


@contextmanager
def no_bar(_label: str, _length: int) -> Iterator[Callable[[], None]]:
    """Show no progress."""
    yield lambda: None


@dataclass(frozen=True, slots=True)
class Rotate:
    """Rotates keys.

    ``rewrap`` makes one pass over an instance, for the purposes that keep something, and returns how many it wrapped
    again. ``wait`` lets requests finish that read the old public key. ``at_once`` instances are wrapped side by side.
    ``bar`` makes a progress bar of a label and a length, and gives what moves it by one. ``publish`` shows phones the
    new public keys; until then a report to the old one is taken, since no page knows another. ``late``: reports may be
    on their way from the nation, sealed to the old key, so it is destroyed by the next rotation instead of this one
    (``PublicKeys.late``).
    """

    keys: KeyMaker
    rewrap: Mapping[Purpose, Callable[[str], int]]
    wait: Callable[[], None]
    at_once: int = 1
    bar: Bar = no_bar
    late: bool = False
    publish: Callable[[], object] = lambda: None

    def __call__(self, purpose: Purpose, instance: str) -> str:
        """Rotate one key. Returns the new key id.

        An interrupted rotation may simply run again: nothing is destroyed before every open case is under a newer key.
        Raises RotationError, KeyringError.
        """
        return self.all(purpose, [instance])[instance]

    def resumable(
        self, store: Registers, purpose: Purpose, instances: Sequence[str], today: date, *, fresh: bool = False
    ) -> dict[str, str]:
        """Rotate as ``all``, and go on where a run of the last days stopped, unless ``fresh``. Raises StorageError
        too."""
        current = self.keys.public().current
        known = {each: current[purpose, each] for each in instances if (purpose, each) in current}
        made = self.all(purpose, instances, begin_rotation(store, purpose, known, today, fresh=fresh))
        end_rotation(store, purpose)
        return made

    def all(
        self, purpose: Purpose, instances: Sequence[str], before: Mapping[str, str] = MappingProxyType({})
    ) -> dict[str, str]:
        """Rotate the keys of many instances, with one wait for all. Returns the new key ids by instance.

        With ``before`` (the current key ids at its first run) it goes on where it stopped: whose key is another by now
        gets no further one, and whose old key is destroyed is left alone. An instance that fails keeps its old key and
        holds up no other. Raises RotationError, KeyringError and what ``rewrap`` raises: the first, at the end.
        """
        old = {each: self.keys.private_ids(purpose, each) for each in instances}
        public = self.keys.public()
        current = public.current
        begun = {each for each in instances if each in before and current.get((purpose, each)) != before[each]}
        fresh = [each for each in instances if each not in begun]
        late = self.late and purpose in LATE
        if purpose in LATE and fresh:
            if not late and any((purpose, each) in public.late for each in fresh):
                self.publish()  # a run that was cut short may not have come to it: pages show the key before the last
            self.keys.keep_late(purpose, [each for each in fresh if (purpose, each) in current])  # else its first key
        made = dict(zip(fresh, self.keys.generate_all((purpose, each) for each in fresh), strict=True))
        made |= {each: current[purpose, each] for each in begun}
        if purpose in LATE:
            self.publish()  # before anything can stop this: phones seal to what they are shown
        if purpose in LATE and not late:
            self.keys.end_late(purpose, instances)
        left = [each for each in instances if each in fresh or old[each] != [made[each]]]
        if left:
            kept = self.keys.public().late if late else {}
            ended = {each: set(old[each]) - {made[each], kept.get((purpose, each), "")} for each in left}
            self._move(purpose, left, ended)
        return made

    def _move(self, purpose: Purpose, instances: Sequence[str], old: Mapping[str, Collection[str]]) -> None:
        """Wrap what is under old keys again, before and after the wait, and destroy them."""
        rewrap, trouble = self.rewrap.get(purpose), list[Exception]()
        if rewrap:
            self._side_by_side("wrapping open cases", rewrap, instances, trouble)
        self.wait()
        moved = instances
        if rewrap:
            trouble.clear()  # what failed before the wait is tried again
            moved = self._side_by_side("looking for late ones", partial(_until_none_left, rewrap), instances, trouble)
            if trouble and purpose is Purpose.COURIER:
                moved = []  # among the cases of one that failed some may have come from another
        with self.bar("destroying old keys", len(moved)) as tick:
            for instance in moved:
                for key_id in old[instance]:
                    self.keys.destroy(purpose, instance, key_id)
                tick()
        if trouble:
            raise trouble[0]

    def _side_by_side(
        self, label: str, work: Callable[[str], object], instances: Sequence[str], trouble: list[Exception]
    ) -> list[str]:
        """Do the work for each instance, some at once. Returns those where it did not fail."""
        moved = []
        with self.bar(label, len(instances)) as tick, ThreadPoolExecutor(self.at_once) as pool:
            running = {pool.submit(work, instance): instance for instance in instances}
            try:
                for ended in as_completed(running):
                    try:
                        ended.result()
                        moved.append(running[ended])
                    except Exception as error:  # noqa: BLE001 - whatever it is, it is raised at the end
                        trouble.append(error)
                    tick()
            finally:
                pool.shutdown(cancel_futures=True)  # Ctrl-C: what is under way ends, nothing else begins
        return moved


def rewrap_here(
    store: Store,
    keys: KeyMaker,
    today: Callable[[], date],
    tell: Callable[[int], None],
    agencies: Collection[str] = (),
    directory: Directory | None = None,
    elsewhere: Collection[str] = (),
) -> dict[Purpose, Callable[[str], int]]:
    """Make the passes in this process, which must be able to open the keys. ``tell`` gets the number of re-wrapped
    cases; ``agencies`` are those whose officers' secrets are sealed again. ``directory`` and ``elsewhere`` are as
    ``ResealForCourier`` takes them."""

    def desk(instance: str) -> int:
        private = partial(keys.private, Purpose.DESK, instance)  # a nation has hundreds, each slow with a passphrase
        officers = RewrapFactors(store, agencies, private, keys.public, Purpose.DESK)
        return officers(instance) + RewrapCases(store, private, keys.public, today, tell)(instance)

    def custody(instance: str) -> int:
        private = partial(keys.private, Purpose.IDENTITY, instance)
        custodians = RewrapFactors(store, agencies, private, keys.public, Purpose.IDENTITY, CUSTODY)
        return custodians(instance) + RewrapIdentities(store, private, keys.public, today, tell)(instance)

    def anew(instance: str, envelopes: Envelopes) -> list[bytes]:
        public = keys.public()  # read first, as ``RewrapCases`` does
        return seal_anew(instance, envelopes, keys.private(Purpose.COURIER, instance), public)

    courier = ResealForCourier(store, keys.public, anew, directory, elsewhere, tell)
    return {Purpose.DESK: desk, Purpose.IDENTITY: custody, Purpose.COURIER: courier}


def _until_none_left(rewrap: Callable[[str], int], instance: str) -> None:
    for _ in range(PASSES_MAX):
        if rewrap(instance) == 0:
            return
    raise RotationError(f"cases of {instance} keep coming under an old key")
