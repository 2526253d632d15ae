"""Reply templates through the desk: a coordinator keeps them, an officer begins with one, and twice unchanged shows."""

import re
from typing import Any

import pytest

from functions.casework.directory.registers import templates_register, unpack
from functions.casework.reply_templates import TEMPLATES_MAX, shipped
from functions.casework.understanding.receipts import TAKEN_OUT
from functions.storage.interface import Register
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
LIST = "/desk/templates/"
NEW = {"title": "Jadwal tambal", "topic": "jalan", "text": "Laporan {nomor} kami tambal paling lambat {batas_waktu}."}


def shelf(desk: Desk) -> dict[str, Any]:
    body: dict[str, Any] = desk.get(LIST).get_json()
    return body


def send(desk: Desk, path: str, **typed: str) -> Any:
    return desk.client.post(path, data={"csrf_token": desk.csrf, **typed}, headers=HTML)


def at_unit(world: World, **changes: str) -> tuple[dict[str, Any], str, Desk]:
    report = world.report(**{"topic": "jalan"} | changes)
    return report, f"/desk/cases/{report['tracking_id']}", world.hand_over(report["tracking_id"])


@pytest.fixture
def plain(world: World) -> World:
    """A world whose one template has no gap: sent as it is, it is a whole sentence."""
    coordinator = world.desk_of("kutim")
    for version, template in enumerate(shipped()):
        done = coordinator.post(f"{LIST}{template.ident}/remove", {"version": str(version)})
        assert done.status_code == 200, done.text
    made = coordinator.post(LIST, NEW | {"version": str(len(shipped()))})
    assert made.status_code == 201
    return world


def filled(world: World, report: dict[str, Any]) -> str:
    """The one template of ``plain``, as the desk fills it for this case now."""
    found: str = (
        world.desk_of("kutim-dpupr").get(f"/desk/cases/{report['tracking_id']}").get_json()["templates"][0]["text"]
    )
    return found


def test_a_receipt_in_one_rests_nowhere(world: World) -> None:
    """Who copies an answer into a template copies what was quoted in it, and a register lies in clear."""
    code, coordinator = world.report()["receipt"], world.desk_of("kutim")
    made = coordinator.post(LIST, NEW | {"title": f"Kode {code}", "text": f"Kode Anda {code}.", "version": "0"})
    assert made.status_code == 201
    path = f"{LIST}{made.get_json()['id']}"
    assert code not in coordinator.get(path).text
    assert coordinator.post(path, NEW | {"text": f"Ubah {code}", "version": "1"}).status_code == 200
    assert code not in coordinator.get(path).text
    body = world.store.read_register(templates_register("kutim"))
    assert body is not None
    assert TAKEN_OUT in (lies := str(unpack(body.body)))
    assert code not in lies


def test_what_is_shipped_stands_until_it_is_edited(world: World) -> None:
    coordinator = world.desk_of("kutim")
    before = shelf(coordinator)
    assert before["version"] == 0
    assert [t["id"] for t in before["templates"]] == [t.ident for t in shipped()]
    page = coordinator.client.get(LIST, headers=HTML).text
    check_page(page)
    assert 'href="/desk/templates/"' in coordinator.client.get("/desk/", headers=HTML).text
    added = send(coordinator, LIST, **NEW, version="0")
    assert (added.status_code, added.headers["Location"]) == (303, f"{LIST}?done=add")
    page = coordinator.client.get(added.headers["Location"], headers=HTML).text
    check_page(page)
    assert "Contoh jawaban ditambahkan." in page
    after = shelf(coordinator)
    assert (after["version"], len(after["templates"])) == (1, len(shipped()) + 1)
    assert {k: v for k, v in after["templates"][-1].items() if k != "id"} == NEW


def test_one_is_changed_and_one_removed(world: World) -> None:
    coordinator = world.desk_of("kutim")
    path = f"{LIST}mulai"
    page = coordinator.client.get(path, headers=HTML).text
    check_page(page)
    assert "{batas_waktu}" in page
    changed = send(coordinator, path, title="Diperiksa", topic="", text="Kami periksa.", version="0")
    assert changed.status_code == 303
    assert coordinator.get(path).get_json() == {
        "id": "mulai",
        "title": "Diperiksa",
        "topic": "",
        "text": "Kami periksa.",
        "version": 1,
    }
    assert send(coordinator, f"{path}/remove", version="1").headers["Location"] == f"{LIST}?done=remove"
    assert coordinator.get(path).status_code == 404


