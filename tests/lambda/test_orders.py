"""Whose order is whose, and what is none."""

import importlib
import json
from pathlib import Path
from typing import Any

import pytest

from functions.aws_lambda import handler
from functions.aws_lambda.orders import ORDERS, WITH_INSTANCE, Order, is_order, order_secret, prove, read_order
from functions.config.settings import Settings

events = importlib.import_module("tests.lambda.events")  # `lambda` is a word of the language
cloud = importlib.import_module("tests.lambda.cloud")
GIVEN: dict[str, dict[str, Any]] = {
    "deliver": {"lapor": "deliver"},
    "keep_house": {"lapor": "keep_house"},
    "keep_instance": {"lapor": "keep_instance", "instance": "kutim"},
    "rewrap": {"lapor": "rewrap", "instance": "kutim"},
    "seal_anew": {"lapor": "seal_anew", "instance": "kutim", "envelopes": "[]"},
    "bounced": cloud.sns("kenari"),
}


def left() -> float:
    return 1.0


@pytest.mark.parametrize("function", sorted(handler.FUNCTIONS))
@pytest.mark.parametrize("name", list(GIVEN))
def test_an_order_is_read_by_the_functions_it_is_for_and_no_other(function: str, name: str) -> None:
    read = read_order(GIVEN[name], function, left)
    assert is_order(GIVEN[name])
    if function in ORDERS[name]:
        assert read is not None
        assert (read.name, read.left()) == (name, 1.0)
        assert (read.instance, read.messages) == (
            "kutim" if name in WITH_INSTANCE else "",
            ("kenari",) if name == "bounced" else (),
        )
        assert "kenari" not in repr(read)
    else:
        assert read is None


def test_every_function_with_orders_has_a_module_that_obeys() -> None:
    for function in set().union(*ORDERS.values()):
        assert callable(importlib.import_module(f"functions.{function}.orders").obey)


@pytest.mark.parametrize(
    "event",
    [
        {"lapor": "deliver", "instance": "kutim"},
        {"lapor": "deliver", "raw_command": "print('kenari')"},
        {"lapor": "deliver", "Records": []},
        {"lapor": "bounced"},
        {"lapor": "bounced", "Records": cloud.sns("x")["Records"]},
        {"lapor": ["deliver"]},
        {"lapor": None},
        {"lapor": "rewrap"},
        {"lapor": "keep_house", "instance": "kutim"},
        {"lapor": "rewrap", "instance": "kutim", "envelopes": "[]"},
        {"lapor": "seal_anew", "instance": "kutim"},
        {"lapor": "seal_anew", "instance": "kutim", "envelopes": []},
        {"lapor": "keep_instance"},
        {"lapor": "keep_instance", "instance": "../kutim"},
        {"lapor": "rewrap", "instance": ""},
        {"lapor": "rewrap", "instance": "../desk"},
        {"lapor": "rewrap", "instance": "kutim/x"},
        {"lapor": "rewrap", "instance": "kutim\n"},
        {"lapor": "rewrap", "instance": "k" * 65},
        {"lapor": "rewrap", "instance": ["kutim"]},
        {"lapor": "rewrap", "instance": "kutim", "today": "2020-01-01"},
        {"Records": []},
        {"Records": "kenari"},
        {"Records": [{"eventSource": "aws:sqs", "body": "kenari"}]},
        {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": 1}}]},
        {"Records": [*cloud.sns("x")["Records"], {"EventSource": "aws:s3"}]},
        {"Records": cloud.sns("x")["Records"], "more": 1},
    ],
)
def test_what_is_not_quite_an_order_is_none(event: dict[str, Any]) -> None:
    assert is_order(event)
    for function in handler.FUNCTIONS:
        assert read_order(event, function, left) is None


@pytest.mark.parametrize(
    "event", [None, [], "lapor", {}, events.request("GET", "/"), events.request("GET", "/") | {"lapor": "deliver"}]
)
def test_a_request_is_no_order_even_in_its_clothes(event: Any) -> None:
    assert not is_order(event)


@pytest.mark.parametrize("door", ["", "barometer", "courier.main"])
def test_a_function_that_is_none_obeys_nobody(monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    monkeypatch.setenv("LAPOR_DOOR", door)
    for event in GIVEN.values():
        with pytest.raises(handler.UnknownEventError):
            handler.lambda_handler(event, None)


def forged() -> dict[str, Any]:
    """A proof of another function, of another order, of another instance, of nothing; and none."""
    secrets = {function: order_secret("rahasia" * 5, function) for function in ("desk", "custody")}
    return {
        "none": None,
        "empty": "",
        "no text": ["0" * 64],
        "not ASCII": "é" * 64,
        "of nobody": "0" * 64,
        "of custody": prove(secrets["custody"], "rewrap", "kutim"),
        "of another order": prove(secrets["desk"], "deliver", "kutim"),
        "of another instance": prove(secrets["desk"], "rewrap", "bontang"),
        "without a secret": prove("", "rewrap", "kutim"),
    }


@pytest.mark.parametrize("how", list(forged()))
@pytest.mark.parametrize("secret", ["", order_secret("rahasia" * 5, "desk")])
def test_an_order_that_is_not_proved_is_refused_unread(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], how: str, secret: str
) -> None:
    """Any account of AWS could call a function, as Zappa makes it; in ours whoever has the right of IAM still can."""
    obeyed: list[Order] = []
    desk = importlib.import_module("functions.desk.orders")
    monkeypatch.setattr(desk, "obey", lambda order, _: obeyed.append(order))
    monkeypatch.setenv("LAPOR_DOOR", "desk")
    monkeypatch.setattr(handler, "_settings", lambda: Settings(Path(), order_secret=secret))
    given = GIVEN["rewrap"] | ({} if how == "none" else {"proof": forged()[how]})
    with pytest.raises(handler.UnknownEventError) as caught:
        handler.lambda_handler(given, None)
    assert str(caught.value) == ""
    assert obeyed == []
    assert json.loads(capsys.readouterr().err)["event"] == "order_not_proved"
    handler.lambda_handler(cloud.proved(GIVEN["rewrap"], secret), None) if secret else None
    assert [order.instance for order in obeyed] == (["kutim"] if secret else [])


def test_what_an_order_raises_goes_no_further(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def quote(order: Order, settings: Any) -> None:
        raise ValueError(f"kenari {order}")

    clock = importlib.import_module("functions.clock.orders")
    monkeypatch.setattr(clock, "obey", quote)
    monkeypatch.setenv("LAPOR_DOOR", "clock")
    monkeypatch.setattr(handler, "_settings", lambda: Settings(Path(), order_secret=cloud.ORDER))
    with pytest.raises(handler.OrderFailedError) as caught:
        handler.lambda_handler(cloud.proved({"lapor": "keep_house"}), None)
    assert (str(caught.value), caught.value.__cause__, caught.value.__context__) == ("", None, None)
    assert "kenari" not in "".join(capsys.readouterr())
