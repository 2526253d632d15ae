"""What holds after every step, whatever failed: asked of the store as it is, with nothing failing meanwhile.

After each step the numbers of cases and the new letters are looked at, and each head that the step changed; one case is
opened, most often one of those. After the last step all are.
"""

from collections.abc import Iterator

from functions.actions.clock.audit import Audit
from functions.actions.courier.notice_rules import RULES, Proof
from functions.actions.courier.outbox_entry import message_id
from functions.actions.courier.reporter_news import REPORTER
from functions.actions.reporter.seal_identity import contact_context
from functions.casework.access import Viewer
from functions.casework.case import CaseHead
from functions.casework.directory.agencies import Role
from functions.casework.problems import NotFoundProblem
from functions.casework.stages import Stage
from functions.crypto.errors import SealError
from functions.crypto.open import opening
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Notice
from tests.simulation.ledger import Known
from tests.simulation.office import KEEP_DAYS, ROTATED, Office

LEFT = "SELECT entry_id, notice FROM outbox WHERE dead = 0"
UNTOUCHED = 0.2  # of the steps that change no case, so many open one all the same


def violated(office: Office, *, whole: bool) -> list[str]:
    """Every law that does not hold now, in a sentence."""
    with office.faults.none():
        looks, cases = office.looks, office.ledger.cases
        changed = looks.changed()
        found = [*_numbers(office), *_letters(office)]
        judged = cases if whole else {*changed, *(cases.keys() - looks.judged)} & cases.keys()
        for case_id in sorted(judged & looks.heads.keys()):
            found += _head(office, looks.heads[case_id], cases[case_id])
            looks.judged.add(case_id)
        for case_id in sorted(cases) if whole else _opened(office, changed):
            asked = (_talk, _hidden, _closed) if whole else (looks.random.choice((_talk, _hidden, _closed)),)
            found += [fault for ask in asked for fault in ask(office, case_id, cases[case_id])]
        return found + (list(_at_rest(office)) if whole else [])


def _opened(office: Office, changed: list[str]) -> list[str]:
    """The case to open after this step, if one is."""
    looks, known = office.looks, sorted(office.ledger.cases.keys() & office.looks.heads.keys())
    if touched := [case_id for case_id in changed if case_id in known]:
        return [looks.random.choice(touched)]
    return [looks.random.choice(known)] if known and looks.random.random() < UNTOUCHED else []


def _numbers(office: Office) -> Iterator[str]:
    """One case for each key, and none for no key."""
    stored = office.looks.heads.keys()
    if extra := stored - {sent.case_id for sent in office.ledger.keys.values()}:
        yield f"cases of no key: {len(extra)}"
    if lost := office.ledger.cases.keys() - stored:
        yield f"acknowledged and not there: {len(lost)}"


def _head(office: Office, head: CaseHead, known: Known) -> Iterator[str]:
    case_id = head.case_id
    if head.shredded:
        yield from _tombstone(office, head, known)
        return
    if head.clock.due < head.received_on:
        yield f"{case_id} was due before it came"
    if (head.clock.held_on is not None) != (head.stage is Stage.DITAHAN):
        yield f"{case_id} is {head.stage} and its clock says otherwise"
    if (head.closing.on is None) != head.open:
        yield f"{case_id} is {head.stage} and closed on {head.closing.on}"
    if head.holder in office.accused(known.about):
        yield f"{case_id} lies with whom it accuses"


def _tombstone(office: Office, head: CaseHead, known: Known) -> Iterator[str]:
    old = head.closing.on is not None and (office.world.today - head.closing.on).days > KEEP_DAYS
    if not (known.withdrawn or old):
        yield f"{head.case_id} was deleted, and nobody asked for it"
    if any((head.wraps.receipt, head.wraps.desk, head.wraps.subject, head.reporter.contact)):
        yield f"{head.case_id} is deleted and keeps what opens it"


def _talk(office: Office, case_id: str, known: Known) -> Iterator[str]:
    """Whatever was acknowledged is read, once, by whoever wrote it."""
    view = office.world.converse.read(known.receipt)
    if view.head.shredded or known.withdrawn:
        return
    bodies = [message.body for message in view.messages]
    for text in (known.body, *known.said):
        if bodies.count(text) != 1:
            yield f"{case_id}: {text!r} is there {bodies.count(text)} times"
    for n, content in known.files.items():
        if office.world.converse.file(known.receipt, n)[0] != content:
            yield f"{case_id}: file {n} is another"
    if [message.n for message in view.messages] != sorted({message.n for message in view.messages}):
        yield f"{case_id}: two events of one number"


