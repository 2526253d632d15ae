"""The command ``doctor``: what is wrong on this installation and what to do, a sentence each."""

from collections.abc import Iterable

import click

from functions.cli._common import each, told
from functions.cli.doctor_checks import examine
from functions.cli.findings import Finding, wrong
from functions.config.settings import SettingsError, load_settings


@click.command()
@told
def doctor() -> None:
    """Tell what is wrong here and what to do.

    OK: as it should be. ??: worth a look. !!: wrong, and the exit status is 1. Nothing is changed.
    """
    counts = {True: 0, False: 0}
    for finding in _findings():
        click.echo(str(finding))
        counts[finding.is_wrong] += 1
    if counts[True]:
        raise click.ClickException(f"{counts[True]} of {sum(counts.values())} findings are wrong.")


def _findings() -> Iterable[Finding]:
    try:
        settings = load_settings()
    except SettingsError as error:
        return [wrong(f"settings: {fault}") for fault in error.faults]
    return examine(settings, lambda pairs: each("opening keys", pairs))
