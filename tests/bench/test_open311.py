"""What apps cost in DynamoDB: a report sent by Open311 against one of the web, and reading what is public."""

from collections.abc import Iterator
from secrets import token_hex
from typing import Any

import pytest
from moto import mock_aws

from functions.open311.app import make_app
from functions.storage.dynamodb.store import DynamoStore
from tests.bench.meter import Meter
from tests.open311.ours import new_key, place_of, publish
from tests.world import WORDS, World

PATH = "/open311/v2"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Meter]]:
    with mock_aws():
        meter = Meter()
        yield World(tmp_path_factory.mktemp("bench") / "data", DynamoStore("lapor", meter.client)), meter


def test_a_report_of_an_app_costs_one_unit_more_than_one_of_the_web(
    world: tuple[World, Meter],
) -> None:
    there, meter = world
    key, submission = new_key(there.store), token_hex(16)
    client = make_app(place_of(there)).test_client()
    with meter.measure() as web:
        there.report(topic="jalan", place="", subject="")
    sent: dict[str, Any] = {"api_key": key, "service_code": "jalan", "description": WORDS}
    sent |= {"attribute[district]": "64.08.04", "submission_key": submission}
    with meter.measure() as app:
        assert client.post(f"{PATH}/requests.json", data=sent).status_code == 200
    assert app.write == web.write + 1
    # The token's slip, the register of apps in two (a door reads it once a minute), and whether the app is told of answers.
    assert app.calls == web.calls + 4


def test_reading_what_is_public_again_reads_no_report(world: tuple[World, Meter]) -> None:
    there, meter = world
    publish(there.store)
    client = make_app(place_of(there)).test_client()
    assert len(client.get(f"{PATH}/requests.json").get_json()) == 2
    with meter.measure() as again:
        assert len(client.get(f"{PATH}/requests.xml").data) > 100
    assert (again.calls, again.write) == (1, 0)
    assert again.read <= 1
