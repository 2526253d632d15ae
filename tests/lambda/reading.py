"""What Zappa itself makes of zappa_settings.json: ``python -m tests.lambda.reading`` prints it, by stage, as JSON.

A process of its own, for reading settings sets the logging of the whole process.
"""

import json
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

import boto3
from zappa.cli import ZappaCLI

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / "zappa_settings.json"


@cache
def session() -> boto3.Session:
    """One for all: a new one reads anew what AWS has in which region."""
    return boto3.Session("khayalan", "khayalan", region_name="ap-southeast-3")


def read(stage: str) -> dict[str, object]:
    cli = ZappaCLI()
    cli.api_stage = stage
    cli.load_settings(str(SETTINGS), session=session())
    return {
        "lambda_handler": cli.lambda_handler,
        "manage_roles": cli.manage_roles,
        "debug": cli.debug,
        "log_level": cli.log_level,
        "cors": cli.cors,
        "binary_support": cli.binary_support,
        "architecture": cli.architecture,
        "runtime": cli.runtime,
        "environment_variables": cli.environment_variables,
        "aws_environment_variables": cli.aws_environment_variables,
        "function_url": cli.use_function_url,
        "exclude_glob": cli.stage_config["exclude_glob"],
        "generated": cli.get_zappa_settings_string(),
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as empty:
        os.chdir(empty)  # Zappa looks for web sockets in all that is below the folder it stands in
        found = {stage: read(stage) for stage in json.loads(SETTINGS.read_text())}
        os.chdir(ROOT)
    sys.stdout.write(json.dumps(found))
