"""The desk: links, sessions, who sees what, and what an officer may do when."""

from io import BytesIO
from secrets import token_hex, token_urlsafe
from typing import Any

import pikepdf
import pytest
from PIL import Image

from functions.casework.directory.agencies import Role
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.links import Link
from functions.crypto.sign.mint import sign_link
from functions.storage.interface import Revocation
from tests.pages import check_page
from tests.world import JSON, WORDS, Desk, World

HTML = {"Accept": "text/html"}


def link(world: World, agency: str = "kutim", **changes: Any) -> str:
    officer = world.officer(agency)
    made = Link(
        token_urlsafe(16), officer.ident, agency, officer.role, "kutim", "", world.seconds, world.seconds + 7 * 86400
    )
    private = world.keys.private(Purpose.LINKS)
    return sign_link(made._replace(**changes), private.keys[world.keys.public().current_id(Purpose.LINKS, "kutim")])


def exchange(world: World, token: str, client: Any = None, **headers: str) -> Any:
    return (client or world.desk_app.test_client()).post(
        "/desk/session", json={"token": token}, headers=headers or JSON
    )


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "PNG")
    return out.getvalue()


def one_page() -> bytes:
    document, out = pikepdf.new(), BytesIO()
    document.add_blank_page()
    document.save(out)
    return out.getvalue()


def attach(desk: Desk, case_id: str, raw: bytes, name: str = "x.png") -> Any:
    data = {"file": (BytesIO(raw), name), "file_key": token_hex(8)}
    return desk.client.post(f"/desk/cases/{case_id}/files", data=data, headers=JSON | {"X-CSRF-Token": desk.csrf})


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda t: t[:-2] + ("AA" if t[-2:] != "AA" else "BB"), "link_forged"),
        (lambda t: t[: len(t) // 2], "link_forged"),
        (lambda t: "x", "link_forged"),
        (lambda t: "https://lapor.example.id/masuk/#" + t[5:], "link_forged"),
    ],
)
def test_a_forged_link_opens_nothing(world: World, spoil: Any, code: str) -> None:
    answer = exchange(world, spoil(link(world)))
    assert (answer.status_code, answer.get_json()["code"]) == (403, code)
    assert not answer.headers.getlist("Set-Cookie")
    page = world.desk_app.test_client().post("/desk/session", data={"token": spoil(link(world))}, headers=HTML)
    check_page(page.text)
    assert page.status_code == 403
    assert "/masuk/" in page.text


def test_a_link_of_another_instance_or_an_agency_unknown_here_is_forged(world: World) -> None:
    assert exchange(world, link(world, instance="bontang")).get_json()["code"] == "link_forged"
    # By the links key alone nobody can be invented.
    assert exchange(world, link(world, agency="kutim", officer="x")).get_json()["code"] == "link_revoked"
    private = world.keys.private(Purpose.LINKS)
    made = Link("id", "x", "kutim-khayalan", Role.OFFICER, "kutim", "", world.seconds, world.seconds + 10)
    assert exchange(world, sign_link(made, next(iter(private.keys.values())))).get_json()["code"] == "link_forged"


def test_a_pasted_address_opens_as_well(world: World) -> None:
    assert exchange(world, f"  https://lapor.example.id/masuk/#{link(world)}\n").status_code == 200


def test_an_empty_token_is_a_missing_field(world: World) -> None:
    answer = exchange(world, " ")
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "token")


def test_a_link_expires(world: World) -> None:
    token = link(world)
    world.later(days=8)
    assert exchange(world, token).get_json()["code"] == "link_expired"


def test_a_link_belongs_to_the_first_browser(world: World) -> None:
    token, first = link(world), world.desk_app.test_client()
    assert exchange(world, token, first).status_code == 200
    other = exchange(world, token)
    assert (other.status_code, other.get_json()["code"]) == (403, "link_used")
    assert exchange(world, token, first).status_code == 200  # the same browser may come back
    world.later(hours=9)
    assert first.get("/desk/", headers=JSON).get_json()["code"] == "signed_out"
    assert exchange(world, token, first).status_code == 200
    assert first.get("/desk/", headers=JSON).status_code == 200


