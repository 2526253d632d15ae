"""The templates of a door share its globals: what comes late is seen, what one template is given stays its own."""

import pytest
from flask import Flask, render_template
from jinja2 import DictLoader

from functions.web.door import make_door


@pytest.fixture
def door() -> Flask:
    made = make_door("door", {}, https=False)
    made.jinja_env.loader = DictLoader({"page.html": "{{ said }}"})
    made.jinja_env.globals["said"] = "nothing yet"
    return made


def shown(door: Flask) -> str:
    with door.test_request_context():
        return render_template("page.html")


def test_what_a_door_adds_later_is_seen_by_a_page_that_was_shown_before(door: Flask) -> None:
    assert shown(door) == "nothing yet"
    door.jinja_env.globals["said"] = "here"
    assert shown(door) == "here"


def test_what_one_template_is_given_stays_its_own(door: Flask) -> None:
    own = door.jinja_env.from_string("{{ said }}", globals={"said": "its own"})
    assert own.render() == "its own"
    assert shown(door) == "nothing yet"
