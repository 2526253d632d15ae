"""What ``/openapi.json`` says is what the doors do, for each role: answers, statuses, media types, what is refused.

Every day three roles try the calls of their own door, and at CI each; ``make test-deep`` lets every role try every call, and
more values.
The cases follow from the description and a fixed seed, so a run repeats the one before.
"""

import importlib
import json
import re
import sys
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.contract.compare import Tally, compare
from tests.contract.people import Kept, Person, Village
from tests.contract.seeds import envelope, seeded, seeds
from tests.depth import deep
from tests.security_matrix import ROLES

SITE = Path(__file__).resolve().parents[2] / "site"
DESK_READ = "^/desk/(?!cases/.*/|instance/(changes|officers)|templates/.*/)"
# What each tries every day.
PART = {
    "nobody": "^/(healthz|api/reports/|api/clean|desk/(links|session|$|cases/[^/]*/?$)|custody|open311|api/sms)",
    "reporter, own": "^/api/(thread|reports)",
    "reporter, other's": "^/api/thread$",
    "app": "^/open311",
    "SMS gateway": "^/api/sms",
    "unit that holds": "^/desk/cases",
    "other unit": "^/desk/(mine|cases/[^/]*$)",
    "accused unit": "^/desk/(second|cases/[^/]*$)",
    "coordinator, before": "^/desk/(?!cases/[^/]*/(notes|unmask|lift|sp4n|publication))",
    "coordinator, after": "^/desk/cases/[^/]*(/unmask.*)?$",
    "inspector": "^/desk/(figures|escalated)",
    "overseer": "^/desk/(asked|figures)",
    "centre": "^/desk/(instance/history|$)",
    "custodian": "^/custody",
    "clerk": "^/desk/(loket|mine)",
}
CASES = deep(40, 3)
PHASES = deep(("examples", "coverage", "fuzzing"), ("examples", "coverage"))


@pytest.fixture(scope="module")
def document() -> Any:
    sys.path.insert(0, str(SITE))
    try:
        return json.loads(json.dumps(importlib.import_module("openapi").document()))
    finally:
        sys.path.remove(str(SITE))


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Person]:
    village = Village(tmp_path_factory.mktemp("contract"))
    found = {role: Person(village, role) for role in ROLES}
    kept = Kept(village)  # with everybody signed in
    for person in found.values():
        person.kept = kept
    return found


def asked(person: Person, document: dict[str, Any], paths: str) -> Tally:
    """The calls at these paths as one person."""
    part = deepcopy(document)
    part["paths"] = {path: calls for path, calls in part["paths"].items() if re.search(paths, path)}
    person.asked.clear()
    known = seeds(person) | envelope(person)
    return compare(person, seeded(part, known, signed_in=bool(person.caller.officer)), examples=CASES, phases=PHASES)


@pytest.fixture(scope="module")
def tally_of(people: dict[str, Person], document: dict[str, Any]) -> Callable[[str], Tally]:
    """The calls of a role, made once."""
    return cache(lambda role: asked(people[role], document, deep(".", PART[role])))


@pytest.mark.every_day(3)
@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_answered_as_the_description_says(tally_of: Callable[[str], Tally], role: str) -> None:
    tally = tally_of(role)
    assert tally.disagreements == [], f"{tally.kinds()} in {tally.cases} cases"
    assert not [status for status in tally.statuses if status >= 500]


@pytest.mark.long
def test_nearly_every_call_was_let_in_by_somebody(document: dict[str, Any], tally_of: Callable[[str], Tally]) -> None:
    """Else the corpus no longer gets past ids and sessions, and the test above holds nothing."""
    total = Tally()
    for role in ROLES:
        total += tally_of(role)
    calls = {f"{method.upper()} {path}" for path, calls in document["paths"].items() for method in calls}
    assert total.operations == calls
    let_in = {call for (call, status), _ in total.per.items() if status < 400}
    assert calls - let_in == NEVER
    assert total.cases > 5_000


# A system tells of a case that was passed on to it: two of ours are linked in tests/doors/test_linked.py.
NEVER = {"POST /open311/v2/servicerequestupdates.json"}


@pytest.mark.parametrize(
    ("path", "broken", "kind"),
    [
        ("/healthz", {"299": {"description": "x"}}, "status_code_conformance"),
        ("/api/reports/waiting-key", {"200": {"description": "x", "content": {"text/plain": {}}}}, "content_type_conformance"),
        ("/healthz", {"200": {"description": "x", "content": {"application/json": {"schema": {"type": "array"}}, "text/html": {}}}}, "response_schema_conformance"),
    ],
)  # fmt: skip
def test_a_description_that_lies_is_found_out(
    people: dict[str, Person], document: dict[str, Any], path: str, broken: dict[str, Any], kind: str
) -> None:
    lying = deepcopy(document)
    call = lying["paths"][path]["get"]
    lying["paths"] = {path: {"get": call | {"responses": call["responses"] | broken}}}
    if kind == "status_code_conformance":
        del lying["paths"][path]["get"]["responses"]["200"]
    assert kind in asked(people["inspector"], lying, ".").kinds()
