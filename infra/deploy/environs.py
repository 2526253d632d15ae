"""What each function, and ops' own commands, are told through the environment: the names in docs/settings.md."""

from collections.abc import Mapping
from pathlib import Path

from functions.vault.passes import counter_secret
from infra.deploy.place import ROOT, Place
from infra.deploy.secret import FORM, ORIGIN, Secrets

BY_HTTP = ("intake", "thread", "desk", "custody")
BY_ORDER = ("courier", "clock")
NOT_YET = "https://belum.invalid"  # until CloudFront has given the portal its name


def public_url(place: Place, edge: Mapping[str, str]) -> str:
    """Where people come: the domain, or what the edge was given; until then an address that leads nowhere."""
    domain = place.says("domain")
    return f"https://{domain}" if domain else place.says("public_url") or edge.get("PortalUrl") or NOT_YET


def shared(place: Place, url: str) -> dict[str, str]:
    """What every function and ops are told. Nothing of it is secret."""
    more = place.parameters.get("settings") or {}
    return {
        "STORE": "dynamodb",
        "TABLE": place.prefix,
        "BUCKET": place.bucket("blobs"),
        "KEYS": f"s3://{place.bucket('keys')}",
        "KMS_PREFIX": f"alias/{place.prefix}-",
        "PUBLIC_URL": url,
        "OPERATOR": place.says("operator"),
        "TIMEZONE": place.says("timezone", "Asia/Makassar"),
        **{name: str(value) for name, value in more.items()},
    }


def of_function(place: Place, function: str, url: str) -> dict[str, str]:
    """What one function is told, with the secrets that it needs and no others. Raises DeployError."""
    told = shared(place, url)
    secrets = Secrets(place)
    if function in BY_HTTP:
        told["ORIGIN_SECRET"] = secrets.read(ORIGIN)
    if function == "intake":
        told["FORM_SECRET"] = secrets.read(FORM)
    if function == "desk" and (secret := secrets.read(FORM)):  # no more of it than a counter's passes need
        told["COUNTER_SECRET"] = counter_secret(secret)
    if function == "courier":
        told["MAIL_FROM"] = place.says("mail_from")
    return told


def of_ops(place: Place, url: str) -> dict[str, str]:
    """What ops' commands are told, on top of the environment: with it ``functions.cli`` works on the cloud's store."""
    told = shared(place, url)
    if secret := Secrets(place).read(FORM):  # so that ``doctor`` does not miss it
        told["FORM_SECRET"] = secret
    return {**told, "MAIL": "ses", "MAIL_FROM": place.says("mail_from"), "DATA_DIR": str(data_dir(place))}


def data_dir(place: Place) -> Path:
    """Where this machine keeps what can be made again: the frozen portal."""
    return ROOT / "build" / place.env
