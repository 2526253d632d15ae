"""Open311's two formats. JSON follows from XML by the Spark convention: an element that holds a list disappears, and a
list is a list even of one.

Reading takes XML that somebody else has parsed safely, and undoes the same: a list comes back as a list even where its
server wrote one object for it.
"""

import json
import re
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

# What each list is called, and what one of it.
ITEMS = {
    "discovery": "",
    "endpoints": "endpoint",
    "formats": "format",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_requests_updates": "request_update",
    "errors": "error",
}
XML, JSON = "xml", "json"
MEDIA = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
# What XML 1.0 cannot hold at all (production 2, Char), not even escaped.
_NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Content = dict[str, Any] | Sequence[dict[str, Any]]


def write(fmt: str, root: str, content: Content) -> bytes:
    """An answer in UTF-8. ``root`` names XML's outermost element, which JSON has not."""
    if fmt == JSON:
        return json.dumps(content, ensure_ascii=False).encode()
    top = Element(root)
    _fill(top, content)
    return bytes(tostring(top, encoding="utf-8", xml_declaration=True))


def from_xml(element: Element) -> Any:
    """What an element holds, as JSON would have it: lists, objects, text; None for nothing. Numbers and truth values
    stay text."""
    if ITEMS.get(element.tag):
        return [from_xml(child) for child in element]
    if len(element):
        return {child.tag: from_xml(child) for child in element}
    return (element.text or "").strip() or None


def as_list(content: Any) -> list[Any]:
    """The list an answer is: some servers write one object for a list of one, others wrap it."""
    if isinstance(content, dict):
        lists = [value for name, value in content.items() if ITEMS.get(name) and isinstance(value, list)]
        return lists[0] if len(content) == 1 and lists else [content]
    return list(content) if isinstance(content, list) else []


def _fill(element: Element, content: Any) -> None:
    if isinstance(content, dict):
        for name, value in content.items():
            _fill(SubElement(element, name), value)
    elif isinstance(content, list | tuple):
        for each in content:
            _fill(SubElement(element, ITEMS[element.tag]), each)
    elif content is not None:
        text = str(content).lower() if isinstance(content, bool) else str(content)
        element.text = _NO_CHARACTER.sub("", text)
