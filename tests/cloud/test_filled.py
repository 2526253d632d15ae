"""A real environment is not made under the invented names of the example."""

from pathlib import Path

import pytest

from infra.deploy import place
from infra.deploy.checks import check_filled
from infra.deploy.place import Place, place_of
from infra.deploy.say import DeployError
from tests.cloud.cloud import ROOT

EXAMPLE = (ROOT / "infra/parameters/uji.toml").read_text()


def read(monkeypatch: pytest.MonkeyPatch, folder: Path, env: str, text: str) -> Place:
    """The environment that a file describes."""
    (folder / f"{env}.toml").write_text(text)
    monkeypatch.setattr(place, "PARAMETERS", folder)
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "")
    if env == "emulated":
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    else:
        monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    return place_of(env)


def test_every_invented_name_that_is_left_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = read(monkeypatch, tmp_path, "uji", EXAMPLE)
    with pytest.raises(DeployError, match=r"uji\.toml still holds .* domain, mail_identity, mail_from, ops_email:"):
        check_filled(found)


def test_one_that_was_forgotten_is_told_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = EXAMPLE.replace("lapor.example", "lapor.go.id").replace("operator@lapor.go.id", "operator@lapor.example")
    found = read(monkeypatch, tmp_path, "uji", text)
    with pytest.raises(DeployError, match=r"example's ops_email:"):
        check_filled(found)


@pytest.mark.parametrize(
    ("env", "text"),
    [("uji", EXAMPLE.replace("lapor.example", "lapor.go.id")), ("emulated", EXAMPLE)],
)
def test_what_is_filled_in_and_the_emulator_pass(
    env: str, text: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    check_filled(read(monkeypatch, tmp_path, env, text))
