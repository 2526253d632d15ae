"""What came in a flood: taken, kept apart, announced once, looked through."""

from typing import Any

from functions.casework.barometer.counts import Calendar, Count, contribution, counts_at_all
from functions.casework.report import read_report
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}


def flood(world: World, count: int = 3, **changes: str) -> list[dict[str, Any]]:
    """Reports that the gate found suspicious."""
    found = []
    for n in range(count):
        typed = world.fields(**{"subject": f"Banjir kiriman {n}"} | changes)
        report = read_report(typed, world.directory, world.today)
        done = world.submit(report, bytes.fromhex(typed["submission_key"]), suspicious=True)
        found.append({"receipt": str(done.receipt), "tracking_id": done.tracking_id})
    return found


def listed(desk: Desk, path: str = "/desk/") -> list[str]:
    return [case["tracking_id"] for case in desk.get(path).get_json()["cases"]]


def test_a_flood_is_taken_kept_apart_and_announced_in_one_mail(world: World) -> None:
    honest = world.report()
    many = flood(world, 5)
    world.later(hours=1)
    world.run_courier()
    mails = [mail for mail in world.mailbox.letters if mail.to == world.officer("kutim").email]
    assert len(mails) == 2
    assert "5" in mails[-1].text
    assert not any(report["tracking_id"] in mail.text for mail in mails for report in many)
    desk = world.desk_of("kutim")
    assert listed(desk) == [honest["tracking_id"]]
    assert desk.get("/desk/").get_json()["quarantine"] is True
    assert set(listed(desk, "/desk/quarantine/")) == {report["tracking_id"] for report in many}
    for report in many:
        assert world.read(report["receipt"])["messages"]  # its writer sees nothing of it


def test_what_the_coordinator_takes_up_is_a_report_like_any_other(world: World) -> None:
    (report,) = flood(world, 1)
    desk = world.desk_of("kutim")
    path = f"/desk/cases/{report['tracking_id']}"
    page = desk.client.get(path, headers=HTML).text
    assert "karantina" in page
    check_page(page)
    assert desk.post(f"{path}/stage", {"stage": "diverifikasi", "reason": "Laporan yang wajar."}).status_code == 200
    assert listed(desk) == [report["tracking_id"]]
    assert listed(desk, "/desk/quarantine/") == []


def test_what_nobody_read_counts_nowhere_whether_archived_or_withdrawn(world: World) -> None:
    archived, withdrawn, read = flood(world, 3)
    desk = world.desk_of("kutim")
    form = {"csrf_token": desk.csrf, "case": [archived["tracking_id"]], "reason": "Kiriman berulang."}
    assert desk.client.post("/desk/quarantine/archive", data=form, headers=HTML).status_code == 303
    typed = {"receipt": withdrawn["receipt"], "sure": "yes"}
    assert world.thread.post("/api/thread/withdraw", json=typed).status_code == 200
    path = f"/desk/cases/{read['tracking_id']}/stage"
    assert desk.post(path, {"stage": "diarsipkan", "reason": "Sudah kami baca."}).status_code == 200
    heads = [world.store.read_head(each["tracking_id"]) for each in (archived, withdrawn, read)]
    assert [contribution(head, world.today, Calendar())[Count.CLOSED] for head in heads] == [0, 0, 1]
    assert [counts_at_all(head) for head in heads] == [False, False, True]
    assert listed(desk, "/desk/quarantine/") == []
    assert desk.get("/desk/").get_json()["quarantine"] is False


def test_many_are_archived_at_once_with_one_reason(world: World) -> None:
    many = [*flood(world, 3), *flood(world, 1, subject="")]
    desk = world.desk_of("kutim")
    page = desk.client.get("/desk/quarantine/", headers=HTML).text
    rows = next(e for e in check_page(page).iter("ul") if e.get("class") == "orders")
    assert sorted(" ".join("".join(row.itertext()).split()) for row in rows) == sorted(
        f"{title}Jalan dan jembatan{dot}Sangatta Utara · {number} Baca laporannya {number}"
        for number, title, dot in (
            *((report["tracking_id"], f"Banjir kiriman {n} ", " · ") for n, report in enumerate(many[:3])),
            (many[3]["tracking_id"], "", " "),  # without a subject its topic is the title, and said once
        )
    )
    ticked = [report["tracking_id"] for report in many[:2]]
    form = {"csrf_token": desk.csrf, "case": [*ticked, "kosong"], "reason": ""}
    refused = desk.client.post("/desk/quarantine/archive", data=form, headers=HTML)
    assert refused.status_code == 422
    check_page(refused.text)
    done = desk.client.post("/desk/quarantine/archive", data=form | {"reason": "Kiriman berulang."}, headers=HTML)
    assert done.status_code == 303
    assert "sudah diarsipkan" in desk.client.get(done.headers["Location"], headers=HTML).text
    assert sorted(listed(desk, "/desk/quarantine/")) == sorted(report["tracking_id"] for report in many[2:])
    told = world.read(many[0]["receipt"])
    assert told["stage"] == "diarsipkan"
    assert "Kiriman berulang." in told["messages"][-1]["body"]


def test_nothing_ticked_is_said_and_the_reason_given_back(world: World) -> None:
    flood(world, 1)
    desk = world.desk_of("kutim")
    form = {"csrf_token": desk.csrf, "reason": "Kiriman berulang."}
    refused = desk.client.post("/desk/quarantine/archive", data=form, headers=HTML)
    assert refused.status_code == 422
    assert "Centang dulu" in refused.text
    assert "Kiriman berulang." in refused.text
    assert desk.post("/desk/quarantine/archive", {"reason": "Kiriman berulang."}).status_code == 422


def test_the_accused_does_not_find_it_in_quarantine_either(world: World) -> None:
    flood(world, 2, about_agency="kutim-diskominfo")
    assert listed(world.desk_of("kutim"), "/desk/quarantine/") == []
    assert len(listed(world.desk_of("kutim-inspektorat"), "/desk/quarantine/")) == 2


def test_an_empty_quarantine_says_so(world: World) -> None:
    desk = world.desk_of("kutim")
    page = desk.client.get("/desk/quarantine/", headers=HTML)
    assert "Karantina kosong" in page.text
    check_page(page.text)
    assert desk.client.get("/desk/quarantine/?after=x", headers=HTML).status_code == 404


def test_answers_of_a_quarantined_writer_bring_no_mail(world: World) -> None:
    (report,) = flood(world, 1)
    before = len(world.mailbox.letters)
    body = {"receipt": report["receipt"], "body": "Halo?", "message_key": "m" * 16}
    assert world.post("/api/thread/messages", body).status_code == 201
    world.run_courier()
    assert all("Halo" not in mail.text for mail in world.mailbox.letters)
    assert len(world.mailbox.letters) <= before + 1


def test_what_a_colleague_handed_on_meanwhile_holds_up_no_other(world: World) -> None:
    cases = [report["tracking_id"] for report in flood(world, 3)]
    desk, colleague = world.desk_of("kutim"), world.desk_of("kutim")
    taken = {"agency": "kutim-dishub", "reason": "Ini laporan."}
    assert colleague.post(f"/desk/cases/{cases[1]}/handover", taken).status_code == 200
    typed = {"csrf_token": desk.csrf, "case": cases, "reason": "Kiriman berulang."}
    done = desk.client.post("/desk/quarantine/archive", data=typed, headers=HTML)
    assert done.status_code == 200
    check_page(done.text)
    stages = [world.store.read_head(case_id).stage for case_id in cases]
    assert stages == ["diarsipkan", "didisposisikan", "diarsipkan"]
