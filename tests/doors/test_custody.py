"""The custody door: whose link opens it, what its pages show, and that a reason is never lost."""

import re
import shutil
import subprocess
import sys
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from functions.casework.directory.agencies import Role
from functions.config.settings import ROOT, Settings
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.custody.app import make_app
from functions.custody.main import create_app
from functions.storage.interface import Revocation, StoreUnavailableError
from tests.envelopes import sealed_fields
from tests.markup import HOSTILE, field, forms, page, text
from tests.memory import hidden
from tests.pages import check_page
from tests.trust import CONTACT, NAME, REASON, TrustWorld
from tests.world import JSON, Desk

HTML = {"Accept": "text/html"}


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def show(desk: Desk, path: str, status: int = 200) -> Any:
    return page(desk.client.get(path, headers=HTML), status)


def send(desk: Desk, path: str, **fields: str) -> Any:
    return desk.client.post(path, data={"csrf_token": desk.csrf, **fields}, headers=HTML)


def test_two_custodians_each_by_his_own_link_open_it_and_the_reporter_reads_it_all(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    first = world.custodian(0)
    assert first.get("/custody/").get_json() == {"requests": []}
    case = f"/custody/cases/{case_id}"
    assert first.get(case).get_json()["actions"] == ["ask"]
    answer = first.post(f"{case}/ask", {"reason": REASON})
    assert (answer.status_code, answer.get_json()) == (200, {"state": "asked"})
    second = world.custodian(1, case_id)  # by the letter that the request brought
    assert second.get("/custody/").get_json()["requests"] == [
        {
            "tracking_id": case_id,
            "agency": "kutim-inspektorat",
            "on": "2026-11-25",
            "opens_on": None,
            "mine": False,
            "danger": None,
            "yes": False,
            "endorsed": False,
        }
    ]
    world.later(days=6)  # three working days are over, and the reporter never came
    first, second = world.custodian(0), world.custodian(1)
    assert second.post(f"{case}/open", {"reason": "Setuju."}).get_json()["code"] == "identity_no_yes"
    world.answer(receipt)
    assert first.post(f"{case}/open", {"reason": "Setuju."}).get_json()["code"] == "identity_second"
    assert NAME not in first.get(case).text + second.get(case).text
    assert second.post(f"{case}/open", {"reason": "Setuju."}).get_json() == {"state": "opened"}
    for desk in (first, second):
        seen = desk.get(case).get_json()
        assert (seen["name"], seen["contact"], seen["readable_until"]) == (NAME, CONTACT, "2026-12-15")
    thread = world.read(receipt)["identity"]
    assert (thread["mode"], thread["state"]) == ("rahasia", "opened")
    assert [(step["kind"], step["agency"], step["on"], step["reason"]) for step in thread["steps"][1:]] == [
        ("asked", "Inspektorat Daerah", "2026-11-25", REASON),
        ("agreed", None, "2026-12-01", ""),
        ("opened", "Badan Kepegawaian dan Pengembangan SDM", "2026-12-01", "Setuju."),
        ("read", "Inspektorat Daerah", "2026-12-01", ""),
        ("read", "Badan Kepegawaian dan Pengembangan SDM", "2026-12-01", ""),
    ]


def overseers_token(world: TrustWorld) -> str:
    """The token of the link that the Sekda was sent for this door."""
    to = world.officer("kutim", Role.OVERSEER).email
    letters = [mail for mail in world.mailbox.letters if mail.to == to and "/masuk/kustodian/#" in mail.text]
    return letters[-1].text.partition("/masuk/kustodian/#")[2].split()[0]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_overseer_comes_in_for_a_danger_agrees_and_is_never_shown_the_name(world: TrustWorld, lang: str) -> None:
    _, case_id = world.entrusted()
    first = world.custodian(0)
    case = f"/custody/cases/{case_id}"
    answer = send(first, f"{case}/ask", form="request", reason=REASON, danger="threat")
    assert answer.status_code == 303
    world.run_courier()
    client = world.custody_app.test_client()
    session = client.post("/custody/session", json={"token": overseers_token(world)}, headers=JSON).get_json()
    overseer = Desk(client, session["csrf"], session)
    seen = overseer.get(case).get_json()
    assert (seen["actions"], seen["opens_on"]) == (["endorse"], "2026-12-05")
    assert seen["request"] == {"n": 2, "danger": "threat", "yes": False, "endorsed": False}
    root = show(overseer, f"{case}?lang={lang}")
    assert set(forms(root)) == {"endorse"}
    assert REASON in text(root)
    page(overseer.client.get(f"/custody/?lang={lang}", headers=HTML))
    root = page(send(overseer, f"{case}/endorse", form="endorse", reason=" ", lang=lang), 422)
    assert field(root, "endorse-reason").get("aria-invalid") == "true"
    assert send(overseer, f"{case}/endorse", form="endorse", reason="Ancaman itu nyata.").status_code == 303
    assert overseer.post(f"{case}/endorse", {"reason": "Lagi."}).get_json()["code"] == "identity_endorsed"
    assert overseer.post(f"{case}/open", {"reason": "Lagi."}).get_json()["code"] == "identity_role"
    second = world.custodian(1)
    root = show(second, f"{case}?lang={lang}")
    assert set(forms(root)) == {"refuse"}
    world.days_over()
    second = world.custodian(1)
    assert set(forms(show(second, f"{case}?lang={lang}"))) == {"open", "refuse"}
    assert second.post(f"{case}/open", {"reason": "Nyawa terancam."}).get_json() == {"state": "opened"}
    assert second.get(case).get_json()["name"] == NAME
    world.ask_link(world.officer("kutim", Role.OVERSEER).email, "custody")
    world.run_courier()
    session = client.post("/custody/session", json={"token": overseers_token(world)}, headers=JSON).get_json()
    again = Desk(client, session["csrf"], session)
    seen = again.get(case)
    assert "name" not in seen.get_json()
    assert NAME not in seen.text + text(show(again, case))


def test_an_overseers_link_opens_one_door(world: TrustWorld) -> None:
    """A link that was used at the desk is of no use here, and the other way round."""
    _, case_id = world.entrusted()
    world.custody.ask(world.viewer(0), case_id, REASON, "threat")
    world.ask_link(world.officer("kutim", Role.OVERSEER).email)
    world.run_courier()
    for_here, for_desk = overseers_token(world), world.mailbox.tokens(world.officer("kutim", Role.OVERSEER).email)[-1]
    for app, door, token in ((world.desk_app, "desk", for_here), (world.custody_app, "custody", for_desk)):
        answer = app.test_client().post(f"/{door}/session", json={"token": token}, headers=JSON)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "link_elsewhere")


