"""Open311 on the product as it runs, on both engines: the suite from a terminal, and nothing of a person anywhere.

What was planted is looked for in the folder, in all that was printed, in the mails, in what an officer reads, in the
trail, and, on the other engine, in every item of its table.
"""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from click.testing import CliRunner

from functions.cli.main import cli
from functions.config.readers import STORES
from functions.config.settings import load_settings
from functions.storage.choose_store import open_store
from functions.storage.registers.directory import LOOK_SECONDS
from tests.engines import aws, ministack
from tests.open311.ours import leave_alone, publish, recent
from tests.server import ROOT, Client, Running, running, wait_for
from tests.whole.test_canary import HEADERS, found

AWS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": "invented", "AWS_DEFAULT_REGION": "ap-southeast-3"}
HURRIED = os.pathsep.join([str(Path(__file__).parent / "hurried"), str(ROOT)])
PERSON = ("email", "phone", "first_name", "last_name", "device_id", "account_id", "lat", "long", "media_url", "nik")


@pytest.fixture(scope="module", params=STORES)
def product(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("open311") / "data"
    if request.param != "dynamodb":
        environ = {"STORE": request.param, "PYTHONPATH": HURRIED}
        with running(folder, **environ) as product:
            product.environ = {"DATA_DIR": str(folder), **environ}  # type: ignore[attr-defined]
            yield product
        return
    with ministack.serve() as endpoint:
        environ = {"STORE": "dynamodb", "AWS_ENDPOINT_URL": endpoint, "PYTHONPATH": HURRIED, **AWS}
        with running(folder, **environ) as product:
            product.environ = {"DATA_DIR": str(folder), **environ}  # type: ignore[attr-defined]
            yield product


@pytest.fixture(scope="module")
def key(product: Running) -> str:
    """An app's key, made at a terminal while doors run; and some public reports."""
    environ: dict[str, str] = product.environ  # type: ignore[attr-defined]
    done = CliRunner().invoke(cli, ["apps", "add", "warga", "--name", "Warga Peduli"], env=environ)
    assert done.exit_code == 0, done.output
    with pytest.MonkeyPatch.context() as patched:
        for name, value in environ.items():
            patched.setenv(name, value)
        settings = load_settings(environ)
        store = open_store(settings)
        leave_alone(store, settings.today())
        publish(store, recent(settings.today()))
    return done.output.strip().rpartition(" ")[2]


def send(product: Running, key: str, **more: str) -> tuple[int, bytes]:
    """A report as an app sends it, a canary in every field and header that it has none for."""
    fields = {
        "api_key": key,
        "service_code": "jalan",
        "description": "Jalan berlubang.",
        "attribute[district]": "64.08.04",
    }
    fields |= {name: f"CANARY-{name}" for name in PERSON} | {"attribute[nik]": "CANARY-attribute"} | more
    url = f"{product.url}/open311/v2/requests.json?email=CANARY-query"
    request = urllib.request.Request(url, urlencode(fields).encode(), HEADERS, method="POST")
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.mark.long
def test_the_suite_at_a_terminal_finds_nothing(product: Running, key: str) -> None:
    assert LOOK_SECONDS == 60  # doors that run take up a new key within a minute, and sooner here
    assert wait_for(lambda: send(product, key)[0] == 200, 90)
    url = f"{product.url}/open311/v2"
    command = [sys.executable, "-m", "tests.open311", "--url", url, "--api-key", key, "--jurisdiction", "kutim"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ.copy(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "55 rules hold, 0 do not, 0 were not tried"


@pytest.mark.every_day(1)
def test_nothing_of_a_person_stays_anywhere(product: Running, key: str) -> None:
    environ: dict[str, str] = product.environ  # type: ignore[attr-defined]
    assert wait_for(lambda: send(product, key)[0] == 200, 90)
    for wrong in ({"api_key": "CANARY"}, {"service_code": "CANARY"}, {"submission_key": "CANARY"}):
        assert send(product, **{"key": key, **wrong})[0] in (400, 403, 404)
    client = Client(product.url)
    token = client.token()
    client.csrf = client.post("/desk/session", {"token": token})["csrf"]
    read = [json.dumps(client.get("/desk/"))]
    number = json.loads(read[0])["cases"][0]["tracking_id"]
    read.append(json.dumps(client.get(f"/desk/cases/{number}")))
    assert "Jalan berlubang." in read[1] or "uji kesesuaian" in read[1]
    read += [json.dumps(mail) for mail in client.mails()]
    trail = CliRunner().invoke(cli, ["audit", "export", "kutim"], env=environ)
    assert trail.exit_code == 0, trail.output
    read.append(trail.output)
    if "AWS_ENDPOINT_URL" in environ:
        read += _items(environ)
    assert found([*product.lines, *read], product.folder) == []
    assert key.partition(".")[2] not in "".join([*product.lines, *read])


def _items(environ: dict[str, str]) -> list[str]:
    """Every item of the table."""
    client = aws.client(
        "dynamodb",
        endpoint_url=environ["AWS_ENDPOINT_URL"],
        region_name=environ["AWS_DEFAULT_REGION"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
    )
    pages = client.get_paginator("scan").paginate(TableName="lapor")
    items = [str(item) for page in pages for item in page["Items"]]
    assert items
    return items


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("email=CANARY-email")
    assert found([], tmp_path) == [("CANARY", str(tmp_path / "log"))]