def test_a_browser_comes_back_with_each_of_its_links(world: World) -> None:
    """A digest in the morning, a letter about one case at noon, and the digest again: nobody else has opened it."""
    case_id = world.report()["tracking_id"]
    digest, letter, client = link(world), link(world, case_id=case_id), world.desk_app.test_client()
    assert exchange(world, digest, client).status_code == 200
    assert exchange(world, letter, client).get_json()["case"] == case_id
    again = exchange(world, digest, client)
    assert (again.status_code, "case" in again.get_json()) == (200, False)
    assert client.get("/desk/", headers=JSON).status_code == 200
    world.later(hours=9)
    assert exchange(world, letter, client).status_code == 200
    assert exchange(world, digest).get_json()["code"] == "link_used"  # another browser still has neither
    csrf = exchange(world, digest, client).get_json()["csrf"]
    assert client.post("/desk/session/end", headers=JSON | {"X-CSRF-Token": csrf}).status_code == 200
    assert exchange(world, letter, client).get_json()["code"] == "link_used"  # whoever sits there next has none


def test_a_browser_keeps_few_links(world: World) -> None:
    client, tokens = world.desk_app.test_client(), [link(world) for _ in range(9)]
    for token in tokens:
        assert exchange(world, token, client).status_code == 200
    cookie = client.get_cookie("lapor-desk").value  # type: ignore[union-attr]
    assert (cookie.count("~"), len(cookie) < 1000) == (7, True)
    assert exchange(world, tokens[1], client).status_code == 200
    assert exchange(world, tokens[0], client).get_json()["code"] == "link_used"


def test_the_cookie_is_kept_from_scripts_and_other_sites(world: World) -> None:
    cookie = exchange(world, link(world)).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize("subject", ["officer", "agency", "link"])
def test_revoking_ends_links_and_sessions(world: World, subject: str) -> None:
    link_id = token_urlsafe(16)
    token, fresh = link(world, link_id=link_id), world.desk_app.test_client()
    exchange(world, token, fresh)
    which = {"officer": world.officer("kutim").ident, "agency": "kutim", "link": link_id}[subject]
    world.store.revoke(Revocation(f"{subject}:{which}", world.seconds + 1))
    assert fresh.get("/desk/", headers=JSON).get_json()["code"] == "link_revoked"
    assert exchange(world, token).get_json()["code"] == "link_revoked"
    world.later(hours=1)
    if subject != "link":
        assert exchange(world, link(world)).status_code == 200


def test_signing_out_ends_the_session_and_the_link(world: World) -> None:
    token, client = link(world), world.desk_app.test_client()
    csrf = exchange(world, token, client).get_json()["csrf"]
    assert client.post("/desk/session/end", headers=JSON | {"X-CSRF-Token": csrf}).status_code == 200
    assert client.get("/desk/", headers=JSON).status_code == 401
    assert exchange(world, token, client).get_json()["code"] == "link_used"


@pytest.mark.parametrize("cookie", ["", "x", "x.y", "." * 30, "ä.ö"])
def test_a_made_up_cookie_is_no_session(world: World, cookie: str) -> None:
    client = world.desk_app.test_client()
    client.set_cookie("lapor-desk", cookie)
    assert client.get("/desk/", headers=JSON).status_code == 401


def test_every_post_wants_its_forms_token(world: World) -> None:
    case_id = world.report()["tracking_id"]
    desk = world.desk_of("kutim")
    for path in ("messages", "files", "stage", "handover", "extend", "close"):
        for token in ("", "0" * 32, "ü"):
            answer = desk.client.post(
                f"/desk/cases/{case_id}/{path}",
                json={},
                headers=JSON | {"X-CSRF-Token": token.encode().decode("latin-1")},
            )
            assert (answer.status_code, answer.get_json()["code"]) == (403, "csrf")
    assert world.store.read_case(case_id).head.version == 1


