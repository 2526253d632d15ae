"""The desk proposes who should get a case, and says why: to who sorts it, in the words he may read."""

from tests.doors.test_desk import HTML
from tests.pages import check_page
from tests.world import JSON, Desk, World

ROAD = "Jalan poros berlubang parah, aspalnya terkelupas."


def routing(desk: Desk, case_id: str) -> dict:
    return desk.get(f"/desk/cases/{case_id}").get_json()["routing"]


def page(desk: Desk, case_id: str, lang: str = "id") -> str:
    answer = desk.client.get(f"/desk/cases/{case_id}?lang={lang}", headers=HTML)
    check_page(answer.text)
    return answer.text


def options(text: str) -> list[str]:
    select = text.split('<select id="agency"', 1)[1].split("</select>", 1)[0]
    return [part.split("</option>", 1)[0] for part in select.split("<option ")[1:]]


def test_the_words_propose_under_a_wrong_topic(world: World) -> None:
    case_id = world.report(topic="sekolah", subject="", place="", body=ROAD)["tracking_id"]
    coordinator = world.desk_of("kutim")
    found = routing(coordinator, case_id)
    assert found["proposed"] == "kutim-dpupr"
    assert found["proposals"] == [
        {"agency": "kutim-dpupr", "why": "words", "words": ["jalan poros", "aspal", "lubang"]},
        {"agency": "kutim-disdik", "why": "topic", "words": []},
    ]
    assert found["outside"] == []
    assert [target["code"] for target in found["targets"][:2]] == ["kutim-dpupr", "kutim-disdik"]
    shown = page(coordinator, case_id)
    assert "<strong>Dinas Pekerjaan Umum dan Penataan Ruang</strong> (menyebut: jalan poros, aspal, lubang)" in shown
    assert "<strong>Dinas Pendidikan</strong> (topik laporan ini)" in shown
    assert options(shown)[1:3] == [
        'value="kutim-dpupr" selected>Dinas Pekerjaan Umum dan Penataan Ruang (usulan)',
        'value="kutim-disdik">Dinas Pendidikan',
    ]
    assert "(it mentions: jalan poros, aspal, lubang)" in page(coordinator, case_id, "en")


def test_subject_place_and_what_was_added_speak_too(world: World) -> None:
    sent = world.report(topic="lainnya", subject="Sampah menumpuk", place="dekat TPS", body="Tolong ditindak.")
    coordinator = world.desk_of("kutim")
    first, *learnt = routing(coordinator, sent["tracking_id"])["proposals"]
    assert first == {"agency": "kutim-dlh", "why": "words", "words": ["sampah", "tps", "tumpuk"]}
    assert all(each["why"] == "words" and each["words"] for each in learnt)
    asked = coordinator.post(f"/desk/cases/{sent['tracking_id']}/stage", {"stage": "ditahan", "reason": "Di mana PLN?"})
    assert asked.status_code == 200
    words = {"receipt": sent["receipt"], "body": "Baunya busuk, ada limbah pabrik.", "message_key": "00" * 16}
    assert world.post("/api/thread/messages", words).status_code == 201
    found = routing(coordinator, sent["tracking_id"])
    assert "limbah pabrik" in found["proposals"][0]["words"]
    assert found["outside"] == []  # what officers write does not speak


def test_what_is_not_ours_is_told_with_where_to_turn(world: World) -> None:
    case_id = world.report(topic="lainnya", subject="", place="", body="Listrik padam, token gagal.")["tracking_id"]
    coordinator = world.desk_of("kutim")
    found = routing(coordinator, case_id)
    assert (found["proposed"], found["proposals"]) == (None, [])
    assert [(o["code"], o["name"], o["words"]) for o in found["outside"]] == [
        ("pln", "PLN", ["listrik padam", "token"])
    ]
    shown = page(coordinator, case_id)
    assert (
        "Mungkin bukan kewenangan kita: <strong>PLN</strong> (menyebut: listrik padam, token). Listrik rumah" in shown
    )
    assert "Pelapor dapat diarahkan ke: PLN 123" in shown
    assert not any("selected" in option for option in options(shown))  # nobody is chosen for him


