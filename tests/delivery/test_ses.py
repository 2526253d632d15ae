"""Mail by SES, against moto: raw, so that text and HTML both arrive; refusals with a name and no address."""

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.config.settings import load_settings
from functions.courier.channels import make_mailer
from functions.delivery.interface import DeliveryError
from functions.delivery.mail_ses import SesMailer
from tests.delivery.letterbox import LETTER
from tests.server import free_port

SENDER = "Lapor Anonim <lapor@kutim.example.id>"
REGION = "ap-southeast-3"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "khayalan")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield


@pytest.fixture
def client() -> Any:
    made = boto3.client("sesv2")
    made.create_email_identity(EmailIdentity="kutim.example.id")
    return made


def sent() -> list[EmailMessage]:
    raw = [message.raw_data for message in ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages]
    return [message_from_string(text, policy=policy.default) for text in raw]


def test_text_and_html_both_arrive(client: Any) -> None:
    SesMailer(lambda: client, SENDER).send(LETTER)
    (message,) = sent()
    text, html = message.iter_parts()
    assert text.get_content().split() == LETTER.text.split()
    assert html.get_content().split() == LETTER.html.split()
    assert message["To"] == LETTER.to
    assert message["Message-ID"] == "<a1b2c3@kutim.example.id>"
    (stored,) = ses_backends[DEFAULT_ACCOUNT_ID][REGION].sent_messages
    assert set(stored.destinations) == {LETTER.to}


def test_a_sender_that_is_not_verified_is_refused_for_good() -> None:
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: boto3.client("sesv2"), SENDER).send(LETTER)
    assert (caught.value.code, caught.value.lasting) == ("ses_refused", True)
    assert sent() == []


def test_what_amazon_calls_passing_is_tried_again(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """moto knows no throttling, so the answer is put in where botocore reads it."""

    class Body:
        def stream(self) -> Iterator[bytes]:
            yield b'{"message": "slow down petugas@dinas.example.id"}'

    def throttled(*_: object, **__: object) -> AWSResponse:
        headers = HTTPHeaders()
        headers["x-amzn-ErrorType"] = "TooManyRequestsException"
        return AWSResponse("https://email.example.id", 429, headers, Body())

    client.meta.events.register_first("before-send.sesv2.SendEmail", throttled)
    monkeypatch.setattr("time.sleep", lambda _: None)  # botocore's own back-off
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: client, SENDER).send(LETTER)
    assert (caught.value.code, caught.value.lasting) == ("ses_refused", False)
    assert "petugas" not in str(caught.value)


def test_no_answer_is_tried_again() -> None:
    config = Config(retries={"max_attempts": 0}, connect_timeout=1)
    client = boto3.client("sesv2", endpoint_url=f"http://127.0.0.1:{free_port()}", config=config)
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: client, SENDER).send(LETTER)
    assert (caught.value.code, caught.value.lasting) == ("ses_unreachable", False)


def test_without_a_region_nothing_leaves_and_nothing_crashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nonexistent")
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: boto3.client("sesv2"), SENDER).send(LETTER)
    assert caught.value.code == "ses_unreachable"


def test_the_courier_makes_one_client_when_the_first_letter_leaves(client: Any) -> None:
    mailer = make_mailer(load_settings({"MAIL": "ses", "MAIL_FROM": SENDER}))
    assert isinstance(mailer, SesMailer)
    mailer.send(LETTER)
    mailer.send(LETTER)
    assert len(sent()) == 2
    assert mailer.client() is mailer.client()


def test_a_broken_address_is_a_fault_and_no_crash(client: Any) -> None:
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: client, SENDER).send(replace(LETTER, to="baris\nbaru@dinas.example.id"))
    assert caught.value.code == "not_sendable"
