"""The counter: a clerk writes down what somebody tells him, by the intake that everybody uses, and reads nothing."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from functions.casework.access import NONE, Viewer, rights
from functions.casework.case import CaseHead
from functions.casework.case_fields import flat
from functions.casework.directory.agencies import Role
from functions.config.settings import Settings
from functions.crypto.sign.counter_passes import HOUR, PASS_HOURS, Passes, counter_key, counter_secret
from functions.intake import app as intake
from functions.intake.counter import REMEMBERED
from functions.intake.gate import Gate, Verdict
from functions.intake.proof import ProofKind, Proofs, commitment
from functions.storage.interface import Scope
from tests.markup import field, page, text
from tests.world import JSON, PASSES, WORDS, World

HTML = {"Accept": "text/html"}
CANARY = "Rumahsaya warna jingga di belakang masjid"
KEY = b"kunci yang hanya untuk uji ini.."


@pytest.fixture
def clerk(world: World) -> FlaskClient:
    """A clerk's browser, signed in by a link that he asked for."""
    return world.desk_of("kutim-diskominfo", Role.CLERK).client


def given(answer: Any, name: str = "loket") -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, answer.text
    return found[1]


def send(world: World, typed: dict[str, str]) -> Any:
    return world.intake.post("/api/reports", data=typed, headers=HTML)


def fields(world: World, loket: str, **changes: str) -> dict[str, str]:
    """What the counter's form sends: as everybody's, without a key yet."""
    typed = world.fields(**changes) | {"loket": loket}
    del typed["submission_key"]
    return typed


def written_down(world: World, clerk: FlaskClient, **changes: str) -> tuple[Any, dict[str, str]]:
    """A report from the empty form to the receipt; with what was sent last."""
    typed = fields(world, given(clerk.get("/desk/loket", headers=HTML)), **changes)
    checked = send(world, typed)
    page(checked)
    assert given(checked) == typed["loket"]
    typed |= {"submission_key": given(checked, "submission_key"), "form_token": given(checked, "form_token")}
    receipt = send(world, typed)
    page(receipt, 201)
    return receipt, typed


def code(answer: Any) -> str:
    return "-".join(re.findall(r"<span>([0-9A-Z]{5})</span>", answer.text))


def heads(world: World) -> list[CaseHead]:
    listed = [*world.store.page(Scope.INSTANCE, "kutim").heads, *world.store.page(Scope.QUARANTINE, "kutim").heads]
    return list({head.case_id: head for head in listed}.values())


# The story


def test_a_clerk_signs_in_to_the_counter_and_his_letter_says_so(world: World) -> None:
    address = world.officer("kutim-diskominfo", Role.CLERK).email
    world.ask_link(address)
    world.run_courier()
    assert "Buka loket" in world.mailbox.letters[-1].html
    token = world.mailbox.tokens(address)[-1]
    answer = world.desk_app.test_client().post("/desk/session", data={"token": token}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/loket")


def test_what_is_typed_at_the_counter_reaches_the_coordinator_and_opens_by_its_receipt(
    world: World, clerk: FlaskClient
) -> None:
    receipt, _ = written_down(world, clerk, body=WORDS)
    assert world.read(code(receipt))["messages"][0]["body"] == WORDS
    coordinator = world.desk_of("kutim")
    assert [case["subject"] for case in coordinator.get("/desk/").get_json()["cases"]] == ["Lampu jalan mati"]
    assert "/lacak/#" not in receipt.text  # it stands in the code's pixels, and nowhere in the page
    assert "Selesai, orang berikutnya" in receipt.text
    assert receipt.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "more",
    [
        {"identity_mode": "rahasia", "contact": "warga@contoh.example.id"},
        {"identity_mode": "terbuka", "name": "Warga Contoh"},
    ],
)
def test_the_counter_takes_every_mode(world: World, clerk: FlaskClient, more: dict[str, str]) -> None:
    receipt, _ = written_down(world, clerk, **more)
    assert world.read(code(receipt))["stage"] == "diterima"


