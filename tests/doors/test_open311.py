"""Open311 through the real door: what an app sends, what is kept of it, what it is told, and what goes wrong."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlencode

import pytest
from defusedxml.ElementTree import fromstring
from flask.testing import FlaskClient

from functions.actions.reporter.open311 import ReceiveFromApp
from functions.casework.apps import KEY_MAX
from functions.casework.case import Mode, Sealed
from functions.casework.directory.agencies import District
from functions.casework.receipt import parse_receipt
from functions.crypto.seal.sealing import receipt_keys
from functions.crypto.slips.app_tokens import token_of
from functions.open311.app import make_app
from functions.open311.flood import HOUR_SECONDS, Flood
from functions.open311.strip import FORM, MAX_BYTES
from functions.storage.interface import Scope, StoreUnavailableError
from functions.storage.registers.apps import read_apps, write_apps
from tests.open311.ours import CLOSED, OLD, OPEN, new_key, place_of, publish
from tests.world import WORDS, World

PATH = "/open311/v2"
PERSON = {
    "email": "kenari@contoh.id",
    "phone": "081200000017",
    "first_name": "Kenari",
    "last_name": "Kenari",
    "device_id": "kenari-0017",
    "account_id": "kenari-akun",
    "lat": "0.517171",
    "long": "117.531717",
    "media_url": "https://foto.contoh.id/kenari.jpg",
    "attribute[nik]": "6408040000000017",
    "kenari": "kenari",
}


class Apps:
    """The door in a World, and an app that has a key."""

    def __init__(self, world: World, *, per_hour: int = 100_000) -> None:
        self.world, self.key = world, new_key(world.store)
        self.client: FlaskClient = make_app(place_of(world, per_hour=per_hour)).test_client()

    def fields(self, **changes: str) -> dict[str, str]:
        sent = {
            "api_key": self.key,
            "service_code": "lampu-jalan",
            "description": WORDS,
            "address_string": "Jalan Pendidikan 7",
            "attribute[district]": "64.08.04",
        }
        return sent | changes

    def post(self, fmt: str = "json", **changes: str) -> tuple[int, list[dict[str, str]]]:
        answer = self.client.post(f"{PATH}/requests.{fmt}", data=self.fields(**changes))
        return answer.status_code, answer.get_json() if fmt == "json" else answer.data

    def sent(self, **changes: str) -> tuple[str, str]:
        """A report that is taken; returns token and receipt."""
        status, (accepted,) = self.post(**changes)
        assert status == 200, accepted
        (receipt,) = [part.strip(".,") for part in accepted["service_notice"].split() if part.count("-") == 4]
        return accepted["token"], receipt

    def refused(self, status: int, **changes: str) -> str:
        got, faults = self.post(**changes)
        assert (got, {fault["code"] for fault in faults}) == (status, {status}), faults
        return " ".join(fault["description"] for fault in faults)

    def get(self, path: str) -> tuple[int, list[dict[str, str]]]:
        answer = self.client.get(f"{PATH}/{path}")
        return answer.status_code, answer.get_json()


@pytest.fixture
def apps(world: World) -> Apps:
    return Apps(world)


def heads(world: World) -> list:
    scopes = (Scope.INSTANCE, Scope.INSTANCE_QUARANTINE)
    return [head for scope in scopes for head in world.store.page(scope, "kutim").heads]


def test_a_report_is_taken_read_by_an_officer_and_answered_to_its_receipt(apps: Apps) -> None:
    world = apps.world
    _, receipt = apps.sent(**{
        "attribute[kind]": "aspirasi",
        "attribute[subject]": "Lampu",
        "attribute[place]": "depan sekolah",
        "attribute[happened_on]": "2026-11-20T20:00:00Z",
        "attribute[about_agency]": "kutim-dpupr",
        "attribute[about_officials]": "kepala seksi",
    })  # fmt: skip
    (head,) = heads(world)
    assert (head.kind, head.topic, head.district, head.about_agency) == (
        "aspirasi",
        "lampu-jalan",
        "64.08.04",
        "kutim-dpupr",
    )
    assert (head.reporter.mode, head.reporter.contact, head.wraps.sealed, head.reporter.texted) == (
        Mode.ANONIM,
        b"",
        Sealed.SERVER,
        False,
    )
    thread = world.read(receipt)
    assert thread["tracking_id"] == head.case_id
    desk = world.hand_over(head.case_id, "kutim-dishub")
    case = desk.get(f"/desk/cases/{head.case_id}").get_json()
    said = json.dumps(case, ensure_ascii=False)
    assert WORDS in said
    assert "depan sekolah, Jalan Pendidikan 7" in said
    assert "2026-11-21" in said  # the local day of that moment
    answer = desk.post(f"/desk/cases/{head.case_id}/messages", {"body": "Kami ganti.", "message_key": "a" * 32})
    assert answer.status_code == 201, answer.data
    assert "Kami ganti." in json.dumps(world.read(receipt))


def test_xml_says_the_same_as_json_and_112_comes_first(apps: Apps) -> None:
    key = token_hex(16)
    _, (accepted,) = apps.post(submission_key=key)
    status, body = apps.post("xml", submission_key=key)
    assert status == 200
    (request,) = fromstring(body)
    assert {child.tag: child.text for child in request} == accepted
    assert accepted["service_notice"].startswith("Bila ada bahaya sekarang, telepon 112.")
    assert "service_request_id" not in accepted
    english = apps.client.post(f"{PATH}/requests.json", data=apps.fields(lang="en", submission_key=key))
    assert english.status_code == 200


def test_nothing_of_a_person_passes_whatever_an_app_sends(apps: Apps) -> None:
    seen: list[dict[str, str]] = []

    @apps.client.application.before_request
    def look() -> None:
        from flask import request

        seen.append({**request.form, **request.args, "headers": str(request.headers), "body": str(request.get_data())})

    token, receipt = apps.sent(**PERSON)
    status, _ = apps.get("requests.json?email=kenari@contoh.id")
    assert status == 200
    assert "kenari" not in json.dumps(seen[0]).lower()
    assert not {value for value in PERSON.values() if value in json.dumps(seen[0])}
    assert "kenari" not in json.dumps(apps.world.read(receipt)).lower()
    for path in (path for path in apps.world.folder.rglob("*") if path.is_file()):
        assert not [v for v in PERSON.values() if len(v) > 6 and v.encode() in path.read_bytes()], path
    assert token


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", ""])
def test_another_kind_of_body_is_not_looked_at(apps: Apps, kind: str) -> None:
    answer = apps.client.post(f"{PATH}/requests.json", data=b"kenari", content_type=kind or None)
    assert answer.status_code == 400
    assert "application/x-www-form-urlencoded" in answer.get_json()[0]["description"]
    assert heads(apps.world) == []


def test_a_body_that_is_too_large_is_refused_with_a_list(apps: Apps) -> None:
    for large in (b"a" * (MAX_BYTES + 1), urlencode(apps.fields(description="a" * MAX_BYTES)).encode()):
        answer = apps.client.post(f"{PATH}/requests.json", data=large, content_type=FORM)
        assert (answer.status_code, answer.get_json()[0]["code"]) == (413, 413)
    words = "Panjang sekali. " * 1000
    assert "description: " in apps.refused(400, description=words * 2)
    assert apps.sent(description=words)  # more than the standard's 4,000 is no reason to refuse a report
    assert len(heads(apps.world)) == 1


def test_without_its_key_no_app_reports(apps: Apps) -> None:
    other = new_key(apps.world.store, "lain")
    secret, ident = apps.key.partition(".")[2], apps.key.partition(".")[0]
    for wrong in ("", "warga", f"lain.{secret}", f"{ident}.", f"tidak-ada.{secret}", f"{apps.key}x", "a" * KEY_MAX * 2):
        assert "api_key" in apps.refused(403, api_key=wrong)
    assert heads(apps.world) == []
    assert apps.sent(api_key=other)


def test_a_revoked_key_is_void_and_the_key_rests_as_a_hash(apps: Apps) -> None:
    known = read_apps(apps.world.store)
    assert apps.sent()
    write_apps(apps.world.store, known.version, [replace(app, revoked=True) for app in known.apps.values()])
    apps.refused(403)
    secret = apps.key.partition(".")[2].encode()
    for path in (path for path in apps.world.folder.rglob("*") if path.is_file()):
        assert secret not in path.read_bytes(), path


def test_what_is_wrong_is_told_by_the_names_of_the_standard_all_at_once(apps: Apps) -> None:
    said = apps.refused(
        400,
        description=" ",
        **{"attribute[district]": "", "attribute[kind]": "x", "attribute[happened_on]": "kemarin"},
    )
    for name in ("description: ", "attribute[district]: ", "attribute[kind]: ", "attribute[happened_on]: "):
        assert name in said
    assert "service_code" in apps.refused(400, service_code="")
    assert "service_code" in apps.refused(404, service_code="tidak-ada")
    assert "attribute[about_agency]" in apps.refused(400, **{"attribute[about_agency]": "tidak-ada"})
    assert "submission_key" in apps.refused(400, submission_key="pendek")
    assert heads(apps.world) == []


def test_the_district_may_come_as_the_standards_address_id(apps: Apps) -> None:
    apps.sent(**{"attribute[district]": "", "address_id": "64.08.05"})
    apps.sent(**{"attribute[district]": "", "attribute[district][]": "64.08.06"})
    assert {head.district for head in heads(apps.world)} == {"64.08.05", "64.08.06"}


def test_an_address_too_long_for_a_place_is_not_lost(apps: Apps) -> None:
    _, receipt = apps.sent(address_string="Jalan " * 60, **{"attribute[place]": "depan sekolah"})
    said = json.dumps(apps.world.read(receipt))
    assert "Alamat dari aplikasi: Jalan Jalan" in said


def test_the_same_submission_again_is_the_same_report(apps: Apps) -> None:
    key = token_hex(16)
    first = apps.sent(submission_key=key)
    assert apps.sent(submission_key=key) == first
    assert apps.sent(submission_key=key.upper()) == first
    assert len(heads(apps.world)) == 1
    status, (fault,) = apps.post(submission_key=key, description="Lain sama sekali.")
    assert (status, fault["code"]) == (400, 409)
    assert len(heads(apps.world)) == 1


def test_two_people_with_the_same_words_never_share_a_code(apps: Apps) -> None:
    """Without a key of the app's own nothing tells a retry from another person: better twice than one code for two."""
    assert apps.sent() != apps.sent()
    assert len(heads(apps.world)) == 2


