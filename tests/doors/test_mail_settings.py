"""When an officer's mail leaves, chosen at the desk; a link in place of one that another device used."""

import re
from dataclasses import replace

import pytest

from functions.casework.deadlines.digests import Choice, Pace
from functions.casework.directory.agencies import Role
from functions.storage.registers.mail_choices import read_choices
from tests.markup import check_page
from tests.world import JSON, World

HTML = {"Accept": "text/html"}


def test_an_officer_chooses_and_only_their_own_mail_changes(world: World) -> None:
    desk, ident = world.desk_of("kutim"), world.officer("kutim").ident
    assert desk.get("/desk/settings").get_json() == {"pace": "digest", "hour": "9", "hours": ["7", "9", "12", "15"]}
    answer = desk.post("/desk/settings", {"pace": "only", "hour": "7"})
    assert (answer.status_code, answer.get_json()["pace"]) == (200, "only")
    assert read_choices(world.store, "kutim") == {ident: Choice(Pace.ONLY, 7)}
    other = world.desk_of("kutim-dpupr")
    assert other.get("/desk/settings").get_json()["pace"] == "digest"
    register = world.store.read_register("mail:kutim")
    assert register
    assert b"@" not in register.body  # by ident: the desk knows no address


def test_the_page_shows_what_holds_keeps_what_is_right_and_says_what_is_wrong(world: World) -> None:
    desk = world.desk_of("kutim")
    for language in ("", "?lang=en"):
        check_page(desk.client.get(f"/desk/settings{language}", headers=HTML).text)
    form = {"csrf_token": desk.csrf, "pace": "all", "hour": "12"}
    saved = desk.client.post("/desk/settings", data=form, headers=HTML)
    assert (saved.status_code, saved.headers["Location"]) == (303, "/desk/settings?done=yes")
    page = desk.client.get("/desk/settings?done=yes", headers=HTML).text
    check_page(page)
    assert "Tersimpan." in page
    assert re.search(r'value="all" checked', page)
    assert re.search(r'value="12" selected', page)
    wrong = desk.client.post("/desk/settings", data=form | {"pace": "kapan saja", "hour": "3"}, headers=HTML)
    assert wrong.status_code == 422
    check_page(wrong.text)
    assert wrong.text.count("Pilihan ini tidak ada") == 4  # in the summary and beside each
    assert desk.post("/desk/settings", {"pace": "x", "hour": "9"}).status_code == 422
    assert "/desk/settings" in desk.client.get("/desk/", headers=HTML).text


def again(world: World, token: str, accept: dict[str, str] = HTML) -> tuple[int, str]:
    answer = world.desk_app.test_client().post("/desk/links/again", data={"token": token}, headers=accept)
    return answer.status_code, answer.text


def test_a_second_phone_gets_a_link_of_its_own_with_one_button(world: World) -> None:
    """The first stays signed in; the page neither asks for an address nor knows one."""
    first = world.desk_of("kutim")
    token, address = world.mailbox.tokens()[-1], world.officer("kutim").email
    world.later(hours=1)
    phone = world.desk_app.test_client()
    page = phone.post("/desk/session", data={"token": token}, headers=HTML)
    assert page.status_code == 403
    check_page(page.text)
    assert 'action="/desk/links/again"' in page.text
    assert address not in page.text
    assert phone.post("/desk/session", data={"token": token}, headers=JSON).get_json()["code"] == "link_used"
    before = len(world.mailbox.letters)
    status, said = again(world, token)
    assert (status, address in said) == (202, False)
    world.run_courier()
    (letter,) = world.mailbox.letters[before:]
    assert letter.to == address
    second = world.desk(world.mailbox.tokens(address)[-1])
    assert (first.get("/desk/").status_code, second.get("/desk/").status_code) == (200, 200)
    again(world, token)  # within the hour: no second one
    world.run_courier()
    assert len(world.mailbox.letters) == before + 1
    world.later(hours=1)
    again(world, token)
    world.run_courier()
    assert len(world.mailbox.letters) == before + 2


def test_a_link_that_is_over_can_be_renewed_and_one_that_is_not_ours_gets_the_same_answer(world: World) -> None:
    world.desk_of("kutim")
    token = world.mailbox.tokens()[-1]
    world.later(days=30)
    late = world.desk_app.test_client().post("/desk/session", data={"token": token}, headers=HTML)
    assert (late.status_code, 'action="/desk/links/again"' in late.text) == (403, True)
    count = len(world.mailbox.letters)
    answers = {
        again(world, text)
        for text in (token, f"{token[:-3]}{'abc' if token[-3] != 'a' else 'bac'}", "x.y", "kutim-koordinator.x")
    }
    assert len(answers) == 1
    assert {again(world, text, JSON) for text in (token, "x.y")} == {(202, "{}\n")}
    world.run_courier()
    assert len(world.mailbox.letters) == count + 1
    assert again(world, " ")[0] == again(world, "kutim-koordinator")[0] == 422
    forged = world.desk_app.test_client().post("/desk/session", data={"token": "x"}, headers=HTML)
    assert "/desk/links/again" not in forged.text


@pytest.mark.parametrize("typed", ["kutim-1", "dpupr-1"])
def test_an_ident_typed_in_place_of_an_address_brings_nothing(world: World, typed: str) -> None:
    """Else whoever guesses an ident would learn nothing, but could fill a mailbox."""
    assert any(officer.ident == typed for officer in world.officers) or typed == "kutim-1"
    answer = world.desk_app.test_client().post("/desk/links", json={"email": typed}, headers=JSON)
    assert answer.status_code == 422


def test_a_removed_officers_link_renews_nothing(world: World) -> None:
    world.desk_of("kutim")
    token, count = world.mailbox.tokens()[-1], len(world.mailbox.letters)
    world.later(hours=1)
    mail = world.deliver.officers
    gone = world.officer("kutim").ident
    left = tuple(officer for officer in world.officers if officer.ident != gone)
    world.deliver = replace(world.deliver, officers=replace(mail, officers=left))
    assert again(world, token)[0] == 202
    world.run_courier()
    assert len(world.mailbox.letters) == count


def test_a_clerk_has_no_such_page(world: World) -> None:
    clerk = world.desk_of("kutim-diskominfo", Role.CLERK)
    assert clerk.get("/desk/settings").status_code == 404
