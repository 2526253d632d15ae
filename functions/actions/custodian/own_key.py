"""A custodian's own key at the custody door: what their browser made of it, its locked copies, and their vouch.

The seed never comes here in clear. A key counts from the day that a roster names it, which ops publish after two
custodians vouched (``actions.ops.rosters``).

Tests: ``tests/doors/test_custodian_keys.py``, ``tests/captured/test_custody.py``,
``tests/captured/test_custody_browser.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from functions.casework.access import Viewer
from functions.casework.consent.roster import PUBLIC_BYTES, VOUCH_BYTES, Candidate, Roster, fingerprint_of
from functions.casework.directory.agencies import Directory, Role
from functions.casework.problems import BusyProblem, FieldError, InvalidInputProblem
from functions.casework.sealed_identity import TrustProblem
from functions.crypto.seal.public_keys import PublicKeys
from functions.crypto.sign.vouches import signs
from functions.storage.interface import Store
from functions.storage.registers.custodians import Custodians, Keeper, Lock, read_custodians, write_custodians
from functions.storage.retry import retry_on_conflict

MOST_LOCKS = 6
LOCKED_BYTES = 61  # version, nonce, seed, tag
CREDENTIAL_MAX = 1023  # https://www.w3.org/TR/webauthn-3/#credential-id


class OwnKey(NamedTuple):
    """What a custodian's page shows: the roster that stands, the one that waits, and their own keys (None: none yet).
    ``fingerprint`` is of their own keys; ``vouched`` says that they vouched for the one that waits."""

    instance: str
    agency: str
    roster: Roster | None
    proposed: Roster | None
    own: Keeper | None
    fingerprint: str
    vouched: bool


@dataclass(frozen=True, slots=True)
class OwnKeys:
    """The actions of a custodian on their own key."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    directory: Directory

    def read(self, viewer: Viewer) -> OwnKey:
        """Return the page's facts. Raises TrustProblem ``identity_role`` for an overseer."""
        instance = self._instance(viewer)
        known = read_custodians(self.store, instance)
        roster, own = self.public_keys().rosters.get(instance), known.keepers.get(viewer.agency)
        waits = known.proposed if known.proposed and roster and known.proposed.previous == roster.id else None
        me = roster.of(viewer.agency) if roster else None
        vouched = me is not None and waits is not None and me.x in dict(waits.vouched)
        print_of = fingerprint_of(own.candidate.public, own.candidate.vouch) if own else ""
        return OwnKey(instance, viewer.agency, roster, waits, own, print_of, vouched)

    def put_key(self, viewer: Viewer, public: bytes, vouch: bytes) -> None:
        """Keep the public keys that a custodian's browser made, in place of earlier ones of theirs. A successor makes
        theirs once ops freed the seat (``Rosters.propose``).

        Raises InvalidInputProblem, TrustProblem ``keeper_other``, BusyProblem."""
        if (len(public), len(vouch)) != (PUBLIC_BYTES, VOUCH_BYTES):
            raise InvalidInputProblem(FieldError("public", "bad_envelope"))

        def change(known: Custodians) -> Custodians:
            before = _own(known, viewer)
            one = Candidate(viewer.agency, public, vouch)
            same = before is not None and before.candidate == one
            locks = before.locks if before and same else ()
            return known.with_keeper(Keeper(one, viewer.officer, locks))

        self._change(viewer, change)

    def put_lock(self, viewer: Viewer, credential: bytes, locked: bytes) -> None:
        """Keep one locked copy of the seed. Raises InvalidInputProblem, TrustProblem (``keeper_other``,
        ``identity_no_slot``), BusyProblem."""
        if len(locked) != LOCKED_BYTES or not 0 < len(credential) <= CREDENTIAL_MAX:
            raise InvalidInputProblem(FieldError("locked", "bad_envelope"))

        def change(known: Custodians) -> Custodians:
            own = _own(known, viewer)
            if own is None:
                raise TrustProblem("identity_no_slot")
            others = [lock for lock in own.locks if lock.credential != credential]
            locks = (*others, Lock(credential, locked))[-MOST_LOCKS:]
            return known.with_keeper(replace(own, locks=locks))

        self._change(viewer, change)

    def vouch(self, viewer: Viewer, roster_id: str, signature: bytes) -> None:
        """Keep a custodian's signature under the roster that waits. Raises TrustProblem ``roster_other`` if another
        waits by now, ``roster_signature`` if it is not theirs; BusyProblem."""

        def change(known: Custodians) -> Custodians:
            seen = self.read(viewer)
            me = seen.roster.of(viewer.agency) if seen.roster else None
            if seen.proposed is None or me is None or seen.proposed.id != roster_id:
                raise TrustProblem("roster_other")
            if not signs(me, seen.proposed, signature):
                raise TrustProblem("roster_signature")
            vouched = tuple(sorted({**dict(seen.proposed.vouched), me.x: signature}.items()))
            return replace(known, proposed=replace(seen.proposed, vouched=vouched))

        self._change(viewer, change)

    def _instance(self, viewer: Viewer) -> str:
        found = self.directory.instance_of(viewer.agency)
        if viewer.role is not Role.CUSTODIAN or found is None:
            raise TrustProblem("identity_role")
        return found.code

    def _change(self, viewer: Viewer, change: Callable[[Custodians], Custodians]) -> None:
        instance = self._instance(viewer)

        def attempt() -> None:
            write_custodians(self.store, instance, change(read_custodians(self.store, instance)))

        retry_on_conflict(attempt, BusyProblem)


def _own(known: Custodians, viewer: Viewer) -> Keeper | None:
    """Return the keys that this custodian made. Raises TrustProblem if another officer of their agency made some."""
    keeper = known.keepers.get(viewer.agency)
    if keeper and keeper.by != viewer.officer:
        raise TrustProblem("keeper_other")
    return keeper