def test_the_clerk_is_told_what_to_read_aloud_112_first(world: World, clerk: FlaskClient) -> None:
    said = text(page(clerk.get("/desk/loket", headers=HTML)))
    assert said.index("112") < said.index("Saya ikut tahu isinya") < said.index("Apa yang terjadi?")
    assert "Kertas itu milik Anda" in said
    receipt, typed = written_down(world, clerk)
    assert "tidak bisa mencetaknya lagi" in text(page(receipt, 201))
    del typed["submission_key"]
    assert "Bacakan isinya sampai selesai" in text(page(send(world, typed)))


def test_mistakes_come_back_in_the_counters_own_form_with_all_that_was_typed(world: World, clerk: FlaskClient) -> None:
    typed = fields(world, given(clerk.get("/desk/loket", headers=HTML)), district="", body=CANARY)
    wrong = send(world, typed)
    root = page(wrong, 422)
    assert CANARY in (field(root, "body").text or "")
    assert given(wrong) == typed["loket"]
    assert "Loket: tulis laporan untuk orang lain" in wrong.text
    again = send(world, typed | {"district": "64.08.04", "edit": "1"})
    assert given(again) == typed["loket"]
    assert CANARY in again.text


def test_the_page_that_offers_to_mask_is_the_same(world: World, clerk: FlaskClient) -> None:
    typed = fields(world, given(clerk.get("/desk/loket", headers=HTML)), body="Hubungi 0812-0000-0017 saja.")
    root = page(send(world, typed))
    assert "Ini mungkin menunjukkan siapa Anda" in text(root)
    masked = send(world, typed | {"mask": "body:8:22", "mask_now": "1"})
    assert "Sudah disamarkan" in text(page(masked))
    assert given(masked) == typed["loket"]


# Nothing is left


def test_second_press_gives_the_receipt_again_until_it_is_done_with_and_an_empty_form_after(
    world: World, clerk: FlaskClient
) -> None:
    receipt, typed = written_down(world, clerk, body=CANARY)
    again = send(world, typed)  # the answer was lost on the way
    assert (again.status_code, code(again)) == (200, code(receipt))
    done = world.intake.post("/api/reports/selesai", data={"loket": given(receipt)}, headers=HTML)
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/loket")
    assert done.headers["Clear-Site-Data"] == '"cache"'
    before_sending = {name: value for name, value in typed.items() if name != "submission_key"}
    for sent_anew in (typed, before_sending, typed | {"edit": "1"}, typed | {"body": "lain"}):
        back = send(world, sent_anew)
        assert (back.status_code, back.headers["Location"]) == (303, "/desk/loket")
        assert code(receipt).encode() not in back.data
        assert CANARY not in back.text
    empty = clerk.get("/desk/loket", headers=HTML)
    assert CANARY not in empty.text
    assert (field(page(empty), "body").text or "").strip() == ""
    assert given(empty) != typed["loket"]


def test_the_browsers_mark_of_it_has_nothing_of_report_case_or_counter(world: World, clerk: FlaskClient) -> None:
    receipt, typed = written_down(world, clerk, body=CANARY)
    done = world.intake.post("/api/reports/selesai", data={"loket": typed["loket"]}, headers=HTML)
    cookie = done.headers["Set-Cookie"]
    assert re.fullmatch(r"lapor-loket=[0-9a-f]{16}; .*", cookie)
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Strict", "Path=/"))
    number = heads(world)[0].case_id
    for secret in (code(receipt), number, typed["submission_key"], "diskominfo", "loket-1"):
        assert secret not in str(done.headers)
    assert "lapor-loket" not in str(receipt.headers)


def test_a_person_at_another_browser_or_another_form_is_not_turned_away(world: World, clerk: FlaskClient) -> None:
    _, first = written_down(world, clerk)
    second = fields(world, given(clerk.get("/desk/loket", headers=HTML)), body="Laporan lain.")
    world.intake.post("/api/reports/selesai", data={"loket": first["loket"]}, headers=HTML)
    assert send(world, second).status_code == 200
    assert send(world, first).status_code == 303
    world.intake.delete_cookie("lapor-loket")
    assert send(world, first).status_code == 200  # without its mark: the answer that was lost


