"""The desk of the day: its views and counts, what a line says, the way to the next case; nothing hidden shows."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from functions.actions.common.erase import Retain
from functions.actions.officer.case_lists import PAGE
from functions.casework.directory.agencies import Role
from functions.casework.stages import Stage
from tests.case_heads import changed
from tests.markup import without_tokens
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
UNIT, COORDINATOR = "kutim-dpupr", "kutim"
WORDS = "Jalan poros desa dari simpang tiga rusak parah. Lubangnya sedalam lutut."


def page(desk: Desk, path: str = "/desk/") -> str:
    answer = desk.client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.headers.get("Location", answer.text)
    check_page(answer.text)
    return str(answer.text)


def chips(text: str) -> dict[str, str]:
    found = re.findall(r'view=(\w+)[^"]*"(?: aria-current="page")?>[^<]*<b>([^<]*)</b>', text)
    return dict(found)


def chosen(text: str) -> str:
    found = re.search(r'view=(\w+)[^"]*" aria-current="page"', text)
    return found[1] if found else ""


def heading(text: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", text)
    return found[1] if found else ""


def listed(text: str) -> list[str]:
    return re.findall(r'class="go" href="/desk/cases/([^?"]+)', text)


def line(text: str, case_id: str) -> str:
    return next(part for part in text.split("<li") if f"/desk/cases/{case_id}" in part and 'class="go"' in part)


def put(world: World, case_id: str, **facts: Any) -> None:
    """Change a case's facts in the store, as acts of before would have."""
    case = world.store.read_case(case_id)
    from functions.storage.interface import Append

    events = (
        case.events[-1].__class__(
            **{f: getattr(case.events[-1], f) for f in case.events[-1].__slots__} | {"n": case.head.version + 1}
        ),
    )
    world.store.append(Append(changed(case.head, version=case.head.version + 1, **facts), events), case.head.version)


@pytest.fixture
def several(world: World) -> dict[str, str]:
    """One case of the coordinator's in each state."""
    ids = {
        name: world.report(topic="jalan", body=WORDS, subject=f"Nomor {name}")["tracking_id"]
        for name in ("new", "late", "today", "held", "urgent")
    }
    put(world, ids["late"], due=world.today - timedelta(days=8))
    put(world, ids["today"], due=world.today)
    put(world, ids["held"], stage=Stage.DITAHAN, due=world.today - timedelta(days=30), held_on=world.today)
    put(world, ids["urgent"], priority=True, due=world.today + timedelta(days=30))
    return ids


def test_every_view_shows_its_own_and_counts_it(world: World, several: dict[str, str]) -> None:
    desk = world.desk_of(COORDINATOR)
    first = page(desk)
    assert heading(first) == "Meja hari ini: 5 laporan"
    assert chips(first) == {"new": "4", "late": "1", "today": "1", "waiting": "1", "mine": "0", "all": "5"}
    assert chosen(first) == "new"
    assert listed(first)[0] == several["urgent"]
    shown = {view: listed(page(desk, f"/desk/?view={view}")) for view in chips(first)}
    assert shown["late"] == [several["late"]]
    assert shown["today"] == [several["today"]]
    assert shown["waiting"] == [several["held"]]
    assert set(shown["all"]) == set(several.values())
    held = line(page(desk, "/desk/?view=waiting"), several["held"])
    assert "Jam berhenti" in held
    assert 'class="due held"' in held
    assert "Terlambat 6 hari kerja" in line(page(desk, "/desk/?view=late"), several["late"])
    assert "Hari ini" in line(page(desk, "/desk/?view=today"), several["today"])
    assert "Belum ada. Buka sebuah laporan" in page(desk, "/desk/?view=mine")
    body = desk.get("/desk/?view=late").get_json()
    assert ([case["tracking_id"] for case in body["cases"]], body["view"]) == ([several["late"]], "late")
    assert body["counts"]["new"] == {"count": 4, "more": False}
    assert desk.get("/desk/?view=bohong").status_code == 404


