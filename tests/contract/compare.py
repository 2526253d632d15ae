"""What the description of the calls says, held against what the doors do (schemathesis)."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Self

import schemathesis
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests.contract.people import Person
from tests.contract.seeds import SEEDED

SEED: Final = 20_261_128
load_all_checks()


@dataclass
class Tally:
    """Operations, cases, and what disagreed: kind, then what was asked and said."""

    operations: set[str] = field(default_factory=set)
    cases: int = 0
    disagreements: list[tuple[str, str]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    per: "Counter[tuple[str, int]]" = field(default_factory=Counter)

    def kinds(self) -> dict[str, int]:
        """How many of each kind."""
        return dict(Counter(kind for kind, _ in self.disagreements))

    def __iadd__(self, other: "Tally") -> Self:
        self.operations |= other.operations
        self.cases += other.cases
        self.disagreements += other.disagreements
        self.statuses += other.statuses
        self.per += other.per
        return self


# They want a proof that no schema makes: a device's signature, a code of this half minute, a code read out by phone.
PROVED = frozenset(f"POST /{door}/factor{name}" for door in ("desk", "custody") for name in ("", "/help", "/new"))

# In a form of parts a number or a flag is the text that it would be anyway.
NO_TYPES = re.compile(r"in body - violates `type` at /properties/\w+ \(was string, became (integer|number|boolean)\)")
# A clerk's browser is led from the desk to the counter, whatever it asks the desk.
LED_ON = "GET /desk/", 303


def compare(person: Person, document: dict[str, Any], *, examples: int, phases: Iterable[str]) -> Tally:
    """Every call of ``document`` as one person."""
    person.document = document
    wanted = {name: {"enabled": name in phases} for name in ("examples", "coverage", "fuzzing", "stateful")}
    config = SchemathesisConfig.from_dict(
        {
            "seed": SEED,
            "continue-on-failure": True,
            "suppress-health-check": ["too_slow"],  # no test may depend on how loaded the machine is
            "generation": {"max-examples": examples, "deterministic": True, "no-shrink": True, "database": "none"},
            "phases": wanted,
            "checks": {
                "use_after_free": {"enabled": False},  # what was withdrawn is put back
                "missing_required_header": {"expected-statuses": [400, 401, 403, 404, 406, 415, 422]},  # 404: a clerk
            },
        }
    )
    schema = schemathesis.openapi.from_wsgi("/openapi.json", person, config=config)
    tally, ours = Tally(), _seeded(document)
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _count(event, tally, ours)
        elif isinstance(event, (events.NonFatalError, events.FatalError)):
            tally.disagreements.append(("error", str(getattr(event, "value", None) or event.exception)))
    return tally


def _seeded(document: dict[str, Any]) -> re.Pattern[str]:
    """What is said of a query that only the known values refuse, which ``seeds`` puts in place of the description's."""
    calls = [call for path in document["paths"].values() for call in path.values()]
    given = [each for call in calls for each in call.get("parameters", [])]
    names = {each["name"] for each in given if each.get(SEEDED) and each["in"] == "query"}
    return re.compile(rf"parameter `({'|'.join(map(re.escape, sorted(names))) or '(?!)'})` in query - violates `enum`")


def _count(event: events.ScenarioFinished, tally: Tally, ours: re.Pattern[str]) -> None:
    recorder = event.recorder
    tally.operations.add(recorder.label)
    tally.cases += len(recorder.cases)
    for interaction in recorder.interactions.values():
        if interaction.response:
            tally.statuses[interaction.response.status_code] += 1
            tally.per[recorder.label, interaction.response.status_code] += 1
    for ident, checks in recorder.checks.items():
        case, response = recorder.cases[ident].value, recorder.interactions[ident].response
        for check in checks:
            if check.status is not Status.FAILURE or not check.failure_info:
                continue
            said = check.failure_info.failure.message
            if ours.search(said) or _is_no_fault(check.name, recorder.label, case.media_type, response, said):
                continue
            told = response.text[:400] if response else ""
            shown = f"{recorder.label} {case.path_parameters} {case.query} {case.headers} {case.media_type} {repr(case.body)[:400]} -> {response and response.status_code} {told}: {said[:300]}"
            tally.disagreements.append((check.name, shown))


def _is_no_fault(check: str, label: str, media_type: str | None, response: Any, said: str) -> bool:
    """Whether a door may answer so though the check, which knows the description alone, says that it must not."""
    if check == "positive_data_acceptance":
        return label in PROVED
    led_on = response is not None and (label, response.status_code) == LED_ON
    in_parts = media_type == "multipart/form-data" and NO_TYPES.search(said) is not None
    return check == "negative_data_rejection" and (led_on or in_parts)
