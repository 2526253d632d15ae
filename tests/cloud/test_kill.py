"""A deployment that is killed at each step, the whole process group at once, is simply begun again and ends well. In what
it has made, a cold start is measured, since another deployment would take longer than that.

``make test-deep`` kills at every place; otherwise one in each part of the way, another one each day."""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from infra.deploy.steps import STEPS
from tests.cloud import cold_start
from tests.cloud.cloud import ENV, Cloud, Ran, emulator, steps
from tests.depth import deep
from tests.server import Client
from tests.whole.test_story import report

pytestmark = pytest.mark.long

TITLES = [title for title, _ in STEPS]
# Beside the beginning of each step: in the middle of the stacks, of the functions, of what stands behind them.
WITHIN = (
    f"   lapor-{ENV}-keys ",
    f"   lapor-{ENV}-roles ",
    f"   lapor-anonim-intake-{ENV} ",
    f"   lapor-anonim-clock-{ENV} ",
    f"   lapor-{ENV}-edge ",
    f"   lapor-{ENV}-schedule ",
    "   ok intake",
)
DESTROYED = ("   functions", f"   lapor-{ENV}-keyholders")
RESTORED = ("   keys: ", "   table: ")
SEED = os.environ.get("KILL_SEED") or f"{datetime.now(UTC):%Y-%m-%d}"
PARTS = 5  # of the way, with a kill in each


def every_place() -> list[str]:
    """The beginnings of the lines to be killed at, in the order in which they come."""
    beginnings = [f"== {number}/{len(TITLES)} " for number in range(2, len(TITLES) + 1)]
    for within, after in zip(WITHIN, (2, 2, 6, 6, 8, 10, 11), strict=True):
        index = beginnings.index(f"== {after}/{len(TITLES)} ")
        while index + 1 < len(beginnings) and not beginnings[index + 1].startswith("=="):
            index += 1
        beginnings.insert(index + 1, within)
    return beginnings


def sample(places: Sequence[str], parts: int) -> Sequence[str]:
    """One place of each of so many parts of the way; all of them in ``make test-deep``."""
    drawn = random.Random(SEED)  # noqa: S311 - which places, so that a day's can be had again
    edges = [len(places) * n // parts for n in range(parts + 1)]
    chosen = [drawn.choice(places[start:end]) for start, end in pairwise(edges)]
    return deep(places, chosen)


@dataclass
class Deployed:
    """A cloud with all that stands in it after deployments that were killed, and how the last one went."""

    cloud: Cloud
    killed: dict[str, Ran]
    last: Ran


@pytest.fixture(scope="module")
def deployed() -> Iterator[Deployed]:
    with emulator() as cloud:
        yield Deployed(
            cloud,
            {place: killed(cloud, place, "deploy", ENV) for place in sample(every_place(), PARTS)},
            cloud.run("deploy", ENV),
        )


def killed(cloud: Cloud, place: str, *arguments: str) -> Ran:
    return cloud.run(*arguments, until=lambda line: line.startswith(place))


def test_killed_at_each_step_and_begun_again_it_ends_well(deployed: Deployed) -> None:
    for place, ran in deployed.killed.items():
        assert ran.status == -9, (SEED, place, ran.text)
    assert deployed.last.status == 0, (SEED, deployed.last.text)
    assert steps(deployed.last) == TITLES
    with deployed.cloud.edge() as edge:
        client = Client(edge.url)
        fields = report(client)
        sent = client.post("/api/reports", fields, 201)
        assert client.post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == fields["body"]
        assert client.token()
    kms = deployed.cloud.client("kms").list_keys()["Keys"]
    assert len(kms) == 5


def test_a_restore_and_a_destroy_that_are_killed_are_begun_again(deployed: Deployed) -> None:
    cloud = deployed.cloud
    with cloud.edge() as edge:
        client = Client(edge.url)
        fields = report(client)
        sent = client.post("/api/reports", fields, 201)
    assert cloud.run("backup", ENV).status == 0
    for place in sample(DESTROYED, 1):
        ran = killed(cloud, place, "destroy", ENV, "--confirm", ENV)
        assert ran.status == -9, (SEED, place, ran.text)
    gone = cloud.run("destroy", ENV, "--confirm", ENV)
    assert gone.status == 0, gone.text
    for place in sample(RESTORED, 1):
        ran = killed(cloud, place, "restore", ENV)
        assert ran.status == -9, (SEED, place, ran.text)
    back = cloud.run("restore", ENV)
    assert back.status == 0, back.text
    with cloud.edge() as edge:
        read = Client(edge.url).post("/api/thread", {"receipt": sent["receipt"]})
        assert read["messages"][0]["body"] == fields["body"]


def test_a_cold_start_takes_little_more_than_the_smallest_apps(deployed: Deployed, tmp_path: Path) -> None:
    to_reading, to_bare = cold_start.ratios(deployed.cloud, cold_start.unpack(tmp_path))
    assert {d: r for d, r in to_reading.items() if r > cold_start.MOST_OF_READING[d]} == {}, (to_reading, to_bare)
    assert {d: r for d, r in to_bare.items() if r > cold_start.MOST_OF_BARE[d]} == {}, (to_reading, to_bare)
