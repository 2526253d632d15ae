"""Ops at a terminal: ``python -m infra.deploy COMMAND ENV``; the Makefile's targets call it."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import click

from infra.deploy.build import build as build_packages
from infra.deploy.place import place_of
from infra.deploy.say import DeployError, say
from infra.deploy.steps import Deployment

P = ParamSpec("P")
ENV = click.argument("env")


def told(command: Callable[P, None]) -> Callable[P, None]:
    """Turn our own errors into sentences on standard error, and exit status 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except DeployError as error:
            raise click.ClickException(str(error)) from error

    return run


@click.group()
def cli() -> None:
    """Lapor Anonim in the cloud: bring it there, look after it, take it away. ENV is produksi, uji or emulated."""


@cli.command()
@ENV
@told
def build(env: str) -> None:
    """Build the functions' packages into build/lambda."""
    for package in build_packages(env):
        say(f"{package.digest}  {package.path.stat().st_size:>10}  {package.path.name}")


@cli.command()
@ENV
@told
def deploy(env: str) -> None:
    """Make or update everything. Safe to repeat, also after it was cut short."""
    Deployment(place_of(env)).run()


if __name__ == "__main__":
    sys.exit(cli())
