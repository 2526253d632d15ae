"""The calls by which a coordinator edits his own instance."""

from openapi_parts import DAY, NUMBER, TEXT, Schema, as_officer, call, enum_of, list_of, object_of, problems

from functions.casework.directory.enrolment import ADD, REMOVE, ROLES
from functions.casework.directory.instance_edit import UNIT_LEVELS, Act

CONFIRM: Schema = {
    "version": {"type": "string", "description": "the version that the changes were shown against"},
    "confirm": {"type": "string", "const": "yes", "description": "make the change; without it, it is only shown"},
}


def instance_paths() -> Schema:
    """Units, topics, days off and officers of the coordinator's own instance, and the trail of their changes."""
    code = {"name": "code", "in": "path", "required": True, "schema": TEXT}
    unit = object_of({"code": TEXT, "name": TEXT, "level": enum_of(UNIT_LEVELS), "parent": TEXT})
    topic = object_of({"code": TEXT, "name": TEXT, "unit": TEXT})
    officer = object_of({"ident": TEXT, "agency": TEXT, "role": TEXT})
    entry = object_of({"n": NUMBER, "on": DAY, "by": TEXT, "version": {"type": "integer"}, "changes": list_of(TEXT)})
    shown = object_of(
        {"version": {"type": "integer"}, "changes": list_of(TEXT), "notes": list_of(TEXT)}, "changes notes"
    )
    whole = object_of(
        {
            "instance": TEXT,
            "version": {"type": "integer"},
            "units": list_of(unit),
            "topics": list_of(topic),
            "days_off": {"type": ["array", "null"], "items": DAY, "description": "null where others share them"},
            "officers": list_of(officer),
            "trail": list_of(entry),
        }
    )
    asked = dict.fromkeys(("code", "name", "parent", "topic", "unit"), TEXT) | {"day": DAY}
    change = object_of(
        {"act": enum_of(Act), **asked, "level": enum_of(UNIT_LEVELS), **CONFIRM},
        "code name parent topic unit day level version confirm",
    )
    wish = {"act": {"type": "string", "enum": [ADD, REMOVE]}, "ident": TEXT, "email": TEXT, "unit": TEXT}
    wish |= {"role": enum_of(ROLES), "confirm": CONFIRM["confirm"]}
    officers = object_of(wish, "email unit role confirm")
    csv = {"description": "A line for each change", "content": {"text/csv": {"schema": TEXT}}}
    refused = problems(401, 403, 404, 409, 422, 503)
    sent = {"200": _json("What would change", shown), "202": {"description": "Sent to the courier"}} | refused
    calls = {
        "": call(
            "instance",
            "The coordinator's own instance",
            {"200": _json("As it stands", whole)} | problems(401, 404, 503),
        ),
        "units/{code}": call(
            "unit", "One of its units", {"200": _json("As it stands", unit)} | problems(401, 404, 503)
        ),
        "trail.csv": call("trail", "Every change made here, as CSV", {"200": csv} | problems(401, 404, 503)),
    }
    gets = {
        f"/desk/instance/{name}": {"get": as_officer(described, *([code] if "{" in name else []))}
        for name, described in calls.items()
    }
    done = {"200": _json("What would change, or, confirmed, the version that stands", shown)} | refused
    return gets | {
        "/desk/instance/changes": {
            "post": as_officer(call("changeInstance", "Change one thing; shown first", done, change), changes=True)
        },
        "/desk/instance/officers": {
            "post": as_officer(
                call("wishOfficer", "Add or remove an officer; shown first", sent, officers), changes=True
            )
        },
    }


def _json(description: str, schema: Schema) -> Schema:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
