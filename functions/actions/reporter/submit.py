"""Taking a report in: one path for every channel. It seals and cannot open anything.

A report in clear is sealed here (``Submit.__call__``). A report sealed in the browser arrives as envelopes only
(``Submit.sealed``). Both are stored alike.

Tests: ``tests/doors/test_intake.py``, ``tests/doors/test_sealed.py``, ``tests/doors/test_flood.py``.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from secrets import token_hex
from types import MappingProxyType
from typing import NamedTuple

from functions.actions.reporter.envelope import Envelope, Relay, check_same
from functions.actions.reporter.seal_identity import seal_contact, seal_identity
from functions.casework.access import first_holder, kept_above
from functions.casework.audit import chained
from functions.casework.case import (
    BY_APP,
    CaseHead,
    Clock,
    DeskWork,
    Event,
    EventKind,
    History,
    Mode,
    ReporterContact,
    Sealed,
    Wraps,
)
from functions.casework.case_fields import AccessFacts
from functions.casework.channel import Contact
from functions.casework.deadlines.clocks import Deadlines
from functions.casework.deadlines.workdays import add_workdays
from functions.casework.directory.agencies import Directory
from functions.casework.linked_systems import REPLY_KEY
from functions.casework.problems import KeysChangedProblem
from functions.casework.receipt import Receipt
from functions.casework.report import Report
from functions.casework.sealed_identity import Identity
from functions.casework.stages import Actor, Stage
from functions.casework.understanding.words import Words
from functions.crypto.key_pairs import public_of
from functions.crypto.seal import sealing
from functions.crypto.seal.bound_facts import has_hash
from functions.crypto.seal.public_keys import PublicKeys, Purpose
from functions.storage.interface import CaseExistsError, Notice, OutboxEntry, Store
from functions.storage.interface.outbox import REPORTER_PREFIX

NOTHING: Mapping[str, str] = MappingProxyType({})


class Submitted(NamedTuple):
    """The answer to a reporter. ``receipt`` is None if only their browser knows it; ``created`` is False for a repeat
    of the same submission. ``suspected``: agencies that its words accuse, and that it is kept from. ``linked`` is the
    code of the linked office that it is on its way to, "" if the case is here."""

    receipt: Receipt | None
    tracking_id: str
    stage: Stage
    due: date
    created: bool
    suspected: tuple[str, ...] = ()
    linked: str = ""


@dataclass(frozen=True, slots=True)
class Submit:
    """Submits reports. ``public_keys`` is called each time, since keys rotate while the function runs. ``batch`` gives
    the epoch hour from which a report may be noticed, ``digest`` that of the next quarantine digest."""

    store: Store
    public_keys: Callable[[], PublicKeys]
    directory: Directory
    today: Callable[[], date]
    deadlines: Deadlines = field(default_factory=Deadlines)
    holidays: Collection[date] = ()
    batch: Callable[[CaseHead, bool], int] = lambda *_: 0
    digest: Callable[[], int] = lambda: 0
    relay: Relay | None = None

    def __call__(
        self,
        report: Report,
        submission_key: bytes,
        *,
        suspicious: bool = False,
        crowded: bool = False,
        beside: Mapping[str, str] = NOTHING,
        contact: Contact | None = None,
        meant: Collection[str] | None = None,
        also: Collection[str] = (),
        sp4n: str = "",
    ) -> Submitted:
        """Seal and store a report in one transaction. The submission key determines the ids, so a repeat finds the
        first report.

        ``beside`` is sealed with the words and is no part of the report. ``contact`` is where a reporter by SMS or by
        an app is notified; without one it is the address they typed. ``meant`` are the agencies that the writer said
        it is about, asked for what its words accuse; None if nobody was asked: then the words decide. ``also`` are
        others that it may be about. ``sp4n`` is the number in SP4N-LAPOR! of a report that comes from there. In a flood
        a ``suspicious`` report waits in quarantine for a look, a ``crowded`` one for the next batch and no longer. The
        same key and text again give the same answer. Raises ChangedTextProblem for the same key with another text,
        ClashProblem if another submission has the case id, StoreUnavailableError.
        """
        receipt = sealing.receipt_for(submission_key)
        keys = sealing.receipt_keys(receipt)
        given = report.content() | ({"contact": contact.encode()} if contact else {})
        contents = [given, given | dict(report.before)] if report.before else [given]
        said = (json.dumps(content, sort_keys=True).encode() for content in contents)
        first, *before = (sealing.fingerprint(submission_key, content) for content in said)
        report, suspected = self._kept(report, meant)
        suspected = tuple(dict.fromkeys((*suspected, *also)))
        sealed = self._seal(report, keys, first, suspected, beside, contact)
        envelope = replace(sealed, meant=suspected, before=tuple(before))
        done = self._store(envelope, Sealed.SERVER, suspicious=suspicious, crowded=crowded, sp4n=sp4n)
        return done._replace(receipt=receipt, suspected=suspected)

    def _kept(self, report: Report, meant: Collection[str] | None) -> tuple[Report, tuple[str, ...]]:
        """Return the report with whom it is kept from, and all whom its words accuse (law 5)."""
        from functions.casework.understanding.accused import (  # noqa: PLC0415 - only a report in clear has words
            Accusation,
            kept_from,
        )
        from functions.casework.understanding.said import accused_by  # noqa: PLC0415 - the same

        instance = self.directory.instance_of_district(report.district).code
        if meant is None:
            accused = accused_by(report, self.directory)
        else:
            known = (code for code in meant if code in self.directory.agencies)
            accused = tuple(Accusation(code, "", sure=True) for code in known)
        kept = kept_from(accused, self.directory, instance)
        if report.about_agency or not kept.about:
            return report, kept.meant
        name = self.directory.agencies[kept.about].name
        return replace(report, about_agency=kept.about, about_name=name), kept.meant

    def sealed(
        self,
        envelope: Envelope,
        *,
        suspicious: bool = False,
        crowded: bool = False,
        path: Sealed = Sealed.BROWSER,
    ) -> Submitted:
        """Store a report that its browser sealed. The receipt stays with the reporter. ``path``: where it was sealed,
        if the nation passed it on.

        Raises KeysChangedProblem if it was sealed to a key or a roster that is no longer current, or bound to other
        facts than it came with: nobody could open it, and its page seals it again. Raises what ``__call__`` raises.
        """
        instance = self.directory.instance_of_district(envelope.district).code
        public = self.public_keys()
        wanted = [(Purpose.DESK, envelope.key_id)]
        if envelope.identity:
            wanted.append((Purpose.IDENTITY, envelope.identity.key_id))
        facts = AccessFacts(instance, envelope.kind, envelope.topic, envelope.about_agency)
        stale = any(not public.takes(purpose, instance, key_id) for purpose, key_id in wanted)
        if envelope.identity and envelope.identity.roster:  # the one before stands on pages until they are frozen anew
            standing = public.rosters.get(instance)
            stale = stale or standing is None or envelope.identity.roster not in (standing.id, standing.previous)
        if stale or not has_hash(envelope.case_id, envelope.wrap_desk, facts):
            raise KeysChangedProblem
        return self._store(envelope, path, suspicious=suspicious, crowded=crowded)

    def _seal(
        self,
        report: Report,
        keys: sealing.ReceiptKeys,
        fingerprint: bytes,
        suspected: tuple[str, ...],
        beside: Mapping[str, str] = NOTHING,
        contact: Contact | None = None,
    ) -> Envelope:
        here, public = self.directory.instance_of_district(report.district), self.public_keys()
        instance, case_key = here.code, sealing.new_case_key()
        facts = AccessFacts(instance, report.kind, report.topic, report.about_agency)
        if not (self.relay and self.relay.reaches(instance)):  # the office that gets it keeps it from its own
            whom, named = (here, report.about_agency, suspected), report.mode is Mode.RAHASIA
            facts = facts._replace(kept_from=kept_above(*whom, self.directory, named=named))
        key_id, wrap_desk = public.wrap_case_key(keys.case_id, facts, case_key)
        words = Words({**report.words(), **beside})
        identity = None
        if report.mode is Mode.RAHASIA:
            identity = seal_identity(keys, instance, report.name, report.contact, public)
        return Envelope(
            kind=report.kind,
            topic=report.topic,
            district=report.district,
            about_agency=report.about_agency,
            mode=report.mode,
            case_id=keys.case_id,
            lookup=sealing.look_at_rest(keys.look),
            fingerprint=fingerprint,
            key_id=key_id,
            wrap_receipt=sealing.wrap_for_receipt(keys, case_key),
            wrap_desk=wrap_desk,
            subject=sealing.seal_subject(case_key, keys.case_id, words),
            words=sealing.seal_item(case_key, keys.case_id, 1, EventKind.REPORT, words),
            identity=identity,
            contact=seal_contact(public, instance, keys.case_id, contact or Contact.typed(report.contact)),
            officials=bool(report.about_officials),
            act=public_of(keys.act_seed),
            by_app=REPLY_KEY in beside,
        )

    def _store(self, envelope: Envelope, path: Sealed, *, suspicious: bool, crowded: bool, sp4n: str = "") -> Submitted:
        instance = self.directory.instance_of_district(envelope.district).code
        if self.relay and self.relay.reaches(instance):
            created = self.relay(instance, envelope, path, suspicious=suspicious)
            due = add_workdays(self.today(), self.deadlines.verify, self.holidays)
            return Submitted(None, envelope.case_id, Stage.DITERIMA, due, created, linked=instance)
        if self.relay:
            self.relay.check_here(envelope)
        head = self._head(envelope, path, suspicious=suspicious)
        head = replace(head, desk_work=replace(head.desk_work, sp4n=sp4n))
        if crowded and not suspicious:
            head = replace(head, visible_from=head.visible_from or self.digest())
        first = (1, EventKind.REPORT, Actor.REPORTER, head.received_on, Stage.DITERIMA)
        clear = BY_APP if envelope.by_app else ""
        head, event = chained(head, Event(*first, envelope.words, sig=envelope.act, clear=clear))
        created = True
        try:
            self._put(head, event, _identity(envelope, head), counted=suspicious or crowded)
        except CaseExistsError as error:
            check_same(error.head.wraps, head.wraps, envelope.before)
            head, created = error.head, False
        due = add_workdays(head.received_on, self.deadlines.verify, self.holidays)
        return Submitted(None, head.case_id, Stage.DITERIMA, due, created)

    def _put(self, head: CaseHead, event: Event, identity: Identity | None, *, counted: bool) -> None:
        """Store the case with its notice. A flood gets one notice until the next digest, ``counted`` outside the
        transaction. One count too many does no harm, and the desk shows the reports even if no mail is sent."""
        if not counted:
            place = (head.instance, head.holder, head.case_id)
            notice = OutboxEntry(REPORTER_PREFIX + token_hex(16), Notice.NEW_CASE, *place, not_before=head.visible_from)
            self.store.create_case(head, [event], [notice], identity)
            return
        self.store.create_case(head, [event], [], identity)
        hour = self.digest()
        entry_id = f"karantina-{head.holder}-{hour}"
        digest = OutboxEntry(entry_id, Notice.QUARANTINED, head.instance, head.holder, not_before=hour, count=1)
        self.store.tally(digest)

    def _head(self, envelope: Envelope, path: Sealed, *, suspicious: bool) -> CaseHead:
        today = self.today()
        instance = self.directory.instance_of_district(envelope.district)
        whom, named = (instance, envelope.about_agency), envelope.identity is not None
        head = CaseHead(
            case_id=envelope.case_id,
            instance=instance.code,
            holder=first_holder(*whom, self.directory, envelope.meant),
            kind=envelope.kind,
            topic=envelope.topic,
            district=envelope.district,
            about_agency=envelope.about_agency,
            stage=Stage.DITERIMA,
            received_on=today,
            clock=Clock(add_workdays(today, self.deadlines.verify, self.holidays), self.deadlines.terms(envelope.kind)),
            wraps=_wraps(envelope, path),
            version=1,
            quarantined=suspicious,
            reporter=ReporterContact(envelope.mode, *envelope.contact),
            desk_work=DeskWork(kept_from=kept_above(*whom, envelope.meant, self.directory, named=named)),
            history=History(from_reporter=1),
        )
        return replace(head, visible_from=self.batch(head, envelope.officials))


def _wraps(envelope: Envelope, path: Sealed) -> Wraps:
    return Wraps(
        sealed=path,
        key_id=envelope.key_id,
        lookup=envelope.lookup,
        fingerprint=envelope.fingerprint,
        receipt=envelope.wrap_receipt,
        desk=envelope.wrap_desk,
        subject=envelope.subject,
        act=envelope.act,
    )


def _identity(envelope: Envelope, head: CaseHead) -> Identity | None:
    left = envelope.identity
    if left is None:
        return None
    return left.left_in(head.case_id, head.instance, head.received_on, head.wraps.act)
