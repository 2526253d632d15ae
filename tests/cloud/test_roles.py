"""Who may do what, and who may call which function: tried in the emulator with its rights switched on. What the templates
say of it is asked in ``test_roles_loosened.py``."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from zappa.core import FUNCTION_URL_PUBLIC_PERMISSION_RULES

from infra.deploy.smoke import ONLY_BY_URL, too_open
from tests.cloud import roles_table
from tests.cloud.laws import OPENS, open_functions
from tests.cloud.policies import ROLES
from tests.cloud.principals import PURPOSES, ROOT
from tests.cloud.stacks import ENV, REGION, template
from tests.engines import aws


@pytest.fixture(scope="module")
def rows(guarded_cloud, callers):
    return roles_table.tried(*guarded_cloud, callers)


def test_the_page_of_who_may_do_what_is_as_it_was_tried(rows):
    assert roles_table.PAGE.read_text() == roles_table.page(rows)


def outcomes(rows, section: str, label: str) -> dict[str, bool]:
    found = [out for attempt, out in rows if attempt.section == section and attempt.label == label]
    assert len(found) == 1, label
    return dict(zip(roles_table.COLUMNS, (each == roles_table.YES for each in found[0]), strict=True))


def test_each_kind_of_key_opens_for_one_function_and_never_for_ops(rows):
    opens = {
        p: {who for who, yes in outcomes(rows, "Keys", f"decrypt a key of *{p}*").items() if yes} for p in PURPOSES
    }
    assert opens == OPENS


def test_the_intake_reads_nothing_that_was_reported(rows):
    reading = [
        a.label
        for a, _ in rows
        if a.section in ("Cases", "Identities", "Letters") and a.label.startswith(("read", "list"))
    ]
    assert len(reading) >= 8
    for label in reading:
        section = next(a.section for a, _ in rows if a.label == label)
        assert not outcomes(rows, section, label)["intake"], label


def test_what_apps_are_shown_is_public_and_nothing_beside_it(rows):
    reads = {
        a.label for a, out in rows if a.label.startswith("read ") and out[roles_table.COLUMNS.index("open311")] == "yes"
    }
    assert reads == {
        "read the directory",
        "read what is public",
        "read which apps there are",
        "read how to tell an app of answers, its key sealed too",
        "read which cases went to a system, by its numbers",
        "read for which cases a reply waits",
        "read the sealed replies to a case",
        "read what is kept of a token",
        "read the public keys",
    }


def test_nobody_but_ops_can_do_all(rows):
    able = {
        who: {a.label for a, out in rows if out[column] == roles_table.YES}
        for column, who in enumerate(roles_table.COLUMNS)
    }
    everything = {attempt.label for attempt, _ in rows}
    for role in ROLES:
        assert len(able[role]) < len(everything) / 2
        assert (len(able[role]) == 0) is (role == "cleaner")  # it keeps nothing, and reads nothing
    assert any(label.startswith("decrypt") for label in everything - able["ops"])


def test_nobody_calls_a_function_but_by_its_address_its_schedule_and_its_topic():
    assert open_functions() == []


def test_no_role_calls_a_function_but_the_clock_itself_and_ops_may_call_all(rows):
    calls = {a.label: out for a, out in rows if a.section == "Functions"}
    assert len(calls) == len(ROLES)
    itself = [roles_table.YES if role == "clock" else roles_table.NO for role in ROLES]
    refused = [roles_table.NO] * len(ROLES)
    wanted = {f"call *{role}* directly": itself if role == "clock" else refused for role in ROLES}
    assert calls == {label: [*out, roles_table.YES] for label, out in wanted.items()}


def test_what_zappa_would_permit_lets_every_role_in_and_the_smoke_test_sees_it(rows, guarded_cloud, callers):
    """``rows`` made the functions. As every release up to 0.1.0 stood in AWS."""
    client = aws.client("lambda", endpoint_url=guarded_cloud[0], region_name=REGION, **ROOT)
    name = f"lapor-anonim-custody-{ENV}"
    asks = {"FunctionName": name, "InvocationType": "DryRun"}
    seen = lambda: too_open(json.loads(client.get_policy(FunctionName=name)["Policy"])["Statement"], "custody")  # noqa: E731
    assert seen() == ""
    for sid, action, typed in FUNCTION_URL_PUBLIC_PERMISSION_RULES:
        by_type = {"FunctionUrlAuthType": "NONE"} if typed else {}
        client.add_permission(FunctionName=name, StatementId=sid, Action=action, Principal="*", **by_type)
    try:
        for role in ROLES:
            callers[role].client("lambda").invoke(**asks)
        assert "lets * lambda:InvokeFunction" in seen()
    finally:
        for sid, _, _ in FUNCTION_URL_PUBLIC_PERMISSION_RULES:
            client.remove_permission(FunctionName=name, StatementId=sid)
    for role in ROLES:
        with pytest.raises(ClientError, match="AccessDenied"):
            callers[role].client("lambda").invoke(**asks)


@pytest.mark.parametrize(
    ("function", "change", "fault"),
    [
        ("intake", {"lambda:InvokeFunction": None}, "nobody may lambda:InvokeFunction"),
        ("intake", {"lambda:InvokeFunction": {}}, "lets * lambda:InvokeFunction under None"),
        ("intake", {"lambda:InvokeFunctionUrl": {}}, "lets * lambda:InvokeFunctionUrl under None"),
        ("courier", {}, "lets * lambda:InvokeFunctionUrl"),
    ],
)
def test_the_smoke_test_sees_a_permission_without_its_condition(function, change, fault):
    known = {**ONLY_BY_URL, **change}
    told = [
        {"Sid": "s", "Principal": "*", "Action": action} | ({"Condition": condition} if condition else {})
        for action, condition in known.items()
        if condition is not None
    ]
    assert fault in too_open(told, function)
    rule = {"Sid": "r", "Principal": {"Service": "events.amazonaws.com"}, "Action": "lambda:InvokeFunction"}
    assert too_open([rule], "clock") == "r lets events.amazonaws.com call it for anybody"
    assert too_open([rule | {"Condition": {"ArnLike": {"AWS:SourceArn": "arn:…"}}}], "clock") == ""


def without_condition(resource: str, name: str) -> Callable[[Any], None]:
    def loosen(read: Any) -> None:
        del read["Resources"][resource]["Properties"][name]

    return loosen


OF_FUNCTIONS = {
    "anybody calls the desk": ("urls", without_condition("DeskNoOtherWay", "InvokedViaFunctionUrl"), "another account"),
    "a signature is enough": (
        "urls",
        without_condition("DeskByItsUrl", "FunctionUrlAuthType"),
        "desk is for everybody",
    ),
    "any rule calls the clock": ("schedule", without_condition("ClockMayRun", "SourceArn"), "events.amazonaws.com"),
    "any topic calls the courier": ("schedule", without_condition("BouncedMayRun", "SourceArn"), "sns.amazonaws.com"),
}


@pytest.mark.parametrize("how", OF_FUNCTIONS)
def test_a_permission_that_forgets_its_condition_is_found(how):
    name, loosen, fault = OF_FUNCTIONS[how]
    read = template(name)
    loosen(read)
    assert [each for each in open_functions(**{name: read}) if each.startswith(fault)]
