"""What every page must keep to, asked by each test that fetches one."""

import re
from collections import Counter
from copy import deepcopy
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

# Signs that no URL may have, in a URL that is written down (RFC 3986 §2, WHATWG URL §4.3).
_NO_URL = re.compile(r"""[\x00-\x20"<>\\^`{|}\x7f]""")
_URLS = {"href", "src", "action", "formaction", "data", "poster"}
# Inputs that need no label of their own: not shown, or their value is what they say.
_UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
_FIELDS = {"input", "select", "textarea"}


def check_page(html: str) -> Element:
    """Parse a page and assert the house rules for markup; returns the tree (tags without namespace).

    It must be valid HTML5 with every element closed, with a language, a title and one h1; nothing inline that
    the content security policy would stop; a label for each field; an action and a method for each form.
    """
    return deepcopy(_checked(html))  # somebody may change it


@lru_cache(maxsize=64)  # what is looked at again is mostly the same page: to parse one takes longer than to make it
def _checked(html: str) -> Element:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root: Element = parser.parse(html)
    assert not parser.errors, [(code, place, facts) for place, code, facts in parser.errors]
    assert root.get("lang"), "html needs lang"
    title = root.find("head/title")
    assert title is not None, "head needs a title"
    assert _text(title), "the title is empty"
    assert len(list(root.iter("h1"))) == 1, "exactly one h1"
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert not [name for name, count in ids.items() if count > 1], f"an id stands twice: {ids}"
    for element in root.iter():
        if isinstance(element.tag, str):  # comments have a function for a tag
            _check_inline(element)
    _check_labels(root)
    for form in root.iter("form"):
        assert form.get("action"), f"a form without action: {form.attrib}"
        assert form.get("method", "").lower() in ("get", "post"), f"a form without method: {form.attrib}"
    return root


def _check_inline(element: Element) -> None:
    tag = element.tag.rpartition("}")[2]
    assert tag != "style", "an inline style sheet"
    assert tag != "script" or element.get("src"), "an inline script"
    for name, value in element.attrib.items():
        assert name != "style", f"inline style on {tag}"
        assert not name.lower().startswith("on"), f"event handler {name} on {tag}"
        assert not value.strip().lower().startswith("javascript:"), f"javascript: in {name} of {tag}"
        assert name not in _URLS or not _NO_URL.search(value), f"no valid URL in {name} of {tag}: {value!r}"


def _check_labels(root: Element) -> None:
    labelled: set[str] = set()
    wrapped: set[Element] = set()
    for label in root.iter("label"):
        assert _text(label), f"an empty label: {label.attrib}"
        labelled.add(label.get("for", ""))
        wrapped.update(label.iter())
    fields = [field for field in root.iter() if field.tag in _FIELDS]
    known = {field.get("id") for field in fields}
    assert labelled - {""} <= known, f"labels for fields that are not there: {labelled - known}"
    for field in fields:
        if field.get("type") in _UNLABELLED or field.get("hidden") is not None:
            continue
        named = field.get("aria-label") or field.get("aria-labelledby")
        assert named or field in wrapped or field.get("id") in labelled, f"a field without label: {field.attrib}"


def _text(element: Element) -> str:
    return "".join(element.itertext()).strip()