def test_a_danger_that_is_none_comes_back_in_its_field(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    desk = world.custodian(0)
    root = page(send(desk, f"/custody/cases/{case_id}/ask", form="request", reason=REASON, danger="hunger"), 422)
    assert "#danger" in [link.get("href") for link in root.iter("a")]
    assert field(root, "request-reason").text == REASON


def test_only_custodians_come_in_here_and_not_at_the_desk(world: TrustWorld) -> None:
    world.custodian(0)
    theirs = world.custodian_tokens(0)[-1]
    world.ask_link(world.officer("kutim").email)
    world.run_courier()
    ours = world.mailbox.tokens(world.officer("kutim").email)[-1]
    wrong = world.custody_app.test_client().post("/custody/session", json={"token": ours}, headers=JSON)
    assert (wrong.status_code, wrong.get_json()["code"]) == (403, "link_elsewhere")
    world.later(hours=1)
    world.ask_link(world.custodians[1].email)
    world.run_courier()
    fresh = world.custodian_tokens(1)[-1]
    for token in (theirs, fresh):
        answer = world.desk_app.test_client().post("/desk/session", json={"token": token}, headers=JSON)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "link_elsewhere")
    answer = world.custody_app.test_client().post("/custody/session", json={"token": fresh}, headers=JSON)
    assert answer.status_code == 200  # the desk did not use it up
    assert world.desk(ours).get("/desk/").status_code == 200