def test_cut_short_between_report_and_token_the_next_try_finishes(apps: Apps, monkeypatch: pytest.MonkeyPatch) -> None:
    key = token_hex(16)

    def gone(*_: object) -> None:
        raise StoreUnavailableError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(apps.world.store, "write_slip", gone)
        answer = apps.client.post(f"{PATH}/requests.json", data=apps.fields(submission_key=key))
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "120")
        assert answer.get_json()[0]["code"] == 503
    token, receipt = apps.sent(submission_key=key)
    assert len(heads(apps.world)) == 1
    assert apps.get(f"tokens/{token}.json")[0] == 200
    assert apps.world.read(receipt)["stage"] == "diterima"


def test_a_token_tells_that_its_report_came_for_a_year_and_nothing_else(apps: Apps) -> None:
    world = apps.world
    token, typed = apps.sent()
    (head,) = heads(world)
    assert token == token_of(parse_receipt(typed))
    assert head.case_id.replace("-", "") not in token
    for _ in range(2):  # also once something of it is public
        assert apps.get(f"tokens/{token}.json") == (200, [{"token": token, "service_request_id": None}])
        publish(world.store)
    kept = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    assert token.encode() not in kept
    world.later(days=365)
    assert apps.get(f"tokens/{token}.json")[0] == 200
    world.later(days=2)
    assert apps.get(f"tokens/{token}.json")[0] == 404


