"""One intake that stands ready, where the parameters ask for it; off, nothing of it is there."""

import io
import json
import zipfile
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest

from infra.deploy.environs import BY_HTTP
from infra.deploy.functions import WARM, Functions
from infra.deploy.place import Place
from infra.deploy.smoke import too_open
from infra.deploy.stacks import Stacks, template_of
from infra.deploy.steps import Deployment, _ready
from infra.economy.costs import warm_intake
from tests.cloud.cloud import Cloud
from tests.cloud.stacks import REGION, made, source
from tests.cloud.test_strict import ask
from tests.engines import ministack

ANSWERS = "def answer(event, context):\n    return {'statusCode': 200, 'headers': {}, 'body': '%s'}\n"


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    with ministack.serve() as endpoint, pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "0" * 12)
        patch.setenv("AWS_ENDPOINT_URL", endpoint)
        yield Cloud(endpoint)


def package(says: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as writing:
        writing.writestr("door.py", ANSWERS % says)
    return packed.getvalue()


def functions(warm: int) -> Functions:
    return Functions(Place("uji", REGION, {"warm_intake": warm}), {}, "")


def applied(warm: int) -> dict[str, str]:
    """What the stack puts out, once as many stand ready; the version as a deployment names it."""
    place, read = functions(warm).place, template_of("urls")
    assert read
    stacks = Stacks(place, wait=lambda _: None)
    version = functions(warm).published("intake") if warm else ""
    stacks.apply(read, place.pool() | {"IntakeVersion": version})
    return stacks.outputs("urls")


def test_it_answers_by_its_own_address_with_the_version_of_the_last_deployment(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    for door in BY_HTTP:
        client.create_function(
            FunctionName=f"lapor-anonim-{door}-uji",
            Role="arn:aws:iam::000000000000:role/r",
            Runtime="python3.13",
            Handler="door.answer",
            Code={"ZipFile": package("lama")},
        )
    cold = applied(0)
    warm = applied(1)
    assert warm["IntakeOrigin"] != cold["IntakeOrigin"]
    assert {**warm, "IntakeOrigin": ""} == {**cold, "IntakeOrigin": ""}
    ready = client.get_provisioned_concurrency_config(FunctionName="lapor-anonim-intake-uji", Qualifier=WARM)
    assert ready["RequestedProvisionedConcurrentExecutions"] == 1
    assert too_open(functions(1).permissions("intake", WARM), "intake") == ""
    assert ask(cloud, warm["IntakeOrigin"], "/") == 200
    client.update_function_code(FunctionName="lapor-anonim-intake-uji", ZipFile=package("baru"))
    assert applied(1) == warm  # the edge need not learn another address
    assert client.get_alias(FunctionName="lapor-anonim-intake-uji", Name=WARM)["FunctionVersion"] == "2"
    assert applied(0) == cold
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_alias(FunctionName="lapor-anonim-intake-uji", Name=WARM)


def test_a_deployment_names_the_version_that_is_to_stand_ready_each_time_it_is_another() -> None:
    versions = iter(["1", "1", "2"])
    made = SimpleNamespace(published=lambda _: next(versions))
    told = [SimpleNamespace(place=functions(warm).place, pool={}, functions=made) for warm in (0, 1)]
    cold, warm = (cast("Deployment", each) for each in told)
    assert (_ready(cold), cold.pool) == (False, {})
    assert [(_ready(warm), warm.pool["IntakeVersion"]) for _ in range(3)] == [(True, "1"), (False, "1"), (True, "2")]


def test_by_default_none_stands_ready_and_nothing_is_paid_for() -> None:
    assert not [name for name in made("urls", WarmIntake="0") if "Warm" in name]
    assert len([name for name in made("urls", WarmIntake="2") if "Warm" in name]) == 4
    assert json.dumps(made("urls", WarmIntake="0")).count("warm") == 0
    assert "ProvisionedConcurrencyConfig" in source("urls")
    assert round(warm_intake()) == 53