def test_a_line_says_what_to_do_with_a_case_to_who_sorts_it(world: World) -> None:
    """First line, masked; the proposal with its reason; whom it is about; a box to tick."""
    named = "Telepon saya 0812-3456-7890. Jalan poros rusak parah.\nBaris kedua."
    plain = world.report(topic="jalan", subject="", body=named)["tracking_id"]
    about = world.report(topic="jalan", subject="Jalan poros", body=WORDS, about_agency=UNIT)["tracking_id"]
    world.later(hours=30)
    desk = world.desk_of(COORDINATOR)
    text = page(desk)
    row = line(text, plain)
    assert "Jalan poros rusak parah." in row
    assert "0812" not in without_tokens(text)
    assert "Baris kedua" not in text
    assert "Usul: <b>Dinas Pekerjaan Umum dan Penataan Ruang</b>, karena “jalan poros”" in row
    assert f'<input type="checkbox" name="case" value="{plain}" aria-label="Pilih laporan {plain}">' in row
    assert "Tentang <b>Dinas Pekerjaan Umum dan Penataan Ruang</b>: tidak ditawarkan ke sana." in line(text, about)
    assert "Usul: <b>Dinas Pekerjaan Umum" not in line(text, about)
    assert re.search(
        r'<form id="bulk" method="post" action="/desk/bulk"[^>]*>\s*<input type="hidden" name="csrf_token"', text
    )
    unit = world.hand_over(plain)
    row = line(page(unit), plain)
    assert "Jalan poros rusak parah." in row
    assert "Usul:" not in row
    assert "checkbox" not in row
    row = line(page(desk, "/desk/?view=all"), plain)  # the coordinator may read it no more
    assert "Jalan poros" not in row
    assert "Jalan dan jembatan" in row
    assert "Dinas Pekerjaan Umum dan Penataan Ruang" in row