def test_what_came_by_another_way_has_no_token(apps: Apps) -> None:
    token = token_of(parse_receipt(apps.world.report()["receipt"]))
    assert apps.get(f"tokens/{token}.json")[0] == 404


def test_neither_receipt_nor_number_of_a_case_opens_anything_here(apps: Apps) -> None:
    token, receipt = apps.sent()
    case_id = receipt_keys(parse_receipt(receipt)).case_id
    for wrong in (receipt, receipt.replace("-", ""), case_id, case_id.replace("-", ""), token.lower(), "0" * 20):
        assert apps.get(f"tokens/{wrong}.json")[0] == 404
    for number in (case_id, token, receipt):
        assert apps.get(f"requests/{number}.json")[0] == 404
        assert apps.get(f"requests.json?service_request_id={number}") == (200, [])


def test_a_flood_waits_in_quarantine_and_marks_no_other_app(world: World) -> None:
    apps = Apps(world, per_hour=3)
    key = token_hex(16)
    for _ in range(3):
        apps.sent(submission_key=key)  # a retry is no flood
    apps.sent()
    apps.sent()
    assert not [head for head in heads(world) if head.quarantined]
    apps.sent()
    assert len([head for head in heads(world) if head.quarantined]) == 1
    apps.sent(api_key=new_key(world.store, "lain"))
    assert len([head for head in heads(world) if head.quarantined]) == 1


