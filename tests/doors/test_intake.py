"""Intake: everything a writer can do wrong, and what comes back."""

import re
from dataclasses import replace
from secrets import token_hex

import pytest
from werkzeug.test import TestResponse

from functions.actions.common.even_lookup import NOWHERE
from functions.casework.case import History
from functions.casework.receipt import parse_receipt
from functions.casework.sealed_identity import StepKind
from functions.crypto.errors import KeyringError
from functions.crypto.seal import sealing
from functions.storage.interface import CaseNotFoundError, Scope, StoreUnavailableError
from tests.pages import check_page
from tests.world import JSON, WORDS, World

FORM = {"Accept": "text/html"}


def send(world: World, fields: dict[str, str]) -> TestResponse:
    return world.intake.post("/api/reports", json=fields, headers=JSON)


def submit_form(world: World, fields: dict[str, str]) -> TestResponse:
    answer = world.intake.post("/api/reports", data=fields, headers=FORM)
    check_page(answer.text)
    return answer


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"no field {name}"
    return found[1]


def cases(world: World) -> int:
    return len(world.store.page(Scope.INSTANCE, "kutim").heads)


def test_a_report_is_taken_and_its_receipt_opens_it(world: World) -> None:
    body = world.report()
    assert set(body) == {"receipt", "tracking_id", "stage", "due"}
    assert body["stage"] == "diterima"
    assert body["due"] == "2026-11-30"  # Wednesday + 3 working days
    assert world.read(body["receipt"])["messages"][0]["body"] == WORDS


def test_the_same_key_gives_the_same_answer_and_one_case(world: World) -> None:
    fields = world.fields()
    first, again = send(world, fields), send(world, fields)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    world.later(days=3)
    assert send(world, fields).get_json() == first.get_json()
    assert cases(world) == 1


def test_the_same_key_with_another_text_is_refused_and_the_first_stays(world: World) -> None:
    fields = world.fields()
    receipt = send(world, fields).get_json()["receipt"]
    answer = send(world, fields | {"body": "Teks lain."})
    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["code"] == "changed_text"
    assert world.read(receipt)["messages"][0]["body"] == WORDS


def test_a_taken_case_id_is_a_clash_not_a_strangers_case(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.report()
    taken = world.store.page(Scope.INSTANCE, "kutim").heads[0].case_id
    honest = sealing.receipt_keys

    def same_id(receipt: object) -> sealing.ReceiptKeys:
        return replace(honest(receipt), case_id=taken)  # type: ignore[arg-type]

    monkeypatch.setattr(sealing, "receipt_keys", same_id)
    answer = send(world, world.fields())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "clash")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"body": ""}, "body", "Tuliskan apa yang terjadi"),
        ({"body": " \n\t "}, "body", "Tuliskan apa yang terjadi"),
        ({"body": "a" * 20_001}, "body", "20.001"),
        ({"topic": "sihir"}, "topic", "Topik ini tidak ada"),
        ({"district": "64.08.99"}, "district", "Kecamatan ini tidak ada"),
        ({"district": "31.71.01"}, "district", "Kecamatan ini tidak ada"),
        ({"kind": "gosip"}, "kind", "Pilihan ini tidak ada"),
        ({"happened_on": "kemarin"}, "happened_on", "25-11-2026"),
        ({"happened_on": "2026-11-26"}, "happened_on", "belum terjadi"),
        ({"happened_on": "0026-11-25"}, "happened_on", "Tulis tanggal"),
        ({"subject": "s" * 151}, "subject", "151"),
        ({"place": "p" * 201}, "place", "201"),
        ({"about_officials": "o" * 501}, "about_officials", "501"),
        ({"about_agency": "kpk"}, "about_agency", "Pilihan ini tidak ada"),
        ({"identity_mode": "rahasia"}, "name", "Tuliskan nama Anda"),
        ({"identity_mode": "tertutup"}, "identity_mode", "Pilihan ini tidak ada"),
        ({"name": "Bunga"}, "name", "Untuk laporan anonim, kosongkan"),
        ({"identity_mode": "rahasia", "contact": "bunga"}, "contact", "email"),
        ({"contact": "0812 3456 7890"}, "contact", "Nomor telepon tidak dapat dikabari"),
    ],
)
def test_bad_input_is_named_in_json_and_given_back_in_html(
    world: World, changes: dict[str, str], field: str, says: str
) -> None:
    fields = world.fields(**changes)
    answer = send(world, fields)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    errors = answer.get_json()["errors"]
    assert [error["field"] for error in errors] == [field]
    assert says in errors[0]["message"]

    page = submit_form(world, fields)
    assert page.status_code == 422
    assert "<title>Kesalahan: " in page.text
    assert f'href="#{field}"' in page.text
    if changes.get("body", "x").strip() and field != "body":
        assert WORDS in page.text  # nothing of what was written is lost
    assert cases(world) == 0


