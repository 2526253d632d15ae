"""What the handbook says of the cloud is there: make's targets, the deployer's commands, the parameters, each alarm."""

import re

import click
import pytest

from infra.deploy.__main__ import cli
from tests.office.test_handbook import PAGES, spans, text
from tests.server import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*): ##", MAKEFILE, re.MULTILINE))
CLOUD = set(re.findall(r"^([a-z][a-z-]*): ##.*\(ENV\b", MAKEFILE, re.MULTILINE))
ALARMS = re.findall(
    r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm", (ROOT / "infra/stacks/alarms.yaml").read_text(), re.MULTILINE
)
PARAMETERS = (ROOT / "infra/parameters/produksi.toml").read_text()


@pytest.mark.parametrize("page", PAGES)
def test_every_target_that_is_named_is_there(page: str) -> None:
    named = {target for said in spans(page) for target in re.findall(r"(?:^|&& )make ([a-z-]+)", said)}
    assert named <= TARGETS


def test_every_target_of_the_cloud_is_explained() -> None:
    assert CLOUD - {"build"} <= set(re.findall(r"\bmake ([a-z-]+)", text("operations.md")))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_deployer_is_there(page: str) -> None:
    for name in re.findall(r"-m infra\.deploy ([a-z-]+)", text(page)):
        assert isinstance(cli.commands[name], click.Command)


def test_every_alarm_says_what_to_do_and_no_other_is_named() -> None:
    table = text("operations.md").partition("## Alarms")[2].partition("\n## ")[0]
    rows = [cell for line in table.splitlines() if line.startswith("|") for cell in line.split("|")[1].split(",")]
    named = {row.strip() for row in rows if re.fullmatch(r"[A-Z]\w+[a-z]", row.strip())}
    assert named == set(ALARMS)


def test_the_parameters_that_are_named_are_there() -> None:
    for name in ("ops_email", "hosted_zone", "domain", "requests_per_five_minutes", "directory"):
        assert f"`{name}`" in text("operations.md")
        assert re.search(rf"^{name} = ", PARAMETERS, re.MULTILINE), name


def test_costs_count_the_alarms_there_are() -> None:
    from infra.economy.prices import ALARMS as COUNTED

    assert len(ALARMS) == COUNTED
