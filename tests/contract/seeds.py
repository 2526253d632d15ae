"""Valid values for what no schema can say: which topics, cases, receipts and sessions there are.

They are put into a copy of the description, as the only values a field may have. So what is generated as valid is valid
here, and what is not among them is unknown. Answers are still held against the description as it is.
"""

from base64 import b64encode
from copy import deepcopy
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st

from functions.casework.case import Outcome
from functions.casework.deadlines.digests import HOURS
from functions.crypto.seal.sealing import ITEM_OVERHEAD, ITEM_VERSION, SIGNED_FLOOR, WORDS_FLOOR, receipt_for
from tests.contract.people import SIGNED, Person
from tests.envelopes import sealed_fields
from tests.open311.ours import REPORTS
from tests.security_matrix import HOLDER, OTHER, picture

Schema = dict[str, Any]
Seeds = dict[str, list[Any]]
SEEDED: Final = "x-seeded"  # at a parameter of which only what is known is asked
schemathesis.openapi.format("binary", st.just(picture().getvalue()))
OUTCOMES: Final = [outcome.value for outcome in Outcome if outcome is not Outcome.DIPERBAIKI]  # which wants a photo
METHODS: Final = ("get", "post")
DAYS: Final = ["2026-11-01", "2026-11-25"]
# What a browser sealed, by its form: nobody signed it, so no door lets it in.
ITEM: Final = b64encode(ITEM_VERSION + bytes(SIGNED_FLOOR + ITEM_OVERHEAD - 1)).decode()
REASON: Final = b64encode(ITEM_VERSION + bytes(WORDS_FLOOR + ITEM_OVERHEAD - 1)).decode()
ACTS: Final[list[dict[str, Any]]] = [
    *({"act": act, "clear": "-", "once": "0" * 32, "item": ITEM} for act in ("message", "reopen", "appeal", "lift")),
    *({"act": "confirm", "clear": clear, "named": "1", "item": ITEM} for clear in ("", "5")),
    {"act": "withdraw", "named": "0"},
    {"act": "publish", "clear": "wished", "item": ITEM},
    {"act": "unmask", "clear": "yes", "item": ITEM},
    {"act": "identity", "clear": "withdrawn", "item": ITEM},
]


def seeds(person: Person) -> Seeds:
    """What one person has to send, by a field's name, or by ``operation/field``."""
    town, role, scene, more, key = person.town, person.role, *person.town.lived
    waiting = role == "coordinator, before"
    receipt, case_id = scene.waiting if waiting else scene.handed
    other = scene.stranger
    told = {"reporter, own": receipt, "reporter, other's": other[0]}.get(role, str(receipt_for(bytes(16))))
    topics, day = ["lampu-jalan", "jalan"], "2026-12-30"
    signed = {"case_id": case_id, "n": 1, "sig": "0" * 128}
    assert set(topics) <= set(town.directory.topics)
    found: Seeds = {
        "topic": topics,
        "path/service_code": topics,
        "open311Report/service_code": topics,
        "template-topic": ["", *topics],
        "district": ["64.08.04"],
        "village": [""],
        "attribute[district]": ["64.08.04"],
        "about_agency": ["", OTHER],
        "attribute[about_agency]": [OTHER],
        "receipt": [told],
        "path/tracking_id": [case_id],
        "case": [case_id, f"{case_id} {other[1]}"],
        "recall": [case_id],
        "all": [""],
        "bulkHandOver/key": ["k" * 16],
        "tracking_id": [(more.waiting if waiting else more.handed)[1]],
        "happened_on": DAYS,
        "attribute[happened_on]": DAYS,
        "attribute[kind]": ["pengaduan"],
        "X-CSRF-Token": [person.caller.csrf or "none"],
        "X-Lapor-Signature": [SIGNED],
        "query/after": [""],
        "show/after": [1, 2],
        "jurisdiction_id": ["kutim", ""],
        "api_key": [key if role == "app" else "none"],
        "instance": ["kutim"],
        "askIn/agency": [OTHER],
        "path/ident": [person.town.template],
        "close/outcome": OUTCOMES,
        "transfer/instance": ["pusat"],
        "outside": [""],
        "chooseMail/hour": [str(hour) for hour in HOURS],
        "page": [1],
        "page_size": [1, 1000],
        "agency": [HOLDER if waiting else "kutim"],
        "second": [""],
        "due": [day],
        "path/code": [HOLDER],
        "number": ["9197446"],
        "n": [1],
        "request": ["2"],
        "actSealed": [signed | act for act in ACTS],
        "answerSealedName": [
            signed
            | {
                "consent": said,
                "request": f"2 kutim-kustodian kutim {day}",
                "on": day,
                "digest": "0" * 64,
                "item": REASON,
            }
            for said in ("yes", "no", "later")
        ],
        "identity_mode": ["anonim"],
        "name": [""],
        "contact": [""],
        "start_date": ["2026-10-01"],
        "end_date": ["2026-11-01"],
        "path/service_request_id": [REPORTS[0].public_id],
        "officer": [""],
        "draft": ["2"],
        "email": [town.officer(HOLDER).email, "x@y.example.id"],
        "remind": [{"day": day, "line": "Tanyakan lagi.", "off": ""}, {"off": "yes"}],
        "correctCase": [{"topic": "lampu-jalan", "district": "", "reason": "Bukan jalan.", "seen": "1"}],
        "leaveIdentity": [{"receipt": told, "name": "Siti Khayalan", "contact": "siti@surat.example.id"}],
        "changeInstance": [{"act": "add", "code": "kutim-uji", "name": "Dinas Uji", "level": "opd", "parent": "kutim"}],
        "helpTeam": [{"act": "code", "ident": town.officer(HOLDER).ident}],
        "wishOfficer": [
            {"act": "add_officer", "ident": "uji-1", "email": "uji@y.example.id", "unit": HOLDER, "role": "officer"}
        ],
    }
    if person.caller.officer:
        found["enter/token"] = found["enterCustody/token"] = [town.token(person.caller.officer)]
        found["officer"] = ["", person.caller.officer.ident]
    return found