def test_the_accused_is_never_proposed(world: World) -> None:
    sent = world.report(topic="jalan", subject="", place="", body=ROAD, about_agency="kutim-dpupr")
    coordinator = world.desk_of("kutim")
    found = routing(coordinator, sent["tracking_id"])
    assert found["proposals"] == [
        {"agency": "kutim-inspektorat", "why": "accused", "words": ["jalan poros", "aspal", "lubang"]}
    ]
    assert "kutim-dpupr" not in [target["code"] for target in found["targets"]]
    shown = page(coordinator, sent["tracking_id"])
    assert (
        "<strong>Inspektorat Daerah</strong> (yang biasanya menangani adalah yang dilaporkan; menyebut: jalan" in shown
    )


def test_a_reason_tells_nothing_that_is_masked(world: World) -> None:
    body = "Saya guru honorer satu-satunya di SMP Bengalon, upah belum dibayar"
    case_id = world.report(topic="lainnya", subject="", place="", body=body)["tracking_id"]
    coordinator = world.desk_of("kutim")
    view = coordinator.get(f"/desk/cases/{case_id}").get_json()
    assert "[pekerjaan disamarkan]" in view["messages"][0]["body"]
    told = {word for proposal in view["routing"]["proposals"] for word in proposal["words"]}
    assert told
    assert not told & {"guru honorer", "guru", "honorer", "smp"}


def test_only_who_sorts_is_told_what_the_words_say(world: World) -> None:
    case_id = world.report(topic="jalan", subject="", place="", body=ROAD)["tracking_id"]
    unit = world.hand_over(case_id)
    coordinator = world.desk_of("kutim")
    for desk in (unit, coordinator):
        found = routing(desk, case_id)
        assert (found["proposed"], found["proposals"], found["outside"]) == (None, [], [])
        assert "menyebut:" not in page(desk, case_id)
    assert [target["code"] for target in routing(unit, case_id)["targets"]] == ["kutim"]


def test_who_gave_it_back_is_not_proposed_again(world: World) -> None:
    case_id = world.report(topic="lingkungan", subject="", place="", body="Sampah menumpuk di got.")["tracking_id"]
    assert routing(world.desk_of("kutim"), case_id)["proposed"] == "kutim-dlh"
    unit = world.hand_over(case_id, "kutim-dlh")
    back = unit.post(f"/desk/cases/{case_id}/handover", {"agency": "kutim", "reason": "Saluran, bukan sampah."})
    assert back.status_code == 200
    found = routing(world.desk_of("kutim"), case_id)
    assert found["proposed"] == "kutim-dpupr"
    assert "kutim-dlh" not in [proposal["agency"] for proposal in found["proposals"]]
    assert "kutim-dlh" in [target["code"] for target in found["targets"]]  # he may still decide otherwise


def test_what_was_chosen_stays_chosen_when_the_form_comes_back(world: World) -> None:
    case_id = world.report(topic="sekolah", subject="", place="", body=ROAD)["tracking_id"]
    coordinator = world.desk_of("kutim")
    form = {"form": "handover", "agency": "kutim-dlh", "reason": "", "csrf_token": coordinator.csrf}
    answer = coordinator.client.post(f"/desk/cases/{case_id}/handover", data=form, headers=HTML)
    assert answer.status_code == 422
    check_page(answer.text)
    assert [option for option in options(answer.text) if "selected" in option] == [
        'value="kutim-dlh" selected>Dinas Lingkungan Hidup'
    ]


def test_a_case_nobody_speaks_for_is_sorted_as_before(world: World) -> None:
    case_id = world.report(topic="lainnya", subject="", place="", body="Tolong ditindak.")["tracking_id"]
    coordinator = world.desk_of("kutim")
    found = routing(coordinator, case_id)
    assert (found["proposed"], found["proposals"], found["outside"]) == (None, [], [])
    assert len(found["targets"]) == len(world.directory.units("kutim"))
    assert "Anda yang memutuskan" not in page(coordinator, case_id)
    answer = coordinator.client.get(f"/desk/cases/{case_id}", headers=JSON)
    assert answer.status_code == 200
