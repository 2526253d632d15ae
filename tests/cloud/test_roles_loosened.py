"""The roles' templates keep the laws, as our evaluator and Parliament read them; each is loosened to see it found."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.cloud import parliament
from tests.cloud.laws import breaches
from tests.cloud.policies import KEYLESS, ROLES, key_policy, statements_of
from tests.cloud.principals import PURPOSES
from tests.cloud.stacks import template


def test_the_templates_keep_the_laws():
    assert breaches() == []


def test_parliament_has_nothing_to_say_of_any_role_and_sees_what_is_wrong():
    """Another hand's reading of AWS's own list: an action that is none, a condition that its action does not know, a
    resource that does not fit would be looked over by our evaluator."""
    assert parliament.run({role: statements_of(role) for role in ROLES}) == []
    table, object_ = {"Ref": "TableArn"}, "arn:aws:s3:::lapor-uji-blobs"
    read = template("roles")
    wrong = {"ForAllValues:StringLike": {"dynamodb:LeadingKey": ["CASE#*"]}}
    policy(read, "intake").append(allow("dynamodb:GetItems", table))
    policy(read, "intake").append(allow("dynamodb:GetItem", table, Condition=wrong))
    policy(read, "intake").append(allow("s3:GetObject", object_))
    found = parliament.run({"intake": statements_of("intake", read=read)})
    assert {kind for _, kind, _ in found} >= {"UNKNOWN_ACTION", "UNKNOWN_CONDITION_FOR_ACTION", "RESOURCE_MISMATCH"}


def policy(read: Any, role: str) -> list[dict[str, Any]]:
    (only,) = read["Resources"][role.title()]["Properties"]["Policies"]
    statements: list[dict[str, Any]] = only["PolicyDocument"]["Statement"]
    return statements


def allow(action: Any, resource: Any, **condition: Any) -> dict[str, Any]:
    return {"Sid": "Loosened", "Effect": "Allow", "Action": action, "Resource": resource} | condition


def more(role: str, action: Any, resource: Any) -> Callable[[Any], None]:
    return lambda read: policy(read, role).append(allow(action, resource))


def wider(role: str, sid: str) -> Callable[[Any], None]:
    """A statement without its conditions."""

    def loosen(read: Any) -> None:
        (statement,) = [each for each in policy(read, role) if each["Sid"] == sid]
        del statement["Condition"]

    return loosen


def gone(role: str, sid: str) -> Callable[[Any], None]:
    def loosen(read: Any) -> None:
        statements = policy(read, role)
        (statement,) = [each for each in statements if each["Sid"] == sid]
        statements.remove(statement)

    return loosen


def without(role: str, sid: str, operator: str) -> Callable[[Any], None]:
    def loosen(read: Any) -> None:
        (statement,) = [each for each in policy(read, role) if each["Sid"] == sid]
        del statement["Condition"][operator]

    return loosen


TABLE, INDEXES = {"Ref": "TableArn"}, {"Fn::Sub": "${TableArn}/index/*"}
OF_ROLES = {
    "intake reads cases": (more("intake", "dynamodb:GetItem", TABLE), "intake reads CASE#x"),
    "intake reads by wildcard": (more("intake", "dynamodb:*", TABLE), "intake reads ID#x"),
    "intake decrypts": (more("intake", "kms:Decrypt", "*"), "intake comes near the key of desk"),
    "intake fetches keys": (more("intake", "s3:GetObject", "*"), "intake comes near the key of identity"),
    "intake reads any register": (wider("intake", "ReadsDirectory"), "intake reads CASE#x"),
    "intake reads by putting": (wider("intake", "PutsReports"), "intake reads CASE#x back by PutItem"),
    "thread lists cases": (more("thread", "dynamodb:Query", INDEXES), "thread lists kutim"),
    "thread reads the queue": (wider("thread", "ReadsACase"), "thread reads OUT#x"),
    "thread lists all files": (wider("thread", "ListsFilesOfOneCase"), "thread may s3:ListBucketVersions"),
    "thread publishes keys": (more("thread", "s3:PutObject", "*"), "thread may s3:PutObject"),
    "cleaner reads cases": (more("cleaner", "dynamodb:GetItem", TABLE), "cleaner reads CASE#x"),
    "cleaner decrypts": (more("cleaner", "kms:Decrypt", "*"), "cleaner comes near the key of desk"),
    "gateway lists cases": (more("gateway", "dynamodb:Query", INDEXES), "gateway lists kutim"),
    "gateway reads identities": (wider("gateway", "ReadsACase"), "gateway reads ID#x"),
    "gateway reads cases by putting": (wider("gateway", "KeepsSlips"), "gateway reads OUT#x back by PutItem"),
    "gateway decrypts": (more("gateway", "kms:Decrypt", "*"), "gateway comes near the key of desk"),
    "gateway publishes keys": (more("gateway", "s3:PutObject", "*"), "gateway may s3:PutObject"),
    "open311 reads cases": (more("open311", "dynamodb:GetItem", TABLE), "open311 reads CASE#x"),
    "open311 lists cases": (more("open311", "dynamodb:Query", INDEXES), "open311 lists kutim"),
    "open311 reads any register": (wider("open311", "ReadsRegisters"), "open311 reads REGISTER#public-ties:x"),
    "open311 reads numbers": (wider("open311", "KeepsTokensAndLinks"), "open311 reads SLIP#x"),
    "open311 reads cases by putting": (wider("open311", "PutsReports"), "open311 reads CASE#x back by PutItem"),
    "open311 admits apps": (wider("open311", "LetsRepliesWait"), "open311 writes REGISTER#apps"),
    "open311 decrypts": (more("open311", "kms:Decrypt", "*"), "open311 comes near the key of desk"),
    "thread reads what is kept of numbers": (wider("thread", "ReadsACase"), "thread reads SLIP#x"),
    "intake asks in the desk's name": (gone("intake", "AsksNothingInTheDesksName"), "intake asks in the desk's name"),
    "thread asks in the desk's name": (gone("thread", "AsksNothingInTheDesksName"), "thread asks in the desk's name"),
    "gateway asks in the desk's name": (
        gone("gateway", "AsksNothingInTheDesksName"),
        "gateway asks in the desk's name",
    ),
    "open311 asks in the desk's name": (
        gone("open311", "AsksNothingInTheDesksName"),
        "open311 asks in the desk's name",
    ),
    "clock asks in the desk's name": (gone("clock", "AsksNothingInTheDesksName"), "clock asks in the desk's name"),
    "clock signs": (more("clock", "kms:Decrypt", "*"), "clock comes near the key of mandates"),
    "clock reads officers": (wider("clock", "ReadsCases"), "clock reads REGISTER#officers"),
    "clock writes registers": (wider("clock", "WritesAnchorsAndFigures"), "clock writes REGISTER#directory"),
    "clock decrypts": (more("clock", "kms:*", "*"), "clock comes near the key of desk"),
    "clock takes roles": (more("clock", "sts:AssumeRole", "*"), "clock may sts:AssumeRole"),
}
OF_KEYHOLDERS = {
    "desk reads identities": (wider("desk", "ReadsACase"), "desk reads ID#x"),
    "desk reads letters": (wider("desk", "RecallsALetter"), "desk reads OUT#x"),
    "desk lists identities": (gone("desk", "ListsNoIdentities"), "desk lists custody#kutim"),
    "desk forges a custodian": (gone("desk", "KeepsOffCustodiansSessions"), "desk writes a custodian's session"),
    "desk opens identities": (
        more("desk", "kms:Decrypt", {"Ref": "IdentityKey"}),
        "desk comes near the key of identity",
    ),
    "desk mints links": (more("desk", "kms:Decrypt", {"Ref": "LinksKey"}), "desk comes near the key of links"),
    "desk fetches the links' key": (
        more("desk", "s3:GetObject", {"Fn::Sub": "arn:aws:s3:::${KeysBucket}/links/*"}),
        "desk comes near the key of links",
    ),
    "desk enters officers": (wider("desk", "WritesRegisters"), "desk writes REGISTER#officers"),
    "desk reads officers' addresses": (wider("desk", "ReadsRegisters"), "desk reads REGISTER#officers"),
    "desk scans": (more("desk", "dynamodb:Scan", TABLE), "desk may dynamodb:Scan"),
    "courier reads words": (more("courier", ["dynamodb:Query"], TABLE), "courier reads CASE#x"),
    "courier opens words": (more("courier", "kms:Decrypt", {"Ref": "DeskKey"}), "courier comes near the key of desk"),
    "courier reads cases by the slips": (wider("courier", "AsksWhoWantsNoSms"), "courier reads CASE#x"),
    "courier writes of numbers": (wider("courier", "Revokes"), "courier writes SLIP#x"),
    "courier reads any register": (wider("courier", "ReadsRegisters"), "courier reads CASE#x"),
    "courier asks in the desk's name": (
        gone("courier", "AsksNothingInTheDesksName"),
        "courier asks in the desk's name",
    ),
    "custody asks in the desk's name": (
        gone("custody", "AsksNothingInTheDesksName"),
        "custody asks in the desk's name",
    ),
    "courier signs": (
        more("courier", "kms:Decrypt", {"Ref": "MandatesKey"}),
        "courier comes near the key of mandates",
    ),
    "courier reads a case's wraps": (wider("courier", "ReadsWithWhomACaseLies"), "courier reads wrap_desk of CASE#x"),
    "courier reads whole heads": (
        without("courier", "ReadsWithWhomACaseLies", "Null"),
        "courier reads CASE#x",
    ),
    "courier reads identities": (wider("courier", "SeesWhetherARequestWaits"), "courier reads steps of ID#x"),
    "custody opens words": (more("custody", "kms:Decrypt", "*"), "custody comes near the key of desk"),
    "custody lists cases": (wider("custody", "ListsIdentities"), "custody lists kutim"),
    "custody revokes": (more("custody", "dynamodb:UpdateItem", TABLE), "custody writes REVOKED#x"),
}


@pytest.mark.parametrize("how", OF_ROLES)
def test_a_loosened_role_without_keys_is_found(how):
    loosen, breach = OF_ROLES[how]
    read = template("roles")
    loosen(read)
    assert [each for each in breaches(roles=read) if each.startswith(breach)]


@pytest.mark.parametrize("role", [role for role in ROLES if role != "cleaner"])  # which may touch no partition
def test_a_condition_that_holds_for_no_partition_is_found(role):
    """As it was before Null stood beside it."""
    name = "roles" if role in KEYLESS else "keyholders"
    read = template(name)
    for statement in policy(read, role):
        statement.get("Condition", {}).get("Null", {}).pop("dynamodb:LeadingKeys", None)
    found = breaches(**{name: read})
    assert [each for each in found if each.startswith(f"{role} may ") and each.endswith("without naming a partition")]


@pytest.mark.parametrize("how", OF_KEYHOLDERS)
def test_a_loosened_keyholder_is_found(how):
    loosen, breach = OF_KEYHOLDERS[how]
    read = template("keyholders")
    loosen(read)
    assert [each for each in breaches(keyholders=read) if each.startswith(breach)]


def test_a_role_that_opens_all_is_found():
    read = template("keyholders")
    policy(read, "desk").append(allow("*", "*"))
    keys = template("keys")
    for purpose in PURPOSES:  # both locks have to be broken for that
        statements = keys["Resources"][purpose.title()]["Properties"]["KeyPolicy"]["Statement"]
        statements[:] = [allow("kms:*", "*")]
    assert "desk opens courier and desk and identity and links and mandates" in breaches(keyholders=read, keys=keys)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_key_that_forgets_whom_it_opens_for_is_found(purpose):
    read = template("keys")
    statements = read["Resources"][purpose.title()]["Properties"]["KeyPolicy"]["Statement"]
    statements[:] = [each for each in statements if each["Sid"] != "NobodyElseDecrypts"]
    assert breaches(keys=read) == []  # one lock of the key's two is left
    for each in statements:
        if each["Sid"] == "DecryptInContext":
            for branch in each["Condition"]["Fn::If"][1:]:
                del branch["ArnEquals"]
    found = breaches(keys=read)
    assert f"ops decrypts {purpose}" in found
    assert [each for each in found if each.endswith(f"comes near the key of {purpose}")]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_key_that_forgets_its_context_is_found(purpose):
    read = template("keys")
    for each in read["Resources"][purpose.title()]["Properties"]["KeyPolicy"]["Statement"]:
        if each["Sid"].endswith("InContext"):
            del each["Condition"]["Fn::If"][2]["StringEquals"]
    assert [each for each in breaches(keys=read) if f"{purpose} in the context" in each]


@pytest.mark.parametrize("purpose", PURPOSES)
def test_for_the_emulator_a_key_leaves_out_its_context_and_nothing_else(purpose):
    ours, theirs = key_policy(purpose), key_policy(purpose, emulated=True)
    assert [each["Sid"] for each in ours] == [each["Sid"] for each in theirs]
    for real, emulated in zip(ours, theirs, strict=True):
        assert {k: v for k, v in real.items() if k != "Condition"} == {
            k: v for k, v in emulated.items() if k != "Condition"
        }
        conditions, kept = real.get("Condition", {}), emulated.get("Condition", {})
        context = {"StringEquals", "Null"} if real["Sid"].endswith("InContext") else set()
        assert conditions.keys() - kept.keys() == context
        session = {
            key: str(value).replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")
            for key, value in conditions.items()
        }
        assert all(str(value).replace("/*'", "'") == session[key] for key, value in kept.items())


def test_only_lambda_takes_a_role():
    for name in ("roles", "keyholders"):
        for made in template(name)["Resources"].values():
            (trusted,) = made["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            assert trusted == {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