def test_every_route_but_the_open_ones_wants_a_session(world: World) -> None:
    client = world.desk_app.test_client()
    for rule in world.desk_app.url_map.iter_rules():
        if rule.endpoint in ("session", "links", "again", "healthz"):
            continue
        path = rule.rule.replace("<tracking_id>", "4F7K-2M9Q-XR3D").replace("<int:n>", "1")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            answer = client.open(path, method=method, headers=JSON)
            assert answer.status_code == 401, (method, path)


def test_asking_for_a_link_answers_the_same_for_all(world: World) -> None:
    client = world.desk_app.test_client()
    known = client.post("/desk/links", json={"email": world.officer("kutim").email}, headers=JSON)
    unknown = client.post("/desk/links", json={"email": "siapa@example.id"}, headers=JSON)
    assert known.status_code == unknown.status_code == 202
    assert known.data == unknown.data
    assert dict(known.headers) == dict(unknown.headers)
    world.run_courier()
    assert [mail.to for mail in world.mailbox.letters] == [world.officer("kutim").email]
    for bad in ("", "tanpa-at", "a b@c.id", "x" * 260 + "@c.id"):
        answer = client.post("/desk/links", json={"email": bad}, headers=JSON)
        assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "email")
        page = client.post("/desk/links", data={"email": bad}, headers=HTML)
        check_page(page.text)
        assert page.status_code == 422


def test_a_link_for_one_case_shows_only_that_case(world: World) -> None:
    first, second = world.report()["tracking_id"], world.report()["tracking_id"]
    desk = world.desk(link(world, case_id=first))
    assert desk.session["case"] == first
    assert desk.get(f"/desk/cases/{second}").status_code == 404
    assert [case["tracking_id"] for case in desk.get("/desk/").get_json()["cases"]] == [first]


def test_the_coordinator_sorts_and_then_sees_the_stage_not_the_words(world: World) -> None:
    sent = world.report()
    case_id = sent["tracking_id"]
    coordinator = world.desk_of("kutim")
    view = coordinator.get(f"/desk/cases/{case_id}").get_json()
    assert view["messages"][0]["body"] == WORDS
    assert view["subject"] == "Lampu jalan mati"
    marks = {"note", "oversight", "recuse", "sp4n", "assign", "priority", "transfer", "join", "correct"}
    assert set(view["actions"]) == {"handover", "stage"} | marks
    assert view["sealed"] == "server"
    unit = world.hand_over(case_id)
    view = coordinator.get(f"/desk/cases/{case_id}")
    assert WORDS not in view.text
    assert "Lampu jalan mati" not in view.text
    body = view.get_json()
    assert body["actions"] == []
    assert body["stage"] == "didisposisikan"
    assert body["counts"] == {"from_reporter": 1, "from_officers": 1}
    assert "subject" not in coordinator.get("/desk/").get_json()["cases"][0]
    refused = coordinator.post(f"/desk/cases/{case_id}/stage", {"stage": "diarsipkan", "reason": "x"})
    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_allowed")
    assert unit.get("/desk/").get_json()["cases"][0]["subject"] == "Lampu jalan mati"
    page = coordinator.client.get(f"/desk/cases/{case_id}", headers=HTML)
    check_page(page.text)
    assert WORDS not in page.text


def test_the_accused_and_all_below_never_see_it(world: World) -> None:
    case_id = world.report(about_agency="kutim-dpupr")["tracking_id"]
    coordinator = world.desk_of("kutim")
    targets = {target["code"] for target in coordinator.get(f"/desk/cases/{case_id}").get_json()["routing"]["targets"]}
    assert "kutim-dpupr" not in targets
    refused = coordinator.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim-dpupr", "reason": "x"})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "agency")
    accused = world.desk_of("kutim-dpupr")
    assert accused.get(f"/desk/cases/{case_id}").status_code == 404
    assert accused.get("/desk/").get_json()["cases"] == []


