"""Invented cases and notices, and strategies that make every one the records allow."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from secrets import choice, token_bytes, token_hex

from hypothesis import strategies as st

from functions.casework.case import Event, EventKind, Kind, Lift, Mode, Outcome, Publication, Sealed
from functions.casework.receipt import ALPHABET
from functions.casework.sealed_identity import Identity, IdentityStep, StepKind
from functions.casework.stages import Actor, Stage
from functions.storage.interface import Append, LinkUse, Notice, OutboxEntry
from tests.case_heads import case_head, changed

INSTANCE, UNIT, OTHER = "64.08", "64.08.dinas-a", "64.08.dinas-b"
DAY = date(2026, 3, 2)
FAR = 2_000_000_000  # epoch seconds, in 2033: emulators remove what is past its TTL


def new_id():
    return "-".join("".join(choice(ALPHABET) for _ in range(4)) for _ in range(3))


def make_head(**changes):
    values = {
        "case_id": new_id(),
        "instance": INSTANCE,
        "holder": UNIT,
        "kind": Kind.PENGADUAN,
        "topic": "jalan",
        "district": "64.08.04",
        "about_agency": "",
        "stage": Stage.DITERIMA,
        "received_on": DAY,
        "due": date(2026, 3, 5),
        "sealed": Sealed.SERVER,
        "key_id": "desk-1",
        "lookup": token_bytes(32),
        "fingerprint": token_bytes(32),
        "wrap_receipt": token_bytes(60),
        "wrap_desk": token_bytes(1200),
        "subject": token_bytes(128),
        "version": 1,
        "from_reporter": 1,
    }
    return case_head(**values | changes)


def make_event(n=1, **changes):
    values = {
        "n": n,
        "kind": EventKind.MESSAGE if n > 1 else EventKind.REPORT,
        "by": Actor.REPORTER,
        "on": DAY,
        "stage": Stage.DITERIMA,
        "sealed": token_bytes(300),
        "once": token_bytes(16),
    }
    return Event(**values | changes)


def make_entry(**changes):
    values = {"entry_id": token_hex(16), "notice": Notice.NEW_CASE, "instance": INSTANCE, "agency": UNIT}
    return OutboxEntry(**values | changes)


def make_use(**changes):
    values = {
        "link_id": token_hex(16),
        "officer": "budi",
        "agency": UNIT,
        "role": "officer",
        "instance": INSTANCE,
        "case_id": "",
        "secret_hash": token_bytes(32),
        "expires": FAR,
        "issued": FAR - 3600,
    }
    return LinkUse(**values | changes)


def make_step(n=1, **changes):
    values = {"n": n, "kind": StepKind.LEFT, "by": "", "agency": "", "on": DAY, "sealed": token_bytes(128)}
    return IdentityStep(**values | changes)


def make_identity(**changes):
    values = {
        "case_id": new_id(),
        "instance": INSTANCE,
        "key_id": "custody-1",
        "wrap_receipt": token_bytes(60),
        "wrap_custody": token_bytes(1200),
        "sealed": token_bytes(256),
        "steps": (make_step(),),
    }
    return Identity(**values | changes)


def stepped(identity, kind, **changes):
    """The identity after one more step."""
    step = make_step(len(identity.steps) + 1, kind=kind)
    return replace(identity, version=identity.version + 1, steps=(*identity.steps, step), **changes)


def buried(head, **changes):
    """The tombstone of a case."""
    gone = dict.fromkeys(("wrap_receipt", "wrap_desk", "subject", "contact", "fingerprint"), b"")
    gone |= {"key_id": "", "identity": Mode.ANONIM, "quarantined": False, "shredded": True}
    return changed(head, **gone | {"version": head.version + 1} | changes)


def put_case(store, **changes):
    """A new case in the store; returns its head."""
    head = make_head(**changes)
    store.create_case(head, [make_event()], [])
    return head


def following(head, **changes):
    """The append of one message after ``head``."""
    n = head.version + 1
    outbox = changes.pop("outbox", ())
    return Append(changed(head, version=n, **changes), (make_event(n),), tuple(outbox))


def all_pages(fetch):
    """The pages that ``fetch(after)`` gives, each ``(things, next)``, until there are no more."""
    pages, after = [], ""
    while True:
        things, after = fetch(after)
        pages.append(list(things))
        if not after:
            return pages


def at_once(count, work):
    """``work(i)`` in as many threads at once; what each returned, or raised."""

    def run(i):
        try:
            return work(i)
        except Exception as error:  # noqa: BLE001 - the tests look at what came out
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


TEXT = st.text(st.characters(codec="utf-8"), max_size=40)
CODE = st.text("abcxyz0189.-", min_size=1, max_size=20)
BYTES = st.binary(max_size=80)
DAYS = st.dates(date(2020, 1, 1), date(2099, 12, 31))
COUNT = st.integers(0, 10_000)


def heads(version):
    """Any head that counts ``version`` events."""
    return st.builds(
        case_head,
        case_id=st.builds(new_id),
        instance=CODE,
        holder=CODE,
        kind=st.sampled_from(Kind),
        topic=TEXT,
        district=TEXT,
        about_agency=TEXT,
        stage=st.sampled_from(Stage),
        received_on=DAYS,
        due=DAYS,
        sealed=st.sampled_from(Sealed),
        key_id=TEXT,
        lookup=BYTES,
        fingerprint=BYTES,
        wrap_receipt=BYTES,
        wrap_desk=BYTES,
        subject=BYTES,
        act=BYTES,
        version=st.just(version),
        handed_on=st.none() | DAYS,
        closed_on=st.none() | DAYS,
        outcome=st.none() | st.sampled_from(Outcome),
        confirmed=st.booleans(),
        rating=st.none() | st.integers(1, 5),
        extended=st.booleans(),
        reopened=COUNT,
        appealed=COUNT,
        from_reporter=COUNT,
        from_officers=COUNT,
        identity=st.sampled_from(Mode),
        terms=st.just(()) | st.tuples(COUNT, COUNT, COUNT, COUNT, COUNT),
        held_on=st.none() | DAYS,
        paused=COUNT,
        reminded=st.booleans(),
        escalated=st.integers(0, 3),
        escalated_to=st.just("") | CODE,
        oversight=st.booleans(),
        recused=st.lists(CODE, max_size=2).map(tuple),
        sp4n=st.just("") | CODE,
        chain=BYTES,
        contact=BYTES,
        quarantined=st.booleans(),
        second=st.just("") | CODE,
        assigned=st.just("") | CODE,
        priority=st.booleans(),
        canned=COUNT,
        lapsed=st.booleans(),
        lift=st.sampled_from(Lift),
        lift_by=st.just("") | CODE,
        lift_on=st.none() | DAYS,
        origin=st.just("") | CODE,
        texted=st.booleans(),
        publication=st.sampled_from(Publication),
        agreed=COUNT,
        answered_on=st.none() | DAYS,
        closed_due=st.none() | DAYS,
        transferred=COUNT,
        earlier_ends=st.lists(COUNT, max_size=2).map(tuple),
        unmasked=st.lists(st.sampled_from((UNIT, INSTANCE)), max_size=2).map(tuple),
        kept_from=st.lists(st.sampled_from((UNIT, INSTANCE)), max_size=2).map(tuple),
    )


def events(n):
    """Any event of this number."""
    return st.builds(
        Event,
        n=st.just(n),
        kind=st.sampled_from(EventKind),
        by=st.sampled_from(Actor),
        agency=st.just("") | CODE,
        officer=st.just("") | CODE,
        chain=BYTES,
        on=DAYS,
        stage=st.sampled_from(Stage),
        sealed=BYTES,
        once=BYTES,
        clear=TEXT,
        sig=BYTES,
    )


ENTRIES = st.builds(
    OutboxEntry,
    entry_id=st.builds(lambda: token_hex(16)),
    notice=st.sampled_from(Notice),
    instance=TEXT,
    agency=TEXT,
    case_id=TEXT,
    sealed=BYTES,
    delivered=st.lists(TEXT, max_size=3).map(tuple),
    attempts=COUNT,
    not_before=st.integers(0, 400_000),
    error=TEXT,
    count=COUNT,
)


def steps(n):
    """Any step of this number."""
    return st.builds(
        IdentityStep, n=st.just(n), kind=st.sampled_from(StepKind), by=TEXT, agency=TEXT, on=DAYS, sealed=BYTES
    )


def identities(version):
    """Any identity of this version."""
    return st.builds(
        Identity,
        case_id=st.builds(new_id),
        instance=CODE,
        key_id=TEXT,
        wrap_receipt=BYTES,
        wrap_custody=BYTES,
        sealed=BYTES,
        version=st.just(version),
        steps=st.integers(0, 3).flatmap(lambda count: st.tuples(*(steps(n) for n in range(1, count + 1)))),
    )
