"""What an error page offers: nothing that leads away from what was typed, and to an officer their own desk."""

import pytest
from flask import Flask, abort
from werkzeug.test import Client

from functions.local.forward import resting_door
from functions.web.door import make_door
from tests.pages import check_page

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def door() -> Client:
    """A door that breaks, and knows nothing else."""
    app: Flask = make_door("functions.broken", {}, https=False)

    @app.route("/broken", methods=["GET", "POST"])
    def broken() -> str:
        raise ValueError

    @app.post("/large")
    def large() -> str:
        abort(413)

    return Client(app)


def ways(page: str) -> list[tuple[str, str, bool]]:
    """The buttons of the page: what they say, where they lead, and whether they stand out."""
    main = next(check_page(page).iter("main"))
    found = [each for each in main.iter("a") if "btn" in (each.get("class") or "").split()]
    return [
        (each.text or "", each.get("href") or "", "quiet" not in (each.get("class") or "").split()) for each in found
    ]


FRONT, HELP = ("Ke halaman depan", "/", False), ("Bantuan", "/bantuan/", False)


@pytest.mark.parametrize("code", ["busy", "starting", "cut_off", "offline"])
def test_where_a_door_rests_the_same_page_is_asked_for_again(code: str) -> None:
    page = Client(resting_door(code, https=False)).get("/desk/?view=late", headers=HTML).text
    assert ways(page) == [("Coba lagi", "", True), FRONT, HELP]


@pytest.mark.breaks
def test_what_was_sent_in_vain_is_one_page_back_and_no_button_leads_away_from_it(door: Client) -> None:
    assert ways(door.get("/broken", headers=HTML).text) == [("Coba lagi", "", True), FRONT, HELP]
    assert ways(door.post("/broken", headers=HTML).text) == [FRONT, HELP]
    large = door.post("/large", headers=HTML).text
    assert ways(large) == [FRONT, HELP]
    assert "Tekan “Kembali” di browser: tulisan Anda masih ada di sana." in large


def test_an_officer_who_errs_comes_back_to_their_desk(door: Client) -> None:
    assert ways(door.get("/desk/nothing", headers=HTML).text) == [("Meja hari ini", "/desk/", True)]
    assert ways(door.get("/custody/nothing", headers=HTML).text) == [("Daftar permintaan", "/custody/", True)]
    assert ways(door.get("/desk/", headers=HTML).text) == [("Ke halaman depan", "/", True), HELP]
    assert ways(door.get("/nothing", headers=HTML).text) == [("Ke halaman depan", "/", True), HELP]
