"""What a rule is, and running them. A rule is a generator of deviations: sentences that say what is otherwise."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.open311.wire import Server, UnreadableError

Check = Callable[[Server], Iterator[str]]
RULES: list["Rule"] = []


class NotTriedError(Exception):
    """The rule does not apply here; the message says why."""


@dataclass(frozen=True)
class Rule:
    group: str
    name: str
    check: Check
    writes: bool = False

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


@dataclass(frozen=True)
class Finding:
    """What became of a rule. ``untried`` says why it was not tried."""

    rule: Rule
    deviations: tuple[str, ...] = ()
    untried: str = ""


def rule(group: str, name: str, *, writes: bool = False) -> Callable[[Check], Check]:
    """Add a rule. ``writes``: it leaves a report on the server, and wants a key."""

    def add(check: Check) -> Check:
        RULES.append(Rule(group, name, check, writes))
        return check

    return add


def run(server: Server, one: Rule) -> Finding:
    """Try a rule."""
    if one.writes and not server.api_key:
        return Finding(one, untried="needs --api-key, and leaves a report there")
    try:
        return Finding(one, tuple(one.check(server)))
    except NotTriedError as error:
        return Finding(one, untried=str(error))
    except UnreadableError as error:
        return Finding(one, (str(error),))


def run_all(server: Server) -> list[Finding]:
    return [run(server, one) for one in RULES]


def against(schema: str, content: Any) -> Iterator[str]:
    """How content differs from one of our schemas."""
    document = json.loads((Path(__file__).parent / "schemas" / f"{schema}.json").read_text())
    from jsonschema import Draft202012Validator  # late: it compiles forty grammars

    validator = Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)
    for error in sorted(validator.iter_errors(content), key=lambda e: list(map(str, e.absolute_path)))[:5]:
        yield f"{schema} at {'/'.join(map(str, error.absolute_path)) or 'the top'}: {error.message[:160]}"
