"""Small parts of the calls' description: types, schemas, answers."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

Schema = dict[str, Any]

KEY = {"type": "string", "pattern": "^[0-9a-f]{32}$", "description": "128 random bits made by the client, in hex"}
TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
COUNT = {"type": "integer", "minimum": 0}
NUMBER = {"type": "integer", "minimum": 1, "description": "place in the conversation"}
HEX = {"type": "string", "pattern": "^[0-9a-f]+$"}
BYTES = {"type": "string", "contentEncoding": "base64"}
ENVELOPES = (
    *("wrap_receipt", "wrap_desk", "subject", "words"),
    *("identity_wrap_receipt", "identity_wrap_custody", "identity_sealed", "contact"),
)
CHALLENGE = {"200": {"description": "An ALTCHA challenge (version 2)"}}
RECEIPT = {
    "type": "string",
    "description": "The secret code of a report: five groups of five symbols, the last of each a check symbol. "
    "Any case, with or without separators.",
}


def enum_of(values: type[Enum]) -> Schema:
    """The values of a domain's enumeration."""
    return {"type": "string", "enum": [value.value for value in values]}


def object_of(properties: Mapping[str, Schema], optional: str = "") -> Schema:
    """An object whose properties are required, but for those named in ``optional``."""
    left_out = set(optional.split())
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [name for name in properties if name not in left_out],
    }


def ref(name: str) -> Schema:
    """A reference to a named schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": items}


def answer(schema: str, text: str) -> Schema:
    """An answer in JSON."""
    return {"description": text, "content": {"application/json": {"schema": ref(schema)}}}


def problems(*statuses: int) -> Schema:
    """Problem answers (RFC 9457) by status."""
    texts = {
        403: "Not this session's to do, or the CSRF token is missing",
        404: "Unknown, told in the same words whatever the reason",
        401: "No session, or the link does not open; of a gateway, no signature of ours",
        409: "Not possible at this stage, or somebody else wrote first",
        413: "Too large",
        415: "Not a file we take",
        422: "Fields are missing or wrong: see `errors`",
        503: "The store does not answer; the same call may succeed later",
    }
    return {
        str(status): {
            "description": texts[status],
            "content": {"application/problem+json": {"schema": ref("Problem")}},
        }
        for status in statuses
    }


def call(name: str, text: str, answers: Schema, body: Schema | None = None, media: str = "application/json") -> Schema:
    """One call: name, summary, answers, and body where it has one."""
    described: Schema = {"operationId": name, "summary": text, "responses": answers}
    if body is not None:
        described["requestBody"] = {"required": True, "content": {media: {"schema": body}}}
    return described


def as_officer(described: Schema, *parameters: Schema, changes: bool = False) -> Schema:
    """A call that needs a session, and, where it ``changes`` something, its token."""
    token = {"name": "X-CSRF-Token", "in": "header", "required": True, "schema": TEXT}
    described["security"] = [{"session": []}]
    described["parameters"] = [*parameters, *([token] if changes else [])]
    return described
