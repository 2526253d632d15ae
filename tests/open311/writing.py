"""What goes wrong, told as the standard tells it, and reporting."""

from collections.abc import Iterator
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from urllib.parse import quote

from tests.open311.reading import MEDIA, listed, well
from tests.open311.rules import NotTriedError, against, rule
from tests.open311.wire import Reply, Server, UnreadableError

UNKNOWN = "tidak-ada-0000"
FILLED = {"number": "1", "datetime": datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")}
PLACE = {"lat": "0.51", "long": "117.53", "address_string": "Jalan Percobaan 1"}


def refuses(reply: Reply, status: int, fmt: str) -> Iterator[str]:
    """Whether it is an error of this status with a list of what is wrong."""
    if reply.status != status:
        yield f"{reply.asked} answers {reply.status}, not {status}"
    if reply.media.lower().replace('"', "") not in MEDIA[fmt]:
        yield f"{reply.asked} is {reply.media!r}"
    yield from against("errors", reply.read("errors"))


def unknown(name: str, path: str, query: str = "") -> None:
    @rule("errors", f"{name} is 404 with a list of errors")
    def _(server: Server) -> Iterator[str]:
        for fmt in MEDIA:
            yield from refuses(server.get(path + fmt, query), 404, fmt)


unknown("an unknown service", f"services/{UNKNOWN}.")
unknown("an unknown request", f"requests/{UNKNOWN}.")
unknown("an unknown token", f"tokens/{UNKNOWN}.")


@rule("errors", "an unknown jurisdiction is 404 with a list of errors")
def _(server: Server) -> Iterator[str]:
    if not server.jurisdiction:
        raise NotTriedError("a server of one jurisdiction need not look (--jurisdiction names ours)")
    other = Server(server.url, jurisdiction=UNKNOWN)
    for fmt in MEDIA:
        yield from refuses(other.get(f"services.{fmt}"), 404, fmt)


@rule("errors", "no jurisdiction, where one is needed, is 400 with a list of errors")
def _(server: Server) -> Iterator[str]:
    if not server.jurisdiction:
        raise NotTriedError("the server has one jurisdiction")
    nobodys = Server(server.url)
    for fmt in MEDIA:
        reply = nobodys.get(f"services.{fmt}")
        if reply.status != 200:  # it may have one after all, and pass the argument over
            yield from refuses(reply, 400, fmt)


@rule("errors", "dates that are none are 400 with a list of errors")
def _(server: Server) -> Iterator[str]:
    for fmt in MEDIA:
        yield from refuses(server.get(f"requests.{fmt}", "start_date=kemarin"), 400, fmt)


def without_key(name: str, key: dict[str, str]) -> None:
    @rule("errors", f"reporting {name} is 403 with a list of errors")
    def _(server: Server) -> Iterator[str]:
        code = service(server)["service_code"]
        for fmt in MEDIA:
            fields = {"service_code": str(code), "description": "Percobaan.", **PLACE, **key}
            yield from refuses(server.post(f"requests.{fmt}", fields), 403, fmt)


without_key("without a key", {})
without_key("with a key that is none", {"api_key": UNKNOWN})


@rule("reporting", "without a service is 400, with one that is none 404", writes=True)
def _(server: Server) -> Iterator[str]:
    fields = {"api_key": server.api_key, "description": "Percobaan.", **PLACE}
    for fmt in MEDIA:
        yield from refuses(server.post(f"requests.{fmt}", fields), 400, fmt)
        yield from refuses(server.post(f"requests.{fmt}", fields | {"service_code": UNKNOWN}), 404, fmt)


@rule("reporting", "a report gets a number or a token, and what follows from it", writes=True)
def _(server: Server) -> Iterator[str]:
    for fmt in MEDIA:
        fields, _ = complete(server)
        reply = server.post(f"requests.{fmt}", fields)
        if reply.status not in (200, 201):
            yield f"{reply.asked} answers {reply.status}: {reply.text[:200]}"
            continue
        content = reply.read("service_requests")
        yield from against("accepted", content)
        accepted = content[0] if isinstance(content, list) and content else {}
        number = accepted.get("service_request_id")
        if token := accepted.get("token"):
            told = server.get(f"tokens/{quote(str(token), safe='')}.{fmt}")
            yield from well(told, fmt)
            told_of = told.read("service_requests")
            yield from against("tokens", told_of)
            if [each.get("token") for each in told_of] != [token]:
                yield f"{told.asked} tells of another token"
            number = told_of[0].get("service_request_id")
        if number:  # a server may show nothing before somebody cleared it, but must say so as it says all else
            shown = server.get(f"requests/{quote(str(number), safe='')}.{fmt}")
            yield from well(shown, fmt) if shown.status == 200 else refuses(shown, 404, fmt)


@rule("reporting", "a required attribute that is missing is 400, and named", writes=True)
def _(server: Server) -> Iterator[str]:
    fields, required = complete(server)
    if not required:
        raise NotTriedError("no service requires an attribute")
    for fmt in MEDIA:
        for code in required:
            left = {name: value for name, value in fields.items() if not name.startswith(f"attribute[{code}]")}
            reply = server.post(f"requests.{fmt}", left)
            yield from refuses(reply, 400, fmt)
            if code not in reply.text:
                yield f"{reply.asked}: {code} is not named"


def service(server: Server) -> dict[str, Any]:
    """The first service, the first with a definition where there is one."""
    found = listed(server, "services")
    if not found:
        raise UnreadableError("there is no service to report")
    return next((each for each in found if each.get("metadata") is True), found[0])


def complete(server: Server) -> tuple[dict[str, str], list[str]]:
    """A report with all that is required, and the codes of the attributes that are."""
    chosen = service(server)
    fields = {
        "api_key": server.api_key,
        "service_code": str(chosen["service_code"]),
        "description": "Percobaan dari rangkaian uji kesesuaian. Boleh dihapus.",
        "email": "percobaan@contoh.id",
        "submission_key": token_hex(16),
        **PLACE,
    }
    required = []
    if chosen.get("metadata") is True:
        definition = server.get(f"services/{quote(fields['service_code'], safe='')}.json").json()
        for attribute in definition.get("attributes", []) if isinstance(definition, dict) else []:
            if attribute.get("required") is True and attribute.get("variable") is True:
                required.append(str(attribute["code"]))
                many = "[]" if attribute["datatype"] == "multivaluelist" else ""
                values = attribute.get("values") or [{"key": FILLED.get(attribute["datatype"], "percobaan")}]
                fields[f"attribute[{attribute['code']}]{many}"] = str(values[0]["key"])
    return fields, required
