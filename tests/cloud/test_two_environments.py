"""Two environments of one account send by one identity, which outlives each of them."""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ClientError

from infra.deploy.checks import letters_note
from infra.deploy.leftovers import identity_stands
from infra.deploy.place import Place
from infra.deploy.stacks import Stacks, template_of
from tests.cloud.stacks import MAIL, REGION, parameters, resources, template
from tests.engines import ministack

IDENTITY = MAIL["MailIdentity"]


@pytest.fixture(scope="module")
def emulator() -> Iterator[None]:
    with ministack.serve() as url, pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.setenv(name, "0" * 12)
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield


def place(env: str) -> Place:
    return Place(env, REGION, {"mail_identity": IDENTITY})


def stacks(env: str) -> Stacks:
    return Stacks(place(env), wait=lambda _: None)


def deploy(env: str) -> str:
    """As ``infra.deploy.steps.grounds`` does. Returns which identity the stack then owns."""
    read = template_of("mail")
    assert read
    found = stacks(env)
    pool = {"Environment": env, "MailIdentity": IDENTITY}
    pool["IdentityStands"] = str(identity_stands(place(env), found.outputs("mail"))).lower()
    found.apply(read, pool)
    return found.outputs("mail")["OwnIdentity"]


def known() -> bool:
    client = place("uji").client("sesv2")
    try:
        client.get_email_identity(EmailIdentity=IDENTITY)
    except ClientError:
        return False
    return True


@pytest.mark.usefixtures("emulator")
def test_one_identity_serves_both_and_is_destroyed_with_neither() -> None:
    assert deploy("uji") == IDENTITY
    assert deploy("produksi") == "-"
    assert deploy("uji") == IDENTITY  # an update leaves it as it is
    stacks("uji").delete("mail")
    assert known()
    assert stacks("produksi").status("mail") == "CREATE_COMPLETE"
    assert deploy("uji") == "-"  # restored: it takes up what it made
    for env in ("uji", "produksi"):
        stacks(env).delete("mail")
    assert known()


def test_a_stack_of_an_older_release_keeps_the_identity_that_it_made() -> None:
    """It put out no ``OwnIdentity``, and its template would have the identity removed with the resource."""
    assert identity_stands(place("uji"), {"ConfigurationSet": "lapor-uji"}) is False


def test_the_identity_belongs_to_no_configuration_set() -> None:
    found = resources(template("mail"), parameters("mail"))["Identity"]
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert "ConfigurationSetAttributes" not in found["Properties"]


@pytest.mark.parametrize("sandbox", ["true", "false"])
def test_in_the_sandbox_the_courier_may_write_to_confirmed_recipients_and_always_by_one_sender(sandbox: str) -> None:
    role = resources(template("keyholders"), parameters("keyholders", Sandbox=sandbox))["Courier"]
    statements = role["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (sends,) = [each for each in statements if each["Sid"] == "Sends"]
    identities = [arn.partition(":identity/")[2] for arn in sends["Resource"] if ":identity/" in arn]
    assert identities == ([IDENTITY, "*"] if sandbox == "true" else [IDENTITY])
    assert [*sends["Condition"].values()] == [{"ses:FromAddress": MAIL["MailFrom"]}]


def test_status_says_what_keeps_letters_from_leaving(monkeypatch: pytest.MonkeyPatch) -> None:
    class Paused:
        def get_account(self) -> dict[str, bool]:
            return {"ProductionAccessEnabled": False, "SendingEnabled": False}

        def get_email_identity(self, **_: str) -> dict[str, bool]:
            return {"VerifiedForSendingStatus": False, "FeedbackForwardingStatus": True}

    monkeypatch.setattr(Place, "client", lambda *_: Paused())
    said = "\n".join(letters_note(place("uji")))
    for part in ("sandbox", "stopped sending", "is not confirmed", "feedback forwarding"):
        assert part in said
