"""The engines behind the storage interface. Every test that asks for ``store`` runs on each of them.

The engines must start: where one cannot, the tests fail and say why. None is ever skipped.
"""

import os
from dataclasses import dataclass, field
from secrets import token_hex

import pytest
from moto import mock_aws

from functions.storage.dynamodb.calls import DynamoPart
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.sqlite.engine import SqlitePart
from functions.storage.sqlite.store import SqliteStore
from tests.depth import deep
from tests.engines import aws, dynamodb_local, ministack
from tests.prepared import make_empty_table, put_empty_file

AWS = {"region_name": "ap-southeast-3", "aws_access_key_id": "invented", "aws_secret_access_key": "invented"}
SERVED = ["ministack"]
if os.environ.get("LAPOR_DYNAMODB_LOCAL"):
    SERVED.append("dynamodb_local")
DYNAMO = ["moto", *SERVED]
# PartiQL scans where its condition names no key.
SCANNING = frozenset({"Scan", "ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"})
# What runs inside the process on a file of its own, and what each of its parts is built on.
EMBEDDED = {"sqlite": (SqliteStore, SqlitePart)}
STORES = EMBEDDED | {"dynamodb": (DynamoStore, DynamoPart)}
# Every day on one emulator of DynamoDB, which is served; a second one's opinion is asked by ``make test-deep``.
ENGINES = [*EMBEDDED, *deep(DYNAMO, SERVED)]
# Where threads do nothing at once and the served engines would only be slower.
QUICK = [*EMBEDDED, "moto"]
# moto answers parallel transactions with HTTP 500s: what threads do at once is tried on the others.
PARALLEL = [*EMBEDDED, *SERVED]


@dataclass
class Watched:
    """Makes boto3 clients and notes every call they make, by the API's name for it."""

    url: str | None = None
    calls: list[str] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    def client(self, service="dynamodb"):
        made = aws.client(service, endpoint_url=self.url, **AWS)
        made.meta.events.register(f"before-call.{service}", self._note)
        return made

    def _note(self, model, params, **_):
        self.calls.append(model.name)
        self.bodies.append(str(params["body"]))


@pytest.fixture(scope="session")
def ministack_url(request):
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def tell(text):
        with capture.global_and_fixture_disabled():
            ministack.say(text)

    with ministack.serve(tell) as url:
        yield url


@pytest.fixture(scope="session")
def dynamodb_local_url():
    with dynamodb_local.serve() as url:
        yield url


@pytest.fixture
def engine(request):
    """The engine's name; parametrised by the tests below."""
    return request.param


def pytest_generate_tests(metafunc):
    if getattr(metafunc.module, "engine", engine) is not engine:
        return  # it has these fixtures, and chooses an engine of its own
    if "engine" in metafunc.fixturenames and not metafunc.definition.get_closest_marker("parametrize"):
        metafunc.parametrize("engine", ENGINES, indirect=True)


@pytest.fixture
def watched(engine, request):
    """The way to an AWS engine (of no use to an embedded one)."""
    if engine == "moto":
        with mock_aws():
            yield Watched()
    else:
        yield Watched(request.getfixturevalue(f"{engine}_url") if engine in SERVED else None)


@pytest.fixture
def store(engine, watched, tmp_path):
    """A fresh store of each engine. No test, whatever it does, may make it scan."""
    if engine in EMBEDDED:
        made = EMBEDDED[engine][0](tmp_path / f"lapor.{engine}")
        if engine == "sqlite":
            put_empty_file(tmp_path / "lapor.sqlite")  # sooner than to make one
        else:
            made.prepare()
    else:
        made = DynamoStore(f"lapor-{token_hex(6)}", watched.client)
        make_empty_table(made)
    watched.calls.clear()
    watched.bodies.clear()
    yield made
    # By the calls' names alone: base64 in a body says "Scan" once in a while.
    assert SCANNING.isdisjoint(watched.calls)
