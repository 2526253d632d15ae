"""Reporters of the simulated office. Whoever gets no answer sends the same again, later, as people and browsers do."""

from functions.casework.problems import ChangedTextProblem, Problem
from functions.casework.report import read_report
from functions.storage.interface import StorageError
from tests.simulation.faults import Died
from tests.simulation.ledger import Known
from tests.simulation.office import Office

CASES_MAX = 12  # in one office: what goes wrong, goes wrong in what becomes of a case
NAMED = {"identity_mode": "rahasia", "name": "Siti Khayalan", "contact": "siti@surat.example.id"}


def report(office: Office) -> None:
    """Somebody new writes, while they are few."""
    if len(office.ledger.keys) >= CASES_MAX:
        return again(office)
    office.count += 1
    random, directory = office.random, office.world.directory
    fields = {
        "kind": "pengaduan",
        "topic": random.choice(sorted(directory.topics)),
        "district": random.choice(sorted(directory.districts)),
        "subject": f"Urusan {office.count}",
        "body": f"Laporan ke-{office.count}: sudah lama begini, mohon diperiksa.",
        "about_agency": random.choice(sorted(directory.agencies)) if random.random() < 0.25 else "",
        "identity_mode": "anonim",
    }
    return send(office, random.randbytes(16), fields | (NAMED if random.random() < 0.4 else {}))


def send(office: Office, key: bytes, fields: dict[str, str]) -> None:
    office.ledger.send(key, fields)
    intent = ("report", key.hex())
    _sent(office, intent)
    try:
        said = read_report(fields, office.world.directory, office.world.today)
        done = office.patiently(lambda: office.world.submit(said, key))
    except ChangedTextProblem:  # what was deleted is forgotten, so nobody can tell that it is the same
        with office.faults.none():
            assert office.world.store.read_head(office.ledger.keys[key].case_id).shredded
        _answered(office, intent)
        return
    _answered(office, intent)
    assert done.receipt
    known = Known(done.receipt, fields["body"], fields["about_agency"])
    before = office.ledger.cases.setdefault(done.tracking_id, known)
    assert before.receipt == known.receipt
    assert before.body == known.body


def again(office: Office) -> None:
    """Whoever had no answer sends the same again; so does a browser that had one."""
    if office.ledger.unanswered and office.random.random() < 0.8:
        kind, *parts = office.random.choice(office.ledger.unanswered)
        if kind == "report":
            key = bytes.fromhex(parts[0])
            send(office, key, office.ledger.keys[key].fields)
        else:
            speak(office, kind, *parts)
    elif office.ledger.keys:
        key = office.random.choice(sorted(office.ledger.keys))
        send(office, key, office.ledger.keys[key].fields)


def writes(office: Office) -> None:
    """A reporter adds something."""
    _says(office, "message")


def attaches(office: Office) -> None:
    """A reporter adds a photo."""
    _says(office, "file")


def looks(office: Office) -> None:
    """A reporter reads what became of it, and one of their files again."""
    if own := office.own():
        office.world.converse.read(own[1].receipt)
        if own[1].files:
            n = office.random.choice(sorted(own[1].files))
            assert office.world.converse.file(own[1].receipt, n)[0] == own[1].files[n]


def _says(office: Office, kind: str) -> None:
    if own := office.own():
        office.count += 1
        speak(office, kind, own[0], f"kunci{office.count:08}", f"Tambahan ke-{office.count} dari saya.")


def speak(office: Office, kind: str, case_id: str, key: str, text: str) -> None:
    intent, known = (kind, case_id, key, text), office.ledger.cases[case_id]
    _sent(office, intent)
    try:
        if kind == "message":
            office.patiently(lambda: office.world.converse.write(known.receipt, text, key))
        else:
            n = office.patiently(lambda: office.world.converse.attach(known.receipt, text.encode(), key))
    except Problem:
        _answered(office, intent)  # with a no
        raise
    _answered(office, intent)
    if kind == "message":
        known.said += [text] if text not in known.said else []
    else:
        known.files[n] = text.encode()


def _sent(office: Office, intent: tuple[str, ...]) -> None:
    if intent not in office.ledger.unanswered:
        office.ledger.unanswered.append(intent)


def _answered(office: Office, intent: tuple[str, ...]) -> None:
    office.ledger.unanswered.remove(intent)


def ends(office: Office) -> None:
    """A reporter says what they think of a closing."""
    if own := office.own():
        talk, receipt = office.world.converse, own[1].receipt
        choice = office.random.randrange(4)
        if choice == 0:
            talk.verdict(receipt, "selesai", "4")
        elif choice == 1:
            talk.verdict(receipt, "belum", reason="Belum ada yang datang.")
        elif choice == 2:
            talk.appeal(receipt, "Jawabannya tidak benar.")
        else:
            talk.object(receipt, "Jangan mereka.")


def withdraws(office: Office) -> None:
    """A reporter takes all back. Once asked for, it may have happened; they ask until it is acknowledged."""
    if own := office.own():
        own[1].withdrawn = True
        for _ in range(20):
            try:
                office.world.converse.withdraw(own[1].receipt)
            except (StorageError, Died):
                continue
            break


def name_answered(office: Office) -> None:
    """A reporter says yes or no to whoever asked for their name, or takes the name back."""
    if own := office.own():
        receipt, choice = own[1].receipt, office.random.random()
        view = office.trust.read(receipt)
        if view and view.request:
            said = "yes" if choice < 0.7 else "no"
            office.trust.answer(receipt, said, str(view.request.n), "")
        elif choice < 0.1:
            office.trust.withdraw(receipt)
