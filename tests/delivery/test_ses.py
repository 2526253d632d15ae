"""Mail by SES, against moto: raw, so that text and HTML both arrive; refusals with a name and no address."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_string, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.ses.models import ses_backends

from functions.actions.courier.deliver import ATTEMPTS_MAX, FORWARD_TRIES, HOUR, pause_hours
from functions.config.settings import ROOT, load_settings
from functions.courier.channels import make_mailer
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail_ses import SesMailer
from tests.delivery.letterbox import LETTER
from tests.server import free_port
from tests.world import World

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


def test_a_letter_that_ses_rejects_waits_and_leaves_once_the_sender_is_confirmed(tmp_path: Path) -> None:
    """A first deployment sends before its DKIM records are set. SES says ``MessageRejected`` to a sender, and in its
    sandbox to a recipient, that is not confirmed: no letter may die of it within the hours that the docs state."""
    world = World(tmp_path / "data")
    mailer = SesMailer(lambda: boto3.client("sesv2"), SENDER)
    tries: list[int] = []

    def send(letter: Letter) -> None:
        tries.append(world.seconds // HOUR)
        mailer.send(letter)

    world.mailbox.send = send  # type: ignore[method-assign]
    world.report()
    while not world.store.dead_letters()[0]:
        world.deliver.run_once("courier")
        world.later(hours=1)
    (entry,) = world.store.dead_letters()[0]
    assert (entry.error, entry.attempts, len(tries)) == ("ses_not_verified", ATTEMPTS_MAX, ATTEMPTS_MAX)
    assert tries[-1] - tries[0] == sum(map(pause_hours, range(1, ATTEMPTS_MAX)))
    boto3.client("sesv2").create_email_identity(EmailIdentity="kutim.example.id")
    assert world.store.revive(entry.entry_id)
    world.deliver.run_once("courier")
    assert [message["To"] for message in sent()] == [world.officer("kutim").email]


def test_the_hours_that_pages_state_are_those_of_the_schedule() -> None:
    hours = sum(map(pause_hours, range(1, ATTEMPTS_MAX)))
    for page in ("docs/operations.md", "docs/scale.md"):
        said = re.findall(r"tried for (\d+) hours", (ROOT / page).read_text())
        assert said, page
        assert set(said) == {str(hours)}, page
    (forwards,) = re.findall(r"tried five times in (\w+) hours", (ROOT / "docs/operations.md").read_text())
    assert (FORWARD_TRIES, sum(map(pause_hours, range(1, FORWARD_TRIES))), forwards) == (5, 15, "fifteen")


@pytest.mark.parametrize(
    ("said", "code", "lasting", "by_hand"),
    [
        ("AccessDeniedException", "ses_denied", False, True),
        ("AccountSuspendedException", "ses_suspended", False, True),
        ("BadRequestException", "ses_bad_letter", True, False),
        ("LimitExceededException", "ses_quota", False, True),
        ("MailFromDomainNotVerifiedException", "ses_not_verified", False, True),
        ("MessageRejected", "ses_not_verified", False, True),
        ("NotFoundException", "ses_no_set", False, True),
        ("SendingPausedException", "ses_paused", False, True),
        ("SomethingNewException", "ses_refused", False, True),
        ("TooManyRequestsException", "ses_busy", False, False),
    ],
)
def test_what_somebody_can_mend_is_passing(
    client: Any, monkeypatch: pytest.MonkeyPatch, said: str, code: str, lasting: bool, by_hand: bool
) -> None:
    """moto knows few of these, so the answer is put in where botocore reads it."""

    class Body:
        def stream(self) -> Iterator[bytes]:
            yield b'{"message": "Email address is not verified: petugas@dinas.example.id"}'

    def refused(*_: object, **__: object) -> AWSResponse:
        headers = HTTPHeaders()
        headers["x-amzn-ErrorType"] = said
        return AWSResponse("https://email.example.id", 429 if "TooMany" in said else 400, headers, Body())

    client.meta.events.register_first("before-send.sesv2.SendEmail", refused)
    monkeypatch.setattr("time.sleep", lambda _: None)  # botocore's own back-off
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: client, SENDER).send(LETTER)
    found = caught.value
    assert (found.code, found.lasting, found.by_hand) == (code, lasting, by_hand)
    assert found.soon is not (lasting or by_hand)
    assert "petugas" not in str(found)


def test_a_letter_goes_by_its_own_environments_configuration_set(client: Any) -> None:
    """One identity serves two environments; its own set, if any, is one environment's alone."""
    asked: list[dict[str, Any]] = []
    client.meta.events.register("provide-client-params.sesv2.SendEmail", lambda params, **_: asked.append(params))
    SesMailer(lambda: client, SENDER, "lapor-uji").send(LETTER)
    SesMailer(lambda: client, SENDER).send(LETTER)
    assert [each.get("ConfigurationSetName") for each in asked] == ["lapor-uji", None]


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
    mailer = make_mailer(load_settings({"MAIL": "ses", "MAIL_FROM": SENDER, "MAIL_SET": "lapor-uji"}))
    assert isinstance(mailer, SesMailer)
    assert mailer.configuration_set == "lapor-uji"
    mailer.send(LETTER)
    mailer.send(LETTER)
    assert len(sent()) == 2
    assert mailer.client() is mailer.client()


def test_a_broken_address_is_a_fault_and_no_crash(client: Any) -> None:
    with pytest.raises(DeliveryError) as caught:
        SesMailer(lambda: client, SENDER).send(replace(LETTER, to="baris\nbaru@dinas.example.id"))
    assert caught.value.code == "not_sendable"
