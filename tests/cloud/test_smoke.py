"""What the smoke test makes of a door that does not answer."""

from typing import Any, cast

import pytest

from infra.deploy import smoke
from infra.deploy.place import Place
from infra.deploy.say import DeployError


def test_a_door_that_never_answers_fails_the_test_and_does_not_end_it_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or the deployment would end there, with the new release standing and nothing turned back."""

    def ask(_: Place, url: str, **__: Any) -> None:
        if not url.endswith("/healthz"):
            raise TimeoutError("timed out")

    monkeypatch.setattr(smoke, "ask", ask)
    with pytest.raises(DeployError, match=r"smoke test failed: the next try had no answer within 60 seconds"):
        smoke.smoke(Place("emulated", "ap-southeast-3"), cast("Any", None), "https://lapor.example", print)


def test_with_several_governments_each_ones_keys_are_tried() -> None:
    listed = '{"keys": [], "instances": [{"keys": "/kutim/keys.json"}, {"keys": "/samarinda/keys.json"}]}'
    assert smoke._paths(smoke.Answer(200, cast("Any", {}), listed)) == ["/kutim/keys.json", "/samarinda/keys.json"]
    assert smoke._paths(smoke.Answer(200, cast("Any", {}), '{"keys": []}')) == []
    assert smoke._paths(smoke.Answer(404, cast("Any", {}), "<h1>")) == []
