"""Open311's data and formats: what is written, and what is read of servers that write it their own way."""

import json
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.formats.open311 import (
    Accepted,
    Attribute,
    Datatype,
    Definition,
    Fault,
    Request,
    Status,
    Update,
    Value,
    plain,
    read,
)
from functions.casework.formats.open311_wire import ITEMS, as_list, from_xml, write
from functions.open311.reading import read_asked

REQUEST = Request(
    "P1", Status.OPEN, "Jalan", "001", "Rusak & <lubang>.", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"
)


def test_what_is_none_is_not_written_and_a_list_of_one_is_a_list() -> None:
    assert plain(Accepted(token="T")) == {"token": "T"}
    attribute = Attribute(False, "a", Datatype.STRING, False, "", 1, "Baca ini.")
    assert "values" not in plain(attribute)
    chosen = Attribute(True, "b", Datatype.SINGLE, True, "", 2, "Pilih.", (Value("001", "Satu"),))
    written = plain(Definition("001", (attribute, chosen)))
    assert json.loads(write("json", "service_definition", written))["attributes"][1]["values"] == [
        {"key": "001", "name": "Satu"}
    ]
    xml = write("xml", "service_definition", written)
    assert b"<values><value><key>001</key><name>Satu</name></value></values>" in xml
    assert b"<variable>false</variable>" in xml
    assert xml.startswith(b"<?xml version='1.0' encoding='utf-8'?>")


def test_what_is_written_is_read_the_same_from_both_formats() -> None:
    written = [plain(REQUEST)]
    for content in (
        json.loads(write("json", "service_requests", written)),
        from_xml(fromstring(write("xml", "service_requests", written))),
    ):
        assert [read(Request, each) for each in as_list(content)] == [REQUEST]


@pytest.mark.parametrize(
    ("answered", "wanted"),
    [
        ([{"service_request_id": 293944, "account_id": None}], Accepted(service_request_id="293944")),
        ({"service_request_id": "12", "service_notice": ""}, Accepted(service_request_id="12")),
        ({"service_requests": [{"token": "x", "more": {"a": 1}}]}, Accepted(token="x")),
    ],
)
def test_an_answer_is_read_however_its_server_wraps_it(answered: Any, wanted: Accepted) -> None:
    assert [read(Accepted, each) for each in as_list(answered)] == [wanted]


@pytest.mark.parametrize(
    "one",
    [
        {"token": "x"},
        {"tags": ["a", "b"]},  # a list that the standard does not know
        {"service_requests": {"token": "x"}},  # and a name of one that holds none
        {"service_code": "001", "attributes": [{"code": "a"}]},
    ],
)
def test_an_object_is_one_answer_though_it_holds_a_list(one: dict[str, Any]) -> None:
    assert as_list(one) == [one]


def test_who_names_no_bounds_is_answered_by_those_of_the_standard() -> None:
    """They are "a span of 90 days or first 1000 requests returned" (GeoReport v2, GET Service Requests)."""
    now = datetime(2026, 11, 27, 9, tzinfo=UTC)
    asked = read_asked({}, now)
    assert (asked.start, asked.end, asked.page_size) == (datetime(2026, 8, 29, 9, tzinfo=UTC), now, 1000)


def test_an_update_of_another_server_is_read() -> None:
    xml = (
        b"<service_requests_updates><request_update><update_id>7</update_id><service_request_id>1</service_request_id>"
        b"<status>CLOSED</status><updated_datetime>2026-11-01T00:00:00Z</updated_datetime><description>Sudah.</description>"
        b"<media_url/></request_update></service_requests_updates>"
    )
    (update,) = as_list(from_xml(fromstring(xml)))
    assert read(Update, update) == Update("7", "1", Status.CLOSED, "2026-11-01T00:00:00Z", "Sudah.")


@pytest.mark.parametrize("broken", [None, [], "x", 7, {"update_id": "1"}, {**plain(REQUEST), "status": "fixed"}])
def test_what_is_no_answer_is_told(broken: Any) -> None:
    with pytest.raises(ValueError):
        read(Update if broken == {"update_id": "1"} else Request, broken)
    assert as_list("x") == []


@given(st.text())
def test_any_text_makes_xml_that_can_be_read(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    (error,) = fromstring(write("xml", "errors", [plain(Fault(400, text))]))
    said = error.find("description").text or ""
    assert [c for c in said if c not in "\r\n"] == [c for c in text if c in said and c not in "\r\n"]


def test_every_list_in_the_data_has_a_name_for_one_of_it() -> None:
    lists = {field.name for kind in (Attribute, Definition) for field in fields(kind) if "tuple" in str(field.type)}
    assert lists <= set(ITEMS)