def test_every_fault_is_told_at_once(world: World) -> None:
    errors = send(world, {"submission_key": token_hex(16)}).get_json()["errors"]
    assert [error["field"] for error in errors] == ["kind", "topic", "body", "district"]


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "Jalan rusak 😡😡 parah‼️", "الطريق مكسور جدا", "ꦗꦭꦤ꧀ꦫꦸꦱꦏ꧀", "baris satu\r\nbaris dua"]
)
def test_any_script_and_length_up_to_the_limit_comes_back_as_written(world: World, text: str) -> None:
    receipt = world.report(body=text)["receipt"]
    assert world.read(receipt)["messages"][0]["body"] == text.replace("\r\n", "\n")


@pytest.mark.parametrize("key", ["", "zz", "0" * 31, "g" * 32, "0" * 33])
def test_a_broken_submission_key_is_named(world: World, key: str) -> None:
    answer = send(world, world.fields(submission_key=key))
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == "submission_key"


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1, 2]", "application/json", 400),
        (b'{"body": {"deep": 1}}', "application/json", 422),
        (b'{"body": "\\ud800"}', "application/json", 422),
        (b'{"body": true}', "application/json", 422),
        (b"<x/>", "application/xml", 415),
        (b'{"body": "' + b"a" * 1_100_000 + b'"}', "application/json", 413),
    ],
)
def test_a_body_that_is_no_report_is_answered_not_crashed(
    world: World, body: bytes, content_type: str, status: int
) -> None:
    answer = world.intake.post("/api/reports", data=body, content_type=content_type, headers=JSON)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    page = world.intake.post("/api/reports", data=body, content_type=content_type, headers=FORM)
    assert page.status_code in (status, 422)
    check_page(page.text)


def test_form_check_receipt_without_javascript(world: World) -> None:
    fields = world.fields(body="Baris <satu> & \"dua\"\nBaris 'tiga' 😡")
    del fields["submission_key"]
    check = submit_form(world, fields)
    assert check.status_code == 200
    assert "&lt;satu&gt; &amp;" in check.text
    assert cases(world) == 0  # nothing is stored before "Kirim"
    key = hidden(check.text, "submission_key")
    assert re.fullmatch(r"[0-9a-f]{32}", key)
    done = submit_form(world, fields | {"submission_key": key})
    assert done.status_code == 201
    receipt = hidden(done.text, "receipt")
    assert str(parse_receipt(receipt)) == receipt
    assert world.read(receipt)["messages"][0]["body"] == fields["body"]
    assert not done.headers.getlist("Set-Cookie")
    reload_ = submit_form(world, fields | {"submission_key": key})
    assert reload_.status_code == 200
    assert hidden(reload_.text, "receipt") == receipt
    assert cases(world) == 1