def test_public_reports_tell_months_and_districts_and_nothing_finer(apps: Apps) -> None:
    publish(apps.world.store)
    _, (one,) = apps.get(f"requests/{CLOSED.public_id}.json")
    assert one == {
        "service_request_id": "P7K3M9QXR",
        "status": "closed",
        "service_name": "Lampu jalan, rambu dan angkutan",
        "service_code": "lampu-jalan",
        "description": "Lampu jalan di depan sekolah mati.",
        "requested_datetime": "2026-10-01T00:00:00+08:00",
        "updated_datetime": "2026-11-01T00:00:00+08:00",
        "status_notes": "Tahap: Selesai. Hasil: Sudah diperbaiki.",
        "agency_responsible": "Dinas Perhubungan",
        "service_notice": one["service_notice"],
        "address": "Kecamatan Sangatta Utara, Pemerintah Kabupaten Kutai Timur",
        "address_id": "64.08.04",
    }
    assert "Hanya bulannya yang benar" in one["service_notice"]
    _, (without,) = apps.get(f"requests/{OPEN.public_id}.json")
    assert "address_id" not in without
    assert without["status"] == "open"
    publish(apps.world.store, (CLOSED._replace(closed=date(2026, 11, 17), updated=date(2026, 11, 19)),))
    _, (finer,) = apps.get(f"requests/{CLOSED.public_id}.json")
    assert finer == one  # a day that slipped in tells its month


def test_only_what_was_published_is_there_newest_ninety_days_first(apps: Apps) -> None:
    apps.sent()
    assert apps.get("requests.json") == (200, [])
    publish(apps.world.store)
    numbers = [each["service_request_id"] for each in apps.get("requests.json")[1]]
    assert numbers == [OPEN.public_id, CLOSED.public_id]
    queries = {
        "status=closed": [CLOSED.public_id],
        "status=open,closed&service_code=jalan,lampu-jalan": numbers,
        "service_code=tidak-ada": [],
        f"service_request_id={OLD.public_id},{OPEN.public_id},tidak&status=closed": [OPEN.public_id, OLD.public_id],
        "start_date=2026-02-01": [OLD.public_id],
        "start_date=2026-03-01T00:00:00+08:00&end_date=2026-03-01T00:00:00%2B08:00": [OLD.public_id],
        "end_date=2026-04-01T00:00:00Z": [OLD.public_id],
        "page=2&page_size=1": [CLOSED.public_id],
        "page=3&page_size=1": [],
    }
    for query, wanted in queries.items():
        status, found = apps.get(f"requests.json?{query}")
        assert (status, [each["service_request_id"] for each in found]) == (200, wanted), query


@pytest.mark.parametrize(
    "query",
    [
        *("start_date=kemarin", "end_date=2026-13-01", "start_date=2026-01-01&end_date=2026-11-01", "status=selesai"),
        *("start_date=2026-11-02&end_date=2026-11-01", "page=0", "page=x", "page_size=1001", "page=99999999"),
        *("start_date=9999-12-31", "end_date=0001-01-01", "service_request_id=" + ",".join("x" * 101)),
    ],
)
def test_a_question_that_makes_no_sense_is_400_and_says_what_to_write(apps: Apps, query: str) -> None:
    for path in ("requests.json", "servicerequestupdates.json"):
        status, (fault,) = apps.get(f"{path}?{query}")
        assert (status, fault["code"]) == (400, 400)
        assert fault["description"].partition(":")[0].split(" ")[0] in query


