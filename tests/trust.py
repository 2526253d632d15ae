"""A world with the custody door in it, and the two custodians of the demonstration."""

from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from functions.actions.common.sign_in import SignIn
from functions.actions.custodian.custody import Custody
from functions.actions.factors.door import factor_acts
from functions.actions.reporter.identity import Trust
from functions.casework.access import Viewer
from functions.casework.directory.agencies import Directory, Officer, Role
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import Identity, TrustState
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.custody import app as custody
from functions.storage.interface import Store
from functions.thread import app as thread
from tests.world import GRACE, JSON, URL, Desk, World

NAME = "Siti Khayalan"
CONTACT = "siti@surat.example.id"
REASON = "Hak jawabnya tidak dapat dipenuhi tanpa tahu siapa penulisnya."


class TrustWorld(World):
    """Its first custodian sits at the inspectorate, its second at the personnel agency."""

    def __init__(
        self,
        folder: Path,
        directory: Directory | None = None,
        officers: tuple[Officer, ...] = (),
        *,
        store: Store | None = None,
        keys: KeyDirectory | None = None,
    ) -> None:
        super().__init__(folder, store, directory, officers, keys=keys)
        self.trust = Trust(self.store, self.keys.public, lambda: self.today, self.directory)
        self.custody = Custody(
            self.store, lambda: self.keys.private(Purpose.IDENTITY), self.directory, lambda: self.today
        )
        roles = frozenset({Role.CUSTODIAN, Role.OVERSEER})
        self.custodian_signin = SignIn(
            self.store,
            self.keys.public,
            self.directory,
            lambda: self.seconds,
            roles=roles,
            realm="custody",
            policy=GRACE,
        )
        self.custodians: tuple[Officer, ...] = tuple(o for o in self.officers if o.role is Role.CUSTODIAN)

    @cached_property
    def thread(self) -> FlaskClient:
        return thread.make_app(self.converse, self.trust, https=False).test_client()

    @cached_property
    def custody_app(self) -> Flask:
        opening = self.keys.private(Purpose.IDENTITY)
        factors = factor_acts(self.custodian_signin, self.keys.public, lambda: opening, Purpose.IDENTITY, URL)
        return custody.make_app(self.custody, self.custodian_signin, https=False, factors=factors)

    def viewer(self, which: int = 0, case_id: str = "") -> Viewer:
        """A custodian as his session knows him."""
        officer = self.custodians[which]
        return Viewer(officer.ident, officer.agency, officer.role, case_id)

    def entrusted(self, **changes: str) -> tuple[str, str]:
        """A report with an identity left in trust; its receipt and its number."""
        left = {"identity_mode": "rahasia", "name": NAME, "contact": CONTACT}
        sent = self.report(**(left | changes))
        return sent["receipt"], sent["tracking_id"]

    def identity(self, case_id: str) -> Identity:
        """What stands in the store."""
        found = self.store.read_identity(case_id)
        assert found is not None
        return found

    def days_over(self) -> None:
        """Turn the clock past the seven working days after which silence no longer hinders a danger to life."""
        self.today += timedelta(days=14)

    def overseer(self, agency: str = "kutim", case_id: str = "") -> Viewer:
        """An overseer as their session knows them."""
        officer = next(o for o in self.officers if (o.role, o.agency) == (Role.OVERSEER, agency))
        return Viewer(officer.ident, officer.agency, officer.role, case_id)

    def answer(self, receipt: str, said: str = "yes", n: int = 0, reason: str = "") -> TrustState:
        """Answer the request that waits, or number ``n``, as its reporter."""
        if not n:
            view = self.trust.read(parse_receipt(receipt))
            assert view is not None
            n = view.request.n if view.request else 2
        return self.trust.answer(parse_receipt(receipt), said, str(n), reason)

    def opened(self, **changes: str) -> tuple[str, str]:
        """An identity that the first asked for, its reporter agreed to, and the second opened."""
        receipt, case_id = self.entrusted(**changes)
        self.custody.ask(self.viewer(0), case_id, REASON)
        self.answer(receipt)
        self.custody.open(self.viewer(1), case_id, "Saya sependapat.")
        return receipt, case_id

    def custodian(self, which: int = 0, case_id: str = "") -> Desk:
        """A custodian's browser, come in by the link in his mail; ``case_id`` where that mail is about a case."""
        if not case_id:
            self.run_courier()
            self.later(hours=1)  # one link an hour
            self.ask_link(self.custodians[which].email)
        self.run_courier()
        token = self.custodian_tokens(which)[-1]
        client = self.custody_app.test_client()
        answer = client.post("/custody/session", json={"token": token}, headers=JSON)
        assert answer.status_code == 200, answer.data
        session: dict[str, Any] = answer.get_json()
        assert session.get("case", "") == case_id
        return Desk(client, session["csrf"], session)

    def custodian_tokens(self, which: int) -> list[str]:
        """The tokens of all links a custodian was sent."""
        to = self.custodians[which].email
        found = [mail.text.partition("/masuk/kustodian/#")[2] for mail in self.mailbox.letters if mail.to == to]
        return [text.split()[0] for text in found if text]
