"""What the smoke test makes of a door that does not answer."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from http.client import BadStatusLine
from ssl import SSLCertVerificationError
from typing import Any, cast

import pytest

from infra.deploy import smoke
from infra.deploy.place import Place
from infra.deploy.say import DeployError
from infra.deploy.stacks import Stacks


def test_a_door_that_never_answers_fails_the_test_and_does_not_end_it_with_a_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or the deployment would end there, with the new release standing and nothing turned back."""

    def ask(_: Place, url: str, **__: Any) -> None:
        if not url.endswith("/healthz"):
            raise TimeoutError("timed out")

    monkeypatch.setattr(smoke, "ask", ask)
    monkeypatch.setattr(Stacks, "outputs", lambda *_: {})
    with pytest.raises(DeployError, match=r"smoke test failed: the next try had no answer within 60 seconds"):
        smoke.smoke(Place("emulated", "ap-southeast-3"), cast("Any", None), "https://lapor.example", print)


def test_with_several_governments_each_ones_keys_are_tried() -> None:
    listed = '{"keys": [], "instances": [{"keys": "/kutim/keys.json"}, {"keys": "/samarinda/keys.json"}]}'
    assert smoke._paths(smoke.Answer(200, cast("Any", {}), listed)) == ["/kutim/keys.json", "/samarinda/keys.json"]
    assert smoke._paths(smoke.Answer(200, cast("Any", {}), '{"keys": []}')) == []
    assert smoke._paths(smoke.Answer(404, cast("Any", {}), "<h1>")) == []


HOST = "lapor.samarinda.example.id"


def told_at_host(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], smoke.Answer]) -> list[str]:
    """What a smoke test says of a portal at its own host, where all else is well."""

    def ask(_: Place, url: str, **__: Any) -> smoke.Answer:
        return answer() if HOST in url else smoke.Answer(200, cast("Any", {}), "")

    monkeypatch.setattr(smoke, "ask", ask)
    monkeypatch.setattr(smoke, "_tries", lambda place, *_: iter([("front page", "")]))
    monkeypatch.setattr(Stacks, "outputs", lambda *_: {"PortalHosts": f"samarinda={HOST}"})
    told: list[str] = []
    smoke.smoke(Place("emulated", "ap-southeast-3"), cast("Any", None), "https://lapor.example", told.append)
    return told[1:]


def says(status: int, body: str) -> Callable[[], smoke.Answer]:
    return lambda: smoke.Answer(status, cast("Any", {}), body)


def keys(*codes: str) -> str:
    return json.dumps({"keys": [], "instances": [{"code": code} for code in codes]})


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (says(200, keys("samarinda")), ""),  # also a province, or one that retires: it has no form
        (says(200, keys("kutim")), "another's portal"),
        (says(200, keys("samarinda", "kutim")), "another's portal"),
        (says(200, "<h1>Parkir</h1>"), "no keys of ours"),
        (says(200, "[]"), "no keys of ours"),
        (says(200, '{"instances": [7]}'), "no keys of ours"),
        (says(403, ""), "status 403"),
    ],
)
def test_a_portal_at_its_own_host_is_known_by_its_keys_and_turns_nothing_back(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[], smoke.Answer], fault: str
) -> None:
    wanted = f"   !! portal at {HOST}: {fault}" if fault else f"   ok portal at {HOST}"
    assert told_at_host(monkeypatch, answer) == [wanted]


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionResetError(), SSLCertVerificationError(), BadStatusLine("x")]
)
def test_a_host_whose_owner_has_it_answer_nobody_is_told_and_turns_nothing_back(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> smoke.Answer:
        raise error

    assert told_at_host(monkeypatch, fail) == [f"   !! portal at {HOST}: no answer ({type(error).__name__})"]


@pytest.mark.parametrize("works", [True, False])
def test_hosts_are_told_after_all_else_and_what_else_fails_still_fails(
    monkeypatch: pytest.MonkeyPatch, works: bool
) -> None:
    monkeypatch.setattr(smoke, "ask", lambda *_, **__: smoke.Answer(500, cast("Any", {}), ""))
    monkeypatch.setattr(smoke, "_tries", lambda *_: iter([("front page", "" if works else "status 500")]))
    monkeypatch.setattr(Stacks, "outputs", lambda *_: {"PortalHosts": f"samarinda={HOST}"})
    told: list[str] = []
    with (
        nullcontext() if works else pytest.raises(DeployError, match=r"^the smoke test failed: front page: status 500$")
    ):
        smoke.smoke(Place("emulated", "ap-southeast-3"), cast("Any", None), "https://lapor.example", told.append)
    assert told[-1] == f"   !! portal at {HOST}: status 500"