def test_what_is_hidden_shows_in_no_view_and_no_count(world: World) -> None:
    """Cases about the unit, cases a recused officer had, cases that wait for their batch: as if there were none."""
    for n in range(3):
        case_id = world.report(subject=f"Terbuka {n}")["tracking_id"]
        put(world, case_id, holder=UNIT, stage=Stage.DIDISPOSISIKAN, due=world.today - timedelta(days=n + 1))
    officer = world.officer(UNIT).ident
    for n in range(PAGE + 5):
        case_id = world.report(subject=f"Rahasia {n}")["tracking_id"]
        hidden = {"recused": (officer,)} if n % 2 else {"visible_from": world.seconds // 3600 + 500}
        put(world, case_id, holder=UNIT, stage=Stage.DIDISPOSISIKAN, due=world.today - timedelta(days=9), **hidden)
    unit = world.desk_of(UNIT)
    text = page(unit)
    assert heading(text) == "Meja hari ini: 3 laporan"
    assert chips(text) == {"new": "3", "late": "3", "today": "0", "waiting": "0", "mine": "0", "all": "3"}
    assert "Rahasia" not in text
    assert "Halaman berikutnya" not in text
    accused = world.report(subject="Tentang dinas", about_agency=UNIT)["tracking_id"]
    world.later(hours=30)
    assert accused not in page(world.desk_of(UNIT), "/desk/?view=all")


@pytest.mark.long
def test_counts_end_at_a_page_and_pages_go_on(world: World) -> None:
    sent = [world.report(subject=f"Nomor {n}")["tracking_id"] for n in range(PAGE + 3)]
    desk = world.desk_of(COORDINATOR)
    text = page(desk)
    assert heading(text) == "Meja hari ini: lebih dari 20 laporan"
    assert chips(text)["new"] == "20+"
    onward = re.search(r'rel="next" href="([^"]+)"', text)
    assert onward
    further = page(desk, onward[1].replace("&amp;", "&"))
    assert sorted(listed(text) + listed(further)) == sorted(sent)
    for sort in ("received", "topic"):
        ordered = page(desk, f"/desk/?view=new&sort={sort}")
        rest = page(desk, f"/desk/?view=new&sort={sort}&after=20")
        assert sorted(listed(ordered) + listed(rest)) == sorted(sent)
    # A token of another view, or of a day that is over, is not found; a browser is shown the first page, which says so.
    after = parse_qs(urlsplit(onward[1].replace("&amp;", "&")).query)["after"][0]
    for stale in (
        f"/desk/?view=waiting&after={after}",
        "/desk/?view=new&after=bohong",
        "/desk/?view=new&sort=topic&after=x",
        "/desk/?view=new&sort=topic&after=60",
    ):
        assert desk.get(stale).status_code == 404
        begun = desk.client.get(stale, headers=HTML)
        assert begun.status_code == 404
        assert "kami mulai lagi dari awal" in begun.text
        assert bool(listed(begun.text)) is ("view=new" in stale)
    for unknown in ("/desk/?view=bohong", "/desk/?sort=bohong", "/desk/?q=jalan&sort=bohong"):
        assert desk.get(unknown).status_code == desk.client.get(unknown, headers=HTML).status_code == 404


def forms_without_view(text: str) -> list[str]:
    """The acts of a page whose form does not lead back to the view."""
    forms = re.findall(r'<form method="post" action="(/desk/cases/[^"]+)"(.*?)</form>', text, re.DOTALL)
    assert forms
    return [action for action, inner in forms if '<input type="hidden" name="view" value="new">' not in inner]


def test_the_next_case_follows_an_act_and_the_page_says_what_was_done_to_which(
    world: World, several: dict[str, str]
) -> None:
    desk = world.desk_of(COORDINATOR)
    order = listed(page(desk))
    first = page(desk, f"/desk/cases/{order[0]}?view=new")
    assert "1 dari 4" in first
    assert f'rel="next" class="next-case" href="/desk/cases/{order[1]}?view=new"' in first
    assert "Sebelumnya" not in first
    assert forms_without_view(first) == []
    tabs = re.findall(r'href="(/desk/cases/[^"]+\?do=[^"]+)#next"', first)
    assert len(tabs) >= 3
    for tab in tabs:
        shown = page(desk, tab.replace("&amp;", "&"))
        assert forms_without_view(shown) == []
        assert f'rel="next" class="next-case" href="/desk/cases/{order[1]}?view=new"' in shown
    path = f"/desk/cases/{order[0]}/handover"
    typed = {"csrf_token": desk.csrf, "view": "new", "form": "handover", "agency": UNIT, "reason": "Kewenangan dinas."}
    refused = desk.client.post(path, data=typed | {"reason": ""}, headers=HTML)
    assert refused.status_code == 422
    assert '<input type="hidden" name="view" value="new">' in refused.text
    sent = desk.client.post(path, data=typed, headers=HTML)
    assert sent.headers["Location"] == f"/desk/cases/{order[1]}?view=new&done=handover~{order[0]}"
    following = page(desk, sent.headers["Location"])
    assert f"1 laporan diteruskan. Nomornya {order[0]}." in following
    assert "1 dari 3" in following
    note = {
        "csrf_token": desk.csrf,
        "view": "new",
        "form": "note",
        "body": "Sudah ditelepon.",
        "message_key": "ab" * 16,
    }
    stays = desk.client.post(f"/desk/cases/{order[1]}/notes", data=note, headers=HTML)
    assert stays.headers["Location"] == f"/desk/cases/{order[1]}?view=new&done=note"
    for n in (1, 2, 3):
        sent = desk.client.post(f"/desk/cases/{order[n]}/handover", data=typed, headers=HTML)
    assert sent.headers["Location"] == f"/desk/?view=new&done=handover~{order[3]}"
    text = page(desk, sent.headers["Location"])
    assert f"1 laporan diteruskan. Nomornya {order[3]}." in text
    assert "Tidak ada laporan baru." in text
    assert heading(text) == "Meja hari ini: 1 laporan"


def test_a_case_far_down_a_view_leads_on_to_what_follows_it(world: World) -> None:
    for n in range(PAGE + 5):
        world.report(subject=f"Nomor {n}")
    desk = world.desk_of(COORDINATOR)
    viewer = world.signin.session(desk.client.get_cookie("lapor-desk").value).viewer  # type: ignore[union-attr]
    from functions.actions.officer.lists.desk_views import View

    order, after = [], ""
    while True:
        today = world.lists.today(viewer, View.NEW, after)
        order += [row.head.case_id for row in today.rows]
        if not (after := today.next):
            break
    for at, case_id in enumerate(order):
        around = world.lists.around(viewer, View.NEW, case_id)
        assert around.position == (at + 1 if at < PAGE else 0)
        assert around.after == (order[at + 1] if at + 1 < len(order) else "")
        assert around.before == (order[at - 1] if 0 < at < PAGE else "")
        assert (around.count.number, around.count.more) == (PAGE, True)


@pytest.mark.parametrize(
    ("agency", "role", "says"),
    [
        (COORDINATOR, Role.COORDINATOR, "Meja hari ini: tidak ada yang menunggu"),
        ("kutim-inspektorat", Role.INSPECTOR, "Meja Inspektorat hari ini: tidak ada yang menunggu"),
        (COORDINATOR, Role.OVERSEER, "Meja pengawas hari ini: tidak ada yang menunggu"),
        (UNIT, Role.OFFICER, "Meja hari ini: tidak ada yang menunggu"),
    ],
)
def test_each_role_has_its_own_desk_and_english(world: World, agency: str, role: Role, says: str) -> None:
    desk = world.desk_of(agency, role)
    text = page(desk)
    assert heading(text) == says
    assert ("waiting" in chips(text)) is (role is not Role.OVERSEER)
    english = re.search(r'class="tongue" href="([^"]+)"', text)
    assert english
    there = page(desk, english[1].replace("&amp;", "&"))
    assert "nothing waits" in heading(there)
    assert 'lang="id" hreflang="id">Bahasa Indonesia' in there


def test_the_heading_never_says_that_nothing_waits_while_something_does(world: World) -> None:
    late = world.report(subject="Terlambat")["tracking_id"]
    world.hand_over(late)
    for days in (12, 8):
        world.later(days=days)
        world.remind()
    inspectorate = page(world.desk_of("kutim-inspektorat"))
    assert heading(inspectorate) == "Meja Inspektorat hari ini: 1 laporan"
    assert chosen(inspectorate) == "late"
    assert "Terlambat, naik kepada Anda" in line(inspectorate, late)
    flood = world.report(subject="Banjir")["tracking_id"]
    put(world, flood, quarantined=True)
    second = world.report(subject="Kedua")["tracking_id"]
    put(world, second, holder="kutim-dishub", stage=Stage.DIPROSES, second="kutim-dlh")
    coordinator = page(world.desk_of(COORDINATOR))
    assert heading(coordinator) == "Meja hari ini: ada laporan di karantina"
    helper = page(world.desk_of("kutim-dlh"))
    assert heading(helper) == "Meja hari ini: ada laporan yang ikut Anda tangani"


def test_lists_that_became_views_lead_there_and_stay_in_json(world: World) -> None:
    desk = world.desk_of(COORDINATOR)
    for name, view in (("escalated", "late"), ("asked", "new"), ("mine", "mine")):
        sent_on = desk.client.get(f"/desk/{name}/", headers=HTML)
        assert (sent_on.status_code, sent_on.headers["Location"]) == (303, f"/desk/?view={view}")
        assert desk.get(f"/desk/{name}/").get_json()["cases"] == []
    assert desk.client.get("/desk/second/", headers=HTML).status_code == 200
    clerk = world.desk_of("kutim-diskominfo", Role.CLERK) if any(o.role is Role.CLERK for o in world.officers) else None
    assert clerk
    assert clerk.client.get("/desk/", headers=HTML).headers["Location"] == "/desk/loket"
    assert clerk.get("/desk/").status_code == 404


def test_a_case_opens_beside_the_list_for_who_may_read_it(world: World, several: dict[str, str]) -> None:
    desk = world.desk_of(COORDINATOR)
    text = page(desk, f"/desk/?view=new&open={several['new']}")
    assert 'id="beside"' in text
    assert WORDS in text
    assert "Tugas kita menjawab laporannya" in text
    assert f'href="/desk/cases/{several["new"]}?view=new">Buka dan tangani' in text
    for unknown in ("4F7K-2M9Q-XR3D", "%25", "x"):
        assert "Laporan tidak ditemukan" in page(desk, f"/desk/?view=new&open={unknown}")
    world.hand_over(several["new"])
    text = page(desk, f"/desk/?view=all&open={several['new']}")
    assert WORDS not in text
    assert "Isi laporan ini tidak untuk Anda baca." in text


def test_an_old_list_leads_on_without_reading_and_refuses_a_token_that_is_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, read = world.desk_of("kutim", Role.OVERSEER), []
    kept = world.store.page
    monkeypatch.setattr(world.store, "page", lambda *given: read.append(given) or kept(*given))
    for name, view in (("mine", "mine"), ("asked", "new"), ("escalated", "late")):
        answer = desk.client.get(f"/desk/{name}/", headers=HTML)
        assert answer.headers["Location"] == f"/desk/?view={view}"
        assert desk.client.get(f"/desk/{name}/?after=bukan-token", headers=HTML).status_code == 404
    assert read == []
    assert desk.get("/desk/asked/").get_json()["cases"] == []
    assert len(read) == 1


def test_only_a_withdrawn_report_is_said_to_be_withdrawn(world: World) -> None:
    """For its officers and for its reporter, whatever became of it before, and not where a retention period ended."""
    sent = {name: world.report(topic="jalan", body=WORDS) for name in ("archived", "both", "withdrawn")}
    desk = world.desk_of(COORDINATOR)
    for name in ("archived", "both"):
        put_away = {"stage": "diarsipkan", "reason": "Isinya bukan laporan."}
        assert desk.post(f"/desk/cases/{sent[name]['tracking_id']}/stage", put_away).status_code == 200
    for name in ("both", "withdrawn"):
        world.post("/api/thread/withdraw", {"receipt": sent[name]["receipt"], "sure": "yes"})
    later = world.today + timedelta(days=800)
    assert Retain(world.store, world.blobs, world.directory, lambda: later, 730)() == 1
    for name, report in sent.items():
        gone = name != "archived"
        text = page(desk, f"/desk/cases/{report['tracking_id']}")
        thread = world.thread.post("/api/thread", data={"receipt": report["receipt"]}, headers=HTML).text
        assert ("Pelapor menarik laporan ini." in text) == gone, name
        assert ("Laporan ini diarsipkan." in text) != gone, name
        assert ("<dd>Ditarik pelapor" in text) == gone, name
        assert ("Laporan ini sudah ditarik" in thread) == gone, name
        assert ("Ditarik dan dihapus" in thread) == gone, name


def test_all_holds_what_escalated_too(world: World) -> None:
    """Otherwise the heading and the late ones would count more than all."""
    case_id = world.report(topic="jalan", body=WORDS)["tracking_id"]
    world.hand_over(case_id)
    put(world, case_id, due=world.today - timedelta(days=9), escalated=2, escalated_to="kutim-inspektorat")
    text = page(world.desk_of("kutim-inspektorat"), "/desk/?view=all")
    assert listed(text) == [case_id]
    assert (chips(text)["late"], chips(text)["all"]) == ("1", "1")


def test_a_report_without_a_subject_has_one_name_in_the_list_and_on_its_page(world: World) -> None:
    case_id = world.report(topic="jalan", body=WORDS, subject="")["tracking_id"]
    desk = world.desk_of(COORDINATOR)
    assert WORDS in line(page(desk), case_id)
    assert heading(page(desk, f"/desk/cases/{case_id}")) == WORDS


def test_a_link_that_did_not_arrive_leads_to_a_new_one(world: World) -> None:
    answer = world.desk_of(COORDINATOR).client.post("/desk/session", data={"token": ""}, headers=HTML)
    assert "Minta link baru" in answer.text
