"""What Zappa generates for stages' handlers to read: ``python -m infra.deploy.stage_settings FILE`` prints it as JSON,
by stage. It needs no credentials and asks nobody."""

import json
import sys
from functools import cache
from pathlib import Path

import boto3
from zappa.cli import ZappaCLI


@cache
def _session() -> boto3.Session:
    """One for all stages: a new one reads anew what AWS has in which region."""
    return boto3.Session("nobody", "nobody", region_name="ap-southeast-3")


def generated(file: Path, stage: str) -> str:
    """The source of ``zappa_settings.py`` for one stage."""
    cli = ZappaCLI()
    cli.api_stage = stage
    cli.load_settings(str(file), session=_session())
    return str(cli.get_zappa_settings_string())


if __name__ == "__main__":
    source = Path(sys.argv[1])
    sys.stdout.write(json.dumps({stage: generated(source, stage) for stage in json.loads(source.read_text())}))