def test_updates_are_what_was_answered_in_public(apps: Apps) -> None:
    publish(apps.world.store)
    status, found = apps.get("servicerequestupdates.json")
    assert (status, [each["description"] for each in found]) == (
        200,
        ["Kami periksa.", "Lampu sudah diganti & menyala <lagi>."],
    )
    assert [each["status"] for each in found] == ["open", "closed"]
    assert apps.get("servicerequestupdates.json?start_date=2026-11-01")[1] == found[1:]


def test_of_several_jurisdictions_one_must_be_named_and_each_has_its_own(tmp_path: Path) -> None:
    home = World(tmp_path / "home").directory  # tests share it: it stays as it is
    twin = replace(home.agencies["kutim"], code="bontang", name="Pemerintah Kota Bontang", region="64.74")
    districts = {**home.districts, "64.74.01": District("64.74.01", "Bontang Utara")}
    world = World(tmp_path, directory=replace(home, agencies={**home.agencies, "bontang": twin}, districts=districts))
    apps = Apps(world)
    publish(world.store)
    for path in ("services.json", "services/jalan.json", "requests.json", "servicerequestupdates.json"):
        assert apps.get(path)[0] == 400
        assert apps.get(f"{path}?jurisdiction_id=tidak-ada")[0] == 404
        assert apps.get(f"{path}?jurisdiction_id=kutim-dpupr")[0] == 404
    assert apps.get("requests.json?jurisdiction_id=bontang")[1] == []
    assert len(apps.get("requests.json?jurisdiction_id=kutim")[1]) == 2
    assert apps.get(f"requests/{CLOSED.public_id}.json?jurisdiction_id=bontang")[0] == 404
    definition = apps.client.get(f"{PATH}/services/jalan.json?jurisdiction_id=bontang").get_json()
    (asked,) = [each for each in definition["attributes"] if each["code"] == "district"]
    assert [value["key"] for value in asked["values"]] == ["64.74.01"]
    assert "jurisdiction_id" in apps.refused(400)
    assert "jurisdiction_id" in apps.refused(404, jurisdiction_id="tidak-ada")
    assert "attribute[district]" in apps.refused(400, jurisdiction_id="bontang")  # that district is the other's
    assert apps.sent(jurisdiction_id="kutim")


def test_a_page_of_another_site_cannot_send(apps: Apps) -> None:
    changing = {"POST", "PUT", "PATCH", "DELETE"}
    rules = [rule for rule in apps.client.application.url_map.iter_rules() if changing & (rule.methods or set())]
    paths = [rule.rule.replace("<any(xml, json):fmt>", "json") for rule in rules]
    assert f"{PATH}/requests.json" in paths
    for path in paths:
        answer = apps.client.post(path, data=apps.fields(), headers={"Sec-Fetch-Site": "cross-site"})
        assert (answer.status_code, [fault["code"] for fault in answer.get_json()]) == (403, [403]), path
    for site, status in (("cross-site", 403), ("same-site", 403), ("same-origin", 200)):
        headers = {"Sec-Fetch-Site": site}
        answer = apps.client.post(f"{PATH}/requests.json", data=apps.fields(), headers=headers)
        assert answer.status_code == status
    assert apps.client.get(f"{PATH}/services.json", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["", "/", "/v1/services.xml", "/v2/services", "/v2/services.yaml", "/v2/x.json"])
def test_an_address_that_is_none_is_told_as_the_standard_tells_it(apps: Apps, path: str) -> None:
    answer = apps.client.get(f"/open311{path}")
    assert answer.status_code == 404
    if path.endswith(".json"):
        assert answer.get_json()[0]["code"] == 404
    else:
        assert answer.content_type == "text/xml; charset=utf-8"
        assert [fault.find("code").text for fault in fromstring(answer.data)] == ["404"]
    wrong = apps.client.put(f"{PATH}/requests.json")
    assert (wrong.status_code, wrong.get_json()[0]["code"]) == (405, 405)
    assert "GET" in wrong.headers["Allow"]


@pytest.mark.breaks
def test_what_breaks_is_told_without_a_word_of_it(apps: Apps, monkeypatch: pytest.MonkeyPatch, caplog) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("kenari")

    monkeypatch.setattr(apps.world.store, "create_case", broken)
    status, (fault,) = apps.post()
    assert (status, fault["code"]) == (500, 500)
    assert "kenari" not in json.dumps(fault) + caplog.text


