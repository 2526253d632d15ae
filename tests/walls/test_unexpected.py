"""What a door logs as unforeseen is heard in its own process and in a running product's lines (``tests.unexpected``)."""

import logging

import pytest
from flask import Flask

from functions.config import logs
from functions.web import errors
from tests.unexpected import EVENTS, among, noted

pytestmark = pytest.mark.breaks


def test_a_door_that_breaks_is_heard_whatever_its_answer_and_handlers() -> None:
    app = Flask("functions.web", template_folder="templates")
    errors.register(app, {})
    app.add_url_rule("/", view_func=lambda: 1 / 0)
    logs.configure()
    with noted() as lines:
        assert app.test_client().get("/", headers={"Accept": "application/json"}).status_code == 500
    (line,) = lines
    assert "ZeroDivisionError" in line


def test_what_is_foreseen_is_not() -> None:
    with noted() as lines:
        logs.report("trouble", code="busy")
        logging.getLogger("lapor").warning("other")
    assert lines == []


@pytest.mark.parametrize("event", sorted(EVENTS))
def test_a_products_lines_tell(event: str) -> None:
    record = logging.LogRecord("lapor", logging.ERROR, "", 0, event, (), None)
    record.__dict__ |= logs.fields(event, ValueError())
    other = logging.LogRecord("lapor", logging.ERROR, "", 0, "trouble", (), None)
    other.__dict__ |= logs.fields("trouble", ValueError())
    assert among(["ready http://127.0.0.1:8000", logs.line(other), logs.line(record)]) == [logs.line(record)]
