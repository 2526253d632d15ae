"""Mutants that once survived, each with the tests that kill it."""

from typing import Final, NamedTuple


class Mutant(NamedTuple):
    """One change: in ``file`` the text ``old`` becomes ``new``; ``tests`` must see it."""

    file: str
    old: str
    new: str
    tests: str


_RULES, _STAGES = "functions/pii/rules.py", "functions/casework/stages.py"
_WAITING = "functions/crypto/transport/waiting_reports.py"
_ACCESS, _CLOCKS = "functions/casework/access.py", "functions/casework/deadlines/clocks.py"
_ESCALATION, _PROPOSE = "functions/casework/deadlines/escalation.py", "functions/casework/routing/propose.py"
_KILLS = "tests/mutation/test_named.py"

NAMED: Final = (
    Mutant(_RULES, "1 <= day <= 31", "2 <= day <= 31", _KILLS),
    Mutant(_RULES, "1 <= day <= 31", "1 <= day <= 30", _KILLS),
    Mutant(_RULES, "1 <= month <= 12", "2 <= month <= 12", _KILLS),
    Mutant(_RULES, "1 <= month <= 12", "1 <= month <= 11", _KILLS),
    Mutant(_RULES, "day > _WOMEN", "day > _WOMEN + 1", _KILLS),
    Mutant("functions/casework/channel.py", "self is not Channel.MAIL", "self is Channel.SMS", _KILLS),
    Mutant(_PROPOSE, "if proposal.agency == inspectorate and", "if False and", _KILLS),
    Mutant(_PROPOSE, "found[0] and sum(abuse.values()) >= ABUSE", "found[0] and False", _KILLS),
    Mutant(_PROPOSE, "any(weight >= GRAVE for", "any(weight > 10**9 for", _KILLS),
    Mutant(
        _STAGES,
        "frozenset({S.DITERIMA, S.DIALIHKAN, S.DIDISPOSISIKAN, S.DITANGGAPI",
        "frozenset({S.DIALIHKAN, S.DIDISPOSISIKAN, S.DITANGGAPI",
        _KILLS,
    ),
    Mutant(_WAITING, "if not 0 < size <= MOST_BYTES or", "if not 0 < size <= MOST_BYTES and", _KILLS),
    Mutant(_WAITING, "size % STEP_BYTES or envelope", "size % STEP_BYTES and envelope", _KILLS),
    Mutant(_WAITING, "MOST_BYTES: Final = 256 * 1024", "MOST_BYTES: Final = 255 * 1024", _KILLS),
    Mutant(_WAITING, "MOST_BYTES: Final = 256 * 1024", "MOST_BYTES: Final = 258 * 1024", _KILLS),
    Mutant(_WAITING, "STEP_BYTES: Final = 2048", "STEP_BYTES: Final = 1024", _KILLS),
    Mutant(_ACCESS, "if instance.parent == here.code)", "if instance.parent)", _KILLS),
    Mutant(_ACCESS, "if not head.desk_work.second and not any(", "if not any(", _KILLS),
    Mutant(
        _ACCESS,
        "if target.kind is AgencyKind.UNIT:\n        return head.instance in",
        "if target.kind is AgencyKind.UNIT:\n        return True or head.instance in",
        _KILLS,
    ),
    Mutant(_ACCESS, "and target.code == head.instance", "", _KILLS),
    Mutant(_CLOCKS, "head if due < today else", "head if due <= today else", _KILLS),
    Mutant(_CLOCKS, "if head.open and stage in CLOSED:", "if stage in CLOSED:", _KILLS),
    Mutant(_CLOCKS, "if head.open and stage in CLOSED:", "if False:", _KILLS),
    Mutant("functions/actions/reporter/submit.py", "not_before=hour, count=1)", "not_before=hour, count=0)", _KILLS),
    Mutant("functions/actions/reporter/submit.py", "not_before=hour, count=1)", "not_before=hour, count=2)", _KILLS),
    Mutant(_ESCALATION, "escalation.steps < min(", "escalation.steps < max(", _KILLS),
    Mutant("functions/intake/gate.py", "    memory.move_to_end(entry)\n", "", _KILLS),
)
