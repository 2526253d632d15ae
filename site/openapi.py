"""The description of the doors' calls (OpenAPI 3.1) behind ``/openapi.json``.

Its enumerations are the domain's own, so they cannot drift from it. Every call also takes an HTML form with the
same field names and then answers with a page; what stands here is the JSON side.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from functions.casework.case import Kind, Outcome, Sealed
from functions.casework.stages import Actor, Move, Stage

Schema = dict[str, Any]

KEY = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "128 random bits made by the client, in hex"}
TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "integer", "minimum": 1, "description": "place in the conversation"}
RECEIPT = {
    "type": "string",
    "description": "The secret code of a report: five groups of five symbols, the last of each a check symbol. "
    "Any case, with or without separators.",
}


def _enum(values: type[Enum]) -> Schema:
    return {"type": "string", "enum": [value.value for value in values]}


def _object(properties: Mapping[str, Schema], optional: str = "") -> Schema:
    left_out = set(optional.split())
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in left_out],
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _schemas() -> Schema:
    stage = _enum(Stage)
    file = _object({"n": COUNT, "type": TEXT, "size": COUNT})
    message = {"n": NUMBER, "from": _enum(Actor), "on": DAY, "body": TEXT, "files": _list(file)}
    entry = {"tracking_id": TEXT, "stage": stage, "due": DAY, "topic": TEXT, "district": TEXT}
    return {
        "Report": _object(
            {
                "kind": _enum(Kind),
                "topic": {"type": "string", "description": "a topic's code"},
                "district": {"type": "string", "description": "Kemendagri code of the kecamatan, e.g. 64.08.04"},
                "body": {"type": "string", "minLength": 1, "maxLength": 20000},
                "submission_key": KEY,
                "place": TEXT,
                "happened_on": DAY,
                "subject": TEXT,
                "about_agency": {"type": "string", "description": "code of the agency that must not see the report"},
                "about_officials": TEXT,
                "identity_mode": {"type": "string", "enum": ["anonim"], "default": "anonim"},
                "lang": {"type": "string", "enum": ["id", "en"], "default": "id"},
            },
            optional="place happened_on subject about_agency about_officials identity_mode lang",
        ),
        "Accepted": _object({"receipt": RECEIPT, "tracking_id": TEXT, "stage": stage, "due": DAY}),
        "Message": _object(message),
        "Thread": _object(
            {
                "tracking_id": TEXT,
                "stage": stage,
                "due": DAY,
                "messages": _list(_ref("Message")),
                "actions": _list(_enum(Move)),
            }
        ),
        "Session": _object({"csrf": TEXT, "officer": TEXT, "agency": TEXT, "case": TEXT}, optional="case"),
        "Inbox": _object(
            {
                "cases": _list(_object(entry | {"overdue": {"type": "boolean"}, "subject": TEXT}, optional="subject")),
                "next": {"type": ["string", "null"], "description": "pass as `after`; empty or null at the end"},
            }
        ),
        "DeskCase": {
            "allOf": [
                _ref("Thread"),
                _object(
                    {"sealed": _enum(Sealed), "routing": {"type": "object"}, "clocks": {"type": "object"}},
                ),
            ]
        },
        "Standing": _object({"stage": stage, "due": DAY}),
        "Stage": _object({"stage": stage}),
        "Number": _object({"n": NUMBER}),
        "Problem": _object(
            {
                "type": TEXT,
                "title": TEXT,
                "status": COUNT,
                "detail": TEXT,
                "errors": _list(_object({"field": TEXT, "message": TEXT})),
            },
            optional="type detail errors",
        ),
    }


def _answer(schema: str, text: str) -> Schema:
    return {"description": text, "content": {"application/json": {"schema": _ref(schema)}}}


def _problems(*statuses: int) -> Schema:
    texts = {
        403: "Not this session's to do, or the CSRF token is missing",
        404: "Unknown, told in the same words whatever the reason",
        401: "No session, or the link does not open",
        409: "Not possible at this stage, or somebody else wrote first",
        413: "Too large",
        415: "Not a file we take",
        422: "Fields are missing or wrong: see `errors`",
        503: "The store does not answer; the same call may succeed later",
    }
    return {
        str(status): {
            "description": texts[status],
            "content": {"application/problem+json": {"schema": _ref("Problem")}},
        }
        for status in statuses
    }


def _call(name: str, text: str, answers: Schema, body: Schema | None = None, media: str = "application/json") -> Schema:
    call: Schema = {"operationId": name, "summary": text, "responses": answers}
    if body is not None:
        call["requestBody"] = {"required": True, "content": {media: {"schema": body}}}
    return call


def _as_officer(call: Schema, *parameters: Schema, changes: bool = False) -> Schema:
    token = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": TEXT}
    call["security"] = [{"session": []}]
    call["parameters"] = [*parameters, *([token] if changes else [])]
    return call


def _reporter_paths() -> Schema:
    receipt: Schema = {"receipt": RECEIPT}
    reason: Schema = {"reason": {"type": "string", "minLength": 1}}
    verdict: Schema = receipt | {
        "verdict": {"type": "string", "enum": ["selesai", "belum"]},
        "rating": {"type": "integer", "minimum": 1, "maximum": 5},
        "reason": {"type": "string", "description": "required with `belum`"},
    }
    upload: Schema = receipt | {"file": {"type": "string", "format": "binary"}, "file_key": KEY}
    sent = {"201": _answer("Accepted", "Stored and sealed"), "200": _answer("Accepted", "The same report again")}
    number = {"201": _answer("Number", "Stored")}
    stage = {"200": _answer("Stage", "Done")} | _problems(404, 409, 422, 503)
    return {
        "/api/reports": {"post": _call("report", "Send a report", sent | _problems(413, 422, 503), _ref("Report"))},
        "/api/thread": {
            "post": _call(
                "read",
                "Read a report",
                {"200": _answer("Thread", "As it stands")} | _problems(404, 503),
                _object(receipt),
            )
        },
        "/api/thread/messages": {
            "post": _call(
                "write",
                "Add a message",
                number | _problems(404, 409, 422, 503),
                _object(receipt | {"body": {"type": "string", "minLength": 1}, "message_key": KEY}),
            )
        },
        "/api/thread/files": {
            "post": _call(
                "attach",
                "Add one file: JPEG, PNG, WebP or PDF, at most 5 MB; five a report",
                number | _problems(404, 409, 413, 415, 422, 503),
                _object(upload),
                "multipart/form-data",
            )
        },
        "/api/thread/verdict": {
            "post": _call("judge", "Say whether it is done", stage, _object(verdict, optional="rating reason"))
        },
        "/api/thread/appeal": {"post": _call("appeal", "Go to the next level", stage, _object(receipt | reason))},
        "/api/thread/withdraw": {"post": _call("withdraw", "Withdraw the report", stage, _object(receipt | reason))},
    }


def _desk_paths() -> Schema:
    case = {"name": "tracking_id", "in": "path", "required": True, "schema": TEXT}
    after = {"name": "after", "in": "query", "schema": TEXT}
    reason = {"reason": {"type": "string", "minLength": 1}}
    standing = {"200": _answer("Standing", "Done")} | _problems(401, 403, 404, 409, 422, 503)
    number = {"201": _answer("Number", "Stored")} | _problems(401, 403, 404, 409, 413, 422, 503)
    text = _object({"body": {"type": "string", "minLength": 1}, "message_key": KEY})
    file = _object({"file": {"type": "string", "format": "binary"}, "file_key": KEY})
    changes = {
        "messages": _call("answer", "Answer the reporter", number, text),
        "files": _call("answerWithFile", "Add one file", number | _problems(415), file, "multipart/form-data"),
        "stage": _call("setStage", "Set the stage", standing, _object({"stage": _enum(Stage)} | reason, "reason")),
        "handover": _call("handOver", "Hand on to an agency", standing, _object({"agency": TEXT} | reason)),
        "extend": _call("extend", "Extend the deadline, once", standing, _object({"due": DAY} | reason)),
        "close": _call("close", "Close with an outcome", standing, _object({"outcome": _enum(Outcome)} | reason)),
    }
    paths = {
        f"/desk/cases/{{tracking_id}}/{name}": {"post": _as_officer(call, case, changes=True)}
        for name, call in changes.items()
    }
    opened = {"200": _answer("Session", "A session cookie, bound to this browser")} | _problems(401, 422, 503)
    shown = {"200": _answer("DeskCase", "The words only for who may read them")} | _problems(401, 404, 503)
    listed = {"200": _answer("Inbox", "Open cases by due date, then closed ones")} | _problems(401, 422, 503)
    sent: Schema = {"202": {"description": "Always, whether the address is known or not"}} | _problems(422, 503)
    return {
        "/desk/session": {"post": _call("enter", "Exchange a signed link", opened, _object({"token": TEXT}))},
        "/desk/links": {"post": _call("askForLink", "Ask for a new link", sent, _object({"email": TEXT}))},
        "/desk/": {"get": _as_officer(_call("inbox", "A page of the inbox", listed), after)},
        "/desk/cases/{tracking_id}": {"get": _as_officer(_call("show", "One case", shown), case)},
        **paths,
    }


def document() -> Schema:
    """The whole description, ready for JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lapor Anonim",
            "version": "1",
            "description": "Send `Accept: application/json` for JSON answers. No call by a reporter sets a cookie.",
        },
        "paths": _reporter_paths()
        | _desk_paths()
        | {
            "/healthz": {
                "get": _call("health", "Whether this door works", {"200": {"description": "Yes"}} | _problems(503))
            }
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "lapor-desk"}},
        },
    }