def test_what_a_browser_remembers_is_bounded_and_what_is_no_pass_is_not_remembered(world: World) -> None:
    passes = [PASSES.make() for _ in range(REMEMBERED + 5)]
    for each in passes:
        world.intake.post("/api/reports/selesai", data={"loket": each}, headers=HTML)
    cookie = world.intake.get_cookie("lapor-loket")
    assert cookie
    assert cookie.value.split(".") == [PASSES.mark(each) for each in passes[-REMEMBERED:]]
    for nonsense in ("", "x", "x" * 10_000, Passes(KEY).make()):
        answer = world.intake.post("/api/reports/selesai", data={"loket": nonsense}, headers=HTML)
        assert (answer.status_code, answer.headers.get("Set-Cookie")) == (303, None)
    assert world.intake.post("/api/reports/selesai", json={}, headers=JSON).get_json() == {}


# The case does not tell


def test_a_case_from_the_counter_is_like_any_other(world: World, clerk: FlaskClient) -> None:
    world.report()
    (plain,) = heads(world)
    written_down(world, clerk)
    (counter,) = (head for head in heads(world) if head.case_id != plain.case_id)
    own = {"act", "case_id", "lookup", "fingerprint", "wrap_receipt", "wrap_desk", "subject", "chain"}
    assert {n for n, v in flat(counter).items() if v != flat(plain)[n]} <= own
    for name in own:
        assert len(flat(counter)[name]) == len(flat(plain)[name]), name
    events = [world.store.read_case(head.case_id).events for head in (plain, counter)]
    assert [(e.kind, e.by, e.on, len(e.sealed)) for e in events[0]] == [
        (e.kind, e.by, e.on, len(e.sealed)) for e in events[1]
    ]


def test_nothing_of_the_counter_rests_in_the_store(world: World, clerk: FlaskClient) -> None:
    _, typed = written_down(world, clerk)
    mark = PASSES.mark(typed["loket"])
    world.intake.post("/api/reports/selesai", data={"loket": typed["loket"]}, headers=HTML)
    number = heads(world)[0].case_id
    kept = b"".join(path.read_bytes() for path in world.folder.glob("lapor.sqlite*"))
    assert number.encode() in kept  # what is there is found
    assert typed["loket"].encode() not in kept
    assert mark.encode() not in kept
    assert bytes.fromhex(mark) not in kept


# The clerk reads nothing


def test_a_clerk_gets_no_case_in_whatever_place_it_is(world: World) -> None:
    world.report()
    (head,) = heads(world)
    for agency in world.directory.agencies:
        for case_id in ("", head.case_id):
            assert rights(Viewer("loket-1", agency, Role.CLERK, case_id), head, world.directory) == NONE


def test_no_letter_about_a_case_goes_to_a_clerk(world: World) -> None:
    sent = world.report()
    world.hand_over(sent["tracking_id"], "kutim-diskominfo")
    world.run_courier()
    clerks = {officer.email for officer in world.officers if officer.role is Role.CLERK}
    assert len(clerks) == 2
    assert not [letter.to for letter in world.mailbox.letters if letter.to in clerks]
    assert [letter for letter in world.mailbox.letters if letter.to == "petugas1@diskominfo.example.id"]


def test_others_have_no_counter(world: World) -> None:
    for agency in ("kutim", "kutim-dpupr", "kutim-inspektorat", "pusat"):
        assert world.desk_of(agency).get("/desk/loket").status_code == 404
    assert world.desk_app.test_client().get("/desk/loket", headers=JSON).status_code == 401


def test_a_clerk_whose_links_are_revoked_is_out(world: World, clerk: FlaskClient) -> None:
    assert clerk.get("/desk/loket", headers=JSON).status_code == 200
    csrf = given(clerk.get("/desk/loket", headers=HTML), "csrf_token")
    assert clerk.post("/desk/session/end", data={"csrf_token": csrf}, headers=HTML).status_code == 200
    assert clerk.get("/desk/loket", headers=JSON).status_code == 401


# Passes and floods


@pytest.mark.long
def test_three_hundred_people_at_one_counter_are_no_flood(world: World, clerk: FlaskClient) -> None:
    proofs = Proofs(bytes(32), 1_000, passes=PASSES)
    door = intake.make_app(world.submit, proofs, Gate(60), url="http://127.0.0.1:8000").test_client()
    address = {"lapor.bucket": "0ff1ce00"}

    def one(loket: str) -> bool:
        typed = world.fields() | {"loket": loket}
        made = door.post("/api/reports", json=typed, headers=JSON, environ_overrides=address)
        assert made.status_code == 201
        return world.store.read_head(made.get_json()["tracking_id"]).quarantined

    assert not any(one(clerk.get("/desk/loket", headers=JSON).get_json()["loket"]) for _ in range(300))
    stranger = Passes(KEY).make()
    assert [one(stranger) for _ in range(12)] == [False] * 10 + [True] * 2  # not ours: counts as nothing
    used = PASSES.make()
    assert [one(used) for _ in range(3)] == [False, True, True]  # a pass is good once; what is for nothing is used up


