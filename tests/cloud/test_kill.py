"""A deployment that is killed at each step, the whole process group at once, is simply begun again and ends well. In what
it has made, a cold start is measured, since another deployment would take longer than that."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.deploy.steps import STEPS
from tests.cloud import cold_start
from tests.cloud.cloud import ENV, Cloud, emulator, steps
from tests.server import Client
from tests.whole.test_story import report

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


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with emulator() as cloud:
        yield cloud


def places() -> list[str]:
    """The beginnings of the lines to be killed at, in the order in which they come."""
    beginnings = [f"== {number}/{len(TITLES)} " for number in range(2, len(TITLES) + 1)]
    for within, after in zip(WITHIN, (2, 2, 6, 6, 8, 10, 11), strict=True):
        index = beginnings.index(f"== {after}/{len(TITLES)} ")
        while index + 1 < len(beginnings) and not beginnings[index + 1].startswith("=="):
            index += 1
        beginnings.insert(index + 1, within)
    return beginnings


def test_killed_at_each_step_and_begun_again_it_ends_well(cloud: Cloud) -> None:
    for place in places():
        ran = cloud.run("deploy", ENV, until=lambda line, place=place: line.startswith(place))
        assert ran.status == -9, (place, ran.text)
    last = cloud.run("deploy", ENV)
    assert last.status == 0, last.text
    assert steps(last) == TITLES
    with cloud.edge() as edge:
        client = Client(edge.url)
        fields = report(client)
        sent = client.post("/api/reports", fields, 201)
        assert client.post("/api/thread", {"receipt": sent["receipt"]})["messages"][0]["body"] == fields["body"]
        assert client.token()
    kms = cloud.client("kms").list_keys()["Keys"]
    assert len(kms) == 5


def test_a_restore_and_a_destroy_that_are_killed_are_begun_again(cloud: Cloud) -> None:
    assert cloud.run("deploy", ENV).status == 0
    with cloud.edge() as edge:
        client = Client(edge.url)
        fields = report(client)
        sent = client.post("/api/reports", fields, 201)
    assert cloud.run("backup", ENV).status == 0
    for place in ("   functions", f"   lapor-{ENV}-keyholders"):
        killed = cloud.run("destroy", ENV, "--confirm", ENV, until=lambda line, place=place: line == place)
        assert killed.status == -9, killed.text
    gone = cloud.run("destroy", ENV, "--confirm", ENV)
    assert gone.status == 0, gone.text
    for place in ("   keys: ", "   table: "):
        killed = cloud.run("restore", ENV, until=lambda line, place=place: line.startswith(place))
        assert killed.status == -9, killed.text
    back = cloud.run("restore", ENV)
    assert back.status == 0, back.text
    with cloud.edge() as edge:
        read = Client(edge.url).post("/api/thread", {"receipt": sent["receipt"]})
        assert read["messages"][0]["body"] == fields["body"]


def test_a_cold_start_takes_little_more_than_the_smallest_apps(cloud: Cloud, tmp_path: Path) -> None:
    assert cloud.run("deploy", ENV).status == 0
    to_reading, to_bare = cold_start.ratios(cloud, cold_start.unpack(tmp_path))
    assert {d: r for d, r in to_reading.items() if r > cold_start.MOST_OF_READING[d]} == {}, (to_reading, to_bare)
    assert {d: r for d, r in to_bare.items() if r > cold_start.MOST_OF_BARE[d]} == {}, (to_reading, to_bare)
