"""The reporter's side of an identity: left, read, agreed to or refused, taken back, and never in the clear."""

from pathlib import Path

import pytest

from functions.actions.reporter.seal_identity import contact_context, seal_contact, seal_identity
from functions.casework.case import EventKind, Mode
from functions.casework.channel import Contact
from functions.casework.problems import (
    BusyProblem,
    InvalidInputProblem,
    NotFoundProblem,
    NotNowProblem,
)
from functions.casework.receipt import Receipt, parse_receipt
from functions.casework.sealed_identity import StepKind, TrustProblem, TrustState
from functions.crypto.errors import SealError
from functions.crypto.key_pairs import public_of
from functions.crypto.open import opening
from functions.crypto.padding import unpad
from functions.crypto.seal import sealing
from functions.crypto.seal.public_keys import Purpose
from functions.storage.interface import Notice, VersionConflictError
from tests.trust import CONTACT, NAME, REASON, TrustWorld

OTHER = sealing.receipt_for(bytes(16))


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def anonymous(world: TrustWorld) -> tuple[Receipt, str]:
    sent = world.report()
    return parse_receipt(sent["receipt"]), sent["tracking_id"]


def entrusted(world: TrustWorld, **changes: str) -> tuple[Receipt, str]:
    receipt, case_id = world.entrusted(**changes)
    return parse_receipt(receipt), case_id


def on_disk(world: TrustWorld) -> bytes:
    return b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())


def test_an_identity_opens_with_its_receipt_and_with_the_custody_doors_key_and_no_other(world: TrustWorld) -> None:
    keys = sealing.receipt_keys(OTHER)
    sealed = seal_identity(keys, "kutim", NAME, CONTACT, world.keys.public())
    made = sealed.left_in(keys.case_id, "kutim", world.today, public_of(keys.act_seed))
    assert made.steps[0].sig == public_of(keys.act_seed)
    assert (made.version, [step.kind for step in made.steps]) == (1, [StepKind.LEFT])
    key = opening.unwrap_identity_with_receipt(keys, made.wrap_receipt)
    assert world.keys.private(Purpose.IDENTITY).open("kutim", made.case_id, made.wrap_custody) == key
    for purpose in (Purpose.DESK, Purpose.COURIER):
        with pytest.raises(SealError):
            world.keys.private(purpose).open("kutim", made.case_id, made.wrap_custody)
    with pytest.raises(SealError):
        opening.unwrap_with_receipt(keys, made.wrap_receipt)


def sealed_contact(world: TrustWorld, case_id: str, typed: str) -> bytes:
    return seal_contact(world.keys.public(), "kutim", case_id, Contact.typed(typed)).envelope


def test_what_is_sealed_has_one_size_whatever_the_name(world: TrustWorld) -> None:
    keys = sealing.receipt_keys(OTHER)
    sizes = {
        len(seal_identity(keys, "kutim", name, contact, world.keys.public()).sealed)
        for name, contact in (("A", ""), (NAME, CONTACT), ("ñ" * 100, "x" * 150))
    }
    assert len(sizes) == 1
    assert len({len(sealed_contact(world, "x", a)) for a in ("a@b.id", CONTACT)}) == 1


def test_a_contact_opens_with_the_couriers_key_for_its_own_case(world: TrustWorld) -> None:
    sealed = sealed_contact(world, "4F7K-2M9Q-XR3D", CONTACT)
    courier = world.keys.private(Purpose.COURIER)
    assert unpad(courier.open("kutim", contact_context("4F7K-2M9Q-XR3D"), sealed)).decode() == CONTACT
    for context in ("4F7K-2M9Q-XR3D", contact_context("4F7K-2M9Q-XR3E")):
        with pytest.raises(SealError):
            courier.open("kutim", context, sealed)


@pytest.mark.parametrize("contact", ["", "0812 0000 0000", "é" * 140 + "@surat.id"])
def test_what_no_letter_can_reach_is_no_contact(world: TrustWorld, contact: str) -> None:
    assert sealed_contact(world, "x", contact) == b""


