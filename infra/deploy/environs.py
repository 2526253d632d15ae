"""What each function, and ops' own commands, are told through the environment: the names in docs/settings.md."""

import os
from collections.abc import Mapping
from pathlib import Path

from functions.aws_lambda.orders import order_secret, prove
from functions.crypto.sign.counter_passes import counter_secret
from infra.deploy.hosts import OUTPUT
from infra.deploy.place import ROOT, Place
from infra.deploy.say import DeployError
from infra.deploy.secret import FORM, MUTE, ORDER, ORIGIN, PHONE, SMS, SMS_TOKEN, Secrets, cleaner_origin
from infra.deploy.stacks import Stacks

BY_HTTP = ("intake", "thread", "cleaner", "desk", "custody", "gateway", "open311")
BY_CLOCK = {"courier": "deliver", "clock": "keep_house"}  # functions without a door, by the order of their schedule
OBEYING = (*BY_CLOCK, "desk", "custody")
BEARERS = {  # which functions are told a secret, by the name of the setting
    "ORIGIN_SECRET": (ORIGIN, BY_HTTP),
    "FORM_SECRET": (FORM, ("intake",)),
    "PHONE_SECRET": (PHONE, ("gateway",)),
    "SMS_SECRET": (SMS, ("gateway",)),
    "MUTE_SECRET": (MUTE, ("gateway", "courier")),
    "SMS_TOKEN": (SMS_TOKEN, ("courier",)),
}
# Lambda takes and gives 6 MB, in which a body stands as base64 with a third more: 4 MB with a form fit, 5 do not.
FILE_MB = 4
NOT_YET = "https://belum.invalid"  # until CloudFront has given the portal its name


def public_url(place: Place, edge: Mapping[str, str]) -> str:
    """Where people come: the domain, or what the edge was given; until then an address that leads nowhere."""
    domain = place.says("domain")
    return f"https://{domain}" if domain else place.says("public_url") or edge.get("PortalUrl") or NOT_YET


def shared(place: Place, url: str) -> dict[str, str]:
    """What every function and ops are told. Nothing of it is secret. Raises DeployError."""
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
        "SMS": sms_way(place),
        "FILE_MB": str(FILE_MB),
    }


def sms_way(place: Place) -> str:
    """How SMS leave: ``http``, or ``off``, where none come in either. Raises DeployError for what is no way here."""
    way = str((place.parameters.get("settings") or {}).get("SMS") or "off")
    if way not in ("off", "http"):
        raise DeployError(f"SMS={way!r} is for one machine; in the cloud it is http, with SMS_URL, or off")
    return way


def of_function(place: Place, function: str, url: str) -> dict[str, str]:
    """What one function is told, with the secrets that it needs and no others. Raises DeployError."""
    told = shared(place, url)
    secrets = Secrets(place)
    for setting, (name, functions) in BEARERS.items():
        if function in functions and (secret := secrets.read(name)):
            told[setting] = cleaner_origin(secret) if function == "cleaner" else secret
    if function == "desk" and (secret := secrets.read(FORM)):  # no more of it than a counter's passes need
        told["COUNTER_SECRET"] = counter_secret(secret)
    if function in OBEYING and (secret := secrets.read(ORDER)):
        told["ORDER_SECRET"] = order_secret(secret, function)
    if function == "intake":  # the only one that writes a portal's address into a page
        told |= portal_hosts(place)
    if function == "courier":
        told |= {"MAIL_FROM": place.says("mail_from"), "MAIL_SET": place.prefix}  # the set of mail.yaml
    return told


def portal_hosts(place: Place) -> dict[str, str]:
    """The hosts that the edge serves, which are known once it stands. Raises DeployError."""
    return {"PORTAL_HOSTS": Stacks(place).outputs("edge").get(OUTPUT) or "off"}


def proof_for(place: Place, function: str, name: str, instance: str = "") -> str:
    """What makes a function obey an order. Raises DeployError."""
    return prove(order_secret(Secrets(place).read(ORDER), function), name, instance)


def of_ops(place: Place, url: str) -> dict[str, str]:
    """What ops' commands are told, on top of the environment: with it ``functions.cli`` works on the cloud's store."""
    told = shared(place, url) | portal_hosts(place)
    if secret := Secrets(place).read(FORM):  # so that ``doctor`` does not miss it
        told["FORM_SECRET"] = secret
    if place.emulated:
        told["DOORS_AT"] = place.gateway
    return {**told, "MAIL": "ses", "MAIL_FROM": place.says("mail_from"), "DATA_DIR": str(data_dir(place))}


def data_dir(place: Place) -> Path:
    """Where this machine keeps what can be made again: the frozen portal. Tests that deploy beside each other name
    another folder by LAPOR_PORTALS."""
    return Path(os.environ.get("LAPOR_PORTALS") or ROOT / "build") / place.env