def test_bad_input_is_named_and_nothing_typed_is_lost(world: World) -> None:
    coordinator = world.desk_of("kutim")
    for path in (LIST, f"{LIST}jalan"):
        refused = send(coordinator, path, title="", topic="tidak-ada", text="Yth. {nama} <b>", version="0")
        assert refused.status_code == 422
        check_page(refused.text)
        assert "Tuliskan judulnya." in refused.text
        assert "{nama} tidak dikenal." in refused.text
        assert "{nomor} {topik} {kecamatan} {dinas} {batas_waktu}" in refused.text
        assert "Yth. {nama} &lt;b&gt;</textarea>" in refused.text
    answer = coordinator.post(LIST, {"title": "x", "text": "y" * 4001, "version": "0"})
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert [error["field"] for error in answer.get_json()["errors"]] == ["text"]
    assert shelf(coordinator)["version"] == 0


def test_of_two_coordinators_at_once_the_second_is_told_and_loses_nothing(world: World) -> None:
    first, second = world.desk_of("kutim"), world.desk_of("kutim")
    assert (
        send(first, f"{LIST}jalan", title="Jalan", topic="jalan", text="Yang pertama.", version="0").status_code == 303
    )
    late = send(second, f"{LIST}jalan", title="Jalan", topic="jalan", text="Yang kedua.", version="0")
    assert late.status_code == 409
    check_page(late.text)
    assert "Ada yang mengubah daftar ini" in late.text
    assert "Yang pertama." in late.text
    assert "Yang kedua.</textarea>" in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version
    again = send(second, f"{LIST}jalan", title="Jalan", topic="jalan", text="Yang kedua.", version=version[1])
    assert again.status_code == 303
    assert second.get(f"{LIST}jalan").get_json()["text"] == "Yang kedua."
    # Removed meanwhile: what was typed comes back as one to be added.
    assert first.post(f"{LIST}jalan/remove", {"version": "2"}).status_code == 200
    gone = send(second, f"{LIST}jalan", title="Jalan", topic="jalan", text="Yang ketiga.", version="2")
    assert gone.status_code == 409
    check_page(gone.text)
    assert "Yang ketiga.</textarea>" in gone.text
    assert 'action="/desk/templates/"' in gone.text
    assert second.post(f"{LIST}jalan", NEW | {"version": "3"}).status_code == 404


def test_a_writer_between_reading_and_writing_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    coordinator = world.desk_of("kutim")
    real = world.store.read_register

    def rival(name: str) -> Register | None:
        seen = real(name)
        if name == "templates:kutim" and seen is None:
            world.store.write_registers([Register(name, 1, b"rival")])
        return seen

    monkeypatch.setattr(world.store, "read_register", rival)
    assert coordinator.post(LIST, NEW | {"version": "0"}).status_code == 409


def test_there_is_an_end_to_them(world: World) -> None:
    coordinator = world.desk_of("kutim")
    for version in range(TEMPLATES_MAX - len(shipped())):
        assert coordinator.post(LIST, NEW | {"version": str(version)}).status_code == 201
    full = send(coordinator, LIST, **NEW, version=str(TEMPLATES_MAX - len(shipped())))
    assert full.status_code == 422
    check_page(full.text)
    assert "Sudah ada 50 contoh jawaban." in full.text
    assert NEW["text"] in full.text


def test_nobody_else_keeps_them(world: World) -> None:
    for agency in ("kutim-dpupr", "kutim-inspektorat", "pusat"):
        desk = world.desk_of(agency)
        for path in (LIST, f"{LIST}mulai"):
            assert desk.get(path).status_code == 404
            assert desk.post(path, NEW | {"version": "0"}).status_code == 404
        assert desk.post(f"{LIST}mulai/remove", {"version": "0"}).status_code == 404
        assert 'href="/desk/templates/"' not in desk.client.get("/desk/", headers=HTML).text
    assert world.store.register_version("templates:kutim") == 0
    coordinator = world.desk_of("kutim")
    assert coordinator.client.post(LIST, data=NEW, headers=HTML).status_code == 403  # without the form's token


def test_an_answer_begins_with_one_and_keeps_what_was_typed(world: World) -> None:
    report, path, unit = at_unit(world)
    page = unit.client.get(path, headers=HTML).text
    check_page(page)
    offered = unit.get(path).get_json()["templates"]
    assert [t["id"] for t in offered] == ["jalan", "mulai", "jadwal", "belum-dapat", "hasil"]
    assert "Jalan dan jembatan di Sangatta Utara" in offered[1]["text"]
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in offered[1]["text"]
    assert report["tracking_id"] in offered[3]["text"]
    typed = {"form": "reply", "body": "Sudah kami lihat tadi pagi.", "message_key": "jawaban01", "seen": "2"}
    put = send(unit, f"{path}/messages", fill="yes", template="mulai", **typed)
    assert put.status_code == 200
    check_page(put.text)
    area = re.search(r'<textarea[^>]* id="body"[^>]*>\s*(.*?)</textarea>', put.text, re.DOTALL)
    assert area
    assert area[1].startswith("Sudah kami lihat tadi pagi.\n\nTerima kasih")
    assert area[1].rstrip().endswith("paling lambat Rabu, 2 Desember 2026.")
    assert 'name="message_key" value="jawaban01"' in put.text
    assert world.store.read_case(report["tracking_id"]).head.version == 2  # nothing was sent
    for wrong, says in (("", "Pilih dulu satu contoh jawaban."), ("sekolah", "Contoh jawaban itu tidak ada lagi.")):
        refused = send(unit, f"{path}/messages", fill="yes", template=wrong, **typed)
        assert refused.status_code == 422
        check_page(refused.text)
        assert says in refused.text
        assert "Sudah kami lihat tadi pagi." in refused.text


