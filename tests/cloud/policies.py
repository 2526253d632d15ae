"""A small evaluator of policies, for what the emulator does not look at: leading keys, what is handed back, the context
of an encryption. It knows the operators that our templates use, and fails on any other rather than guess."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.cloud.stacks import parameters, resources, template

Statement = dict[str, Any]
Context = Mapping[str, str | list[str]]
ROLES = ("intake", "thread", "desk", "custody", "gateway", "open311", "courier", "clock")
KEYLESS = ("intake", "thread", "gateway", "open311", "clock")  # those of roles.yaml


def listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def like(value: str, pattern: str) -> bool:
    """``*`` and ``?`` as IAM means them: brackets are no pattern there."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def among(values: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(like(value, pattern) for value in values for pattern in patterns)


OPERATORS: dict[str, Callable[[list[str] | None, list[str]], bool]] = {
    "Null": lambda found, wanted: (found is None) == (wanted == ["true"]),
    "StringEquals": lambda found, wanted: found is not None and found[0] in wanted,
    "StringEqualsIfExists": lambda found, wanted: found is None or found[0] in wanted,
    "StringLike": lambda found, wanted: found is not None and among(found[:1], wanted),
    "ArnEquals": lambda found, wanted: found is not None and among(found[:1], wanted),
    "ArnNotEquals": lambda found, wanted: found is None or not among(found[:1], wanted),
    # Also where there are no values: see the head of roles.yaml.
    "ForAllValues:StringLike": lambda found, wanted: all(among([each], wanted) for each in found or []),
    "ForAllValues:StringEquals": lambda found, wanted: set(found or []) <= set(wanted),
    "ForAnyValue:StringLike": lambda found, wanted: among(found or [], wanted),
}


def holds(operator: str, found: list[str] | None, wanted: list[str]) -> bool:
    """One condition; ``found`` is None where the request has no such key."""
    assert operator in OPERATORS, f"the evaluator does not know {operator}"
    return OPERATORS[operator](found, wanted)


def applies(statement: Statement, action: str, resource: str, context: Context) -> bool:
    assert not {"NotAction", "NotResource", "NotPrincipal"} & statement.keys(), statement
    if not among([action.lower()], [each.lower() for each in listed(statement["Action"])]):
        return False
    if not among([resource], listed(statement["Resource"])):
        return False
    return all(
        holds(operator, None if context.get(key) is None else listed(context[key]), listed(wanted))
        for operator, conditions in statement.get("Condition", {}).items()
        for key, wanted in conditions.items()
    )


def allowing(statements: Iterable[Statement], action: str, resource: str, context: Context) -> Statement | None:
    """The statement by which a call is allowed; None where none does, or one denies it."""
    found = [each for each in statements if applies(each, action, resource, context)]
    if any(each["Effect"] == "Deny" for each in found):
        return None
    return next(iter(found), None)


def statements_of(
    role: str, given: dict[str, str] | None = None, read: dict[str, Any] | None = None
) -> list[Statement]:
    """What a role's policies say. ``read`` is the template, where a test has loosened one."""
    name = "roles" if role in KEYLESS else "keyholders"
    made = resources(read or template(name), parameters(name, **(given or {})))[role.title()]["Properties"]
    assert "ManagedPolicyArns" not in made
    return [each for policy in made["Policies"] for each in policy["PolicyDocument"]["Statement"]]


def key_policy(purpose: str, *, emulated: bool = False, read: dict[str, Any] | None = None) -> list[Statement]:
    """What a KMS key's own policy says."""
    given = parameters("keys", Emulated=str(emulated).lower())
    made = resources(read or template("keys"), given)[purpose.title()]["Properties"]
    statements: list[Statement] = made["KeyPolicy"]["Statement"]
    return statements
