"""The desk's search: a number leads straight there; what may not be read is not found; a receipt is not shown."""

import logging
import re
from urllib.parse import quote

import pytest

from functions.actions.officer import case_lists
from tests.pages import check_page
from tests.world import Desk, World

HTML = {"Accept": "text/html"}
UNIT = "kutim-dpupr"


def found(desk: Desk, query: str, more: str = "") -> str:
    answer = desk.client.get(f"/desk/?q={quote(query)}{more}", headers=HTML)
    assert answer.status_code == 200, answer.headers.get("Location")
    check_page(answer.text)
    return str(answer.text)


def listed(text: str) -> list[str]:
    return re.findall(r'class="go" href="/desk/cases/([^?"]+)', text)


def test_a_number_however_typed_leads_to_its_case(world: World) -> None:
    case_id = world.report()["tracking_id"]
    desk = world.desk_of("kutim")
    for typed in (case_id, case_id.lower(), case_id.replace("-", " "), f"  {case_id.replace('-', '')} "):
        sent_on = desk.client.get(f"/desk/?q={quote(typed)}&view=new", headers=HTML)
        assert (sent_on.status_code, sent_on.headers["Location"]) == (303, f"/desk/cases/{case_id}?view=new")
        assert [c["tracking_id"] for c in desk.get(f"/desk/?q={quote(typed)}").get_json()["cases"]] == [case_id]
    hidden = world.report(about_agency=UNIT)["tracking_id"]
    unit = world.desk_of(UNIT)
    for unknown in ("4F7K-2M9Q-XR3D", hidden, case_id):
        text = found(unit, unknown)
        assert f"Tidak ada laporan bernomor {unknown} di meja Anda." in text
        assert unit.get(f"/desk/?q={unknown}").get_json() == {"cases": [], "next": None, "looked_at": 1}


def test_words_are_found_in_topic_district_and_in_subjects_that_may_be_read(world: World) -> None:
    road = world.report(topic="jalan", subject="Lubang di tanjakan", district="64.08.04")["tracking_id"]
    lamp = world.report(topic="lingkungan", subject="Tumpukan di pasar %", district="64.08.04")["tracking_id"]
    desk = world.desk_of("kutim")
    assert listed(found(desk, "LUBÁNG")) == [road]
    assert listed(found(desk, "jalan lubang")) == [road]
    assert listed(found(desk, "sampah")) == [lamp]
    assert set(listed(found(desk, "sangatta"))) == {road, lamp}
    assert listed(found(desk, "%")) == [lamp]
    for nothing in ("🙈", "_", "tidakada", "' OR 1=1 --", "<script>"):
        text = found(desk, nothing)
        assert listed(text) == []
        assert "Tidak ada yang cocok." in text
        assert "Kami melihat 2 laporan yang paling mendesak" in text
    world.hand_over(road)
    assert listed(found(desk, "lubang")) == []  # the coordinator reads its words no more
    assert listed(found(desk, "jembatan")) == [road]  # but its topic
    long = desk.client.get(f"/desk/?q={'x' * 201}", headers=HTML)
    assert long.status_code == 422
    check_page(long.text)
    assert "paling banyak 200 huruf" in long.text
    assert f'value="{"x" * 201}"' in long.text
    assert desk.get(f"/desk/?q={'x' * 201}").get_json()["errors"][0]["field"] == "q"
    assert chosen_empty(desk)


def chosen_empty(desk: Desk) -> bool:
    """An empty search is the desk."""
    return "<h1>Meja hari ini" in str(desk.client.get("/desk/?q=+", headers=HTML).text)


def test_a_search_looks_through_so_many_and_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_lists, "WINDOW", 3)
    sent = [world.report(subject=f"Pohon {n}" if n % 2 else f"Batu {n}")["tracking_id"] for n in range(8)]
    desk, seen, more = world.desk_of("kutim"), [], ""
    for _ in range(4):
        text = found(desk, "pohon", more)
        seen += listed(text)
        onward = re.search(r'quiet" href="/desk/\?q=pohon&amp;after=([^"]+)"', text)
        if not onward:
            break
        assert "Kami melihat 3 laporan" in text
        more = f"&after={onward[1]}"
    assert sorted(seen) == sorted(sent[1::2])
    assert desk.client.get("/desk/?q=pohon&after=bohong", headers=HTML).status_code == 404


@pytest.mark.parametrize("spell", [str, lambda r: r.lower().replace("-", " "), lambda r: f"cari {r} ini"])
def test_a_receipt_is_neither_looked_for_nor_shown_nor_logged(
    world: World, caplog: pytest.LogCaptureFixture, spell: object
) -> None:
    receipt = world.report()["receipt"]
    desk = world.desk_of("kutim")
    typed = spell(receipt)  # type: ignore[operator]
    with caplog.at_level(logging.DEBUG):
        sent_on = desk.client.get(f"/desk/?view=new&q={quote(typed)}", headers=HTML)
        assert (sent_on.status_code, sent_on.headers["Location"]) == (303, "/desk/?view=new&done=receipt_typed")
        text = desk.client.get(sent_on.headers["Location"], headers=HTML).text
        refused = desk.get(f"/desk/?q={quote(typed)}")
    check_page(text)
    assert "Kode itu membuka laporannya" in text
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "q")
    part = receipt.split("-")[1]
    for said in (sent_on.text, str(sent_on.headers), text, refused.text, caplog.text):
        assert part not in said
        assert part.lower() not in said
