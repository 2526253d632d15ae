"""Every call of the doors: what it takes, what it answers."""

from openapi_parts import (
    CHALLENGE,
    DAY,
    KEY,
    NUMBER,
    RECEIPT,
    TEXT,
    Schema,
    answer,
    as_officer,
    call,
    enum_of,
    object_of,
    problems,
    ref,
)

from functions.casework.case import Outcome
from functions.casework.publication import ANSWER_MAX, SUMMARY_MAX
from functions.casework.stages import Stage

AGAIN: Schema = {
    "again": {"type": "string", "const": "yes", "description": "send a reply template unchanged all the same"}
}

PUBLIC_TEXT: Schema = {
    "summary": {"type": "string", "minLength": 1, "maxLength": SUMMARY_MAX},
    "answer": {"type": "string", "minLength": 1, "maxLength": ANSWER_MAX},
    "keep": {"type": "string", "description": "`yes`: send it though something in it may identify"},
}


def reporter_paths() -> Schema:
    """Calls of intake and thread."""
    receipt: Schema = {"receipt": RECEIPT}
    reason: Schema = {"reason": {"type": "string", "minLength": 1}}
    verdict: Schema = receipt | {
        "verdict": {"type": "string", "enum": ["selesai", "belum"]},
        "rating": {"type": "integer", "minimum": 1, "maximum": 5},
        "reason": {"type": "string", "description": "required with `belum`"},
    }
    keep = {"keep_size": {"type": "string", "const": "yes", "description": "leave a photo as large as it is"}}
    upload: Schema = receipt | {"file": {"type": "string", "format": "binary"}, "file_key": KEY} | keep
    sent = {"201": answer("Accepted", "Stored and sealed"), "200": answer("Accepted", "The same report again")}
    number = {"201": answer("Number", "Stored")}
    stage = {"200": answer("Stage", "Done")} | problems(404, 409, 422, 503)
    told = {"200": {"description": "Done"}} | problems(404, 409, 422, 503)
    return {
        "/api/reports": {
            "post": call(
                "report",
                "Send a report, in clear or sealed in the browser; the receipt is in the answer only of the former. "
                "In fewer bytes a sealed one goes as a form (multipart/form-data): `report`, its JSON with `lengths` "
                "in place of the envelopes, their sizes by name; and the file `envelopes`, their bytes in that order",
                sent | problems(409, 413, 422, 503),
                {"oneOf": [ref("Report"), ref("SealedReport")]},
            )
        },
        "/api/reports/challenge": {
            "get": call("challenge", "A proof of work to do before sending; never required", CHALLENGE)
        },
        "/api/reports/waiting-key": {
            "get": call(
                "waitingKey",
                "The key to which a browser seals a report whole while there is no network; sent then as the file "
                "`envelope` of a form (multipart/form-data) with `sealed` = `waiting`, and acknowledged by its token",
                {"200": {"description": "`key_id` and `public` (base64, X-Wing)"}},
            )
        },
        "/api/reports/selesai": {
            "post": call(
                "finish",
                "A counter is done with a form: its browser is told to remember that, by the mark of its pass",
                {"200": {"description": "Always"}},
                object_of({"loket": TEXT}),
            )
        },
        "/api/thread": {
            "post": call(
                "read",
                "Read a report",
                {"200": answer("Thread", "As it stands")} | problems(404, 503),
                object_of(receipt),
            )
        },
        "/api/thread/messages": {
            "post": call(
                "write",
                "Add a message",
                number | problems(404, 409, 422, 503),
                object_of(receipt | {"body": {"type": "string", "minLength": 1}, "message_key": KEY}),
            )
        },
        "/api/thread/files": {
            "post": call(
                "attach",
                "Add one file: a photo, PDF, DOCX, XLSX, ODT or plain text, at most 5 MB",
                number | problems(404, 409, 413, 415, 422, 503),
                object_of(upload, optional="keep_size"),
                "multipart/form-data",
            )
        },
        "/api/thread/verdict": {
            "post": call("judge", "Say whether it is done", stage, object_of(verdict, optional="rating reason"))
        },
        "/api/thread/appeal": {"post": call("appeal", "Go to the next level", stage, object_of(receipt | reason))},
        "/api/thread/withdraw": {"post": call("withdraw", "Delete the report for good", stage, object_of(receipt))},
        "/api/thread/object": {
            "post": call(
                "objectToLifting",
                "Say no, for good, to letting those it is about read it",
                {"200": {"description": "Done"}} | problems(404, 409, 422, 503),
                object_of(receipt | {"reason": TEXT}, optional="reason"),
            )
        },
        **publication_paths(receipt, reason),
        "/api/thread/identity": {
            "post": call(
                "leaveIdentity",
                "Leave name or contact in trust, later",
                told,
                object_of(receipt | {"name": TEXT, "contact": TEXT}, optional="name contact"),
            )
        },
        "/api/thread/identity/withdraw": {
            "post": call("takeBackIdentity", "Take the identity back for good", told, object_of(receipt))
        },
        "/api/thread/identity/object": {
            "post": call(
                "objectToOpening",
                "Say no to a request to open it",
                told,
                object_of(receipt | {"reason": TEXT}, optional="reason"),
            )
        },
    }