def test_a_unit_answers_attaches_extends_once_and_closes(world: World) -> None:
    sent = world.report()
    case_id, receipt = sent["tracking_id"], sent["receipt"]
    desk = world.hand_over(case_id)
    path = f"/desk/cases/{case_id}"
    key = token_hex(8)
    for _ in range(2):
        answer = desk.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": key})
        assert (answer.status_code, answer.get_json()) == (201, {"n": 3})
    assert attach(desk, case_id, photo()).get_json() == {"n": 4}
    assert desk.client.get(f"{path}/files/4").mimetype == "image/png"
    assert desk.client.get(f"{path}/files/3", headers=JSON).status_code == 404
    due = world.store.read_case(case_id).head.clock.due
    for bad in ("besok", "", due.isoformat(), "2027-12-01"):
        answer = desk.post(f"{path}/extend", {"due": bad, "reason": "Suku cadang."})
        assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "due")
    extended = desk.post(f"{path}/extend", {"due": "2027-01-08", "reason": "Suku cadang."})
    assert extended.get_json() == {"stage": "ditanggapi", "due": "2027-01-08"}
    again = desk.post(f"{path}/extend", {"due": "2027-01-15", "reason": "Lagi."})
    assert again.status_code == 409
    assert "8 Januari 2027" in world.read(receipt)["messages"][-1]["body"]
    for body, field in (({"outcome": "dijelaskan"}, "reason"), ({"outcome": "beres", "reason": "x"}, "outcome")):
        answer = desk.post(f"{path}/close", body)
        assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, field)
    closed = desk.post(f"{path}/close", {"outcome": "dijelaskan", "reason": "Diganti."})
    assert closed.get_json()["stage"] == "selesai"
    late = desk.post(f"{path}/messages", {"body": "Oh ya", "message_key": token_hex(8)})
    assert (late.status_code, late.get_json()["code"]) == (409, "not_now")
    assert desk.post(f"{path}/messages", {"body": "Kami periksa besok.", "message_key": key}).get_json() == {"n": 3}


def test_repaired_wants_a_photo_of_public_works(world: World) -> None:
    sent = world.report()
    case_id = sent["tracking_id"]
    desk = world.hand_over(case_id)
    answer = desk.post(f"/desk/cases/{case_id}/close", {"outcome": "diperbaiki", "reason": "Sudah."})
    assert (answer.status_code, answer.get_json()["errors"][0]["field"]) == (422, "outcome")
    form = desk.client.get(f"/desk/cases/{case_id}?do=close", headers={"Accept": "text/html"}).text
    assert '<label for="file">Foto hasilnya</label>' in form, "it is not optional"
    assert "Pelapor melihatnya begitu Anda menekan “Periksa, lalu tutup”" in form, (
        "a change of mind does not take it back"
    )
    typed = {"csrf_token": desk.csrf, "form": "close", "step": "check", "outcome": "diperbaiki", "reason": "Sudah."}
    wrong = desk.client.post(f"/desk/cases/{case_id}/close", data=typed, headers={"Accept": "text/html"}).text
    assert '<a href="#file">Untuk pekerjaan fisik, pilih juga foto hasilnya.</a>' in wrong
    assert 'id="file-error"' in wrong, "told beside the photo, not beside the outcome"
    attach(desk, case_id, photo())
    attach(desk, case_id, one_page())  # a document after the photo does not undo it
    assert desk.post(f"/desk/cases/{case_id}/close", {"outcome": "diperbaiki", "reason": "Sudah."}).status_code == 200
    receipt = sent["receipt"]
    world.post("/api/thread/verdict", {"receipt": receipt, "verdict": "belum", "reason": "Masih mati."})
    again = desk.post(f"/desk/cases/{case_id}/close", {"outcome": "diperbaiki", "reason": "Sudah."})
    assert again.status_code == 422  # the photo was of the first repair


