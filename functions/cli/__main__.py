"""``python -m functions.cli``."""

from functions.cli.main import cli

cli()