def test_a_gap_left_open_is_asked_about_before_it_leaves(world: World) -> None:
    report, path, unit = at_unit(world)
    text = next(t["text"] for t in unit.get(path).get_json()["templates"] if t["id"] == "hasil")
    asked = send(unit, f"{path}/messages", form="reply", body=f"{text} Terima kasih.", message_key="jawaban01")
    assert asked.status_code == 422
    check_page(asked.text)
    assert "Masih ada yang belum diisi: [tanggal], [apa yang dikerjakan]." in asked.text
    assert 'id="again"' in asked.text
    whole = text.replace("[tanggal]", "Senin").replace("[apa yang dikerjakan]", "ditambal")
    assert unit.post(f"{path}/messages", {"body": whole, "message_key": "jawaban01"}).status_code == 201
    assert world.store.read_head(report["tracking_id"]).history.canned == 0


def test_the_second_unchanged_one_is_asked_about_and_shows_where_it_is_sent_all_the_same(plain: World) -> None:
    world = plain
    report, path, unit = at_unit(world)
    first = {"body": f"  {filled(world, report)}\n", "message_key": "jawaban01"}
    for _ in range(2):  # the same message sent twice counts once
        assert unit.post(f"{path}/messages", first).status_code == 201
    assert unit.get(path).get_json()["canned"] == 1
    assert "Contoh jawaban dipakai dua kali" not in unit.client.get(path, headers=HTML).text
    text = filled(world, report)  # another deadline now
    asked = send(unit, f"{path}/messages", form="reply", body=text, message_key="jawaban02")
    assert asked.status_code == 422
    check_page(asked.text)
    assert "Laporan ini sudah pernah dijawab dengan contoh jawaban." in asked.text
    assert 'href="#again"' in asked.text
    assert f"{text}</textarea>" in asked.text
    refused = unit.post(f"{path}/messages", {"body": text, "message_key": "jawaban02"})
    assert [error["field"] for error in refused.get_json()["errors"]] == ["again"]
    sent = send(unit, f"{path}/messages", form="reply", body=text, message_key="jawaban02", again="yes")
    assert sent.status_code == 303
    coordinator = world.desk_of("kutim")
    for desk in (unit, coordinator):
        for where in (path, "/desk/"):
            page = desk.client.get(where, headers=HTML).text
            check_page(page)
            assert "Contoh jawaban dipakai dua kali" in page
        assert desk.get(path).get_json()["canned"] == 2
        assert desk.get("/desk/").get_json()["cases"][0]["canned"] == 2
    # Which template it was is under the seal, and its reporter reads the words alone.
    assert "template" not in world.post("/api/thread", {"receipt": report["receipt"]}).text


def test_a_closing_counts_as_an_answer_and_own_words_do_not(plain: World) -> None:
    world = plain
    report, path, unit = at_unit(world)
    unit.post(f"{path}/messages", {"body": filled(world, report), "message_key": "jawaban01"})
    own = {"body": f"{filled(world, report)} Mandornya sudah di sana.", "message_key": "jawaban02"}
    assert unit.post(f"{path}/messages", own).status_code == 201
    closing = {"form": "close", "outcome": "dijelaskan", "reason": filled(world, report)}
    asked = send(unit, f"{path}/close", **closing)
    assert asked.status_code == 422
    check_page(asked.text)
    assert 'href="#close-again"' in asked.text
    assert world.store.read_head(report["tracking_id"]).history.canned == 1
    assert send(unit, f"{path}/close", **closing, again="yes").status_code == 303
    assert world.store.read_head(report["tracking_id"]).history.canned == 2


def test_no_word_of_a_template_that_was_sent_stands_in_clear(plain: World) -> None:
    world = plain
    report, path, unit = at_unit(world)
    text = filled(world, report)
    unit.post(f"{path}/messages", {"body": text, "message_key": "jawaban01"})
    case = world.store.read_case(report["tracking_id"])
    ident = unit.get(path).get_json()["templates"][0]["id"]
    at_rest = repr(case).encode()
    assert ident.encode() not in at_rest
    assert b"kami tambal" not in at_rest
    assert case.head.history.canned == 1


def test_what_was_written_comes_back_where_the_session_is_over(world: World) -> None:
    coordinator = world.desk_of("kutim")
    coordinator.post("/desk/session/end", {})
    late = send(coordinator, LIST, **NEW, version="0")
    assert late.status_code == 401
    check_page(late.text)
    assert NEW["text"] in late.text
