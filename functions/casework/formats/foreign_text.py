"""Mark Indonesian in the page of a language that lacks a text, so that a screen reader says it as Indonesian (WCAG 2.2,
3.1.2 Language of Parts).

Texts are marked with two code points that no text holds, and the finished page tells where they stand: an element whose
whole text is Indonesian gets ``lang``, a part of one a ``span``. Within a tag nothing can be marked but an element
without a text of its own, such as a field's placeholder.
"""

import re
from collections.abc import Iterator

START, END = "\ufdd0", "\ufdd1"  # noncharacters: never in what people write (Unicode 16.0, 23.7)
LANG = ' lang="id"'
_MARKS = re.compile(rf"[{START}{END}]|\\ufdd[01]")  # also as JSON writes them
_TOKEN = re.compile(r"""(<!--.*?-->|</?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>)""", re.DOTALL)
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_WHOLE = re.compile(rf"\s*{START}[^{START}{END}]*{END}\s*")
VOID = frozenset({"input", "img", "meta", "link"})
PLAIN = frozenset({"title", "option", "textarea", "script", "style"})  # no element may stand within


def marked(text: str) -> str:
    """Return a text marked as Indonesian."""
    return f"{START}{text}{END}"


def unmarked(text: str) -> str:
    """Return a text without marks, for what is no page."""
    return _MARKS.sub("", text)


def resolve(page: str) -> str:
    """Return a page whose marks are ``lang`` attributes."""
    return "".join(_resolved(_TOKEN.split(page))) if START in page else page


def _resolved(tokens: list[str]) -> Iterator[str]:
    """Yield the tokens, tags at odd places, with ``lang`` where marks were."""
    depth, inside = 0, ""
    for at, token in enumerate(tokens):
        if at % 2:
            inside = "" if token.startswith("</") else _name(token)
            whole = _is_whole(tokens, at)
            lone = inside in VOID and START in token
            tag = unmarked(token)
            yield _with_lang(tag) if (whole or lone) and not depth else tag
        elif (at and _is_whole(tokens, at - 1)) or inside in PLAIN:
            yield unmarked(token)
        else:
            text, depth = _spans(token, depth)
            yield text


def _is_whole(tokens: list[str], tag: int) -> bool:
    """Return whether the element that begins with this tag has nothing but one Indonesian text."""
    if tokens[tag].startswith(("</", "<!")) or _name(tokens[tag]) in VOID:
        return False
    ends = tag + 2 >= len(tokens) or tokens[tag + 2].startswith("</") or _name(tokens[tag]) == "option"
    return ends and _WHOLE.fullmatch(tokens[tag + 1]) is not None and " lang=" not in tokens[tag]


def _spans(text: str, depth: int) -> tuple[str, int]:
    """Return a text whose outermost marks are spans, and how deep its end is within marks."""
    parts = []
    for part in re.split(f"([{START}{END}])", text):
        if part == START:
            depth += 1
            parts.append(f"<span{LANG}>" if depth == 1 else "")
        elif part == END:
            parts.append("</span>" if depth == 1 else "")
            depth = max(0, depth - 1)
        else:
            parts.append(part)
    return "".join(parts), depth


def _with_lang(tag: str) -> str:
    name = _NAME.match(tag)
    return f"{name[0]}{LANG}{tag[name.end() :]}" if name else tag


def _name(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1].lower() if found else ""
