"""What all calls have in common, which no file of the description repeats for each.

Every answer of ours is JSON or a page, as ``Accept`` asks. Every body passes ``functions.web.forms.fields``. An app's
calls (Open311) have answers of their own.
"""

from typing import Any

from functions.casework.formats.clean_text import VISIBLE

Schema = dict[str, Any]

PAGE: Schema = {"text/html": {"schema": {"type": "string"}}}
JSON = "application/json"
# What any call may be answered, before its own rules are asked: "303" leads a form to the page that comes next.
ALWAYS = {"get": ("503",), "post": ("303", "400", "403", "413", "415", "422", "503")}
SENT = ("Report", "SealedReport")  # bodies by reference
FOREIGN = "/open311/"


def share(document: Schema, parts: Schema) -> None:
    """Write into each call what holds for all."""
    schemas = document.get("components", {}).get("schemas", {})
    schemas |= {name: as_read(schemas[name]) for name in SENT if name in schemas}
    for path, calls in document.get("paths", {}).items():
        for method, call in calls.items():
            if path.startswith(FOREIGN):
                continue
            responses = call["responses"]
            responses |= {status: parts[status] for status in ALWAYS[method] if status not in responses}
            for status, response in responses.items():
                if content := response.get("content"):
                    responses[status] = {**response, "content": content if "text/csv" in content else content | PAGE}
            for kind, content in call.get("requestBody", {}).get("content", {}).items():
                if kind == JSON:
                    content["schema"] = as_read(content["schema"])


def as_read(schema: Schema) -> Schema:
    """The schema of a JSON body as the doors read it: a field may be null, as if it were left out; a number stands for
    its digits; fields that nobody knows are text and are not read."""
    if "oneOf" in schema:
        return schema | {"oneOf": [as_read(each) for each in schema["oneOf"]]}
    if "properties" not in schema:
        return schema
    required = schema.get("required", [])
    properties = {name: _read(each, optional=name not in required) for name, each in schema["properties"].items()}
    return schema | {"properties": properties, "additionalProperties": {"type": ["string", "integer", "null"]}}


def _read(field: Schema, *, optional: bool) -> Schema:
    told = {"description": field["description"]} if "description" in field else {}
    bare = {name: value for name, value in field.items() if name != "description"}
    kinds = bare["anyOf"] if "type" not in bare else [bare]
    shaped = {"enum", "const", "anyOf", "format", "contentEncoding"} & set(bare)
    if not shaped and bare["type"] == "string" and bare.get("pattern", VISIBLE) == VISIBLE:
        kinds = [*kinds, {"type": "integer"}]
    if optional:
        kinds = [*kinds, {"type": "null"}]
    return told | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds})