def test_what_was_left_with_the_report_is_read_by_its_reporter(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    view = world.trust.read(receipt)
    assert view is not None
    assert (view.name, view.contact, view.state, view.request) == (NAME, CONTACT, TrustState.SEALED, None)
    assert [step.kind for step in view.steps] == [StepKind.LEFT]
    assert world.store.read_head(case_id).reporter.contact


def test_name_and_contact_stand_nowhere_in_the_clear(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    world.trust.answer(receipt, "no", "2", "Alasan yang tidak boleh terbaca")
    world.run_courier()
    raw = on_disk(world)
    for secret in (NAME, CONTACT, "Khayalan", "siti@", "Hak jawabnya", "tidak boleh terbaca"):  # 4 bytes come by chance
        assert secret.encode() not in raw
    assert case_id.encode() in raw  # the store was among what was read


def test_an_anonymous_report_has_nothing_to_open(world: TrustWorld) -> None:
    receipt, case_id = anonymous(world)
    assert world.trust.read(receipt) is None
    assert world.store.read_identity(case_id) is None
    assert world.store.read_head(case_id).reporter.contact == b""
    world.trust.withdraw(receipt)
    assert world.store.read_head(case_id).version == 1
    with pytest.raises(TrustProblem):
        world.trust.answer(receipt, "no", "1", "")


def test_an_identity_may_be_left_later(world: TrustWorld) -> None:
    receipt, case_id = anonymous(world)
    world.run_courier()
    world.trust.leave(receipt, f" {NAME} ", CONTACT)
    view = world.trust.read(receipt)
    assert view is not None
    assert (view.name, view.contact) == (NAME, CONTACT)
    head = world.store.read_head(case_id)
    assert (head.reporter.mode, bool(head.reporter.contact), head.version) == (Mode.RAHASIA, True, 2)
    assert world.converse.read(receipt).messages[-1].facts == {"change": "left"}
    assert world.run_courier() == 0  # nobody is told


def test_leaving_the_same_again_changes_nothing_and_another_is_refused(world: TrustWorld) -> None:
    receipt, case_id = anonymous(world)
    for _ in range(3):
        world.trust.leave(receipt, NAME, CONTACT)
    assert world.store.read_head(case_id).version == 2
    with pytest.raises(TrustProblem) as caught:
        world.trust.leave(receipt, "Nama Lain", "")
    assert caught.value.code == "identity_left"


def test_a_phone_number_is_kept_for_the_custodians_and_not_for_letters(world: TrustWorld) -> None:
    receipt, case_id = anonymous(world)
    world.trust.leave(receipt, "", "0812 0000 0000")
    view = world.trust.read(receipt)
    assert view is not None
    assert view.contact == "0812 0000 0000"
    assert world.store.read_head(case_id).reporter.contact == b""


@pytest.mark.parametrize(
    ("name", "contact", "field"), [("", "", "name"), ("x" * 101, "", "name"), ("A", "b", "contact")]
)
def test_what_is_missing_or_wrong_is_named(world: TrustWorld, name: str, contact: str, field: str) -> None:
    receipt, case_id = anonymous(world)
    with pytest.raises(InvalidInputProblem) as caught:
        world.trust.leave(receipt, name, contact)
    assert caught.value.errors[0].field == field
    assert world.store.read_identity(case_id) is None


def test_nothing_is_left_in_a_closed_report(world: TrustWorld) -> None:
    receipt, case_id = anonymous(world)
    desk = world.hand_over(case_id)
    assert desk.post(f"/desk/cases/{case_id}/close", {"outcome": "dijelaskan", "reason": "Beres."}).status_code == 200
    with pytest.raises(NotNowProblem):
        world.trust.leave(receipt, NAME, "")


def test_another_receipt_reads_and_does_nothing(world: TrustWorld) -> None:
    entrusted(world)
    for act in (
        lambda: world.trust.read(OTHER),
        lambda: world.trust.leave(OTHER, NAME, ""),
        lambda: world.trust.withdraw(OTHER),
        lambda: world.trust.answer(OTHER, "yes", "2", ""),
    ):
        with pytest.raises(NotFoundProblem):
            act()


def test_a_receipt_whose_lookup_differs_reads_nothing(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two receipts could share a case id (60 bits)."""
    _, case_id = entrusted(world)
    honest = sealing.receipt_keys(OTHER)
    shared = sealing.ReceiptKeys(case_id, honest.lookup, honest.wrap_key, honest.identity_wrap)
    monkeypatch.setattr(sealing, "receipt_keys", lambda _: shared)
    for act in (lambda: world.trust.read(OTHER), lambda: world.trust.withdraw(OTHER)):
        with pytest.raises(NotFoundProblem):
            act()


def test_the_reporter_reads_who_asked_why_when_and_what_silence_means(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    view = world.trust.read(receipt)
    assert view is not None
    step = view.steps[-1]
    assert (step.kind, step.agency, step.on, step.reason) == (
        StepKind.ASKED,
        "kutim-inspektorat",
        world.today,
        REASON,
    )
    assert view.request is not None
    assert (view.request.n, view.request.danger, view.request.yes, view.silence_ends) == (2, None, False, None)


def test_a_danger_says_until_when_silence_keeps_it_closed(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON, "health")
    view = world.trust.read(receipt)
    assert view is not None
    assert view.request is not None
    assert (view.request.danger, str(view.silence_ends)) == ("health", "2026-12-04")


@pytest.mark.parametrize("said", ["yes", "later"])
def test_an_answer_leaves_it_waiting_tells_the_custodians_and_counts_once(world: TrustWorld, said: str) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    world.trust.answer(receipt, "yes" if said == "later" else "later", "2", "")  # "later" without a yes is no step
    world.run_courier()
    world.mailbox.letters.clear()
    for _ in range(2):  # once more changes nothing
        assert world.trust.answer(receipt, said, "2", "Saya pikir-pikir.") is TrustState.ASKED
    last = {"yes": [StepKind.AGREED], "later": [StepKind.AGREED, StepKind.UNDECIDED]}[said]
    assert [step.kind for step in world.identity(case_id).steps] == [StepKind.LEFT, StepKind.ASKED, *last]
    world.run_courier()
    assert sorted(mail.to for mail in world.mailbox.letters) == sorted(o.email for o in world.custodians)
    for mail in world.mailbox.letters:  # which answer it was, no mail says
        assert "dijawab" in mail.subject
        assert not [word for word in ("pelapor setuju", "menarik", "pikir-pikir") if word in mail.text.lower()]
    assert world.custody.look(world.viewer(1), case_id).steps[-1].reason == "Saya pikir-pikir."


def test_a_no_ends_the_request_and_tells_the_custodians(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    world.run_courier()
    world.mailbox.letters.clear()
    for _ in range(2):  # once more changes nothing
        assert world.trust.answer(receipt, "no", "2", "Saya takut.") is TrustState.SEALED
    assert [step.kind for step in world.identity(case_id).steps] == [StepKind.LEFT, StepKind.ASKED, StepKind.OBJECTED]
    world.run_courier()
    assert sorted(mail.to for mail in world.mailbox.letters) == sorted(o.email for o in world.custodians)
    world.days_over()
    with pytest.raises(TrustProblem):
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert world.custody.look(world.viewer(1), case_id).steps[-1].reason == "Saya takut."
    with pytest.raises(TrustProblem) as caught:  # a yes after the no, to the request that the no ended
        world.trust.answer(receipt, "yes", "2", "")
    assert caught.value.code == "identity_not_pending"


def test_a_no_needs_no_reason_and_is_possible_until_it_is_opened(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    world.trust.answer(receipt, "yes", "2", "")
    world.days_over()
    assert world.trust.answer(receipt, "no", "2", "") is TrustState.SEALED
    receipt = parse_receipt(world.opened()[0])
    for said in ("yes", "no", "later"):
        with pytest.raises(TrustProblem) as caught:
            world.trust.answer(receipt, said, "2", "")
        assert caught.value.code == "identity_not_pending"


@pytest.mark.parametrize(
    ("said", "n", "reason", "fields"),
    [
        ("", "2", "", ["consent"]),
        ("ya", "2", "", ["consent"]),
        ("yes", "", "", ["request"]),
        ("yes", "dua", "", ["request"]),
        ("no", "2", "x" * 2001, ["reason"]),
        ("", "", "x" * 2001, ["reason", "consent", "request"]),
    ],
)
def test_what_is_missing_in_an_answer_is_named_and_nothing_is_written(
    world: TrustWorld, said: str, n: str, reason: str, fields: list[str]
) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    with pytest.raises(InvalidInputProblem) as caught:
        world.trust.answer(receipt, said, n, reason)
    assert [error.field for error in caught.value.errors] == fields
    assert len(world.identity(case_id).steps) == 2


def test_taking_it_back_leaves_nothing_sealed_and_no_contact(world: TrustWorld) -> None:
    receipt, case_id = world.opened()
    world.trust.withdraw(parse_receipt(receipt))
    identity = world.identity(case_id)
    assert not any((identity.sealed, identity.wrap_receipt, identity.wrap_custody, *(s.sealed for s in identity.steps)))
    head = world.store.read_head(case_id)
    assert (head.reporter.mode, head.reporter.contact) == (Mode.ANONIM, b"")
    view = world.trust.read(parse_receipt(receipt))
    assert view is not None
    assert (view.state, view.name, view.contact) == (TrustState.WITHDRAWN, "", "")
    kinds = [step.kind for step in view.steps]
    assert kinds == [StepKind.LEFT, StepKind.ASKED, StepKind.AGREED, StepKind.OPENED, StepKind.WITHDRAWN]
    assert world.custody.look(world.viewer(0), case_id).name is None
    version = head.version
    world.trust.withdraw(parse_receipt(receipt))
    assert world.store.read_head(case_id).version == version


def test_taking_it_back_ends_a_request_that_waits(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    world.trust.withdraw(receipt)
    world.days_over()
    with pytest.raises(TrustProblem) as caught:
        world.custody.open(world.viewer(1), case_id, "Setuju.")
    assert caught.value.code == "identity_withdrawn"
    assert world.custody.pending(world.viewer(1)) == ()


def test_what_was_taken_back_may_be_left_again(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    old = world.identity(case_id)
    world.trust.withdraw(receipt)
    world.trust.leave(receipt, "Nama Lain", "")
    view = world.trust.read(receipt)
    assert view is not None
    assert (view.name, [step.kind.value for step in view.steps]) == ("Nama Lain", ["left", "withdrawn", "left"])
    assert world.identity(case_id).wrap_custody != old.wrap_custody
    kinds = [event.kind for event in world.store.read_case(case_id).events]
    assert kinds == [EventKind.REPORT, EventKind.IDENTITY, EventKind.IDENTITY]


def test_an_open_name_is_taken_back_as_far_as_it_can_be(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world, identity_mode="terbuka")
    assert world.store.read_identity(case_id) is None
    world.trust.withdraw(receipt)
    head = world.store.read_head(case_id)
    assert (head.reporter.mode, head.reporter.contact) == (Mode.ANONIM, b"")


def test_who_was_overtaken_decides_anew(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)
    honest = type(world.store).write_identity
    once = iter([True])

    def refused_meanwhile(self: object, *args: object) -> None:
        if next(once, False):
            world.custody.refuse(world.viewer(1), case_id, "Tidak perlu.")
        honest(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(world.store), "write_identity", refused_meanwhile)
    with pytest.raises(TrustProblem) as caught:
        world.trust.answer(receipt, "no", "2", "")
    assert caught.value.code == "identity_not_pending"


def test_when_others_keep_writing_it_says_busy(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, case_id = entrusted(world)
    world.custody.ask(world.viewer(), case_id, REASON)

    def always_late(*_: object) -> None:
        raise VersionConflictError

    monkeypatch.setattr(type(world.store), "write_identity", always_late)
    with pytest.raises(BusyProblem):
        world.trust.answer(receipt, "no", "2", "")
    assert world.identity(case_id).pending


def test_a_deleted_report_has_no_identity_left(world: TrustWorld) -> None:
    receipt, case_id = entrusted(world)
    world.converse.withdraw(receipt)
    assert world.store.read_identity(case_id) is None
    for act in (lambda: world.trust.read(receipt), lambda: world.trust.leave(receipt, NAME, "")):
        with pytest.raises(NotFoundProblem):
            act()
    with pytest.raises(NotFoundProblem):
        world.custody.look(world.viewer(), case_id)


def test_an_entry_for_the_custodians_names_nobody_and_nothing_but_the_case(world: TrustWorld) -> None:
    _, case_id = entrusted(world)
    world.run_courier()
    world.custody.ask(world.viewer(), case_id, REASON)
    entries = {entry.notice: entry for entry in world.store.claim("test", world.seconds // 3600)}
    assert set(entries) == {Notice.IDENTITY_ASKED, Notice.ANSWERED}
    asked, told = entries[Notice.IDENTITY_ASKED], entries[Notice.ANSWERED]
    assert (asked.case_id, asked.sealed, asked.delivered) == (case_id, b"", (world.custodians[0].ident,))
    assert told.sealed == world.store.read_head(case_id).reporter.contact