def _hidden(office: Office, case_id: str, known: Known) -> Iterator[str]:
    """No officer of whom it accuses reads it, and at the desk it opens for somebody."""
    cases, readers = office.world.cases, 0
    those = office.accused(known.about)
    head = office.world.store.read_head(case_id)
    for officer in office.world.officers:
        if officer.agency not in those and (readers or officer.agency not in (head.holder, head.instance)):
            continue
        try:
            opened, _ = cases.load(Viewer(officer.ident, officer.agency, officer.role), case_id)
        except NotFoundProblem:
            continue
        readers += bool(opened.case_key)
        if officer.agency in those:
            yield f"{case_id} about {known.about} is read by {officer.ident}"
    window = not head.shredded and not head.closing.confirmed and head.clock.due >= office.world.today
    if (head.open or window) and not readers and any(o.agency == head.holder for o in office.world.officers):
        yield f"{case_id} opens for nobody at {head.holder}"


def _closed(office: Office, case_id: str, _: Known) -> Iterator[str]:
    """No other receipt opens it."""
    head = office.world.store.read_head(case_id)
    for other_id in office.ledger.cases:
        if other_id != case_id and not head.shredded:
            try:
                opening.unwrap_with_receipt(office.ledger.opens(other_id), head.wraps.receipt)
            except SealError:
                continue
            yield f"{case_id} opens with the receipt of {other_id}"


def _letters(office: Office) -> Iterator[str]:
    """No letter without a case, none about a case to whom it accuses, and none missing that was settled as sent."""
    world, letters = office.world, office.world.mailbox.letters
    for letter in letters[office.letters_seen :]:
        for token in letter.text.split("#")[1:]:
            link = world.signin.owner(token.split()[0])
            if link is None or not link.case_id:
                continue
            known = office.ledger.cases.get(link.case_id)
            about = known.about if known else office.about(link.case_id)
            if about is None:
                yield f"a letter about {link.case_id}, which nobody sent"
            elif link.agency in office.accused(about) and link.role is not Role.CUSTODIAN:
                yield f"a letter about {link.case_id} to {link.agency}, which it accuses"
    office.letters_seen = len(letters)
    yield from office.unsent
    office.unsent.clear()


def settled(office: Office, entry_id: str) -> Iterator[str]:
    """Asked when a courier settles an entry: whom it concerns has a letter of it. Of mandates only the courier knows."""
    entry = office.world.store.read_entry(entry_id)
    if entry is None or RULES[entry.notice].proof is Proof.SIGNED or entry.notice is Notice.DIGEST:
        return
    sent = office.letters_sent()
    if entry.notice is Notice.ANSWERED and message_id(entry, REPORTER) not in sent:
        yield f"{entry.notice} of {entry.case_id} was settled without a letter to its reporter"
        return
    for name, _ in office.world.deliver.officers(entry):
        if name not in entry.delivered and message_id(entry, name) not in sent:
            yield f"{entry.notice} of {entry.case_id} was settled without a letter to {name}"


def _at_rest(office: Office) -> Iterator[str]:
    """Once nothing fails: nothing waits to leave, deletions are done, the trail holds."""
    for entry_id, notice in office.looks.sql(LEFT):
        yield f"{notice} {entry_id} never left"
    for case_id, known in office.ledger.cases.items():
        head = office.world.store.read_head(case_id)
        if known.withdrawn and not head.shredded:
            yield f"{case_id} was withdrawn and is there"
        if head.reporter.contact and not _reached(office, head):
            yield f"{case_id} is open, and its contact opens for no courier"
        if head.shredded and (office.world.store.read_case(case_id).events or office.files_of(case_id)):
            yield f"{case_id} is deleted and keeps words or files"
    verdict = Audit(office.world.store, office.world.directory).verify("kutim")
    yield from (f"trail: {fault}" for fault in verdict.faults)
    current = office.keys.public().current
    for purpose in ROTATED:  # the last act was a rotation of each
        there = {path.name for path in (office.folder / "keys" / purpose / "kutim").iterdir() if path.suffix != ".new"}
        if old := there - {current[purpose, "kutim"]}:  # what ends with .new was never anybody's key
            yield f"keys that were to be destroyed lie there: {len(old)}"


def _reached(office: Office, head: CaseHead) -> bool:
    keys = office.keys.private(Purpose.COURIER, "kutim")
    try:
        return bool(keys.open("kutim", contact_context(head.case_id), head.reporter.contact))
    except SealError:
        return False
