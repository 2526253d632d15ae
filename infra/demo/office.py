"""The product's own acts on a data folder, on a day that can be turned: what the invented year is played with."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from functions.actions.clock.barometer_counts import CountBarometer
from functions.actions.clock.count_figures import CountFigures
from functions.actions.clock.publish_edition import Editions
from functions.actions.clock.publish_reports import PublishReports
from functions.actions.clock.remind import Remind
from functions.actions.common.courier_texts import Texts
from functions.actions.common.forward_to_system import Forwarding
from functions.actions.custodian.custody import Custody
from functions.actions.officer.case_act import CaseAct
from functions.actions.officer.case_notes import CaseNotes
from functions.actions.officer.handle_case import HandleCase
from functions.actions.officer.publication_draft import PublicationDraft
from functions.actions.officer.read_case import ReadCase
from functions.actions.reporter.converse import Converse
from functions.actions.reporter.identity import Trust
from functions.actions.reporter.publish_consent import Consent
from functions.actions.reporter.submit import Submit
from functions.casework.access import Viewer
from functions.casework.barometer.audit import AuditFailedError
from functions.casework.directory.agencies import AgencyKind, Role
from functions.config.settings import Settings
from functions.crypto.open.private.choose import open_keys
from functions.crypto.seal.public_keys import Purpose
from functions.storage.blobs.choose import open_blobs
from functions.storage.interface import Register
from functions.storage.registers.directory import read_directory
from functions.storage.registers.officers import read_officers
from infra.demo.building import BuildingStore

SORTS = {AgencyKind.CENTRE: Role.CENTRE, AgencyKind.INSTANCE: Role.COORDINATOR}
WORKER = "demo"


@dataclass
class Office:
    """Acts of reporters, officers, custodians and the clock on ``day``. Batches do not wait: those days are past."""

    settings: Settings
    day: date
    hour: int = field(default=0)

    def __post_init__(self) -> None:
        """Wire the acts."""
        settings, today = self.settings, lambda: self.day
        self.store, blobs = BuildingStore(settings.data_dir / "lapor.sqlite"), open_blobs(settings)
        _, self.directory, days_off = read_directory(self.store, settings)
        self.holidays = days_off
        keys = open_keys(settings)
        public, private = keys.public(), {p: keys.private(p) for p in (Purpose.DESK, Purpose.IDENTITY)}
        common: dict[str, Any] = {"deadlines": settings.deadlines, "holidays": days_off}
        self.submit = Submit(self.store, lambda: public, self.directory, today, **common)
        self.converse = Converse(self.store, blobs, lambda: public, self.directory, today, **common)
        self.consent = Consent(self.converse)
        self.trust = Trust(self.store, lambda: public, today, self.directory, holidays=days_off)
        cases = ReadCase(self.store, blobs, lambda: private[Purpose.DESK], self.directory, today)
        self.act = CaseAct(cases, lambda: public, Texts(lambda: public), settings.deadlines, days_off)
        self.handle = HandleCase(self.act, Forwarding(lambda: public, self.directory))
        self.notes, self.draft = CaseNotes(self.act), PublicationDraft(self.act)
        self.custody = Custody(self.store, lambda: private[Purpose.IDENTITY], self.directory, today, holidays=days_off)
        self.remind = Remind(self.store, self.directory, today, settings.patience, days_off)
        self.count = CountBarometer(self.store, self.directory, today, days_off)
        self.edition = Editions(self.store, self.directory, today)
        self.figures = CountFigures(self.store, self.directory, today, days_off, lambda: self.hour)
        self.publish = PublishReports(self.store, self.directory, today)

    @cached_property
    def officers(self) -> dict[tuple[str, Role], Viewer]:
        """The first officer of each agency and role."""
        known = read_officers(self.store, self.settings, self.directory)
        return {(o.agency, o.role): Viewer(o.ident, o.agency, o.role) for o in reversed(known)}

    def staff(self, agency: str) -> Viewer:
        """Whoever answers for an agency."""
        kind = self.directory.agency(agency).kind
        role = SORTS.get(kind, Role.INSPECTOR if (agency, Role.INSPECTOR) in self.officers else Role.OFFICER)
        return self.officers.get((agency, role)) or Viewer(f"{agency}-peragaan", agency, role)

    def count_and_publish(self) -> list[Register]:
        """Count for the barometer, and make the edition that is due. Return the registers that were written."""
        before = len(self.store.written)
        self.count()
        with suppress(AuditFailedError):
            self.edition()
        return self.store.written[before:]

    def drop_letters(self) -> None:
        """Drop the notices of a year that is past: nobody should get thousands of mails at the first start."""
        while entries := self.store.claim(WORKER, self.hour, 100):
            for entry in entries:
                self.store.settle(entry.entry_id, WORKER)
