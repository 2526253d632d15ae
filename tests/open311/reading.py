"""Services, their definitions, and requests: both formats, by schema, the same in each."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from tests.open311.rules import NotTriedError, against, rule
from tests.open311.wire import Reply, Server, UnreadableError, without_nothing

MEDIA = {"xml": ("text/xml; charset=utf-8",), "json": ("application/json", "application/json; charset=utf-8")}
SAMPLE = 3
MOST = 1000
PERSONAL = {
    *("email", "phone", "first_name", "last_name", "device_id", "account_id", "api_key"),
    *("requestor_name", "requester_name", "name", "user_name", "reporter"),
}
LISTS = {"services": "services", "requests": "service_requests"}


def well(reply: Reply, fmt: str) -> Iterator[str]:
    """Whether it is an answer in that format at all."""
    if reply.status != 200:
        yield f"{reply.asked} answers {reply.status}"
    if reply.media.lower().replace('"', "") not in MEDIA[fmt]:
        yield f"{reply.asked} is {reply.media!r}, not {MEDIA[fmt][0]!r}"


def same(first: Any, second: Any, what: str) -> Iterator[str]:
    if without_nothing(first) != without_nothing(second):
        yield f"{what} says one thing in XML and another in JSON"


def listed(server: Server, name: str) -> list[dict[str, Any]]:
    """A list in JSON, as it ought to be, else in XML."""
    content = server.get(f"{name}.json").json()
    if not isinstance(content, list):
        content = server.get(f"{name}.xml").spark(LISTS[name])
    return [each for each in content if isinstance(each, dict)]


def lists(name: str, root: str, schema: str) -> None:
    """The rules of a list."""
    for fmt in MEDIA:

        @rule(name, f"{name}.{fmt} is {MEDIA[fmt][0]}")
        def _(server: Server, fmt: str = fmt) -> Iterator[str]:
            yield from well(server.get(f"{name}.{fmt}"), fmt)

    @rule(name, "JSON is a bare list")
    def _(server: Server) -> Iterator[str]:
        content = server.get(f"{name}.json").json()
        if not isinstance(content, list):
            yield f"it is an object of {list(content)[:3]}" if isinstance(content, dict) else f"it is {content!r}"

    @rule(name, "JSON fits the schema")
    def _(server: Server) -> Iterator[str]:
        content = server.get(f"{name}.json").json()
        if isinstance(content, dict) and len(content) == 1:
            (content,) = content.values()  # told by another rule
        yield from against(schema, content)

    @rule(name, f"XML is <{root}>, and fits the schema")
    def _(server: Server) -> Iterator[str]:
        yield from against(schema, server.get(f"{name}.xml").spark(root))

    @rule(name, "XML and JSON say the same")
    def _(server: Server) -> Iterator[str]:
        content = server.get(f"{name}.json").json()
        if isinstance(content, dict) and len(content) == 1:
            (content,) = content.values()
        yield from same(server.get(f"{name}.xml").spark(root), content, name)


lists("services", "services", "services")


@rule("services", "there is at least one, and no code twice")
def _(server: Server) -> Iterator[str]:
    codes = [service.get("service_code") for service in listed(server, "services")]
    if not codes:
        yield "there is none"
    if len(set(codes)) != len(codes):
        yield "a code is there twice"


def defined(server: Server) -> list[str]:
    """Some services that have a form of their own; all, where none says so."""
    found = [service for service in listed(server, "services") if service.get("metadata") is True]
    if not found:
        raise NotTriedError("no service says that it has a definition")
    return [quote(str(service["service_code"]), safe="") for service in found[:SAMPLE]]


@rule("definitions", "the definition of a service is there, in both formats")
def _(server: Server) -> Iterator[str]:
    for code in defined(server):
        for fmt in MEDIA:
            yield from well(server.get(f"services/{code}.{fmt}"), fmt)


@rule("definitions", "JSON fits the schema")
def _(server: Server) -> Iterator[str]:
    for code in defined(server):
        yield from against("service_definition", server.get(f"services/{code}.json").json())


@rule("definitions", "XML is <service_definition>, and says the same")
def _(server: Server) -> Iterator[str]:
    for code in defined(server):
        content = server.get(f"services/{code}.xml").spark("service_definition")
        yield from against("service_definition", content)
        yield from same(content, server.get(f"services/{code}.json").json(), code)


@rule("definitions", "it is the service that was asked for; no order, attribute or choice twice")
def _(server: Server) -> Iterator[str]:
    for code in defined(server):
        content = server.get(f"services/{code}.json").json()
        if not isinstance(content, dict) or quote(str(content.get("service_code")), safe="") != code:
            yield f"{code}: another one"
            continue
        attributes = content.get("attributes", [])
        for name in ("order", "code"):
            values = [attribute.get(name) for attribute in attributes]
            if len(set(values)) != len(values):
                yield f"{code}: a {name} is there twice"
        for attribute in attributes:
            keys = [value.get("key") for value in attribute.get("values", [])]
            if len(set(keys)) != len(keys):
                yield f"{code}: {attribute.get('code')} has a choice twice"


lists("requests", "service_requests", "requests")


def some(server: Server) -> list[dict[str, Any]]:
    found = listed(server, "requests")
    if not found:
        raise NotTriedError("the server shows no request of the last 90 days")
    return found


@rule("requests", "no more than a thousand, and none twice")
def _(server: Server) -> Iterator[str]:
    ids = [request.get("service_request_id") for request in some(server)]
    if len(ids) > MOST:
        yield f"there are {len(ids)}"
    if len(set(ids)) != len(ids):
        yield "one is there twice"


@rule("requests", "nothing of who reported is published")
def _(server: Server) -> Iterator[str]:
    for request in some(server):
        if shown := sorted(PERSONAL & {name for name, value in request.items() if value}):
            yield f"{request.get('service_request_id')} shows {', '.join(shown)}"


@rule("requests", "one request is a list of one, in both formats")
def _(server: Server) -> Iterator[str]:
    wanted = some(server)[0]
    path = f"requests/{quote(str(wanted['service_request_id']), safe='')}"
    for fmt in MEDIA:
        reply = server.get(f"{path}.{fmt}")
        yield from well(reply, fmt)
        content = reply.read("service_requests")
        yield from against("requests", content)
        if not isinstance(content, list) or without_nothing(content) != without_nothing([wanted]):
            yield f"{reply.asked} is another one, or not as in the list"


@rule("requests", "numbers with commas override all other arguments")
def _(server: Server) -> Iterator[str]:
    wanted = [str(request["service_request_id"]) for request in some(server)[:2]]
    query = f"service_request_id={quote(','.join(wanted))}&service_code=tidak-ada&start_date=1990-01-01T00:00:00Z"
    content = server.get("requests.json", f"{query}&end_date=1990-02-01T00:00:00Z").json()
    found = [request.get("service_request_id") for request in content] if isinstance(content, list) else content
    if not isinstance(found, list) or sorted(map(str, found)) != sorted(wanted):
        yield f"asked for {wanted}, got {found!r}"


@rule("requests", "an empty argument is no argument")
def _(server: Server) -> Iterator[str]:
    reply = server.get("requests.json", "service_request_id=&service_code=&status=&start_date=&end_date=")
    if without_nothing(reply.json()) != without_nothing(server.get("requests.json").json()):
        yield "the answer is another one"


@rule("requests", "by status and by service")
def _(server: Server) -> Iterator[str]:
    everything = some(server)
    for name in ("status", "service_code"):
        for value in sorted({str(request.get(name)) for request in everything})[:SAMPLE]:
            content = server.get("requests.json", f"{name}={quote(value)}").json()
            got = content if isinstance(content, list) else []
            if not got or {str(each.get(name)) for each in got} != {value}:
                yield f"{name}={value} brings {len(got)} requests, not all of them such"


@rule("requests", "by dates, at most ninety days")
def _(server: Server) -> Iterator[str]:
    at = quote(str(some(server)[0]["requested_datetime"]))
    content = server.get("requests.json", f"start_date={at}&end_date={at}").json()
    numbers = [request.get("service_request_id") for request in content] if isinstance(content, list) else []
    if some(server)[0]["service_request_id"] not in numbers:
        yield "a request is not found by its own requested_datetime"
    content = server.get("requests.json", "start_date=1990-01-01T00:00:00Z&end_date=1990-03-01T00:00:00Z").json()
    if content != []:
        yield "1990 is not empty"


@rule("requests", "page and page_size (an extension)")
def _(server: Server) -> Iterator[str]:
    everything = [request["service_request_id"] for request in some(server)]
    if len(everything) < 2:
        raise NotTriedError("one page holds all there is")
    pages = [server.get("requests.json", f"page_size=1&page={number}").json() for number in (1, 2)]
    if not all(isinstance(page, list) for page in pages):
        raise UnreadableError("requests.json: a page is no list")
    if len(pages[0]) != 1:
        raise NotTriedError("the server has no pages")
    if [page[0].get("service_request_id") for page in pages] != everything[:2]:
        yield "the pages are not the list in its order"
