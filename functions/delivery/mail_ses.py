"""Mail by Amazon SES (API v2), raw: text and HTML both arrive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.config.aws import make_client
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail import mime

LASTING = frozenset({"MessageRejected", "BadRequestException"})


@dataclass(frozen=True, slots=True)
class SesMailer:
    """``client`` makes a boto3 ``sesv2`` client when the first letter leaves."""

    client: Callable[[], Any]
    sender: str

    def send(self, letter: Letter) -> None:
        """Send. Raises DeliveryError."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - only where SES is used

        try:
            raw = mime(letter, self.sender).as_bytes()
        except ValueError:  # an address that is none
            raise DeliveryError("not_sendable") from None
        try:
            self.client().send_email(
                FromEmailAddress=self.sender,
                Destination={"ToAddresses": [letter.to]},
                Content={"Raw": {"Data": raw}},
            )
        except ClientError as error:
            code = error.response["Error"]["Code"]
            raise DeliveryError("ses_refused", lasting=code in LASTING) from None
        except BotoCoreError:
            raise DeliveryError("ses_unreachable") from None


def ses_client() -> Any:
    """Return a client that gives up after ten seconds: other letters wait for the courier."""
    return make_client("sesv2", read_seconds=10)
