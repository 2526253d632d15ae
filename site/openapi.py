"""The description of the doors' calls (OpenAPI 3.1) behind ``/openapi.json``.

Its enumerations are the domain's own, so they cannot drift from it. Every call also takes an HTML form with the
same field names and then answers with a page; what stands here is the JSON side.
"""

from openapi_calls import custody_paths, desk_paths, gateway_paths, reporter_paths
from openapi_instance import instance_paths
from openapi_open311 import open311_paths
from openapi_parts import (
    BYTES,
    COUNT,
    DAY,
    ENVELOPES,
    HEX,
    KEY,
    NUMBER,
    RECEIPT,
    TEXT,
    Schema,
    call,
    enum_of,
    list_of,
    object_of,
    problems,
    ref,
)

from functions.casework.case import Kind, Lift, Mode, Publication, Sealed
from functions.casework.routing import Why
from functions.casework.sealed_identity import StepKind, TrustState
from functions.casework.stages import Actor, Move, Stage

ORDER: Schema = {
    "priority": {"type": "boolean", "description": "to be done before others"},
    "assigned": {"type": ["string", "null"], "description": "ident of who took it, told to his own office alone"},
    "canned": COUNT | {"description": "answers sent as a template has them; flagged from two on"},
}


def _schemas() -> Schema:
    stage = enum_of(Stage)
    publication: Schema = {"type": "string", "enum": ["none", *(p.value for p in Publication if p)]}
    file = object_of({"n": COUNT, "type": TEXT, "size": COUNT})
    message = {"n": NUMBER, "from": enum_of(Actor), "on": DAY, "body": TEXT, "files": list_of(file)}
    entry = {"tracking_id": TEXT, "stage": stage, "due": DAY, "topic": TEXT, "district": TEXT}
    entry |= {"overdue": {"type": "boolean"}, "subject": TEXT} | ORDER
    template = {"id": TEXT, "title": TEXT, "topic": TEXT, "text": TEXT}
    version = {"version": COUNT}
    return {
        "Report": object_of(
            {
                "kind": enum_of(Kind),
                "topic": {"type": "string", "description": "a topic's code"},
                "district": {"type": "string", "description": "Kemendagri code of the kecamatan, e.g. 64.08.04"},
                "body": {"type": "string", "minLength": 1, "maxLength": 20000},
                "submission_key": KEY,
                "place": TEXT,
                "happened_on": DAY,
                "subject": TEXT,
                "about_agency": {"type": "string", "description": "code of the agency that must not see the report"},
                "about_officials": TEXT,
                "identity_mode": enum_of(Mode) | {"default": "anonim"},
                "name": {"type": "string", "description": "only in `rahasia` and `terbuka`"},
                "contact": {"type": "string", "description": "e-mail or phone, only in `rahasia` and `terbuka`"},
                "altcha": {"type": "string", "description": "a solved challenge; never required"},
                "loket": {"type": "string", "description": "a counter's pass, good for one report; never required"},
                "lang": {"type": "string", "enum": ["id", "en"], "default": "id"},
            },
            optional="place happened_on subject about_agency about_officials identity_mode name contact altcha loket "
            "lang",
        ),
        "SealedReport": object_of(
            {
                "sealed": {"type": "string", "const": "browser"},
                **dict.fromkeys(("kind", "topic", "district", "about_agency", "case_id"), TEXT),
                "identity_mode": enum_of(Mode),
                **dict.fromkeys(("lookup", "fingerprint", "key_id", "identity_key_id"), HEX),
                **dict.fromkeys(ENVELOPES, BYTES),
                "altcha": TEXT,
                "loket": TEXT,
            },
            optional="about_agency identity_mode identity_key_id identity_wrap_receipt identity_wrap_custody "
            "identity_sealed contact altcha loket",
        ),
        "Accepted": object_of(
            {"receipt": RECEIPT, "tracking_id": TEXT, "stage": stage, "due": DAY}, optional="receipt"
        ),
        "Trust": object_of(
            {
                "mode": enum_of(Mode),
                "state": {"type": "string", "enum": ["none", *(state.value for state in TrustState)]},
                "objection_ends": {"type": ["string", "null"], "format": "date"},
                "steps": list_of(object_of({"kind": enum_of(StepKind), "agency": TEXT, "on": DAY, "reason": TEXT})),
                "actions": list_of({"type": "string", "enum": ["leave", "withdraw", "object"]}),
            }
        ),
        "Message": object_of(message),
        "Thread": object_of(
            {
                "tracking_id": TEXT,
                "stage": stage,
                "due": DAY,
                "messages": list_of(ref("Message")),
                "actions": list_of(enum_of(Move)),
                "identity": ref("Trust"),
                "publication": ref("Publication"),
            },
            optional="identity publication",
        ),
        "Session": object_of({"csrf": TEXT, "officer": TEXT, "agency": TEXT, "case": TEXT}, optional="case"),
        "Figures": object_of(
            {
                "instance": TEXT,
                "instances": {"type": "array", "items": object_of({"code": TEXT, "name": TEXT})},
                "on": {"type": ["string", "null"], "format": "date"},
                "closed_days": {"type": "integer"},
                "agencies": {"type": "array", "items": {"type": "object"}},
                "total": {"type": "object"},
                "lately": {"type": "object", "description": "medians and shares of what came in within closed_days"},
            }
        ),
        "Inbox": object_of(
            {
                "cases": list_of(object_of(entry, optional="subject")),
                "next": {"type": ["string", "null"], "description": "pass as `after`; empty or null at the end"},
                "quarantine": {"type": "boolean", "description": "reports of a flood wait to be looked through"},
                "escalated": {"type": "boolean", "description": "late reports went up to this agency"},
                "asked": {"type": "boolean", "description": "requests wait for this overseer's decision"},
                "second": {"type": "boolean", "description": "it is the second unit on others' reports"},
            }
        ),
        "DeskCase": {
            "allOf": [
                ref("Thread"),
                object_of(
                    {
                        "sealed": enum_of(Sealed),
                        "routing": ref("Routing"),
                        "clocks": ref("Clocks"),
                        "lift": ref("Lift"),
                        "joined": ref("Ties"),
                    }
                    | ORDER,
                ),
            ]
        },
        "Ties": object_of(
            {
                "into": {"type": ["string", "null"], "description": "the number of its induk"},
                "cases": list_of(object_of({"tracking_id": TEXT, "stage": stage})),
            }
        ),
        "Clocks": object_of(
            {
                "received_on": DAY,
                "handed_on": {"type": ["string", "null"], "format": "date"},
                "closed_on": {"type": ["string", "null"], "format": "date"},
                "due": DAY,
                "overdue": {"type": "boolean"},
                "extended": {"type": "boolean"},
                "held_on": {"type": ["string", "null"], "format": "date", "description": "since when the clock stands"},
                "paused": {"type": "integer", "description": "working days it stood"},
                "escalated": {"type": "integer", "description": "steps a late case went up"},
                "escalated_to": {"type": ["string", "null"], "description": "the agency it went up to"},
            }
        ),
        "Lift": object_of(
            {
                "state": {"type": ["string", "null"], "enum": [None, *(s.value for s in Lift if s)]},
                "by": {"type": ["string", "null"], "description": "the agency whose overseer decides"},
                "asked_on": {"type": ["string", "null"], "format": "date"},
                "until": {"type": ["string", "null"], "format": "date", "description": "nobody allows it before"},
            }
        ),
        "Routing": object_of(
            {
                "holder": TEXT,
                "instance": TEXT,
                "transfers": {
                    "description": "where it may be transferred; null: to any instance, too many to be listed",
                    "oneOf": [list_of(object_of({"code": TEXT, "name": TEXT})), {"type": "null"}],
                },
                "proposed": {
                    "type": ["string", "null"],
                    "description": "the likeliest agency, where it is one of ours",
                },
                "targets": list_of(object_of({"code": TEXT, "name": TEXT})),
                "second": {"type": ["string", "null"], "description": "the unit that works on it beside the holder"},
                "seconds": list_of(object_of({"code": TEXT, "name": TEXT})),
                "proposals": list_of(object_of({"agency": TEXT, "why": enum_of(Why), "words": list_of(TEXT)})),
                "outside": list_of(
                    object_of({"code": TEXT, "name": TEXT, "says": TEXT, "turn_to": TEXT, "words": list_of(TEXT)})
                ),
            }
        ),
        "Publication": object_of(
            {
                "state": publication,
                "agreed": {"type": ["integer", "null"], "description": "number of the text that was agreed to"},
                "draft": {"type": ["object", "null"], "description": "the latest text: n, summary, answer"},
                "few": {"type": ["boolean", "null"], "description": "fewer than eight reports like it"},
                "actions": list_of({"type": "string", "enum": ["wish", "change", "agree", "stop"]}),
            },
            optional="few actions",
        ),
        "Publishing": object_of({"publication": publication}),
        "Lifted": object_of({"lift": TEXT, "stage": stage, "due": DAY}),
        "Standing": object_of(
            {"stage": stage, "due": DAY, "second": {"type": ["string", "null"]}, "joined": list_of(ref("Taken"))},
            optional="second joined",
        ),
        "Taken": object_of({"tracking_id": TEXT, "taken": {"type": "boolean"}, "detail": TEXT}, optional="detail"),
        "Stage": object_of({"stage": stage}),
        "Number": object_of({"n": NUMBER, "joined": list_of(ref("Taken"))}, optional="joined"),
        "Pass": object_of({"loket": TEXT}),
        "Ident": object_of({"id": TEXT}),
        "Template": object_of(template | version),
        "Templates": object_of(version | {"templates": list_of(object_of(template))}),
        "Problem": object_of(
            {
                "type": TEXT,
                "title": TEXT,
                "status": COUNT,
                "detail": TEXT,
                "errors": list_of(object_of({"field": TEXT, "message": TEXT})),
            },
            optional="type detail errors",
        ),
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
        "paths": reporter_paths()
        | gateway_paths()
        | open311_paths()
        | desk_paths()
        | instance_paths()
        | custody_paths()
        | {
            "/healthz": {
                "get": call("health", "Whether this door works", {"200": {"description": "Yes"}} | problems(503))
            }
        },
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "lapor-desk"}},
        },
    }
