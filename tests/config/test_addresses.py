"""Wherever an address decides whether words travel in clear, one that only reads like this machine is refused."""

import re

import pytest

from functions.casework.directory.check import check
from functions.config.aws import make_client
from functions.config.settings import ROOT, Settings, SettingsError, load_settings
from functions.delivery.interface import DeliveryError
from functions.delivery.open311 import System, ask
from infra.deploy.place import place_of
from infra.deploy.say import DeployError
from tests.casework.test_directory_import import DirectoryFaultsError, tables, with_line
from tests.cli.test_apps import settings
from tests.cli.test_main import refused, run

__all__ = ["settings"]  # a fixture

FOOLS = (
    "http://127.0.0.1.evil.example/v2",
    "http://127.0.0.1@evil.example/v2",
    "http://127.0.0.1:80@evil.example/v2",
    "http://localhost.evil.example/v2",
    "https://dinas.example.id@evil.example/v2",
)
fools = pytest.mark.parametrize("url", FOOLS)


@fools
def test_an_agencys_own_system(url: str) -> None:
    line = f"a2,Dinas,unit,,a,,,,open311:{url}"
    with pytest.raises(DirectoryFaultsError) as caught:
        check(tables(with_line("agencies", 6, line)))
    assert "channel" in str(caught.value.faults[0])


@fools
def test_a_system_that_came_into_the_store_another_way_is_sent_nothing(url: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        ask(System(url, "kunci"), {"description": "Kenari."})
    assert (caught.value.code, caught.value.lasting) == ("open311_address", True)


@fools
def test_an_app_that_is_told_of_answers(settings: Settings, url: str) -> None:
    assert run(settings, "apps", "add", "warga", "--name", "Warga").exit_code == 0
    wanted = ("apps", "updates", "warga", "--instance", "kutim", "--url", url, "--key", "k")
    assert "--url" in refused(run(settings, *wanted))


@fools
def test_the_settings(url: str) -> None:
    origin = url.removesuffix("/v2")
    for environ in ({"PUBLIC_URL": origin}, {"SMS": "http", "SMS_URL": url}):
        with pytest.raises(SettingsError):
            load_settings(environ)


@fools
def test_the_store_and_the_keys_in_the_cloud(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": url,
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        "AWS_ACCESS_KEY_ID": "x",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    for service in ("dynamodb", "s3", "kms", "sesv2"):
        with pytest.raises((SettingsError, ValueError)):
            make_client(service, read_seconds=1)


@fools
def test_the_emulated_environment(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    with pytest.raises(DeployError, match="not on this machine"):
        place_of("emulated")


def test_no_source_compares_the_beginning_of_an_address_with_this_machine() -> None:
    begins = re.compile(r"""startswith\(\s*\(?\s*["']https?://(?:127|localhost|\[)""")
    sources = [path for folder in ("functions", "infra", "site") for path in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 300
    assert [str(path) for path in sources if begins.search(path.read_text())] == []
    assert begins.search('url.startswith(("http://127.0.0.1", "https://"))')
