"""Our own door against every rule, and `georeport`, a client by other hands, reading what it answers."""

import sys
from collections.abc import Iterator
from pathlib import Path

import georeport
import pytest

from functions.storage.interface import Scope
from tests.open311.ours import CLOSED, OPEN, new_key, publish, serving
from tests.open311.rules import against
from tests.open311.suite import RULES, Rule, run
from tests.open311.wire import Server, without_nothing
from tests.world import World


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    world = World(tmp_path_factory.mktemp("open311"))
    publish(world.store)
    with serving(world) as url:
        yield Server(url, new_key(world.store), "kutim")
    kept = world.store.page(Scope.INSTANCE, "kutim").heads
    assert len(kept) == 2  # the two that were rightly sent, and nothing of what was refused


@pytest.mark.parametrize("one", RULES, ids=str)
def test_our_door_keeps_the_rule(server: Server, one: Rule) -> None:
    finding = run(server, one)
    assert finding.deviations == ()
    assert finding.untried == ""


@pytest.mark.parametrize("fmt", ["xml", "json"])
def test_updates_are_as_the_schema_has_them_and_the_same_in_both(server: Server, fmt: str) -> None:
    content = server.get(f"servicerequestupdates.{fmt}").read("service_requests_updates")
    assert list(against("updates", content)) == []
    assert [(update["update_id"], update["status"]) for update in content] == [
        ("P7K3M9QXR-1", "open"),
        ("P7K3M9QXR-2", "closed"),
    ]
    assert without_nothing(content) == without_nothing(server.get("servicerequestupdates.json").json())


@pytest.mark.parametrize("fmt", ["xml", "json"])
def test_georeport_reads_services_definitions_and_requests(server: Server, fmt: str) -> None:
    client = georeport.GeoReport(server.url, jurisdiction="kutim", output_format=fmt)
    services = client.get_service_list()
    assert [s["service_code"] for s in services][:2] == ["jalan", "banjir"]
    definition = client.get_service_definition("jalan")
    attributes = definition["attributes"] if fmt == "json" else definition["attributes"]["attribute"]
    assert [a["code"] for a in attributes if str(a["required"]).lower() == "true"] == ["district"]
    requests = client.get_service_requests(status="open,closed")
    assert [r["service_request_id"] for r in requests] == [OPEN.public_id, CLOSED.public_id]
    one = client.get_service_request(CLOSED.public_id)
    assert (one["status"], one["agency_responsible"]) == ("closed", "Dinas Perhubungan")


def test_the_suite_reads_with_nothing_of_the_product() -> None:
    """What writes and what checks share no code, or a fault of both would show nowhere."""
    for name in ("wire", "rules", "discovery", "reading", "writing", "suite", "__main__"):
        source = Path(sys.modules["tests.open311.suite"].__file__ or "").with_name(f"{name}.py").read_text()
        assert "functions" not in source.replace("our own door's code", "")
