"""Setting the scene: cases brought to a stage by JSON, so that a test begins where it looks."""

import re
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from itertools import count
from secrets import token_hex, token_urlsafe

from functions.actions.clock.count_figures import CountFigures
from functions.actions.clock.publish_reports import PublishReports
from functions.actions.clock.remind import Remind
from functions.casework.deadlines.escalation import Patience
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Role
from functions.config.settings import DEMO, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.local.setup import freeze
from functions.storage.sqlite.store import SqliteStore
from tests.browser.people import LINK, mail
from tests.server import Client, Running

COORDINATOR = "koordinator1@diskominfo.example.id"
OFFICER, COLLEAGUE = "petugas1@dpupr.example.id", "petugas2@dpupr.example.id"
UNIT = "kutim-dpupr"
WORDS = "Jembatan kayu menuju sekolah putus sejak hujan Senin lalu."
HOUR = 3600
WEEKS = count(1)


class Scene:
    """A running product and what happened in it before."""

    def __init__(self, product: Running) -> None:
        self.product = product
        self.post = Client(product.url)
        self.settings = load_settings({"DATA_DIR": str(product.folder)})
        self.store = SqliteStore(product.folder / "lapor.sqlite")

    def report(self, **changes: str) -> tuple[str, str]:
        """A new report. Returns its receipt and its number."""
        fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": WORDS}
        fields |= {"submission_key": token_hex(16)} | changes
        sent = self.post.post("/api/reports", fields, 201)
        self.batch_comes(sent["tracking_id"])
        return sent["receipt"], sent["tracking_id"]

    def batch_comes(self, case_id: str) -> None:
        """Its batch has left: a report that accuses would show to officers in the morning only."""
        with closing(sqlite3.connect(self.product.folder / "lapor.sqlite", timeout=10)) as db, db:
            db.execute("UPDATE cases SET visible_from = 1 WHERE case_id = ? AND visible_from", (case_id,))
            due = "UPDATE outbox SET not_before = 0, turn = '00000000#' || entry_id WHERE case_id = ? AND not_before"
            db.execute(due, (case_id,))

    def desk(self, email: str, about: str) -> Client:
        """An officer signed in by the mail about a case, whose batch has left."""
        self.batch_comes(about)
        found = LINK.search(mail(self.post, email, about)["text"])
        assert found
        officer = Client(self.product.url)
        officer.csrf = officer.post("/desk/session", {"token": found[1]})["csrf"]
        return officer

    def handed_over(self, **changes: str) -> tuple[str, str, Client]:
        """A report at the unit. Returns receipt, number and the officer's hands."""
        receipt, case_id = self.report(**changes)
        return receipt, case_id, self.unit_has(case_id)

    def unit_has(self, case_id: str) -> Client:
        """The coordinator hands the case to the unit. Returns its officer's hands."""
        reason = {"agency": UNIT, "reason": "Jembatan kabupaten."}
        self.desk(COORDINATOR, case_id).post(f"/desk/cases/{case_id}/handover", reason)
        return self.desk(OFFICER, case_id)

    def reply(self, officer: Client, case_id: str, words: str) -> None:
        """An answer of the officer's."""
        officer.post(f"/desk/cases/{case_id}/messages", {"body": words, "message_key": token_hex(8)}, 201)

    def close(self, officer: Client, case_id: str, reason: str = "Sudah kami jelaskan.") -> None:
        """The officer closes the case."""
        officer.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": reason})

    def verdict(self, receipt: str, **said: object) -> None:
        """The reporter says whether it is done."""
        self.post.post("/api/thread/verdict", {"receipt": receipt, **said})

    def link(self, ident: str, agency: str, *, hours: int = 24, case_id: str = "", role: Role = Role.OFFICER) -> str:
        """A link as the courier signs it, good for this long (or, below nothing, over since), as in a mail."""
        now = int(time.time())
        private, public = (
            KeyDirectory(self.product.folder / "keys"),
            KeyDirectory(self.product.folder / "keys").public(),
        )
        key = private.private(Purpose.LINKS).keys[public.current_id(Purpose.LINKS, "kutim")]
        made = Link(token_urlsafe(16), ident, agency, role, "kutim", case_id, now - 9 * HOUR, now + hours * HOUR)
        return f"{self.product.url}/masuk/#{sign_link(made, key)}"

    def custodian(self, case_id: str = "") -> str:
        """A link of the first custodian's, as in a mail."""
        made = self.link("kustodian-1", "kutim-inspektorat", role=Role.CUSTODIAN, case_id=case_id)
        return made.replace("/masuk/#", "/masuk/kustodian/#")

    def late(self, case_id: str) -> None:
        """Make a case long overdue, since the longest of dates, which must fit the narrowest phone. Run the clock as on
        the next working day, since it rests on days off: the case goes up to the inspectorate."""
        with closing(sqlite3.connect(self.product.folder / "lapor.sqlite")) as store, store:
            past = "UPDATE cases SET due = ?1, place = '0#' || ?1 || substr(place, 13) WHERE case_id = ?2"
            store.execute(past, ("2025-09-28", case_id))
        directory = load_directory(DEMO / "kutai-timur.toml")
        workday = add_workdays(self.settings.today() - timedelta(days=1), 1)
        assert Remind(self.store, directory, lambda: workday, Patience(steps=(1, 5)))() > 0

    def counted(self) -> None:
        """Let the clock count anew, as it does once a day."""
        with closing(sqlite3.connect(self.product.folder / "lapor.sqlite")) as db, db:
            db.execute("DELETE FROM registers WHERE name LIKE 'figures:%'")
        CountFigures(self.store, load_directory(DEMO / "kutai-timur.toml"), self.settings.today)()

    def published(self) -> None:
        """Let the clock look at what is to be public, a week later each time, and the portal show it."""
        later = next(WEEKS) * timedelta(weeks=1)
        directory = load_directory(DEMO / "kutai-timur.toml")
        PublishReports(self.store, directory, lambda: self.settings.today() + later)()
        freeze(self.settings)

    def cases(self) -> int:
        """How many cases the store holds."""
        with closing(sqlite3.connect(f"file:{self.product.folder / 'lapor.sqlite'}?mode=ro", uri=True)) as store:
            return int(store.execute("SELECT count(*) FROM cases").fetchone()[0])


def altered(address: str) -> str:
    """The link with one letter of its signature changed."""
    return re.sub(r"(.)(.{20})$", lambda end: ("A" if end[1] != "A" else "B") + end[2], address)
