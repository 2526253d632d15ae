"""Several cases handed over as proposed: the confirmation, the act, and what is left out."""

import re
from typing import Any

from functions.casework.case import EventKind
from functions.casework.directory.agencies import Role
from tests.doors.test_quarantine import flood
from tests.markup import without_tokens
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
LAMP = {"subject": "Lampu jalan mati", "body": "Lampu jalan di depan sekolah mati sejak dua minggu."}
LAMP_UNIT = "kutim-dishub"
SECRET = "Ibu Ratna Wulandari, telepon 0812-3456-7890"


def sent(world: World, count: int = 1, **changes: str) -> list[str]:
    """Reports that have a proposal; their numbers."""
    return [world.report(**(LAMP | {"topic": "lampu-jalan"} | changes))["tracking_id"] for _ in range(count)]


def page(desk: Desk, path: str, status: int = 200, **form: Any) -> str:
    answer = desk.client.post(path, data={"csrf_token": desk.csrf, **form}, headers=HTML)
    assert answer.status_code == status, answer.get_data(as_text=True)
    text = answer.get_data(as_text=True)
    if status != 303:
        check_page(text)
    return text if status != 303 else answer.headers["Location"]


def confirmed(text: str, **changes: str) -> dict[str, Any]:
    """The form of the confirmation, as a browser would send it."""
    named = re.findall(r'<input type="checkbox" name="case" value="([^"]+)" checked>', text)
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))
    reasons = dict(re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>([^<]*)</textarea>', text))
    hidden.pop("recall", None)
    hidden.pop("csrf_token")
    return {"case": named, **hidden, **reasons, **changes}


def holders(world: World, cases: list[str]) -> list[str]:
    return [world.store.read_head(case_id).holder for case_id in cases]


def test_ten_cases_go_where_they_are_proposed_with_one_confirmation(world: World) -> None:
    cases = sent(world, 10, body=f"{LAMP['body']} {SECRET}")
    desk = world.desk_of("kutim")
    text = page(desk, "/desk/bulk", all="yes", view="new")
    assert "Teruskan 10 laporan sesuai usulan?" in text
    form = confirmed(text)
    assert sorted(form["case"]) == sorted(cases)
    reasons = {form[f"reason-{case_id}"] for case_id in cases}
    assert reasons == {"Lampu jalan, rambu dan angkutan adalah urusan Dinas Perhubungan."}
    assert "Ratna" not in text
    assert "0812" not in without_tokens(text)
    went = page(desk, "/desk/bulk/handover", 303, **form)
    assert holders(world, cases) == [LAMP_UNIT] * 10
    inbox = desk.client.get(went, headers=HTML).get_data(as_text=True)
    check_page(inbox)
    assert "10 laporan diteruskan." in inbox
    assert re.search(r"Email ke dinas keluar pukul \d\d\.00\.", inbox)
    assert world.store.read_head(cases[0]).stage == "didisposisikan"


def test_the_letters_leave_with_the_next_hour_and_an_urgent_one_at_once(world: World) -> None:
    calm, urgent = sent(world, 2)
    desk = world.desk_of("kutim")
    urged = {"on": "yes", "reason": "Berbahaya."}
    assert desk.post(f"/desk/cases/{urgent}/priority", urged).status_code == 200
    world.run_courier()
    world.mailbox.letters.clear()
    page(desk, "/desk/bulk/handover", 303, **confirmed(page(desk, "/desk/bulk", case=[calm, urgent])))
    world.run_courier()
    assert [urgent in mail.text for mail in world.mailbox.letters] == [True]
    world.later(hours=1)
    world.run_courier()
    assert [calm in mail.text for mail in world.mailbox.letters] == [False, True]


def test_what_is_not_plain_stands_apart_with_its_reason_and_goes_nowhere(world: World) -> None:
    plain, gone = sent(world, 2)
    accused = world.report(
        body="Lampu jalan mati. Kepala Dinas Perhubungan minta uang 500 ribu.", topic="lampu-jalan", subject=""
    )["tracking_id"]
    meant = world.report(body="Waktu membuat KTP petugasnya minta uang 100 ribu", subject="", topic="ktp")[
        "tracking_id"
    ]
    nothing = world.report(body="Tolong diperhatikan, terima kasih.", subject="", topic="lainnya")["tracking_id"]
    (flooded,) = flood(world, 1)
    desk = world.desk_of("kutim")
    world.hand_over(gone)
    ticked = [plain, gone, accused, meant, nothing, flooded["tracking_id"], "4F7K-2M9Q-XR3D", "kosong"]
    answer = desk.post("/desk/bulk", {"case": " ".join(ticked)})
    body = answer.get_json()
    assert answer.status_code == 200
    apart = {one["tracking_id"]: one["why"] for one in body["apart"]}
    assert apart[gone] == "bulk_moved"
    assert apart[nothing] == "bulk_no_proposal"
    assert apart[flooded["tracking_id"]] == "bulk_quarantine"
    assert apart["4F7K-2M9Q-XR3D"] == "bulk_unknown"
    going = {one["tracking_id"]: one["agency"] for one in body["cases"]}
    assert going[plain] == LAMP_UNIT
    assert going[meant] == "kutim-inspektorat"
    assert going.get(accused) in (None, "kutim-inspektorat")
    text = page(desk, "/desk/bulk", case=ticked)
    assert "Tidak ada usulan dinas" in text
    assert "Tidak ada laporan dengan nomor ini" in text


def test_what_may_accuse_the_unit_is_never_handed_there_by_the_bulk(world: World) -> None:
    """A forged form names the unit that the words may mean: the gate of every other way says no."""
    body = "Waktu membuat KTP petugasnya minta uang 100 ribu"
    meant = world.report(body=body, subject="", topic="ktp")["tracking_id"]
    about = world.report(about_agency=LAMP_UNIT, topic="lampu-jalan")["tracking_id"]
    fine = sent(world)[0]
    desk = world.desk_of("kutim")
    seen = {case_id: world.store.read_head(case_id).version for case_id in (meant, about, fine)}
    to = {meant: "kutim-disdukcapil", about: LAMP_UNIT, fine: LAMP_UNIT}
    form: dict[str, str] = {"case": ",".join(to), "key": "k" * 16}
    for case_id, agency in to.items():
        form |= {
            f"agency-{case_id}": agency,
            f"reason-{case_id}": "Urusan mereka.",
            f"seen-{case_id}": str(seen[case_id]),
        }
    body_json = desk.post("/desk/bulk/handover", form).get_json()
    assert [one["tracking_id"] for one in body_json["done"]] == [fine]
    assert {one["tracking_id"] for one in body_json["failed"]} == {meant, about}
    assert holders(world, [meant, about, fine]) == ["kutim", "kutim", LAMP_UNIT]


def test_one_that_fails_is_named_and_keeps_what_was_typed_and_the_others_are_done(world: World) -> None:
    empty, long, moved, said, fine = cases = sent(world, 5)
    desk = world.desk_of("kutim")
    form = confirmed(page(desk, "/desk/bulk", case=cases))
    assert desk.post(f"/desk/cases/{moved}/handover", {"agency": "kutim-dlh", "reason": "Lain."}).status_code == 200
    assert desk.post(f"/desk/cases/{said}/notes", {"body": "Catatan.", "message_key": "n" * 16}).status_code == 201
    form |= {f"reason-{empty}": " ", f"reason-{long}": "panjang " * 600}
    text = page(desk, "/desk/bulk/handover", 422, **form)
    assert "1 laporan diteruskan." in text
    assert "Tuliskan alasannya." in text
    assert "panjang panjang" in text
    assert re.search(rf"{moved}</a>: Laporan ini sedang ditangani instansi lain", text)
    assert re.search(rf"{said}</a>: Ada yang menulis sejak", text)
    assert holders(world, [fine, empty, long, said]) == [LAMP_UNIT, "kutim", "kutim", "kutim"]
    again = confirmed(text, **{f"reason-{empty}": "Urusan Dishub.", f"reason-{long}": "Urusan Dishub."})
    assert set(again["case"]) == {empty, long}
    page(desk, "/desk/bulk/handover", 303, **again)
    assert holders(world, [empty, long]) == [LAMP_UNIT, LAMP_UNIT]


def test_sent_twice_it_is_done_once_and_said_again(world: World) -> None:
    cases = sent(world, 3)
    desk = world.desk_of("kutim")
    form = confirmed(page(desk, "/desk/bulk", case=cases))
    first = page(desk, "/desk/bulk/handover", 303, **form)
    assert page(desk, "/desk/bulk/handover", 303, **form) == first
    for case_id in cases:
        events = world.store.read_case(case_id).events
        assert [event.kind for event in events].count(EventKind.HANDOVER) == 1
    assert len([entry for entry in world.store.waiting() if entry.case_id in cases]) == 3
    other = page(desk, "/desk/bulk/handover", 409, **(form | {"key": "z" * 16}))
    assert "sedang ditangani instansi lain" in other


def test_the_centre_that_sends_it_twice_reads_that_it_is_done(world: World) -> None:
    """It sees none of these cases once they are handed over."""
    both = "Lampu jalan mati. Petugas Diskominfo minta uang. Pegawai Inspektorat juga minta uang."
    cases = sent(world, 2, body=both, about_agency="kutim-diskominfo")
    assert holders(world, cases) == ["pusat"] * 2
    desk = world.desk_of("pusat", Role.CENTRE)
    form: dict[str, Any] = {"case": cases, "key": "k" * 16}
    for case_id in cases:
        version = world.store.read_head(case_id).version
        form |= {f"agency-{case_id}": LAMP_UNIT, f"seen-{case_id}": str(version), f"reason-{case_id}": "Urusan lampu."}
    first = page(desk, "/desk/bulk/handover", 303, **form)
    assert holders(world, cases) == [LAMP_UNIT] * 2
    assert desk.get(f"/desk/cases/{cases[0]}").status_code == 404
    assert page(desk, "/desk/bulk/handover", 303, **form) == first
    unknown = form | {"key": "z" * 16}
    assert "Tidak ada laporan dengan nomor ini" in page(desk, "/desk/bulk/handover", 409, **unknown)


def test_none_ticked_and_twenty_one(world: World) -> None:
    cases = sent(world, 21)
    desk = world.desk_of("kutim")
    assert "Centang dulu laporan yang ingin Anda teruskan" in page(desk, "/desk/bulk", 422)
    assert "Centang dulu" in page(desk, "/desk/bulk/handover", 422, key="k" * 16)
    assert desk.post("/desk/bulk", {}).status_code == 422
    text = page(desk, "/desk/bulk", case=cases)
    assert "Teruskan 20 laporan" in text
    assert "Paling banyak 20 laporan sekaligus" in text
    form = confirmed(text) | {"case": cases}
    assert "Paling banyak 20" in page(desk, "/desk/bulk/handover", 409, **form)
    assert holders(world, cases).count("kutim") == 1


def test_a_case_of_another_instance_is_no_case(world: World) -> None:
    """The same sentence as for a number that was never given."""
    (other,) = sent(world)
    unit = world.desk_of("kutim-dlh")
    said = unit.post("/desk/bulk", {"case": f"{other} 4F7K-2M9Q-XR3D"}).get_json()
    assert said["cases"] == []
    details = [{k: v for k, v in one.items() if k != "tracking_id"} for one in said["apart"]]
    assert details[0] == details[1]
    assert details[0]["why"] == "bulk_unknown"


def test_who_does_not_sort_has_no_bar_and_hands_nothing_over(world: World) -> None:
    case_id = sent(world)[0]
    unit = world.hand_over(case_id, LAMP_UNIT)
    said = unit.post("/desk/bulk", {"case": case_id}).get_json()
    assert (said["cases"], said["apart"][0]["why"]) == ([], "bulk_moved")
    assert "sesuai usulan" not in unit.client.get("/desk/", headers=HTML).get_data(as_text=True)
