"""The nineteen rules of discovery, by the names that the validator of 2012 to 2019 gave them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from tests.open311.rules import rule
from tests.open311.wire import Server, UnreadableError

V2 = "GeoReport_v2"


def both(server: Server) -> tuple[Any, Any]:
    """The discovery document in XML and in JSON."""
    return server.get("discovery.xml").spark("discovery"), server.get("discovery.json").json()


def endpoints(server: Server) -> list[dict[str, Any]]:
    found = []
    for document in both(server):
        listed = document.get("endpoints") if isinstance(document, dict) else None
        if not isinstance(listed, list):
            raise UnreadableError("discovery: there is no list of endpoints")
        found += listed
    return found


def moment(text: Any) -> datetime | None:
    """A W3C date, or one without a zone, which this document may have; None for anything else."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def each(name: str, wrong: Callable[[dict[str, Any]], str]) -> None:
    """A rule about every endpoint, in both formats; ``wrong`` says what is, "" where nothing."""

    @rule("discovery", name)
    def check(server: Server) -> Iterator[str]:
        yield from (said for said in map(wrong, endpoints(server)) if said)


@rule("discovery", "discovery.xml should be mime type text/xml")
def _(server: Server) -> Iterator[str]:
    if (media := server.get("discovery.xml").media) != "text/xml":
        yield f"it is {media!r}"


@rule("discovery", "discovery.json should be mime type application/json")
def _(server: Server) -> Iterator[str]:
    if (media := server.get("discovery.json").media) != "application/json":
        yield f"it is {media!r}"


@rule("discovery", 'url should end with "discovery"')
def _(server: Server) -> Iterator[str]:
    for name in ("discovery.xml", "discovery.json"):
        if (status := server.get(name).status) != 200:
            yield f"{name} answers {status}"


@rule("discovery", "both formats should return results")
def _(server: Server) -> Iterator[str]:
    for name in ("discovery.xml", "discovery.json"):
        if not server.get(name).body.strip():
            yield f"{name} is empty"


def both_have(field: str) -> Callable[[Server], Iterator[str]]:
    def check(server: Server) -> Iterator[str]:
        for fmt, document in zip(("xml", "json"), both(server), strict=True):
            if not str(document.get(field) or "").strip():
                yield f"{fmt} has no {field}"

    return check


rule("discovery", "both formats should have contacts")(both_have("contact"))
rule("discovery", "both formats should have key_service information")(both_have("key_service"))


@rule("discovery", "return valid DateTime objects")
def _(server: Server) -> Iterator[str]:
    for document in both(server):
        if moment(document.get("changeset")) is None:
            yield f"changeset {document.get('changeset')!r} is no date"


@rule("discovery", "contacts should return same for both formats")
def _(server: Server) -> Iterator[str]:
    first, second = (document.get("contact") for document in both(server))
    if first != second:
        yield f"{first!r} and {second!r}"


@rule("discovery", "xml endpoint should be an array")
def _(server: Server) -> Iterator[str]:
    if not isinstance(both(server)[0].get("endpoints"), list):
        yield "it is none"


@rule("discovery", "there should be at least one endpoint")
def _(server: Server) -> Iterator[str]:
    for document in both(server):
        if not document.get("endpoints"):
            yield "there is none"


each("each endpoint should have a specification", lambda e: "" if e.get("specification") else f"{e} has none")
each("each endpoint should have a url", lambda e: "" if e.get("url") else f"{e} has none")
each("each endpoint should have a changeset", lambda e: "" if e.get("changeset") else f"{e} has none")
each("each endpoint should have a valid changeset", lambda e: "" if moment(e.get("changeset")) else f"not in {e}")
each(
    "each endpoint should have a changeset in the past",
    lambda e: "" if (at := moment(e.get("changeset"))) and at < datetime.now(UTC) else f"not {e.get('changeset')!r}",
)
each(
    "each endpoint should have a type",
    lambda e: "" if e.get("type") in ("production", "test") else f"it is {e.get('type')!r}",
)
each("each endpoint should have an array of formats", lambda e: "" if isinstance(e.get("formats"), list) else f"{e}")
each("each endpoint should have at least one supported format", lambda e: "" if e.get("formats") else f"{e} has none")
each(
    "all v2 endpoints should support xml",
    lambda e: "" if V2 not in str(e.get("specification")) or "text/xml" in (e.get("formats") or []) else f"{e} has not",
)
