"""Doors answer in a further language: what its catalogue says, the rest as Indonesian and marked so."""

import re

import pytest
from flask import Flask, Response

from functions.casework.formats import foreign_text
from functions.web.language import resolve_answers
from tests.markup import page
from tests.world import JSON, World

HTML = {"Accept": "text/html"}
MARKS = re.compile(f"[{foreign_text.START}{foreign_text.END}]|ufdd[01]")


def test_the_whole_way_of_a_reporter_is_in_javanese(world: World) -> None:
    fields = world.fields(submission_key="", lang="jv")
    wrong = world.intake.post("/api/reports", data=fields | {"body": ""}, headers=HTML)
    assert "Serataken punapa ingkang kedadosan." in wrong.text
    checked = world.intake.post("/api/reports", data=fields, headers=HTML)
    root = page(checked)
    assert root.get("lang") == "jv"
    assert "Sasampunipun panjenengan mencét Kintun" in checked.text
    hidden = {
        str(each.get("name")): each.get("value") or "" for each in root.iter("input") if each.get("type") == "hidden"
    }
    assert hidden["lang"] == "jv"
    chosen = {"topic": fields["topic"]}
    done = world.intake.post("/api/reports", data=hidden | chosen, headers=HTML)
    assert done.status_code == 201
    assert "Laporan panjenengan sampun aman" in done.text
    code = re.search(r"[0-9A-HJKMNP-TV-Z]{5}(?:-[0-9A-HJKMNP-TV-Z]{5}){4}", done.text)
    assert code
    thread = world.thread.post("/api/thread", data={"receipt": code[0], "lang": "jv"}, headers=HTML)
    assert page(thread).get("lang") == "jv"
    assert 'lang="id"' in thread.text
    assert not [answer for answer in (wrong, checked, done, thread) if MARKS.search(answer.text)]


def test_json_has_no_marks_and_what_is_stored_has_none(world: World) -> None:
    receipt = world.report(lang="jv")["receipt"]
    asked = world.thread.post("/api/thread", json={"receipt": receipt, "lang": "jv"}, headers=JSON)
    refused = world.intake.post("/api/reports", json=world.fields(body="", lang="jv"), headers=JSON)
    assert (asked.status_code, refused.status_code) == (200, 422)
    assert not MARKS.search(asked.text + refused.text)


@pytest.mark.parametrize("media_type", ["image/jpeg", "image/png", "application/pdf", "application/octet-stream"])
def test_bytes_that_hold_those_of_a_mark_by_chance_are_answered_as_they_are(media_type: str) -> None:
    """One photo of a megabyte in sixteen does."""
    app, raw = Flask(__name__), b"\xff\xd8" + foreign_text.START.encode() + b"\xff" + rb"\ufdd0"
    app.add_url_rule("/", view_func=lambda: Response(raw, mimetype=media_type))
    resolve_answers(app)
    answer = app.test_client().get("/")
    assert (answer.status_code, answer.get_data()) == (200, raw)