def test_a_stolen_session_floods_the_counters_share_alone(world: World) -> None:
    door = Gate(6)
    proofs = Proofs(bytes(32), 1_000, passes=PASSES)
    same = (b"the same words",)
    marked = [door.weigh("0ff1ce00", proofs.read({"loket": PASSES.make()}, b""), b"", same) for _ in range(70)]
    assert marked == [Verdict.PASSES] * 60 + [Verdict.WAITS] * 10
    assert door.weigh("0ff1ce00", proofs.read({}, b"")) is Verdict.PASSES


def test_a_pass_counts_a_working_day_and_is_bound_to_no_one() -> None:
    now = [1_795_570_000.0]
    passes = Passes(KEY, lambda: now[0])
    made = passes.make()
    read = Proofs(bytes(32), 1_000, lambda: now[0], passes).read
    assert read({"loket": made}, b"").kind is ProofKind.COUNTER
    now[0] += PASS_HOURS * HOUR
    assert read({"loket": made}, b"").kind is ProofKind.COUNTER
    now[0] += HOUR
    assert read({"loket": made}, b"").kind is ProofKind.NONE
    assert passes.mark(made)  # that it was finished is still known
    now[0] -= 2 * PASS_HOURS * HOUR
    assert read({"loket": made}, b"").kind is ProofKind.NONE  # from the future
    hour, mark = passes._passes.load_payload(made.rpartition(".")[0].encode())
    assert (hour, len(mark)) == (1_795_570_000 // HOUR, 16)


def test_an_old_pass_still_has_the_forms_token(world: World) -> None:
    now = [1_795_570_000.0]
    passes = Passes(KEY, lambda: now[0])
    proofs = Proofs(bytes(32), 1_000, lambda: now[0], passes)
    made = passes.make()
    now[0] += (PASS_HOURS + 1) * HOUR
    token = proofs.form_token(commitment(b"key"))
    now[0] += 10
    assert proofs.read({"loket": made, "form_token": token}, b"key").kind is ProofKind.FORM


def test_desk_and_intake_have_one_key_and_the_desks_makes_nothing_else() -> None:
    forms = "rahasia-formulir-uji"
    intake_side, desk_side = Settings(Path(), form_secret=forms), Settings(Path(), counter_secret=counter_secret(forms))
    assert counter_key(intake_side) == counter_key(desk_side)
    assert Passes(counter_key(intake_side)).read(Passes(counter_key(desk_side)).make())
    assert forms.encode() not in counter_key(desk_side)
    now = [1_795_570_000.0]
    clock = lambda: now[0]  # noqa: E731 - short
    # What a desk that is taken over could try.
    made_for = commitment(b"key")
    tried, honest = (Proofs(key, 1_000, clock).form_token(made_for) for key in (counter_key(desk_side), forms.encode()))
    now[0] += 60
    read = Proofs(forms.encode(), 1_000, clock).read
    assert [read({"form_token": token}, b"key").kind for token in (honest, tried)] == [ProofKind.FORM, ProofKind.NONE]
    assert counter_key(Settings(Path())) == counter_key(Settings(Path()))  # one process
    assert len(counter_key(Settings(Path()))) >= 32


def test_a_clerk_is_warned_where_his_own_office_is_accused_and_the_intake_learns_nothing(world: World) -> None:
    clerk = world.desk_of("kutim-diskominfo", Role.CLERK).client
    root = page(clerk.get("/desk/loket", headers=HTML))
    warned = {o.get("value") for o in root.iter("option") if "jangan ditulis di loket ini" in text(o)}
    assert warned == {"kutim-diskominfo", "kutim"}  # its own office, and the government that it coordinates for
    typed = fields(world, given(clerk.get("/desk/loket", headers=HTML)), about_agency="kutim-diskominfo")
    checked = send(world, typed)
    assert "jangan ditulis di loket ini" not in checked.text
