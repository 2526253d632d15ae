"""Taking a report in: the one way for every channel. It can seal and cannot open anything."""

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from secrets import token_hex

from functions.casework.access import first_holder
from functions.casework.agencies import Directory
from functions.casework.case import CaseHead, Event, EventKind, Sealed
from functions.casework.clocks import Deadlines
from functions.casework.problems import ChangedTextProblem, ClashProblem
from functions.casework.receipt import Receipt
from functions.casework.report import Report
from functions.casework.stages import Actor, Stage
from functions.casework.workdays import add_workdays
from functions.storage.interface import CaseExistsError, Notice, OutboxEntry, Store
from functions.vault import sealing
from functions.vault.keyring import PublicKeys, Purpose


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the reporter is told. ``created`` is False for a repeat of the same submission."""

    receipt: Receipt
    tracking_id: str
    stage: Stage
    due: date
    created: bool


@dataclass(frozen=True, slots=True)
class Submit:
    """Submit a report. ``public_keys`` is asked each time, since keys rotate while the function runs."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    directory: Directory
    today: Callable[[], date]
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()

    def __call__(self, report: Report, submission_key: bytes) -> Submitted:
        """Seal and store a report in one transaction, put-first on what the submission key yields.

        The same key and text again give the same answer. Raises ChangedTextProblem for the same key with
        another text, ClashProblem where the case id is taken by a stranger, StoreUnavailableError.
        """
        receipt = sealing.receipt_for(submission_key)
        keys = sealing.receipt_keys(receipt)
        content = json.dumps(report.content(), sort_keys=True).encode()
        head, event = self._seal(report, keys, sealing.fingerprint(submission_key, content))
        notice = OutboxEntry(token_hex(16), Notice.NEW_CASE, head.instance, head.holder, head.case_id)
        created = True
        try:
            self.store.create_case(head, [event], [notice])
        except CaseExistsError as error:
            if error.head.lookup != keys.lookup:
                raise ClashProblem from error
            if error.head.fingerprint != head.fingerprint:
                raise ChangedTextProblem from error
            head, created = error.head, False
        due = add_workdays(head.received_on, self.deadlines.verify, self.holidays)
        return Submitted(receipt, head.case_id, Stage.DITERIMA, due, created)

    def _seal(self, report: Report, keys: sealing.ReceiptKeys, fingerprint: bytes) -> tuple[CaseHead, Event]:
        today = self.today()
        instance = self.directory.instance_of_district(report.district)
        case_key = sealing.new_case_key()
        key_id, wrap_desk = self.public_keys().seal(Purpose.DESK, instance.code, keys.case_id, case_key)
        words = json.dumps(report.words(), ensure_ascii=False).encode()
        head = CaseHead(
            case_id=keys.case_id,
            instance=instance.code,
            holder=first_holder(instance, report.about_agency, self.directory),
            kind=report.kind,
            topic=report.topic,
            district=report.district,
            about_agency=report.about_agency,
            stage=Stage.DITERIMA,
            received_on=today,
            due=add_workdays(today, self.deadlines.verify, self.holidays),
            sealed=Sealed.SERVER,
            key_id=key_id,
            lookup=keys.lookup,
            fingerprint=fingerprint,
            wrap_receipt=sealing.wrap_for_receipt(keys, case_key),
            wrap_desk=wrap_desk,
            subject=sealing.seal_item(
                case_key, keys.case_id, 0, "subject", report.subject.encode(), sealing.SUBJECT_FLOOR
            ),
            version=1,
            from_reporter=1,
        )
        sealed = sealing.seal_item(case_key, keys.case_id, 1, EventKind.REPORT, words)
        return head, Event(1, EventKind.REPORT, Actor.REPORTER, today, Stage.DITERIMA, sealed)
