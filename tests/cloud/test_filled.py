"""What is wrong with an environment's file, an account or a stack is told before anything is made, by name."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from infra.deploy import place
from infra.deploy.__main__ import cli
from infra.deploy.account import check_region, quota_note
from infra.deploy.aws_errors import HINTS
from infra.deploy.environs import BY_HTTP, of_function
from infra.deploy.functions import Functions
from infra.deploy.parameters import CHECKS, check_parameters, faults
from infra.deploy.place import Place, place_of
from infra.deploy.say import DeployError
from infra.deploy.secret import cleaner_origin
from infra.deploy.stacks import STANDS
from infra.deploy.status import FINE, stack_line
from infra.deploy.status import WRONG as WRONG_MARK
from tests.cloud.cloud import ROOT

EXAMPLE = (ROOT / "infra/parameters/uji.toml").read_text()
EMULATED = (ROOT / "infra/parameters/emulated.toml").read_text()


def read(monkeypatch: pytest.MonkeyPatch, folder: Path, env: str, text: str) -> Place:
    """The environment that a file describes."""
    (folder / f"{env}.toml").write_text(text)
    monkeypatch.setattr(place, "PARAMETERS", folder)
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "")
    if env == "emulated":
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    else:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return place_of(env)


OURS = EXAMPLE.replace("lapor.example", "lapor.go.id")


def test_every_invented_name_that_is_left_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = read(monkeypatch, tmp_path, "uji", EXAMPLE)
    with pytest.raises(DeployError, match="domain, mail_identity, mail_from, ops_email: still the example's"):
        check_parameters(found)


def test_one_that_was_forgotten_is_told_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = OURS.replace("operator@lapor.go.id", "operator@lapor.example")
    assert list(faults(read(monkeypatch, tmp_path, "uji", text))) == [
        "ops_email: still the example's; put in what is yours"
    ]


@pytest.mark.parametrize(("env", "text"), [("uji", OURS), ("emulated", EMULATED)])
def test_what_is_filled_in_and_the_emulator_pass(
    env: str, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    check_parameters(read(monkeypatch, tmp_path, env, text))


WRONG = {  # the line as somebody types it, and how its fault begins
    "region": ('region = "Jakarta"', "region = 'Jakarta': is not like ap-southeast-3"),
    "emulated": ("emulated = true", "emulated: is for the environment of that name alone"),
    "deletion_protection": ('deletion_protection = "yes"', "deletion_protection = 'yes': is neither true nor false"),
    "domain": ('domain = "https://lapor.go.id/"', "domain = 'https://lapor.go.id/': is not like"),
    "hosted_zone": ('hosted_zone = "lapor.go.id"', "hosted_zone = 'lapor.go.id': is not like Z0123456789ABC"),
    "certificate": (
        'certificate = "arn:aws:acm:ap-southeast-3:123456789012:certificate/a"',
        "certificate = 'arn:aws:acm:ap-southeast-3:123456789012:certificate/a': is not like arn:aws:acm:us-east-1:",
    ),
    "operator": ('operator = " "', "operator = ' ': is no name of an office"),
    "timezone": ('timezone = "WITA"', "timezone = 'WITA': is not a time zone like Asia/Makassar"),
    "directory": ('directory = ["/tidak/ada.csv"]', "directory = ['/tidak/ada.csv']: there is no file /tidak/ada.csv"),
    "mail_identity": ('mail_identity = "dinas"', "mail_identity = 'dinas': is neither a domain"),
    "mail_from": ('mail_from = "lapor@lain.go.id"', "mail_from: lapor@lain.go.id is not of lapor.go.id"),
    "ops_email": ('ops_email = "operator"', "ops_email = 'operator': is not like operator@dinas.go.id"),
    "firewall": ("firewall = 1", "firewall = 1: is neither true nor false"),
    "requests_per_five_minutes": ("requests_per_five_minutes = 99", "requests_per_five_minutes = 99: is no whole"),
    "monthly_budget_usd": ('monthly_budget_usd = "20"', "monthly_budget_usd = '20': is no whole number from 1 up"),
    "backup_region": ('backup_region = "Singapura"', "backup_region = 'Singapura': is not like ap-southeast-1"),
    "backup_lock_days": ("backup_lock_days = 34", "backup_lock_days = 34: is no whole number from 0 to 33"),
    "warm_intake": ("warm_intake = 11", "warm_intake = 11: is no whole number from 0 to 10"),
    "firewal": ("firewal = false", "firewal: nothing reads this; is it misspelt?"),
    "cleaners_at_once": ("cleaners_at_once = -1", "cleaners_at_once = -1: is no whole number from 0 to 200"),
    "public_url": ('public_url = "lapor"', "public_url = 'lapor': is not like https://lapor.dinas.go.id"),
    "settings.RETENTION_DAYS": ("RETENTION_DAYS = 3", "[settings] RETENTION_DAYS = 3: is not a whole number from 30"),
    "settings.RETENTION": ("RETENTION = 730", "[settings] RETENTION: there is no such setting"),
    "settings.SMS_SECRET": (f'SMS_SECRET = "{"s" * 32}"', "[settings] SMS_SECRET: is a secret"),
}


def with_line(name: str, line: str) -> str:
    part, _, known = name.rpartition(".")
    if part:
        return f"{OURS}\n[{part}]\n{line}\n"
    text, replaced = re.subn(rf"^{known} = .*$", line, OURS, flags=re.MULTILINE)
    return text if replaced else f"{line}\n{OURS}"


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_parameter_is_told_by_its_name_before_anything_is_made(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    line, said = WRONG[name]
    (fault,) = faults(read(monkeypatch, tmp_path, "uji", with_line(name, line)))
    assert fault.startswith(said)


def test_no_parameter_of_a_file_goes_unchecked_and_all_faults_come_at_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_by_us = set(tomllib.loads(OURS))
    assert read_by_us <= CHECKS.keys()
    assert {name for name in WRONG if "." not in name} - {"firewal"} == CHECKS.keys() - {"settings"}
    text = with_line("ops_email", 'ops_email = "operator"').replace("firewall = true", 'firewall = "on"')
    with pytest.raises(DeployError) as told:
        check_parameters(read(monkeypatch, tmp_path, "uji", text))
    assert str(told.value).startswith("uji.toml is not right, and nothing was changed:\n")
    assert len(str(told.value).splitlines()) == 3


class Refusing:
    """An AWS that answers everything with one error, or as ``given`` says."""

    def __init__(self, code: str = "", **given: Any) -> None:
        self.code, self.given = code, given

    def __getattr__(self, name: str) -> Any:
        def call(**_: Any) -> Any:
            if self.code:
                raise ClientError({"Error": {"Code": self.code, "Message": "no"}}, name)
            return self.given

        return call


@pytest.fixture
def place_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], Place]:
    def made(client: Any) -> Place:
        monkeypatch.setattr(Place, "client", lambda *_, **__: client)
        return Place("uji", "ap-southeast-3")

    return made


@pytest.mark.parametrize(("status", "fine"), [("ENABLED", True), ("DISABLED", False), ("ENABLING", False)])
def test_a_region_that_is_not_turned_on_is_told(place_at: Callable[[Any], Place], status: str, fine: bool) -> None:
    found = place_at(Refusing(RegionOptStatus=status))
    if fine:
        check_region(found)
    else:
        with pytest.raises(DeployError, match=f"ap-southeast-3 is {status} for this account: turn it on"):
            check_region(found)


@pytest.mark.parametrize("code", HINTS)
def test_a_refusal_is_told_by_awss_code_and_what_to_do(place_at: Callable[[Any], Place], code: str) -> None:
    for look in (check_region, lambda found: found.account):
        with pytest.raises(DeployError) as told:
            look(place_at(Refusing(code)))
        assert f"({code})" in str(told.value)
        assert HINTS[code] in str(told.value)


def test_no_command_ends_in_a_traceback_where_aws_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> Place:
        raise ClientError({"Error": {"Code": "OptInRequired", "Message": "no"}}, "CreateDistribution")

    monkeypatch.setattr("infra.deploy.__main__.place_of", refused)
    done = CliRunner().invoke(cli, ["plan", "uji"])
    assert done.exit_code == 1
    assert done.output.startswith(
        "Error: AWS refuses CreateDistribution (OptInRequired): no; the account is not verified"
    )


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        (10, ["only 10 functions may run at once, ", "cleaners have no bound of their own: 10 functions "]),
        (109, ["cleaners have no bound of their own: 109 functions at once leave no 100 beside 10"]),
        (110, []),
    ],
)
def test_too_few_functions_at_once_are_told(place_at: Callable[[Any], Place], limit: int, said: list[str]) -> None:
    notes = list(quota_note(place_at(Refusing(AccountLimit={"ConcurrentExecutions": limit}))))
    assert [note[: len(start)] for note, start in zip(notes, said, strict=True)] == said


def test_what_the_edge_shows_the_cleaner_leads_past_it_to_no_other_door(place_at: Callable[[Any], Place]) -> None:
    """The cleaner handles hostile files. While the secret turns, it takes both of its own."""
    old, new = "a" * 43, "b" * 43
    found = place_at(Refusing(Parameter={"Value": f"{new},{old}"}, Account="1" * 12, Stacks=[]))
    told = {name: of_function(found, name, "https://lapor.go.id")["ORIGIN_SECRET"] for name in BY_HTTP}
    assert {name: said for name, said in told.items() if name != "cleaner"} == dict.fromkeys(
        (name for name in BY_HTTP if name != "cleaner"), f"{new},{old}"
    )
    assert told["cleaner"] == f"{cleaner_origin(new)},{cleaner_origin(old)}"
    assert len({old, new, *told["cleaner"].split(",")}) == 4


class Bounding(Refusing):
    """An AWS that notes what it is told of a function's bound."""

    told: tuple[str, dict[str, Any]] = ("", {})

    def __getattr__(self, name: str) -> Any:
        def call(**how: Any) -> Any:
            if name.endswith("_function_concurrency"):
                self.told = (name, how)
            return self.given

        return call