@pytest.mark.parametrize("role", [Role.CUSTODIAN, Role.OVERSEER])
def test_a_custodian_whom_no_register_knows_does_not_come_in(world: TrustWorld, role: Role) -> None:
    """Whoever holds the links key alone invents nobody, neither a new ident nor a known one in another seat."""
    seat, end = world.custodians[0], world.seconds + 3600
    private = next(iter(world.keys.private(Purpose.LINKS).keys.values()))
    for ident, agency in (("palsu", seat.agency), (seat.ident, world.custodians[1].agency)):
        made = Link("tautan-palsu", ident, agency, role, "kutim", "", world.seconds, end, "custody")
        answer = world.custody_app.test_client().post(
            "/custody/session", json={"token": sign_link(made, private)}, headers=JSON
        )
        assert (answer.status_code, answer.get_json()["code"]) == (403, "link_revoked")
        assert not answer.headers.getlist("Set-Cookie")
    known = Link("tautan-benar", seat.ident, seat.agency, seat.role, "kutim", "", world.seconds, end, "custody")
    token = {"token": sign_link(known, private)}
    assert world.custody_app.test_client().post("/custody/session", json=token, headers=JSON).status_code == 200


def test_a_cookie_carried_to_the_other_door_is_no_session(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    custodian, officer = world.custodian(0), world.desk_of("kutim")
    for app, name, desk, path in (
        (world.desk_app, "lapor-desk", custodian, "/desk/"),
        (world.custody_app, "lapor-custody", officer, f"/custody/cases/{case_id}"),
    ):
        value = next(c.value for c in desk.client._cookies.values())
        client = app.test_client()
        client.set_cookie(name, value)
        answer = client.get(path, headers=JSON)
        assert (answer.status_code, answer.get_json()["code"]) == (401, "signed_out")


def test_the_cookie_is_this_doors_own_and_kept_from_scripts(world: TrustWorld) -> None:
    world.custodian(0)
    client = make_app(world.custody, world.custodian_signin, https=True).test_client()
    world.later(hours=1)
    world.ask_link(world.custodians[0].email)
    world.run_courier()
    token = world.custodian_tokens(0)[-1]
    cookie = client.post("/custody/session", json={"token": token}, headers=JSON).headers["Set-Cookie"]
    assert cookie.startswith("__Host-lapor-custody=")
    for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
        assert part in cookie


def test_every_route_wants_a_session_and_every_post_its_forms_token(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    stranger, desk = world.custody_app.test_client(), world.custodian(0)
    posts = 0
    for rule in world.custody_app.url_map.iter_rules():
        if rule.endpoint in ("session", "healthz"):
            continue
        path = rule.rule.replace("<tracking_id>", case_id)
        assert rule.methods is not None
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert stranger.open(path, method=method, headers=JSON).status_code == 401, path
            if method == "POST":
                posts += 1
                bad = desk.client.post(path, json={"reason": REASON}, headers=JSON | {"X-CSRF-Token": "0" * 32})
                assert (bad.status_code, bad.get_json()["code"]) == (403, "csrf")
    assert posts == 16
    assert len(world.identity(case_id).steps) == 1


def test_a_revoked_custodian_is_out_at_once(world: TrustWorld) -> None:
    desk = world.custodian(0)
    world.store.revoke(Revocation(f"officer:{world.custodians[0].ident}", world.seconds + 1))
    assert desk.get("/custody/").get_json()["code"] == "link_revoked"
    root = show(desk, "/custody/", 403)
    assert "/masuk/kustodian/" in [link.get("href") for link in root.iter("a")]


def test_signing_out_ends_the_session(world: TrustWorld) -> None:
    desk = world.custodian(0)
    root = page(send(desk, "/custody/session/end"))
    assert "Anda sudah keluar" in text(root)
    assert desk.get("/custody/").status_code == 401


def test_a_link_for_one_case_leads_there_and_opens_no_other(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    _, other = world.entrusted()
    for one in (other, case_id):
        world.custody.ask(world.viewer(0), one, REASON)
    world.run_courier()
    sent = [mail for mail in world.mailbox.letters if case_id in mail.subject and mail.to == world.custodians[1].email]
    token = sent[0].text.partition("/masuk/kustodian/#")[2].split()[0]
    client = world.custody_app.test_client()
    answer = client.post("/custody/session", data={"token": token, "lang": "en"}, headers=HTML)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/custody/cases/{case_id}?lang=en")
    assert client.get(f"/custody/cases/{case_id}", headers=HTML).status_code == 200
    assert client.get(f"/custody/cases/{other}", headers=HTML).status_code == 404
    root = page(client.get("/custody/", headers=HTML))
    assert other not in text(root)
    assert "/desk/links" in [form.get("action") for form in root.iter("form")]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_state_has_its_page(world: TrustWorld, lang: str) -> None:
    receipt, case_id = world.entrusted()
    first, second = world.custodian(0), world.custodian(1)
    case = f"/custody/cases/{case_id}?lang={lang}"
    assert set(forms(show(first, case))) == {"request"}
    assert page(first.client.get(f"/custody/?lang={lang}", headers=HTML)).get("lang") == lang
    send(first, f"/custody/cases/{case_id}/ask", form="request", reason=REASON)
    assert set(forms(show(first, case))) == set()
    root = show(second, case)
    assert set(forms(root)) == {"refuse"}
    assert REASON in text(root)
    assert case_id in text(show(second, f"/custody/?lang={lang}"))
    world.answer(receipt)
    root = show(second, case)
    assert set(forms(root)) == {"open", "refuse"}
    assert NAME not in text(root)
    send(second, f"/custody/cases/{case_id}/open", form="open", reason="Setuju.")
    for desk in (first, second):
        answer = desk.client.get(case, headers=HTML)
        assert {NAME, CONTACT} <= set(re.findall(r'<dd dir="auto">([^<]*)</dd>', answer.text))
        assert answer.headers["Cache-Control"] == "no-store"
        check_page(answer.text)
    world.later(days=15)
    first, second = world.custodian(0), world.custodian(1)
    assert NAME not in text(show(first, case))
    world.post("/api/thread/identity/withdraw", {"receipt": receipt})
    root = show(second, case)
    assert set(forms(root)) == set()
    assert (root.get("lang"), REASON in text(root)) == (lang, False)


def test_the_forms_lead_back_with_a_word_of_what_was_done(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    first = world.custodian(0)
    token = hidden(first.client.get(f"/custody/cases/{case_id}", headers=HTML).text, "csrf_token")
    assert token == first.csrf
    answer = send(first, f"/custody/cases/{case_id}/ask", form="request", reason=REASON, lang="id")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/custody/cases/{case_id}?done=ask")
    assert "Permintaan tercatat." in text(show(first, answer.headers["Location"]))
    second = world.custodian(1)
    answer = send(second, f"/custody/cases/{case_id}/refuse", form="refuse", reason="Tidak perlu.", lang="en")
    assert answer.headers["Location"] == f"/custody/cases/{case_id}?done=refuse&lang=en"


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower"])
def test_a_number_is_looked_up_however_it_is_typed(world: TrustWorld, typed: str) -> None:
    _, case_id = world.entrusted()
    desk = world.custodian(0)
    number = case_id.lower().replace("-", " ") if typed == "lower" else typed.format(case_id)
    answer = send(desk, "/custody/cases", tracking_id=number)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/custody/cases/{case_id}")
    assert desk.post("/custody/cases", {"tracking_id": number}).get_json() == {"tracking_id": case_id}


@pytest.mark.parametrize("typed", ["", "4F7K", '"><script>'])
def test_what_is_no_number_comes_back_with_what_is_wrong(world: TrustWorld, typed: str) -> None:
    desk = world.custodian(0)
    root = page(send(desk, "/custody/cases", tracking_id=typed), 422)
    assert field(root, "tracking_id").get("value") == typed
    assert field(root, "tracking_id").get("aria-invalid") == "true"
    assert desk.post("/custody/cases", {"tracking_id": typed}).get_json()["errors"][0]["field"] == "tracking_id"


@pytest.mark.parametrize("number", ["0000-0000-0000", "tidak-ada", "4F7K"])
def test_what_is_not_there_is_not_found(world: TrustWorld, number: str) -> None:
    desk = world.custodian(0)
    for answer in (desk.get(f"/custody/cases/{number}"), desk.post(f"/custody/cases/{number}/ask", {"reason": "x"})):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "not_found")
    page(send(desk, f"/custody/cases/{number}/ask", form="request", reason="x"), 404)


def test_a_missing_reason_is_pointed_out_and_a_long_one_given_back(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    desk = world.custodian(0)
    root = page(send(desk, f"/custody/cases/{case_id}/ask", form="request", reason=" "), 422)
    assert field(root, "request-reason").get("aria-invalid") == "true"
    assert "Tuliskan alasannya." in text(root)
    long = HOSTILE + "x" * 2000
    root = page(send(desk, f"/custody/cases/{case_id}/ask", form="request", reason=long), 422)
    assert field(root, "request-reason").text == long
    assert not list(root.iter("script"))


def test_words_for_a_form_that_is_gone_can_still_be_copied(world: TrustWorld) -> None:
    receipt, case_id = world.entrusted()
    first, second = world.custodian(0), world.custodian(1)
    first.post(f"/custody/cases/{case_id}/ask", {"reason": REASON})
    world.answer(receipt, "no")
    root = page(send(second, f"/custody/cases/{case_id}/refuse", form="refuse", reason=HOSTILE), 409)
    assert field(root, "unsent").text == HOSTILE


def test_signed_out_or_with_the_store_away_the_words_come_back(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, case_id = world.entrusted()
    desk = world.custodian(0)
    path = f"/custody/cases/{case_id}/ask"

    def away(*_: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as patch:
        patch.setattr(type(world.store), "read_head", away)
        root = page(send(desk, path, form="request", reason="Kata yang tidak boleh hilang"), 503)
        assert field(root, "unsent").text == "Kata yang tidak boleh hilang"
        assert desk.post(path, {"reason": REASON}).get_json()["code"] == "unavailable"
    world.later(hours=9)
    root = page(send(desk, path, form="request", reason="Kata yang tidak boleh hilang"), 401)
    assert field(root, "unsent").text == "Kata yang tidak boleh hilang"
    page(desk.client.get("/custody/", headers=HTML), 401)
    assert desk.client.post(path, data=b"x" * 2_000_000, headers=HTML).status_code in (401, 413)


@pytest.mark.parametrize("token", ["", "x", "x" * 300])
def test_a_token_that_is_none_opens_nothing(world: TrustWorld, token: str) -> None:
    client: FlaskClient = world.custody_app.test_client()
    answer = client.post("/custody/session", data={"token": token}, headers=HTML)
    page(answer, 403 if token else 422)
    assert not answer.headers.getlist("Set-Cookie")


def test_the_door_as_it_is_wired_needs_its_own_key_and_no_other(world: TrustWorld) -> None:
    _, case_id = world.entrusted()
    settings = Settings(data_dir=world.folder)
    for purpose in set(Purpose) - {Purpose.IDENTITY}:
        shutil.rmtree(world.folder / "keys" / purpose)
    app = create_app(settings)
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get(f"/custody/cases/{case_id}", headers=JSON).status_code == 401
    key_id = world.keys.public().current_id(Purpose.IDENTITY, "kutim")
    (world.folder / "keys" / "identity" / "kutim" / key_id).unlink()
    answer = create_app(settings).test_client().get("/custody/", headers=JSON)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "offline")
    (world.folder / "keys" / "public.json").write_text("{")
    assert create_app(settings).test_client().get("/custody/", headers=JSON).status_code == 503


CLOSED = tuple(
    f"functions.{room}"
    for room in (
        *(f"actions.{audience}" for audience in ("reporter", "officer", "courier", "clock", "ops")),
        *("actions.common.decrypted_case", "actions.common.append"),
        *("storage.blobs", "sanitize", "pii", "delivery", "desk", "thread", "courier"),
    )
)


def test_the_door_loads_nothing_that_reads_a_case_or_knows_an_address() -> None:
    """Law 2: no function holds two of the words, the identity and the contact."""
    code = "import sys, functions.custody.main; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "functions.actions.custodian.custody" in loaded
    assert not {name for name in loaded if name.startswith(CLOSED)}


@pytest.mark.parametrize("broken", ["wrap", "person"])
def test_what_a_foreign_browser_sealed_wrongly_breaks_no_page(world: TrustWorld, broken: str) -> None:
    body, _ = sealed_fields(world.submit, world.fields(identity_mode="rahasia", name="Bunga"))
    name = {"wrap": "identity_wrap_custody", "person": "identity_sealed"}[broken]
    raw = bytearray(b64decode(body[name]))
    raw[-1] ^= 1
    assert (
        world.intake.post("/api/reports", json=body | {name: b64encode(raw).decode()}, headers=JSON).status_code == 201
    )
    desk = world.custodian(0)
    answer = desk.get(f"/custody/cases/{body['case_id']}")
    assert answer.status_code == (404 if broken == "wrap" else 200)
    assert desk.get("/custody/").status_code == 200
    assert world.desk_of("kutim").get(f"/desk/cases/{body['case_id']}").status_code == 200