def publication_paths(receipt: Schema, reason: Schema) -> Schema:
    """A reporter's wish that his report be public, his consent to one text, and the way back."""
    done = {"200": answer("Publishing", "Done")} | problems(404, 409, 422, 503)
    hide = {"type": "string", "const": "yes", "description": "leave the district out"}
    consent: Schema = receipt | {"draft": TEXT | {"description": "number of the text that he read"}}
    return {
        "/api/thread/publication": {
            "post": call("wishPublic", "Ask for a text that anybody may read", done, object_of(receipt))
        },
        "/api/thread/publication/change": {
            "post": call("changePublic", "Ask for another text", done, object_of(receipt | reason))
        },
        "/api/thread/publication/agree": {
            "post": call(
                "agreePublic",
                "Agree to exactly this text; public from the next week on",
                done,
                object_of(consent | {"hide_district": hide}, optional="hide_district"),
            )
        },
        "/api/thread/publication/stop": {
            "post": call("stopPublic", "Take wish and consent back, at any time", done, object_of(receipt))
        },
    }


def gateway_paths() -> Schema:
    """The call of SMS gateways."""
    delivery = {"gateway_id": TEXT, "from": TEXT, "text": TEXT, "received_at": TEXT}
    pieces: Schema = {"reference": TEXT, "part": {"type": "integer"}, "parts": {"type": "integer"}}
    signature = {
        "name": "X-Lapor-Signature",
        "in": "header",
        "required": True,
        "description": "`t=<epoch seconds>,v1=<hex>`: HMAC-SHA256 over `<t>.` and the body, good for eight days",
        "schema": TEXT,
    }
    taken: Schema = {"202": {"description": "Taken; the answer goes out by SMS"}}
    optional = "gateway_id received_at reference part parts"
    post = call(
        "deliverSms",
        "Deliver an SMS, or a part of one, in JSON or as a form; repeats are known",
        taken | problems(401, 413, 422, 503),
        object_of(delivery | pieces, optional),
    )
    return {"/api/sms/inbound": {"post": post | {"parameters": [signature]}}}


