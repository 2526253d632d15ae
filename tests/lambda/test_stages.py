"""The stages in zappa_settings.json, as Zappa itself reads them: no address, no log of a request, nothing astray."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import zappa

from functions.aws_lambda import handler

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "zappa_settings.json"


@pytest.mark.parametrize("stage", list(json.loads(SETTINGS.read_text())))
def test_every_stage_is_read_by_zappa_as_we_mean_it(stages: dict[str, dict[str, Any]], stage: str) -> None:
    read = stages[stage]
    assert read["lambda_handler"] == "functions.aws_lambda.handler.lambda_handler"
    assert read["manage_roles"] is False  # Zappa's own role may do everything
    assert (read["debug"], read["log_level"]) == (False, "WARNING")  # otherwise whole events are logged
    assert read["cors"] is False
    assert read["binary_support"] is True
    assert (read["architecture"], read["runtime"]) == ("arm64", "python3.13")
    assert "DEBUG=False" in read["generated"].splitlines()
    assert "APP_MODULE='functions.aws_lambda.handler'" in read["generated"].splitlines()
    assert read["environment_variables"] == {}  # these would be written in clear into the zip
    door = read["aws_environment_variables"].get("LAPOR_DOOR")
    assert door == (None if stage == "bersama" else stage.partition("_")[0])


@pytest.mark.parametrize("env", ["produksi", "uji", "emulated"])
def test_every_function_has_its_stage_in_every_environment(stages: dict[str, dict[str, Any]], env: str) -> None:
    functions = {name.partition("_")[0] for name in stages if name.endswith(f"_{env}")}
    assert functions == handler.FUNCTIONS
    for function in functions:  # Zappa's would let every account call the function; infra/stacks/urls.yaml makes ours
        assert stages[f"{function}_{env}"]["function_url"] is False


@pytest.mark.parametrize("stage", list(json.loads(SETTINGS.read_text())))
def test_every_setting_is_one_that_zappa_reads(stage: str) -> None:
    """A setting that is misspelt would be passed over without a word."""
    folder = Path(next(iter(zappa.__path__)))
    source = (folder / "cli.py").read_text()
    from_zappa = set(re.findall(r"""stage_config(?:\.get\(|\[)\s*["'](\w+)["']""", source)) | {"extends"}
    listed = re.search(r"CUSTOM_SETTINGS = \[(.*?)\]", source, re.DOTALL)
    assert listed
    from_zappa |= set(re.findall(r'"(\w+)"', listed[1]))
    written = set(json.loads(SETTINGS.read_text())[stage])
    assert written <= from_zappa
    assert "environment_variables" not in written


def test_the_package_holds_what_the_doors_read_and_no_officers_address(stages: dict[str, dict[str, Any]]) -> None:
    gone: set[Path] = set()
    for pattern in stages["intake_produksi"]["exclude_glob"]:  # as Zappa does with its copy of the tree
        for path in ROOT.glob(pattern):
            gone |= {path, *path.rglob("*")}
    for kept in (
        "functions/aws_lambda/handler.py",
        "functions/intake/main.py",
        "functions/web/templates/layout.html",
        "functions/web/assets.json",
        "functions/casework/routing/rules.toml",
        "functions/casework/reply_templates.toml",
        "functions/pii/words.json",
        "functions/web/translations/en/LC_MESSAGES/lapor.mo",
        "infra/demo/kutai-timur.toml",
    ):
        assert (ROOT / kept).exists()
        assert ROOT / kept not in gone
    for left in (
        "tests/world.py",
        "site/portal.py",
        "docs/settings.md",
        "functions/local/serve.py",
        "functions/local/wsgi.py",
        "functions/local/setup.py",
        "functions/local/dev.py",
        "functions/cli/directory/replace.py",
        "functions/cli/letters/commands.py",
        "functions/cli/letters/rows.py",
        "functions/cli/letters/papers.py",
        "functions/cli/doctor_checks.py",
        "functions/local/supervisor.py",
    ):
        assert ROOT / left in gone
    assert ROOT / "infra/demo/officers.toml" in gone