@pytest.mark.parametrize(
    ("limit", "wanted", "told"),
    [
        (1000, 10, ("put_function_concurrency", {"ReservedConcurrentExecutions": 10})),
        (110, 10, ("put_function_concurrency", {"ReservedConcurrentExecutions": 10})),
        (109, 10, ("delete_function_concurrency", {})),
        (10, 10, ("delete_function_concurrency", {})),
        (1000, 0, ("delete_function_concurrency", {})),
    ],
)
def test_a_flood_of_documents_has_a_bound_of_its_own_where_the_quota_lets(
    place_at: Callable[[Any], Place],
    monkeypatch: pytest.MonkeyPatch,
    limit: int,
    wanted: int,
    told: tuple[str, dict[str, Any]],
) -> None:
    """Else it takes the account's concurrency, and with it the intake's."""
    aws = Bounding(AccountLimit={"ConcurrentExecutions": limit})
    place_at(aws)
    monkeypatch.setattr(Functions, "stages", {})
    Functions(Place("uji", "ap-southeast-3", {"cleaners_at_once": wanted}), {}, "").put([], lambda _: None)
    assert aws.told == (told[0], {"FunctionName": "lapor-anonim-cleaner-uji", **told[1]})


@pytest.mark.parametrize(
    ("status", "mark"),
    [("UPDATE_ROLLBACK_COMPLETE", WRONG_MARK), ("UPDATE_COMPLETE", FINE), ("ROLLBACK_COMPLETE", WRONG_MARK)],
)
def test_a_stack_whose_change_failed_is_red_though_it_stands(status: str, mark: str) -> None:
    told = stack_line("lapor-uji-edge", status)
    assert told[0] == mark
    assert status in told[1]
    assert {"UPDATE_ROLLBACK_COMPLETE"} <= STANDS  # so that a deployment mends it


def test_a_certificate_without_a_domain_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    arn = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b"
    text = with_line("certificate", f'certificate = "{arn}"')
    assert list(faults(read(monkeypatch, tmp_path, "uji", text))) == []
    bare = re.sub(r'^domain = "[^"]*"', 'domain = ""', text, flags=re.MULTILINE)
    assert list(faults(read(monkeypatch, tmp_path, "uji", bare))) == [
        "certificate: is for no domain; fill in domain, or leave both empty"
    ]