def desk_paths() -> Schema:
    """Calls of the desk."""
    case = {"name": "tracking_id", "in": "path", "required": True, "schema": TEXT}
    after = {"name": "after", "in": "query", "schema": TEXT}
    reason = {"reason": {"type": "string", "minLength": 1}}
    standing = {"200": answer("Standing", "Done")} | problems(401, 403, 404, 409, 422, 503)
    published = {"200": answer("Publishing", "Done")} | problems(401, 403, 404, 409, 422, 503)
    lifted = {"200": answer("Lifted", "Done")} | problems(401, 403, 404, 409, 422, 503)
    number = {"201": answer("Number", "Stored")} | problems(401, 403, 404, 409, 413, 422, 503)
    message: Schema = {"body": {"type": "string", "minLength": 1}, "message_key": KEY}
    text = object_of(message)
    also = AGAIN | {
        "joined": {"type": "string", "const": "yes", "description": "and the cases joined to it, each by its rules"}
    }
    answered = object_of(message | {"seen": TEXT} | also, "seen joined again")
    file = object_of({"file": {"type": "string", "format": "binary"}, "file_key": KEY})
    closing = object_of({"outcome": enum_of(Outcome), "message_key": KEY} | reason | also, "message_key joined again")
    stage = {"stage": enum_of(Stage), "outside": TEXT}
    given = {"agency": TEXT, "second": TEXT} | reason
    csv = {"description": "One line of CSV below its heads", "content": {"text/csv": {"schema": TEXT}}}
    copied = {"200": csv} | problems(401, 403, 404, 409, 503)
    changes = {
        "messages": call("answer", "Answer the reporter", number, answered),
        "files": call("answerWithFile", "Add one file", number | problems(415), file, "multipart/form-data"),
        "stage": call("setStage", "Set the stage", standing, object_of(stage | reason, "reason outside")),
        "handover": call("handOver", "Hand on to an agency, or to two", standing, object_of(given, "second")),
        "join": call(
            "join",
            "Say that it is about the same as another, its induk; an empty number takes it from there again",
            standing,
            object_of({"tracking_id": TEXT} | reason),
        ),
        "second": call(
            "askIn", "Ask a second unit in; an empty agency ends it", standing, object_of({"agency": TEXT} | reason)
        ),
        "extend": call("extend", "Extend the deadline, once", standing, object_of({"due": DAY} | reason)),
        "unmask": call("unmask", "See a message as it was written", number, object_of({"n": NUMBER} | reason)),
        "notes": call("note", "Leave a word for colleagues, which the reporter does not see", number, text),
        "oversight": call(
            "oversee", "Mark berkadar pengawasan: to the inspectorate alone", standing, object_of(reason)
        ),
        "recuse": call("recuse", "Declare a stake; the case goes to the desk above", standing, object_of(reason)),
        "sp4n": call("recordSp4n", "Note its number in SP4N-LAPOR!", standing, object_of({"number": TEXT})),
        "sp4n/file": call("copyOut", "A masked copy for SP4N-LAPOR!, as CSV; its reporter is told", copied),
        "discard": call("discard", "Clear away what nobody can open", standing),
        "close": call("close", "Close with an outcome", standing, closing),
        **_order(standing, reason),
        "publication": call(
            "clear",
            "Write what anybody may read of it, where its reporter wishes that; public only once he agrees",
            number,
            object_of(PUBLIC_TEXT | {"message_key": KEY}, "keep message_key"),
        ),
        "publication/decline": call("declinePublication", "Say no to that", published, object_of(reason)),
        "lift": call("askToLift", "Ask that those it is about may read it", lifted, object_of(reason)),
        "lift/decision": call(
            "decideLifting",
            "As an overseer: allow that, or not",
            lifted,
            object_of({"decision": {"type": "string", "enum": ["granted", "refused"]}} | reason),
        ),
        "transfer": call(
            "transfer",
            "Give it to the centre, or to another instance",
            standing,
            object_of({"instance": TEXT} | reason),
        ),
    }
    paths = {
        f"/desk/cases/{{tracking_id}}/{name}": {"post": as_officer(described, case, changes=True)}
        for name, described in changes.items()
    }
    opened = {"200": answer("Session", "A session cookie, bound to this browser")} | problems(401, 422, 503)
    shown = {"200": answer("DeskCase", "The words only for who may read them")} | problems(401, 404, 503)
    listed = {"200": answer("Inbox", "Open cases by due date, then closed ones")} | problems(401, 422, 503)
    passed = {"200": answer("Pass", "A fresh one each time")} | problems(401, 404, 503)
    counted = {"200": answer("Figures", "Of one day; no single case in them")} | problems(401, 404, 503)
    instance = {"name": "instance", "in": "query", "schema": TEXT}
    sent: Schema = {"202": {"description": "Always, whether the address is known or not"}} | problems(422, 503)
    return {
        "/desk/session": {"post": call("enter", "Exchange a signed link", opened, object_of({"token": TEXT}))},
        "/desk/links": {"post": call("askForLink", "Ask for a new link", sent, object_of({"email": TEXT}))},
        "/desk/": {"get": as_officer(call("inbox", "A page of the inbox", listed), after)},
        "/desk/quarantine/": {"get": as_officer(call("quarantine", "What came in a flood", listed), after)},
        "/desk/escalated/": {"get": as_officer(call("escalated", "Late cases that went up here", listed), after)},
        "/desk/figures/": {"get": as_officer(call("figures", "Counts by agency, for who oversees", counted), instance)},
        "/desk/mine/": {"get": as_officer(call("mine", "Cases this officer took", listed), after)},
        "/desk/loket": {"get": as_officer(call("counter", "A pass for one report; for clerks alone", passed))},
        **_template_paths(),
        "/desk/asked/": {"get": as_officer(call("asked", "Cases on which an overseer is to decide", listed), after)},
        "/desk/second/": {"get": as_officer(call("beside", "Cases on which it is the second unit", listed), after)},
        "/desk/cases/{tracking_id}": {"get": as_officer(call("show", "One case", shown), case)},
        **paths,
    }