def test_going_back_to_change_keeps_everything(world: World) -> None:
    fields = world.fields(edit="1", place="Jl. Poros km 21", happened_on="2026-11-01", subject="Judul <b>")
    page = submit_form(world, fields)
    assert page.status_code == 200
    for text in (WORDS, "Jl. Poros km 21", "2026-11-01", "Judul &lt;b&gt;"):
        assert text in page.text
    assert "Kesalahan" not in page.text
    assert cases(world) == 0


def test_a_changed_text_under_a_used_key_is_kept_and_gets_a_new_key(world: World) -> None:
    fields = world.fields()
    submit_form(world, fields)
    page = submit_form(world, fields | {"body": "Tulisan yang lain sama sekali."})
    assert page.status_code == 409
    assert "Tulisan yang lain sama sekali." in page.text
    fresh = hidden(page.text, "submission_key")
    assert fresh != fields["submission_key"]
    assert (
        submit_form(world, fields | {"body": "Tulisan yang lain sama sekali.", "submission_key": fresh}).status_code
        == 201
    )
    assert cases(world) == 2


def test_a_store_out_of_reach_loses_no_word_and_keeps_the_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fields = world.fields()

    def away(*_: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(type(world.store), "create_case", away)
        page = submit_form(world, fields)
        assert page.status_code == 503
        assert WORDS in page.text
        assert hidden(page.text, "submission_key") == fields["submission_key"]
        assert send(world, fields).status_code == 503
    assert submit_form(world, fields).status_code == 201


def test_without_a_key_to_seal_to_nothing_is_taken(world: World) -> None:
    world.keys.public_file.unlink()
    with pytest.raises(KeyringError):
        world.keys.public()
    fields = world.fields()
    page = submit_form(world, fields)
    assert page.status_code == 503
    assert WORDS in page.text
    answer = send(world, fields)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "offline")
    receipt = sealing.receipt_keys(sealing.receipt_for(bytes.fromhex(fields["submission_key"])))
    with pytest.raises(CaseNotFoundError):
        world.store.read_case(receipt.case_id)


def test_english_is_answered_in_english(world: World) -> None:
    page = submit_form(world, world.fields(body="", lang="en"))
    assert 'lang="en"' in page.text
    assert "Tuliskan apa yang terjadi" not in page.text


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_told_so(world: World, method: str) -> None:
    answer = getattr(world.intake, method)("/api/reports", headers=JSON)
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_one_submission_is_one_storage_call(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[tuple[str, object]] = []
    kind = type(world.store)
    for name in ("create_case", "read_case", "append", "page", "enqueue", "claim", "use_link", "revoked"):
        honest = getattr(kind, name)
        monkeypatch.setattr(
            kind,
            name,
            lambda self, *a, _honest=honest, _name=name, **k: (calls.append((_name, a[0])), _honest(self, *a, **k))[1],
        )
    report = world.report()
    assert [name for name, _ in calls] == ["create_case"]
    calls.clear()
    world.read(report["receipt"])
    assert calls == [("read_case", report["tracking_id"]), ("read_case", NOWHERE)]  # as much as one unknown takes


def test_a_report_about_the_coordinator_goes_to_the_inspectorate(world: World) -> None:
    for accused in ("kutim-diskominfo", "kutim"):
        case_id = world.report(about_agency=accused)["tracking_id"]
        assert world.store.read_case(case_id).head.holder == "kutim-inspektorat"
    world.run_courier()
    assert {mail.to for mail in world.mailbox.letters} == {world.officer("kutim-inspektorat").email}


def test_a_new_case_counts_one_message_and_its_identity_one_step(world: World) -> None:
    case_id = world.report(identity_mode="rahasia", name="Bunga Melati")["tracking_id"]
    identity = world.store.read_identity(case_id)
    assert identity is not None
    assert [(step.n, step.kind) for step in identity.steps] == [(1, StepKind.LEFT)]
    assert world.store.read_head(case_id).history == History(from_reporter=1)
