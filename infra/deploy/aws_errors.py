"""AWS's refusals in a line, with its code and what to do."""

from botocore.exceptions import BotoCoreError, ClientError

HINTS = {  # by AWS's error code
    "AccessDenied": "the role that you deploy with may not do this: docs/operations.md, step 3",
    "AccessDeniedException": "the role that you deploy with may not do this: docs/operations.md, step 3",
    "AuthFailure": "the region is not turned on, or the credentials are not of this account",
    "ExpiredToken": "your session is over: `aws sso login`",
    "ExpiredTokenException": "your session is over: `aws sso login`",
    "InvalidClientTokenId": "the credentials are unknown, or the region is not turned on for this account",
    "OptInRequired": "the account is not verified yet, or not signed up for this service",
    "RequestExpired": "this machine's clock is wrong: set it by NTP",
    "RequestTimeTooSkewed": "this machine's clock is wrong: set it by NTP",
    "SignatureDoesNotMatch": "the secret key is wrong, or this machine's clock",
    "SubscriptionRequiredException": "the account is not verified yet, or not signed up for this service",
    "UnrecognizedClientException": "the credentials are unknown, or the region is not turned on for this account",
}


def code_of(error: ClientError | BotoCoreError) -> str:
    """AWS's error code; the class of an error that AWS did not send."""
    return str(error.response["Error"]["Code"]) if isinstance(error, ClientError) else type(error).__name__


def explained(error: ClientError | BotoCoreError) -> str:
    """AWS's refusal in a line: what was asked, AWS's code, its words, and what to do where that is known."""
    if not isinstance(error, ClientError):
        return f"AWS did not answer ({type(error).__name__}): {error}"
    said = error.response.get("Error", {})
    code = str(said.get("Code", "?"))
    hint = f"; {HINTS[code]}" if code in HINTS else ""
    return f"AWS refuses {error.operation_name} ({code}): {said.get('Message', '')}{hint}"
