"""Our evaluator and ``@cloud-copilot/iam-simulate`` agree on every role and every row of docs/roles.md."""

from copy import deepcopy
from itertools import product
from typing import Any

import pytest

from tests.cloud.attempts import attempts
from tests.cloud.calls import Ask
from tests.cloud.policies import OPERATORS, ROLES, Statement, function_policy, key_policy, statements_of
from tests.cloud.principals import EVERYTHING, PURPOSES, Principal
from tests.cloud.simulated import ALLOWED, results
from tests.cloud.stacks import ACCOUNT, ENV, MAIL, arns

KEYS = {purpose: arns()[f"{purpose.title()}Key"] for purpose in PURPOSES}
POOL = arns() | MAIL | {"CustodyRole": f"arn:aws:iam::{ACCOUNT}:role/lapor-{ENV}-custody"}


def callers() -> dict[str, Principal]:
    """Each role and ops, by their policies alone: nobody is asked."""
    of_roles = {role: Principal(role, "", {}, statements_of(role), KEYS) for role in ROLES}
    return of_roles | {"ops": Principal("ops", "", {}, [EVERYTHING], KEYS)}


def simulation(who: Principal, ask: Ask, resource: str) -> dict[str, Any]:
    own: list[Statement] = []
    if ask.action.startswith("kms:"):
        own = key_policy(next(purpose for purpose, arn in KEYS.items() if arn == resource))
    if ask.action.startswith("lambda:"):
        own = function_policy(resource.removesuffix(f"-{ENV}").rpartition("-")[2])
    return {
        "request": {
            "principal": who.arn,
            "action": ask.action,
            "resource": {"resource": resource, "accountId": ACCOUNT},
            "contextVariables": {**ask.context, "aws:PrincipalArn": who.arn},
        },
        "identityPolicies": [{"name": who.name, "policy": document(who.statements)}],
        "serviceControlPolicies": [],
        "resourceControlPolicies": [],
        **({"resourcePolicy": document(own)} if own else {}),
    }


def document(statements: list[Statement]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": deepcopy(statements)}


def judged(standing_in: dict[str, str] | None = None) -> list[tuple[str, str, bool, str]]:
    """Each role at each row: what our evaluator says, and what the other one."""
    pairs = product(attempts(POOL, dict.fromkeys(PURPOSES, b"segel")), callers().values())
    rows = [(attempt.label, who, ask) for attempt, who in pairs for ask in attempt.asks()]
    asked = [simulation(who, ask, who._resolved(ask)) for _, who, ask in rows]
    found = results(asked) if standing_in is None else results(asked, standing_in)
    return [(label, who.name, who.allowed(ask), said) for (label, who, ask), said in zip(rows, found, strict=True)]


def differing(tried: list[tuple[str, str, bool, str]]) -> list[tuple[str, str, bool, str]]:
    return [row for row in tried if row[2] != (row[3] == ALLOWED)]


def test_both_evaluators_agree_on_every_role_and_every_row() -> None:
    tried = judged()
    assert len(tried) > len(ROLES) * 100
    assert {ours for *_, ours, _ in tried} == {True, False}
    assert differing(tried) == []


def test_where_ours_passes_over_a_condition_the_other_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATORS, "ForAllValues:StringLike", lambda _found, _wanted: True)
    assert ("read a sealed identity", "courier", True, "ImplicitlyDenied") in differing(judged())


def test_left_to_itself_it_denies_what_kms_allows_in_a_context() -> None:
    """Ours is right there: see ``simulated.py``. Once this fails, it fills the gap, and the stand-ins may go."""
    wrong = differing(judged({}))
    assert {label.split(" a key of ")[0] for label, *_ in wrong} == {"decrypt", "encrypt"}
    assert {said for *_, said in wrong} == {"ImplicitlyDenied"}
    assert len(wrong) == 2 * len(PURPOSES)