def test_a_unit_hands_back_to_its_coordinator_only(world: World) -> None:
    case_id = world.report()["tracking_id"]
    desk = world.hand_over(case_id)
    refused = desk.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim-inspektorat", "reason": "Bukan kami."})
    assert refused.get_json()["errors"][0]["field"] == "agency"
    assert desk.post(f"/desk/cases/{case_id}/handover", {"agency": "", "reason": "x"}).status_code == 422
    back = desk.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim", "reason": "Bukan kami."})
    assert back.get_json()["stage"] == "dialihkan"
    assert desk.get(f"/desk/cases/{case_id}").status_code == 404
    coordinator = world.desk_of("kutim")
    assert coordinator.get(f"/desk/cases/{case_id}").get_json()["messages"][0]["body"] == WORDS


def test_stages_by_the_table_only(world: World) -> None:
    case_id = world.report()["tracking_id"]
    coordinator = world.desk_of("kutim")
    path = f"/desk/cases/{case_id}/stage"
    assert coordinator.post(path, {"stage": "selesai", "reason": "x"}).status_code == 409
    assert coordinator.post(path, {"stage": "melayang", "reason": "x"}).status_code == 422
    assert coordinator.post(path, {"stage": "diverifikasi"}).get_json()["errors"][0]["field"] == "reason"
    assert coordinator.post(path, {"stage": "diverifikasi", "reason": "Lengkap."}).get_json()["stage"] == "diverifikasi"
    assert (
        coordinator.post(path, {"stage": "diarsipkan", "reason": "Bukan pengaduan."}).get_json()["stage"]
        == "diarsipkan"
    )
    assert coordinator.post(path, {"stage": "diverifikasi", "reason": "x"}).status_code == 409


def test_unknown_cases_and_pages_are_not_found(world: World) -> None:
    desk = world.desk_of("kutim")
    for path in ("/desk/cases/4F7K-2M9Q-XR3D", "/desk/cases/..%2f..", "/desk/cases/ä", "/desk/?after=bohong"):
        assert desk.get(path).status_code == 404, path
    page = desk.client.get("/desk/cases/4F7K-2M9Q-XR3D", headers=HTML)
    check_page(page.text)


def test_the_inbox_pages_and_marks_what_is_late(world: World) -> None:
    sent = [world.report(subject=f"Nomor {n}")["tracking_id"] for n in range(23)]
    world.later(days=10)
    desk = world.desk_of("kutim")
    first = desk.get("/desk/").get_json()
    assert len(first["cases"]) == 20
    assert all(case["overdue"] for case in first["cases"])
    rest = desk.get(f"/desk/?after={first['next']}").get_json()
    assert rest["next"] is None
    assert {case["tracking_id"] for case in first["cases"] + rest["cases"]} == set(sent)
    for path in ("/desk/", f"/desk/?after={first['next']}"):
        check_page(desk.client.get(path, headers=HTML).text)


def test_the_whole_desk_by_forms(world: World) -> None:
    sent = world.report()
    client = world.desk_app.test_client()
    landed = client.post("/desk/session", data={"token": link(world, case_id=sent["tracking_id"])}, headers=HTML)
    assert landed.status_code == 303
    page = client.get(landed.headers["Location"], headers=HTML)
    check_page(page.text)
    csrf = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    path = f"/desk/cases/{sent['tracking_id']}"
    wrong = client.post(
        f"{path}/handover", data={"csrf_token": csrf, "agency": "", "reason": "Kata alasan"}, headers=HTML
    )
    check_page(wrong.text)
    assert wrong.status_code == 422
    assert "Kata alasan" in wrong.text
    done = client.post(
        f"{path}/handover", data={"csrf_token": csrf, "agency": "kutim-dpupr", "reason": "Kewenangan"}, headers=HTML
    )
    assert done.status_code == 303
    after = client.get(done.headers["Location"], headers=HTML)
    check_page(after.text)
    assert WORDS not in after.text
    assert "laporan diteruskan" in after.text
    out = client.post("/desk/session/end", data={"csrf_token": csrf}, headers=HTML)
    check_page(out.text)
    assert client.get(path, headers=HTML).status_code == 401