def seeded(document: Schema, found: Seeds, *, signed_in: bool) -> Schema:
    """A copy of the description in which these values stand. Who is ``signed_in`` sends the cookie with every request:
    that nobody gets by without it is tried by those who have none."""
    copy = deepcopy(document)
    for call in (call for calls in copy["paths"].values() for call in calls.values() if signed_in):
        call.pop("security", None)
    for calls in copy["paths"].values():
        for method in METHODS:
            if method in calls:
                _seed(calls[method], found)
    for name in ("Report", "SealedReport"):
        _seed_schema(copy["components"]["schemas"][name], name, found)
    return copy


def _seed(call: Schema, found: Seeds) -> None:
    name = call["operationId"]
    for parameter in call.get("parameters", []):
        values = _values(
            found, f"{name}/{parameter['name']}", f"{parameter['in']}/{parameter['name']}", parameter["name"]
        )
        if values is not None:
            parameter["schema"] = {"type": parameter["schema"].get("type", "string"), "enum": values}
            parameter[SEEDED] = True
    for content in call.get("requestBody", {}).get("content", {}).values():
        if name in found:
            content["schema"] = {"enum": found[name]}
        for schema in content["schema"].get("oneOf", [content["schema"]]):
            _seed_schema(schema, name, found)


def _seed_schema(schema: Schema, name: str, found: Seeds) -> None:
    if name == "SealedReport":  # one envelope as it is: what it does not have is not read
        schema["properties"] = {
            field: each for field, each in schema["properties"].items() if f"{name}/{field}" in found
        }
    if name == "open311Report":  # a foreign address_id is no fault beside a district
        schema["required"] = [*schema["required"], "attribute[district]"]
        del schema["anyOf"]
    for field, given in schema.get("properties", {}).items():
        values = _values(found, f"{name}/{field}", field)
        if values is not None:
            optional = [None] if {"type": "null"} in given.get("anyOf", ()) else []
            schema["properties"][field] = {"enum": values + optional}


def _values(found: Seeds, *names: str) -> list[Any] | None:
    return next((found[name] for name in names if name in found), None)


def envelope(person: Person) -> Seeds:
    """A report that its browser sealed, field by field."""
    typed = person.town.fields()
    body, _ = sealed_fields(person.town.submit, typed)
    return {f"SealedReport/{name}": [value] for name, value in body.items() if name != "names_officials"}
