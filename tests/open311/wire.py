"""Asking a server of Open311 and reading what comes back: JSON, and XML by the Spark convention.

Stands by itself: nothing of our own door's code is used, so that a fault of it cannot hide itself.
"""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

LISTS = {
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_requests_updates": "request_update",
    "errors": "error",
}
TRUTHS, COUNTS = {"metadata", "variable", "required"}, {"order"}
SECONDS = 60


class UnreadableError(Exception):
    """A body is not what its media type says; the message says how."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    asked: str
    status: int
    media: str
    body: bytes = field(repr=False)

    @property
    def text(self) -> str:
        try:
            return self.body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise UnreadableError(f"{self.asked}: the body is not UTF-8") from error

    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise UnreadableError(f"{self.asked}: the body is not JSON: {self.text[:60]!r}") from error

    def element(self) -> Element:
        try:
            return fromstring(self.body)
        except Exception as error:
            raise UnreadableError(f"{self.asked}: the body is not XML: {self.body[:60]!r}") from error

    def spark(self, root: str) -> Any:
        """What XML says, as its JSON would."""
        top = self.element()
        if top.tag != root:
            raise UnreadableError(f"{self.asked}: the outermost element is {top.tag!r}, not {root!r}")
        return spark(top)

    def read(self, root: str) -> Any:
        """The content, by the path's ending."""
        return self.json() if ".json" in self.asked else self.spark(root)


def spark(element: Element) -> Any:
    if element.tag in LISTS:
        strange = {child.tag for child in element} - {LISTS[element.tag]}
        if strange:
            raise UnreadableError(f"<{element.tag}> holds {sorted(strange)}, not {LISTS[element.tag]!r}")
        return [spark(child) for child in element]
    if len(element):
        return {child.tag: spark(child) for child in element}
    text = (element.text or "").strip()
    if element.tag in TRUTHS and text in ("true", "false"):
        return text == "true"
    return int(text) if element.tag in COUNTS and text.isdecimal() else text or None


def without_nothing(content: Any) -> Any:
    """Content in which an empty value is an absent one and numbers are text, to compare XML with JSON."""
    if isinstance(content, dict):
        kept = {name: without_nothing(value) for name, value in content.items()}
        return {name: value for name, value in kept.items() if value not in (None, "", [])}
    if isinstance(content, list):
        return [without_nothing(each) for each in content]
    return content.strip() if isinstance(content, str) else content if content is None else str(content)


@dataclass(eq=False)
class Server:
    """A server at ``url`` (its endpoint, like ``https://api.city.gov/dev/v2``). What is asked by GET is asked once."""

    url: str
    api_key: str = ""
    jurisdiction: str = ""

    @cache  # noqa: B019 - a server is asked for one run
    def get(self, path: str, query: str = "") -> Reply:
        """``query`` as it stands after ``?``; the jurisdiction is added."""
        asked = "&".join(part for part in (query, self._whose) if part)
        return self._ask(urllib.request.Request(f"{self.url}/{path}" + (f"?{asked}" if asked else "")), path)

    def post(self, path: str, fields: dict[str, str]) -> Reply:
        whose = {"jurisdiction_id": self.jurisdiction} if self.jurisdiction else {}
        body = urllib.parse.urlencode(whose | fields).encode()
        request = urllib.request.Request(f"{self.url}/{path}", body, method="POST")
        request.add_header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        return self._ask(request, f"POST {path}")

    @property
    def _whose(self) -> str:
        return urllib.parse.urlencode({"jurisdiction_id": self.jurisdiction}) if self.jurisdiction else ""

    def _ask(self, request: urllib.request.Request, path: str) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return Reply(path, answer.status, answer.headers.get("Content-Type", ""), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(path, error.code, error.headers.get("Content-Type", ""), error.read())
