"""Mail by Amazon SES (API v2), raw: text and HTML both arrive."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from functions.config.aws import make_client
from functions.delivery.interface import DeliveryError, Letter
from functions.delivery.mail import mime

# What is wrong with the letter itself. All else is about the account, the sender, or a recipient in the sandbox: ops
# can mend it, and then the letter leaves (SES API v2, SendEmail, "Errors").
LASTING = frozenset({"BadRequestException"})
BUSY = frozenset({"TooManyRequestsException", "InternalFailure", "ServiceUnavailable"})
CODES = {
    "AccessDeniedException": "ses_denied",  # the courier's role does not name the identity
    "AccountSuspendedException": "ses_suspended",
    "BadRequestException": "ses_bad_letter",
    "LimitExceededException": "ses_quota",
    "MailFromDomainNotVerifiedException": "ses_not_verified",
    "MessageRejected": "ses_not_verified",  # the sender; in the sandbox also the recipient
    "NotFoundException": "ses_no_set",
    "SendingPausedException": "ses_paused",
    "TooManyRequestsException": "ses_busy",
}


@dataclass(frozen=True, slots=True)
class SesMailer:
    """``client`` makes a boto3 ``sesv2`` client when the first letter leaves. ``configuration_set`` counts our letters
    and says where bounces go; without it the identity's own holds, which may be another environment's."""

    client: Callable[[], Any]
    sender: str
    configuration_set: str = ""

    def send(self, letter: Letter) -> None:
        """Send. Raises DeliveryError."""
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - only where SES is used

        try:
            raw = mime(letter, self.sender).as_bytes()
        except ValueError:  # an address that is none
            raise DeliveryError("not_sendable") from None
        named = {"ConfigurationSetName": self.configuration_set} if self.configuration_set else {}
        try:
            self.client().send_email(
                FromEmailAddress=self.sender,
                Destination={"ToAddresses": [letter.to]},
                Content={"Raw": {"Data": raw}},
                **named,
            )
        except ClientError as error:
            raise _refusal(error.response["Error"]["Code"]) from None
        except BotoCoreError:
            raise DeliveryError("ses_unreachable") from None


def _refusal(code: str) -> DeliveryError:
    lasting = code in LASTING
    return DeliveryError(CODES.get(code, "ses_refused"), lasting=lasting, by_hand=not lasting and code not in BUSY)


def ses_client() -> Any:
    """Return a client that gives up after ten seconds: other letters wait for the courier."""
    return make_client("sesv2", read_seconds=10)
