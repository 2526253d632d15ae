"""The calls of apps: Open311 GeoReport v2. Each is also there in XML, which the standard wants first."""

from openapi_parts import DAY, TEXT, Schema, call, list_of, object_of

from functions.casework.formats.open311 import Status
from functions.edge.request_filter import APP_ATTRIBUTES

V2 = "/open311/v2"
FAULTS = {
    400: "Something is missing or wrong: each is named",
    403: "No api_key of an app that we know",
    404: "Unknown: service, request, token or jurisdiction",
    413: "Too large",
    503: "The store does not answer; nothing was stored, the same call may succeed later",
}


def open311_paths() -> Schema:
    """What docs/open311.md tells in words."""
    whose = _query("jurisdiction_id", "needed where several governments are served: the code of one")
    asked = [
        _query("service_request_id", "numbers with commas; overrides all below"),
        _query("service_code", "codes with commas"),
        _query("status", "open, closed, or both with a comma"),
        *_dates(),
    ]
    code, token, number = (_path(name) for name in ("service_code", "token", "service_request_id"))
    return {
        f"{V2}/discovery.json": {"get": call("open311Discovery", "Where this standard is spoken", _answer({}))},
        f"{V2}/services.json": {"get": _get("open311Services", "What may be reported", [whose], list_of({}))},
        f"{V2}/services/{{service_code}}.json": {
            "get": _get("open311Definition", "The form of a service", [code, whose], {"type": "object"}, 404)
        },
        f"{V2}/requests.json": {
            "get": _get("open311Requests", "Public reports, by months", [whose, *asked], list_of(_request())),
            "post": _report(),
        },
        f"{V2}/requests/{{service_request_id}}.json": {
            "get": _get("open311Request", "One public report", [number, whose], list_of(_request()), 404)
        },
        f"{V2}/tokens/{{token}}.json": {
            "get": _get("open311Token", "Whether a report came; its number is never told", [token, whose], _told(), 404)
        },
        f"{V2}/servicerequestupdates.json": {
            "get": _get("open311Updates", "What was answered in public", [whose, *_dates()], list_of({}))
        },
    }


def _report() -> Schema:
    """Taking a report. The standard's fields for a person are not here: they are dropped before anything reads them."""
    fields: dict[str, Schema] = {
        "api_key": TEXT,
        "service_code": TEXT,
        "description": TEXT,
        "attribute[district]": TEXT,
        "jurisdiction_id": TEXT,
        "address_id": {"type": "string", "description": "a district's code, in place of attribute[district]"},
        "address_string": TEXT,
        "submission_key": {
            "type": "string",
            "pattern": "^[0-9a-fA-F]{32}$",
            "description": "128 random bits, new for each report: the same again is the same report",
        },
        **{f"attribute[{name}]": TEXT for name in sorted(APP_ATTRIBUTES - {"district"})},
    }
    needed = {"api_key", "service_code", "description", "attribute[district]"}
    form = object_of(fields, " ".join(set(fields) - needed))
    accepted = list_of(object_of({"token": TEXT, "service_notice": TEXT}))
    answers = _answer(accepted) | _faults(400, 403, 404, 413, 503)
    return call(
        "open311Report",
        "Send a report; what its reporter is to be shown is in service_notice",
        answers,
        form,
        "application/x-www-form-urlencoded",
    )


def _get(name: str, text: str, parameters: list[Schema], schema: Schema, *more: int) -> Schema:
    return call(name, text, _answer(schema) | _faults(400, *more, 503)) | {"parameters": parameters}


def _answer(schema: Schema) -> Schema:
    return {"200": {"description": "As the standard has it", "content": {"application/json": {"schema": schema}}}}


def _faults(*statuses: int) -> Schema:
    fault = list_of(object_of({"code": {"type": "integer"}, "description": TEXT}))
    return {
        str(status): {"description": FAULTS[status], "content": {"application/json": {"schema": fault}}}
        for status in sorted(set(statuses) | {404})
    }


def _request() -> Schema:
    month = {"type": "string", "format": "date-time", "description": "the first of a month"}
    fields = dict.fromkeys(("service_request_id", "service_code", "service_name", "description", "status_notes"), TEXT)
    dates = {"requested_datetime": month, "updated_datetime": month}
    status: Schema = {"type": "string", "enum": [status.value for status in Status]}
    places = dict.fromkeys(("agency_responsible", "service_notice", "address", "address_id"), TEXT)
    return object_of({**fields, "status": status, **dates, **places}, "agency_responsible address_id")


def _told() -> Schema:
    return list_of(object_of({"token": TEXT, "service_request_id": {"type": "null"}}))


def _dates() -> list[Schema]:
    return [
        _query("start_date", "at most 90 days before end_date", DAY),
        _query("end_date", "today, where neither is given", DAY),
        _query("page", "from 1", {"type": "integer", "minimum": 1}),
        _query("page_size", "at most 1000", {"type": "integer", "minimum": 1, "maximum": 1000}),
    ]


def _query(name: str, text: str, schema: Schema = TEXT) -> Schema:
    return {"name": name, "in": "query", "description": text, "schema": schema}


def _path(name: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": TEXT}
