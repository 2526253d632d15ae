"""The check page finds what may show who wrote, and masks it where the writer wants it."""

import re

from werkzeug.test import TestResponse

from functions.storage.interface import Scope
from tests.pages import check_page
from tests.world import World

HTML = {"Accept": "text/html"}
BODY = "Nama saya Budi Santoso, hp 0812-3456-7890.\r\nGuru honorer belum dibayar 😡 4 bulan. Jangan sebut nama saya."


def send(world: World, fields: dict[str, str], *ticks: str) -> TestResponse:
    answer = world.intake.post("/api/reports", data={**fields, "mask": list(ticks)}, headers=HTML)
    check_page(answer.text)
    return answer


def first_check(world: World, **changes: str) -> tuple[dict[str, str], str]:
    """The fields as the check page sends them on, and its text."""
    fields = world.fields(body=BODY, **changes)
    del fields["submission_key"]
    page = send(world, fields)
    assert page.status_code == 200
    key = re.search(r'name="submission_key" value="([^"]+)"', page.text)
    assert key
    return fields | {"submission_key": key[1]}, page.text


def ticks(page: str) -> list[str]:
    return re.findall(r'name="mask" value="([^"]+)"', page)


def cases(world: World) -> int:
    return len(world.store.page(Scope.INSTANCE, "kutim").heads)


def test_what_was_found_is_shown_with_advice_and_nothing_is_ticked(world: World) -> None:
    _, page = first_check(world, place="Rumah saya RT 06 gang Mawar")
    assert len(ticks(page)) == 3
    for text in ("Budi Santoso", "0812-3456-7890", "Rumah saya RT 06 gang Mawar", "Nomor telepon"):
        assert text in page
    assert "checked" not in page


def test_faults_are_told_in_the_order_in_which_the_form_asks(world: World) -> None:
    typed = {"kind": "x", "happened_on": "2999-01-01", "subject": "s" * 999, "about_officials": "o" * 99_999}
    typed |= {"about_agency": "x", "place": "p" * 9999, "contact": "x", "name": "Siti"}
    page = send(world, typed).text
    told = re.findall(r'<li><a href="#([a-z_]+)"', page)
    asked = [name for name in re.findall(r' id="([a-z_]+)"', page) if name in told]
    assert len(told) == 10
    assert told == asked


def test_one_finding_is_counted_as_one_also_in_english(world: World) -> None:
    typed = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "lang": "en", "body": "Call 0812-3456-7890"}
    assert "1 things" not in send(world, typed).text
    assert "May show who you are: 1 found." in send(world, typed).text


def test_who_masked_a_phone_is_not_told_of_codes_as_if_there_were_one(world: World) -> None:
    fields, page = first_check(world)
    again = send(world, fields | {"mask_now": "1"}, *ticks(page))
    assert "Bila di sini tertulis kode laporan, itu pun kami samarkan" in again.text


def test_only_the_ticked_is_masked_and_the_key_stays(world: World) -> None:
    fields, page = first_check(world)
    name, phone = ticks(page)
    again = send(world, fields | {"mask_now": "1"}, phone)
    assert again.status_code == 200
    assert "[nomor telepon disamarkan]" in again.text
    assert "0812-3456-7890" not in again.text
    assert "Budi Santoso" in again.text
    assert "😡 4 bulan" in again.text
    assert fields["submission_key"] in again.text
    assert "Sudah disamarkan" in again.text
    assert ticks(again.text) == [name]
    assert cases(world) == 0


def test_sending_with_a_tick_masks_first_and_does_not_send(world: World) -> None:
    fields, page = first_check(world)
    again = send(world, fields, *ticks(page))
    assert again.status_code == 200
    assert cases(world) == 0
    body = re.search(r'name="body" value="([^"]*)"', again.text)
    assert body
    assert "Budi" not in body[1]
    done = send(world, fields | {"body": body[1]})
    assert done.status_code == 201
    receipt = re.search(r'name="receipt" value="([^"]+)"', done.text)
    assert receipt
    read = world.read(receipt[1])["messages"][0]["body"]
    assert "[nama disamarkan]" in read
    assert "Budi" not in read


def test_what_is_left_unticked_is_sent_as_written(world: World) -> None:
    fields, _ = first_check(world)
    done = send(world, fields)
    assert done.status_code == 201
    receipt = re.search(r'name="receipt" value="([^"]+)"', done.text)
    assert receipt
    assert world.read(receipt[1])["messages"][0]["body"] == BODY.replace("\r\n", "\n")


def test_a_tick_that_fits_nothing_masks_nothing(world: World) -> None:
    fields, _ = first_check(world)
    for tick in ("body:0:5", "body:10:22x", "topic:0:3", "body:1000000:2000000", ""):
        again = send(world, fields | {"mask_now": "1"}, tick)
        assert again.status_code == 200
        assert "Budi Santoso" in again.text
    assert cases(world) == 0


def test_a_report_in_which_nothing_was_found_says_nothing(world: World) -> None:
    fields = world.fields()
    del fields["submission_key"]
    page = send(world, fields)
    assert "menunjukkan siapa Anda</legend>" not in page.text
    assert ticks(page.text) == []


def test_english_labels_in_english(world: World) -> None:
    _, page = first_check(world, lang="en")
    assert "Phone number" in page
    assert "Nomor telepon" not in page
