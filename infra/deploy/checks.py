"""What must be there before anything is made, and what ops should know of letters."""

import importlib.util
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy.aws_errors import code_of
from infra.deploy.packages import interpreter
from infra.deploy.place import Place
from infra.deploy.say import DeployError

MODULES = ("boto3", "click", "flask_frozen", "zappa")


def check_tools() -> None:
    """Raises DeployError, in one line, where this machine lacks something."""
    missing = [name for name in MODULES if importlib.util.find_spec(name) is None]
    if missing:
        raise DeployError(f"{', '.join(missing)} is not installed here: run `make deploy`, which installs it")
    interpreter()


def in_sandbox(place: Place) -> bool:
    """Whether SES sends to confirmed addresses alone."""
    return not place.client("sesv2").get_account().get("ProductionAccessEnabled", True)


def letters_note(place: Place) -> Iterator[str]:
    """What keeps letters from leaving, a sentence each."""
    client, identity = place.client("sesv2"), place.says("mail_identity")
    try:
        if in_sandbox(place):
            yield "SES is in its sandbox: ask AWS for production access, until then only confirmed addresses get mail"
        if not client.get_account().get("SendingEnabled", True):
            yield "SES has stopped sending for this account: its console says why, and how to answer"
        known = client.get_email_identity(EmailIdentity=identity)
        if not known.get("VerifiedForSendingStatus", True):
            yield f"{identity} is not confirmed in SES: set the DKIM records that its console shows"
        if known.get("FeedbackForwardingStatus", False):
            yield f"SES mails bounces to the sender as well: turn off email feedback forwarding of {identity}"
    except (ClientError, BotoCoreError) as error:
        yield f"SES did not say whether letters may leave ({code_of(error)})"
