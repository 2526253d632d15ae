"""A small server of the standard, right in everything, in which deviations of FixMyStreet's own server can be switched
on: the suite must find each of them by name, and nothing where there is none."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Flask, Response, request

from tests.open311.wire import LISTS
from tests.served import served

# What FixMyStreet's server does otherwise, by what it is called here, and the rules that must find it.
DEVIATIONS = {
    "no_definitions": {
        "definitions: the definition of a service is there, in both formats",
        "errors: an unknown service is 404 with a list of errors",
    },
    "no_reporting": {
        "errors: reporting without a key is 403 with a list of errors",
        "errors: reporting with a key that is none is 403 with a list of errors",
        "reporting: a report gets a number or a token, and what follows from it",
    },
    "no_tokens": {"errors: an unknown token is 404 with a list of errors"},
    "errors_are_pages": {
        "errors: an unknown request is 404 with a list of errors",
        "errors: dates that are none are 400 with a list of errors",
    },
    "json_is_wrapped": {"services: JSON is a bare list", "requests: JSON is a bare list"},
    "application_xml": {
        "services: services.xml is text/xml; charset=utf-8",
        "requests: requests.xml is text/xml; charset=utf-8",
    },
    "metadata_is_text": {"services: JSON fits the schema"},
    "agency_is_an_object": {"requests: JSON fits the schema"},
    "names_the_reporter": {"requests: nothing of who reported is published"},
}
KEY = "kunci-percobaan"
PAGE = Response("<!DOCTYPE html><title>Open311</title><p>Sorry.", 200, content_type="text/html; charset=utf-8")
MEDIA = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
WHEN = "2026-11-01T00:00:00+08:00"
SERVICES: list[dict[str, Any]] = [
    {
        "service_code": code,
        "service_name": name,
        "description": name,
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": "",
    }
    for code, name in (("001", "Lubang"), ("002", "Lampu"))
]
ATTRIBUTE = {
    "variable": True,
    "code": "WARNA",
    "datatype": "singlevaluelist",
    "required": True,
    "datatype_description": "",
    "order": 1,
    "description": "Warna apa?",
    "values": [{"key": "m", "name": "Merah"}],
}
REQUESTS: list[dict[str, Any]] = [
    {
        "service_request_id": number,
        "status": status,
        "service_code": code,
        "service_name": name,
        "description": "Rusak.",
        "agency_responsible": "Dinas",
        "requested_datetime": WHEN,
        "updated_datetime": WHEN,
    }
    for number, status, code, name in (("1", "open", "001", "Lubang"), ("2", "closed", "002", "Lampu"))
]
DISCOVERY = {
    "changeset": WHEN,
    "contact": "Percobaan",
    "key_service": "Percobaan",
    "endpoints": [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "http://127.0.0.1/v2",
            "changeset": WHEN,
            "type": "test",
            "formats": ["text/xml", "application/json"],
        }
    ],
}


class Stub:
    """Answers, with these deviations."""

    def __init__(self, deviations: frozenset[str]) -> None:
        assert deviations <= set(DEVIATIONS)
        self.deviations = deviations
        self.taken = [*REQUESTS]

    def __contains__(self, deviation: str) -> bool:
        return deviation in self.deviations

    def say(self, fmt: str, root: str, content: Any, status: int = 200) -> Response:
        if fmt == "json":
            body = json.dumps({root: content} if "json_is_wrapped" in self and isinstance(content, list) else content)
            return Response(body, status, content_type=MEDIA["json"])
        top = Element(root)
        fill(top, content)
        media = "application/xml; charset=utf-8" if "application_xml" in self else MEDIA["xml"]
        return Response(tostring(top, encoding="utf-8", xml_declaration=True), status, content_type=media)

    def wrong(self, fmt: str, status: int, text: str) -> Response:
        if "errors_are_pages" in self:
            return PAGE
        return self.say(fmt, "errors", [{"code": status, "description": text}], status)

    def services(self) -> list[dict[str, Any]]:
        if "metadata_is_text" in self:
            return [service | {"metadata": "false"} for service in SERVICES]
        return SERVICES

    def requests(self, wanted: dict[str, str]) -> list[dict[str, Any]]:
        found = self.taken
        if wanted.get("service_request_id"):
            return self.shown([r for r in found if r["service_request_id"] in wanted["service_request_id"].split(",")])
        for name in ("status", "service_code"):
            if wanted.get(name):
                found = [each for each in found if each[name] in wanted[name].split(",")]
        if (wanted.get("end_date") or WHEN) < "2000":
            found = []
        return self.shown(found)

    def shown(self, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        more: dict[str, Any] = {}
        if "agency_is_an_object" in self:
            more["agency_responsible"] = {"recipient": "Dinas"}
        if "names_the_reporter" in self:
            more["requestor_name"] = "Bunga"
        return [each | more for each in found]

    def take(self, fmt: str, form: dict[str, str]) -> Response:
        if form.get("api_key") != KEY:
            return self.wrong(fmt, 403, "api_key")
        code = form.get("service_code", "")
        known = {service["service_code"]: service["service_name"] for service in SERVICES}
        if code not in known:
            return self.wrong(fmt, 404 if code else 400, "service_code")
        if not form.get("attribute[WARNA]"):
            return self.wrong(fmt, 400, "WARNA")
        number = token_hex(4)
        self.taken.append(
            REQUESTS[0] | {"service_request_id": number, "service_code": code, "service_name": known[code]}
        )
        return self.say(fmt, "service_requests", [{"service_request_id": number, "service_notice": "Baik."}])


def fill(element: Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            fill(SubElement(element, name), value)
    elif isinstance(content, list):
        for each in content:
            fill(SubElement(element, LISTS[element.tag]), each)
    else:
        element.text = str(content).lower() if isinstance(content, bool) else str(content)


@contextmanager
def stub(*deviations: str) -> Iterator[str]:
    """Serve it; yields its address."""
    with served(make_app(Stub(frozenset(deviations)))) as url:
        yield f"{url}/v2"


def make_app(stub: Stub) -> Flask:
    app = Flask(__name__, static_folder=None)

    @app.get("/v2/discovery.<fmt>")
    def discovery(fmt: str) -> Response:
        response = stub.say(fmt, "discovery", DISCOVERY)
        response.content_type = f"{'text' if fmt == 'xml' else 'application'}/{fmt}"
        return response

    @app.get("/v2/services.<fmt>")
    def services(fmt: str) -> Response:
        return stub.say(fmt, "services", stub.services())

    @app.get("/v2/services/<code>.<fmt>")
    def definition(code: str, fmt: str) -> Response:
        if "no_definitions" in stub:
            return Response("<h1>Not Found</h1>", 404)
        if code not in {service["service_code"] for service in SERVICES}:
            return stub.wrong(fmt, 404, "service_code")
        return stub.say(fmt, "service_definition", {"service_code": code, "attributes": [ATTRIBUTE]})

    @app.route("/v2/requests.<fmt>", methods=["GET", "POST"])
    def requests(fmt: str) -> Response:
        if request.method == "POST":
            return Response("<h1>No</h1>", 405) if "no_reporting" in stub else stub.take(fmt, dict(request.form))
        if "kemarin" in request.args.values():
            return stub.wrong(fmt, 400, "start_date")
        return stub.say(fmt, "service_requests", stub.requests(dict(request.args)))

    @app.get("/v2/requests/<number>.<fmt>")
    def one(number: str, fmt: str) -> Response:
        found = stub.requests({"service_request_id": number})
        return stub.say(fmt, "service_requests", found) if found else stub.wrong(fmt, 404, "service_request_id")

    @app.get("/v2/tokens/<token>.<fmt>")
    def tokens(token: str, fmt: str) -> Response:
        return Response("<h1>Not Found</h1>", 404) if "no_tokens" in stub else stub.wrong(fmt, 404, "token")

    return app
