"""A small evaluator of policies, for what the emulator does not look at: the context of an encryption, who sends, another
account; and a second opinion on the rest. It knows the operators that our templates use, and fails on any other rather
than guess."""

from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.cloud.stacks import ACCOUNT, ENV, REGION, parameters, resources, template

Statement = dict[str, Any]
Context = Mapping[str, str | list[str]]
ROLES = ("intake", "thread", "cleaner", "desk", "custody", "gateway", "open311", "courier", "clock")
KEYLESS = ("intake", "thread", "cleaner", "gateway", "open311", "clock")  # those of roles.yaml


def listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def like(value: str, pattern: str) -> bool:
    """``*`` and ``?`` as IAM means them: brackets are no pattern there."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))


def among(values: Iterable[str], patterns: Iterable[str]) -> bool:
    return any(like(value, pattern) for value in values for pattern in patterns)


OPERATORS: dict[str, Callable[[list[str] | None, list[str]], bool]] = {
    "Bool": lambda found, wanted: found is not None and found[0] == wanted[0],
    "ArnLike": lambda found, wanted: found is not None and among(found[:1], wanted),
    "Null": lambda found, wanted: (found is None) == (wanted == ["true"]),
    "StringEquals": lambda found, wanted: found is not None and found[0] in wanted,
    "StringEqualsIfExists": lambda found, wanted: found is None or found[0] in wanted,
    "StringLike": lambda found, wanted: found is not None and among(found[:1], wanted),
    "ArnEquals": lambda found, wanted: found is not None and among(found[:1], wanted),
    "ArnNotEquals": lambda found, wanted: found is None or not among(found[:1], wanted),
    # Also where there are no values, hence Null beside it: see the head of roles.yaml.
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


def function_policy(function: str, **read: dict[str, Any]) -> list[Statement]:
    """What a function's own policy says, as Lambda writes it of the permissions in our templates. ``read`` are
    templates in the place of ours, by name."""
    made: dict[str, Any] = {}
    for name in ("urls", "schedule"):
        made |= resources(read.get(name) or template(name), parameters(name))
    given = {name: each["Properties"] for name, each in made.items() if each["Type"] == "AWS::Lambda::Permission"}
    named = f"lapor-anonim-{function}-{ENV}"
    return [
        _as_lambda_writes(name, each, named) for name, each in given.items() if each["FunctionName"].endswith(named)
    ]


def _as_lambda_writes(name: str, given: dict[str, Any], function: str) -> Statement:
    conditions: dict[str, Any] = {}
    if "SourceArn" in given:
        conditions["ArnLike"] = {"AWS:SourceArn": given["SourceArn"]}
    if "FunctionUrlAuthType" in given:
        conditions["StringEquals"] = {"lambda:FunctionUrlAuthType": given["FunctionUrlAuthType"]}
    if "InvokedViaFunctionUrl" in given:
        conditions["Bool"] = {"lambda:InvokedViaFunctionUrl": str(given["InvokedViaFunctionUrl"]).lower()}
    everybody = given["Principal"] == "*"
    return {
        "Sid": name,
        "Effect": "Allow",
        "Principal": "*" if everybody else {"Service": given["Principal"]},
        "Action": given["Action"],
        "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
        **({"Condition": conditions} if conditions else {}),
    }


def admits(statements: Iterable[Statement], action: str, resource: str, context: Context, service: str = "") -> bool:
    """Whether a resource's own policy lets in whom it does not name: anybody, or a service of AWS."""
    whom = ["*", {"AWS": "*"}, *([{"Service": service}] if service else [])]
    named = [each for each in statements if each["Principal"] in whom]
    return allowing(named, action, resource, context) is not None