def test_without_keys_to_seal_to_nothing_is_taken_and_the_rest_is_answered(
    apps: Apps, monkeypatch: pytest.MonkeyPatch
) -> None:
    apps.world.keys.public_file.unlink()
    status, (fault,) = apps.post()
    assert (status, fault["code"]) == (503, 503)
    assert apps.get("services.json")[0] == 200
    assert heads(apps.world) == []


def test_words_that_xml_cannot_hold_do_not_break_it(apps: Apps) -> None:
    publish(apps.world.store, (OPEN._replace(summary="Satu\x0bdua \ufffe <tiga> & 😀"),))
    text = "".join(fromstring(apps.client.get(f"{PATH}/requests.xml").data).itertext())
    assert "Satudua" in text
    assert "<tiga> & " in text
    assert "😀" in text


def test_public_reports_are_read_again_only_when_one_changed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    names: list[str] = []
    real = world.store.read_register
    monkeypatch.setattr(world.store, "read_register", lambda name: names.append(name) or real(name))
    apps = Apps(world)
    publish(world.store)
    names.clear()
    for _ in range(3):
        assert len(apps.get("requests.json")[1]) == 2
    assert names == ["public:kutim", "public:kutim:2026"]
    publish(world.store, (OPEN,))
    assert len(apps.get("requests.json")[1]) == 1
    assert len(names) == 4


def test_an_hour_later_a_flood_is_forgotten_and_each_app_counts_by_itself() -> None:
    seconds = 0.0
    flood = Flood(2, clock=lambda: seconds)
    assert [flood.weigh("a", bytes([n])) for n in (1, 2, 3, 1)] == [False, False, True, False]
    assert not flood.weigh("b", b"1")
    seconds = HOUR_SECONDS - 1
    assert flood.weigh("a", b"4")
    seconds = HOUR_SECONDS
    assert not flood.weigh("a", b"4")


def test_what_is_shown_is_in_the_language_that_was_asked_for(apps: Apps) -> None:
    english = apps.client.get(f"{PATH}/services.json?lang=en").get_json()
    assert english[0]["service_name"] == "Roads and bridges"
    assert english[0]["keywords"] == "Roads, bridges"
    indonesian = apps.client.get(f"{PATH}/services.json?lang=xx").get_json()
    assert indonesian[0] == {
        "service_code": "jalan",
        "service_name": "Jalan dan jembatan",
        "description": "Laporan tentang: Jalan dan jembatan.",
        "metadata": True,
        "type": "blackbox",
        "keywords": "Jalan, jembatan",
        "group": "Dinas Pekerjaan Umum dan Penataan Ruang",
    }
    sensitive = [each for each in indonesian if "/lapor/" in each["description"]]
    assert {each["service_code"] for each in sensitive} == {
        code for code, topic in apps.world.directory.topics.items() if topic.sensitive
    }


def test_an_update_that_is_taken_is_answered_in_both_formats(apps: Apps, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(ReceiveFromApp, "update", lambda _, app, update: said.append((app.ident, update.text)))
    typed = {"api_key": apps.key, "service_request_id": "7", "update_id": "9", "status": "OPEN", "description": "Ya."}
    answer = apps.client.post(f"{PATH}/servicerequestupdates.json", data=typed)
    assert (answer.status_code, answer.get_json()) == (200, [{"update_id": "9"}])
    answer = apps.client.post(f"{PATH}/servicerequestupdates.xml", data=typed)
    assert answer.status_code == 200
    assert [update.findtext("update_id") for update in fromstring(answer.data).iter("request_update")] == ["9"]
    assert said == [("warga", "Ya.")] * 2
    for name in ("service_request_id", "update_id"):
        answer = apps.client.post(f"{PATH}/servicerequestupdates.json", data=typed | {name: ""})
        assert (answer.status_code, name in answer.get_json()[0]["description"]) == (400, True)


@pytest.mark.parametrize("unset", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_a_day_that_no_calendar_has_is_told_as_wrong(apps: Apps, unset: str) -> None:
    """.NET writes an unset date so. Told that we are broken, the app would send it again for ever."""
    assert "attribute[happened_on]: " in apps.refused(400, **{"attribute[happened_on]": unset})
