"""Ops at a terminal: ``python -m infra.deploy COMMAND ENV``; the Makefile's targets call it."""

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click
from botocore.exceptions import BotoCoreError, ClientError

from functions.cli._common import telling
from functions.crypto.seal.public_keys import Purpose
from infra.deploy import ours
from infra.deploy.aws_errors import explained
from infra.deploy.backup import Backup
from infra.deploy.build import build as build_packages
from infra.deploy.destroy import Destroy
from infra.deploy.drift import Drift
from infra.deploy.environs import public_url
from infra.deploy.functions import Functions
from infra.deploy.place import Place, place_of
from infra.deploy.plan import check_approved
from infra.deploy.plan import plan as plan_of
from infra.deploy.portal import upload
from infra.deploy.restore import Restore
from infra.deploy.rotate import GRACE_SECONDS, rotate
from infra.deploy.say import DeployError, say
from infra.deploy.secret import ORIGIN, SMS_TOKEN, Secrets
from infra.deploy.smoke import smoke as try_all
from infra.deploy.stacks import Stacks
from infra.deploy.status import WRONG
from infra.deploy.status import status as status_of
from infra.deploy.steps import Deployment

P = ParamSpec("P")
ENV = click.argument("env")


def told(command: Callable[P, None]) -> Callable[P, None]:
    """As at any other terminal of ours, with what a deployment says beside, and AWS's refusals by their code."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except (ClientError, BotoCoreError) as error:
            raise DeployError(explained(error)) from error

    return telling(DeployError)(run)


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
@click.option("--plan", "approved", default="", help="Only if the plan is still the one with this hash.")
@told
def deploy(env: str, approved: str) -> None:
    """Make or update everything. Safe to repeat, also after it was cut short."""
    place = place_of(env)
    if approved:
        check_approved(place, approved)
    Deployment(place).run()


@cli.command()
@ENV
@told
def plan(env: str) -> None:
    """What a deployment would do. Changes nothing."""
    for line in plan_of(place_of(env)):
        say(line)


@cli.command()
@ENV
@told
def smoke(env: str) -> None:
    """Whether everything answers as it should. Writes nothing."""
    place = place_of(env)
    try_all(place, Functions(place, {}, ""), url_of(place), say)


@cli.command()
@ENV
@told
def status(env: str) -> None:
    """How everything stands; exit status 1 where something is wrong."""
    show(status_of(place_of(env)))


def show(lines: Iterable[tuple[str, str]]) -> None:
    """Lines with a mark, what is wrong in red; ends the program with status 1 where something is."""
    wrong = False
    for mark, line in lines:
        click.secho(f"{mark} {line}", fg="red" if mark == WRONG else None)
        wrong = wrong or mark == WRONG
    sys.exit(wrong)


@cli.command()
@ENV
@told
def drift(env: str) -> None:
    """What was changed by hand since the last deployment; exit status 1 where something was."""
    show(Drift(place_of(env))())


@cli.command()
@ENV
@click.option("--confirm", default="", help="The environment's name again, for scripts.")
@told
def destroy(env: str, confirm: str) -> None:
    """Take everything away but the backups and the keys that open them."""
    task = Destroy(place_of(env))
    say("This will be lost:")
    for line in task.losses():
        say(f"   {line}")
    say("This is kept:")
    for line in task.kept():
        say(f"   {line}")
    if (confirm or click.prompt(f"Type {env} to go on", default="", show_default=False)) != env:
        raise DeployError("nothing was removed")
    task()


@cli.command()
@ENV
@told
def backup(env: str) -> None:
    """Back up table, files and keys into the environment's own bucket, where a backup lives for 35 days at most."""
    say(f"backup {Backup(place_of(env))()} is whole")


@cli.command()
@ENV
@told
def nights(env: str) -> None:
    """The backups that can be restored: the points in time that there are."""
    found = Backup(place_of(env))
    for name in found.names():
        manifest = found.manifest(name)
        say(f"{name}   {manifest.items} items, {len(manifest.copied['blobs'])} files")


@cli.command()
@ENV
@click.option("--from", "name", default="", help="Which backup, or the last of a day (2026-11-27); else the newest.")
@click.option("--unsigned", is_flag=True, help="Also one that nothing proves to be this environment's.")
@told
def restore(env: str, name: str, *, unsigned: bool) -> None:
    """Make an empty environment and bring a backup back into it."""
    place, task = place_of(env), Restore(name, unsigned)
    task.check(place)
    Deployment(place, fill=task.bring).run()
    task.finish(place)


@cli.command("rotate-keys")
@ENV
@click.option("--purpose", type=click.Choice([purpose.value for purpose in Purpose]), required=True)
@click.option("--instance", default="", help="Code of one instance; all where none is named.")
@click.option(
    "--grace", type=click.IntRange(0, 3600), default=GRACE_SECONDS, show_default=True, help="Seconds to wait."
)
@click.option("--fresh", is_flag=True, help="Begin anew, whatever a run of the last week left undone.")
@told
def rotate_keys(env: str, purpose: str, instance: str, grace: int, *, fresh: bool) -> None:
    """Make new keys, have open cases wrapped to them, destroy the old ones, publish the portal anew.

    Broken off, it goes on where it stopped."""
    place = place_of(env)
    url = url_of(place)
    rotate(place, url, purpose, instance, grace, fresh=fresh)


@cli.command("rotate-secret")
@ENV
@told
def rotate_secret(env: str) -> None:
    """Change what CloudFront shows the functions; both hold for as long as that takes. Deploys twice."""
    place = place_of(env)
    Secrets(place).begin_turn(ORIGIN)
    Deployment(place).run()
    Secrets(place).end_turn(ORIGIN)
    Deployment(place).run()


@cli.command("sms-token")
@ENV
@told
def sms_token(env: str) -> None:
    """Keep what an aggregator wants to read in the Authorization header. It is asked for, and not shown."""
    place = place_of(env)
    Secrets(place).give(SMS_TOKEN, click.prompt("What its Authorization header is to hold", hide_input=True))
    say(f"kept; `make deploy ENV={env}` tells it the courier")


@cli.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})  # --help is the command's
@ENV
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@told
def ops(env: str, arguments: tuple[str, ...]) -> None:
    """One of the commands of functions.cli, on the environment's store, e.g. `ops produksi agencies import FILE`.

    Where it froze the portal, as an import does, what changed is uploaded.
    """
    place = place_of(env)
    before = ours.frozen(place)
    status = ours.run(place, url_of(place), arguments)
    if ours.frozen(place) != before:
        show_upload(place, ours.portal_dir(place))
    sys.exit(status)


@cli.command()
@ENV
@told
def portal(env: str) -> None:
    """Freeze and upload the portal alone: after an import, a new key, changed words."""
    place = place_of(env)
    show_upload(place, ours.freeze_portal(place, url_of(place)))


def show_upload(place: Place, folder: Path) -> None:
    """Upload a frozen portal, and say what was new."""
    done = upload(place, folder)
    say(f"{done.new} files uploaded, {done.same} as they were, {done.gone} removed")


def url_of(place: Place) -> str:
    """Where people come."""
    return public_url(place, Stacks(place).outputs("edge"))


if __name__ == "__main__":
    sys.exit(cli())
