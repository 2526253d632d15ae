"""Reply templates (teks baku): texts an instance keeps ready for its officers, with blanks that a case fills.

Each instance edits its own at the desk. Until then it has those of ``reply_templates.toml``. A filled text is
Indonesian: it is for the reporter.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from functions.casework.directory.agencies import Directory
from functions.casework.problems import FieldError, InvalidInputProblem
from functions.casework.report import read_text

TITLE_MAX = 80
TEXT_MAX = 4_000
TEMPLATES_MAX = 50
# The names are the words officers use: number, topic, district, the office that holds the case, its deadline.
BLANKS = ("nomor", "topik", "kecamatan", "dinas", "batas_waktu")
TWICE = 2  # a case with this many unchanged texts is flagged
_FILE = Path(__file__).with_name("reply_templates.toml")
# A brace without its partner counts as well: it was meant to be a blank.
_BRACED = re.compile(r"\{[^{}]*\}|[{}]")
# Officers fill these themselves, e.g. "[tanggal]".
_GAP = re.compile(r"\[[^\[\]\n]{1,80}\]")


@dataclass(frozen=True, slots=True)
class Template:
    """A text to begin an answer with. ``ident`` stays when its words change; ``topic`` is "" if it suits any."""

    ident: str
    title: str
    text: str
    topic: str = ""


@cache
def shipped() -> tuple[Template, ...]:
    """Return the templates that every instance starts with."""
    import tomllib  # noqa: PLC0415 - only where somebody writes an answer

    return tuple(Template(**entry) for entry in tomllib.loads(_FILE.read_text(encoding="utf-8"))["templates"])


def read_template(ident: str, typed: Mapping[str, str], directory: Directory) -> Template:
    """Check what was typed (``title``, ``topic``, ``text``). Raises InvalidInputProblem with every fault at once."""
    from functions.casework.understanding.words import Words  # noqa: PLC0415 - only where somebody edits one

    said = Words({name: typed.get(name, "") for name in ("title", "text")})  # a register is not even sealed (law 12)
    title, wrong_title = read_text(said, "title", TITLE_MAX, required=True)
    text, wrong_text = read_text(said, "text", TEXT_MAX, required=True)
    topic = typed.get("topic", "").strip()
    wrong_topic = [FieldError("topic", "unknown")] if topic and topic not in directory.topics else []
    strange = [braced for braced in dict.fromkeys(_BRACED.findall(text)) if braced not in _known()]
    if strange:
        facts = {"found": " ".join(strange)[:TITLE_MAX], "known": " ".join(_known())}
        wrong_text.append(FieldError("text", "unknown_blank", facts))
    if errors := [*wrong_title, *wrong_topic, *wrong_text]:
        raise InvalidInputProblem(*errors)
    return Template(ident, title.replace("\n", " "), text, topic)


def suited(templates: Iterable[Template], topic: str) -> tuple[Template, ...]:
    """Return the templates for a case of this topic: those of the topic first, then those for any."""
    return tuple(sorted((t for t in templates if t.topic in ("", topic)), key=lambda t: not t.topic))


def fill(text: str, blanks: Mapping[str, str]) -> str:
    """Return a text with its blanks filled."""
    return _BRACED.sub(lambda braced: blanks.get(braced[0][1:-1], braced[0]), text)


def sent_as_is(text: str, templates: Iterable[Template], blanks: Mapping[str, str]) -> str:
    """Return the ident of the template that this text repeats, filled and unchanged except for white space; "" if
    none."""
    said = _folded(text)
    return next((t.ident for t in templates if _folded(fill(t.text, blanks)) == said), "")


def left_open(text: str, templates: Iterable[Template]) -> tuple[str, ...]:
    """Return the gaps of templates that nobody filled in this text, such as a date or a reason."""
    gaps = {gap for template in templates for gap in _GAP.findall(template.text)}
    return tuple(gap for gap in dict.fromkeys(_GAP.findall(text)) if gap in gaps)


def _known() -> tuple[str, ...]:
    return tuple(f"{{{name}}}" for name in BLANKS)


def _folded(text: str) -> str:
    return " ".join(text.split())