def _order(standing: Schema, reason: Schema) -> Schema:
    """Whose a case is, and whether it comes first."""
    ident = {"type": "string", "description": "his own ident, or empty to give it back"}
    urgent = {"type": "string", "enum": ["yes", "no"]}
    return {
        "assign": call("assign", "Take a case, or give it back", standing, object_of({"officer": ident})),
        "priority": call("prioritize", "Put it before others, or back", standing, object_of({"on": urgent} | reason)),
    }


def _template_paths() -> Schema:
    """Reply templates: a coordinator's, for all officers of his instance."""
    ident = {"name": "ident", "in": "path", "required": True, "schema": TEXT}
    version: Schema = {"version": {"type": "string", "description": "of the list as it was seen"}}
    words = {"title": TEXT, "topic": {"type": "string", "description": "empty for all topics"}, "text": TEXT}
    body, gone = object_of(words | version, "topic"), object_of(version)
    wrong, unknown = problems(401, 403, 404, 409, 422, 503), problems(401, 404, 503)
    made, done = {"201": answer("Ident", "Added")} | wrong, {"200": answer("Ident", "Done")} | wrong
    listed = {"200": answer("Templates", "All of them, and the list's version")} | unknown
    one = {"200": answer("Template", "One of them")} | unknown
    return {
        "/desk/templates/": {
            "get": as_officer(call("templates", "Reply templates", listed)),
            "post": as_officer(call("addTemplate", "Add one", made, body), changes=True),
        },
        "/desk/templates/{ident}": {
            "get": as_officer(call("template", "One template", one), ident),
            "post": as_officer(call("changeTemplate", "Change it", done, body), ident, changes=True),
        },
        "/desk/templates/{ident}/remove": {
            "post": as_officer(call("removeTemplate", "Remove it", done, gone), ident, changes=True)
        },
    }


def custody_paths() -> Schema:
    """Calls of the custody door."""
    case = {"name": "tracking_id", "in": "path", "required": True, "schema": TEXT}
    reason = object_of({"reason": {"type": "string", "minLength": 1}})
    opened = {"200": answer("Session", "A session cookie, bound to this browser")} | problems(401, 422, 503)
    shown = {"200": {"description": "State and steps; name and contact only for the two who opened it"}}
    done = {"200": {"description": "The state after it"}} | problems(401, 403, 404, 409, 422, 503)
    said = {"ask": "Ask that it be opened", "refuse": "Refuse another's request", "open": "Open it, the second of two"}
    acts = {
        f"/custody/cases/{{tracking_id}}/{name}": {
            "post": as_officer(call(f"{name}Identity", text, done, reason), case, changes=True)
        }
        for name, text in said.items()
    }
    return {
        "/custody/session": {
            "post": call("enterCustody", "Exchange a signed link", opened, object_of({"token": TEXT}))
        },
        "/custody/": {"get": as_officer(call("requests", "Requests that wait", shown | problems(401, 503)))},
        "/custody/cases/{tracking_id}": {
            "get": as_officer(call("showIdentity", "One identity", shown | problems(401, 404, 503)), case)
        },
        **acts,
    }