def test_where_the_coordinator_is_accused_the_inspectorate_takes_his_place(world: World) -> None:
    sent = world.report(about_agency="kutim-diskominfo")
    case_id, inspector = sent["tracking_id"], world.desk_of("kutim-inspektorat")
    view = inspector.get(f"/desk/cases/{case_id}").get_json()
    assert "handover" not in view["actions"]  # there is nobody to hand back to
    held = inspector.post(f"/desk/cases/{case_id}/stage", {"stage": "ditahan", "reason": "Kapan?"})
    assert held.status_code == 200
    world.post("/api/thread/messages", {"receipt": sent["receipt"], "body": "Kemarin.", "message_key": token_hex(8)})
    view = inspector.get(f"/desk/cases/{case_id}").get_json()
    assert (view["stage"], "reply" in view["actions"]) == ("diproses", True)
    for agency in ("kutim", "kutim-diskominfo"):
        accused = world.desk_of(agency)
        assert accused.get(f"/desk/cases/{case_id}").status_code == 404
        assert accused.get("/desk/").get_json()["cases"] == []


def test_a_new_link_after_a_revocation_in_the_same_hour_opens(world: World) -> None:
    world.report()
    world.run_courier()
    world.later(hours=1)
    world.seconds += 600
    officer = world.officer("kutim")
    world.store.revoke(Revocation(f"officer:{officer.ident}", world.seconds))
    assert exchange(world, world.mailbox.tokens()[0]).get_json()["code"] == "link_revoked"
    world.seconds += 60
    world.ask_link(officer.email)
    world.run_courier()
    assert exchange(world, world.mailbox.tokens()[-1]).status_code == 200


def test_a_page_is_full_whatever_is_hidden_from_the_viewer(world: World) -> None:
    hidden = {world.report(about_agency="kutim-diskominfo")["tracking_id"] for _ in range(5)}
    shown = {world.report()["tracking_id"] for _ in range(22)}
    desk = world.desk_of("kutim")
    first = desk.get("/desk/").get_json()
    assert len(first["cases"]) == 20
    rest = desk.get(f"/desk/?after={first['next']}").get_json()
    listed = {case["tracking_id"] for case in first["cases"] + rest["cases"]}
    assert listed == shown
    assert not listed & hidden


def test_a_link_to_a_case_that_left_the_desk_shows_an_empty_inbox(world: World) -> None:
    case_id = world.report()["tracking_id"]
    world.hand_over(case_id)
    desk = world.desk(link(world, "kutim-dpupr", case_id=case_id))
    desk.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim", "reason": "Bukan kami."})
    nothing = dict.fromkeys(("quarantine", "escalated", "asked", "second"), False)
    assert desk.get("/desk/").get_json() == {"cases": [], "next": None} | nothing


def test_a_path_without_its_slash_leads_on(world: World) -> None:
    answer = world.desk_of("kutim").client.get("/desk", headers=HTML)
    assert answer.status_code == 308
    assert answer.headers["Location"].endswith("/desk/")


@pytest.mark.parametrize("which", ["public", "private"])
def test_keys_that_cannot_be_read_mean_offline_and_lose_no_word(world: World, which: str) -> None:
    case_id = world.report()["tracking_id"]
    desk = world.hand_over(case_id)
    if which == "public":
        world.keys.public_file.write_text("{")
        answer = exchange(world, "x" * 80)
    else:
        (key_id,) = world.keys.private_ids(Purpose.DESK, "kutim")
        (world.folder / "keys" / "desk" / "kutim" / key_id).chmod(0o644)
        answer = desk.get(f"/desk/cases/{case_id}")
        form = {"csrf_token": desk.csrf, "body": "Kata petugas", "message_key": "k" * 16, "form": "reply"}
        page = desk.client.post(f"/desk/cases/{case_id}/messages", data=form, headers=HTML)
        check_page(page.text)
        assert (page.status_code, "Kata petugas" in page.text) == (503, True)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "offline")
