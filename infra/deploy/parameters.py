"""What stands in ``infra/parameters/<env>.toml``, looked at before anything is made: a wrong line would be told by AWS
half an hour later, or by nobody. ``tests/cloud/test_filled.py`` tries each."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from functions.config.readers import READERS, SECRETS
from infra.deploy.place import ROOT, Place
from infra.deploy.say import DeployError
from infra.deploy.stacks import AFTER, BEFORE, VAULT, template_of

YOURS = ("domain", "mail_identity", "mail_from", "ops_email")
INVENTED = ".example"  # a name that nobody can have (RFC 2606)
REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
ZONE = re.compile(r"Z[A-Z0-9]{1,31}")
CERTIFICATE = re.compile(r"arn:aws:acm:us-east-1:\d{12}:certificate/[\w-]{1,64}", re.ASCII)
MAILBOX = re.compile(r"[^\s@<>,]+@([^\s@<>,]+)")
MOST_WARM, MOST_CLEANERS = 10, 200
MOST_LOCKED = 33  # days (infra/stacks/vault.yaml says the same)
LEAST_REQUESTS = 100  # many phones share one address (infra/stacks/global.yaml says the same)
Check = Callable[[Any], str]  # what is wrong with a value, "" where nothing is


def check_parameters(place: Place) -> None:
    """Raises DeployError with everything that is wrong, a line each."""
    if found := list(faults(place)):
        raise DeployError(f"{place.env}.toml is not right, and nothing was changed:\n   " + "\n   ".join(found))


def faults(place: Place) -> Iterator[str]:
    """What is wrong with an environment's parameters, a sentence each."""
    given = place.parameters
    for name in sorted(given.keys() - CHECKS.keys() - _declared()):
        yield f"{name}: nothing reads this; is it misspelt?"
    for name, check in CHECKS.items():
        if name in given and (fault := check(given[name])):
            yield f"{name} = {given[name]!r}: {fault}"
    for name in ("mail_identity", "mail_from", "ops_email"):
        if not place.says(name):
            yield f"{name}: is missing"
    if place.says("hosted_zone") and not place.says("domain"):
        yield "hosted_zone: is the zone of no domain; fill in domain, or leave both empty"
    if place.says("certificate") and not place.says("domain"):
        yield "certificate: is for no domain; fill in domain, or leave both empty"
    yield from _sender(place)
    yield from _settings(given.get("settings") or {})
    if not place.emulated and (left := [name for name in YOURS if place.says(name).endswith(INVENTED)]):
        yield f"{', '.join(left)}: still the example's; put in what is yours"
    if given.get("emulated", place.emulated) is not place.emulated:
        yield "emulated: is for the environment of that name alone"


def _sender(place: Place) -> Iterator[str]:
    sender, identity = MAILBOX.fullmatch(place.says("mail_from")), place.says("mail_identity")
    if not sender or _identity(identity):
        return  # told already
    if identity not in (sender[0], sender[1]) and not sender[1].endswith(f".{identity}"):
        yield f"mail_from: {sender[0]} is not of {identity}, for which alone SES is to send (mail_identity)"


def _settings(given: Mapping[str, Any]) -> Iterator[str]:
    for name, value in given.items():
        if name in SECRETS:
            yield f"[settings] {name}: is a secret, and belongs into no file; the deployer makes it"
        elif name not in READERS:
            yield f"[settings] {name}: there is no such setting; docs/settings.md lists them"
        else:
            try:
                READERS[name](str(value))
            except ValueError as error:
                yield f"[settings] {name} = {value!r}: {error}"


def _declared() -> set[str]:
    """The parameters of all templates, as a file spells them."""
    found = {name for stack in (*BEFORE, VAULT, *AFTER) if (t := template_of(stack)) for name in t.declared}
    return {re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in found}


def _like(pattern: re.Pattern[str], example: str, *, empty: bool = False) -> Check:
    def check(value: Any) -> str:
        if isinstance(value, str) and (pattern.fullmatch(value) or (empty and not value)):
            return ""
        return f"is not like {example}" + (", or empty" if empty else "")

    return check


def _number(least: int, why: str, most: int = 0) -> Check:
    span = f"from {least} to {most}" if most else f"from {least} up"

    def check(value: Any) -> str:
        fits = type(value) is int and least <= value <= (most or value)
        return "" if fits else f"is no whole number {span}: {why}"

    return check


def _yes_or_no(value: Any) -> str:
    return "" if isinstance(value, bool) else "is neither true nor false, without quotes"


def _identity(value: Any) -> str:
    known = isinstance(value, str) and (HOST.fullmatch(value) or MAILBOX.fullmatch(value))
    return "" if known else "is neither a domain like dinas.go.id nor a mailbox like lapor@dinas.go.id"


def _zone(value: Any) -> str:
    try:
        READERS["TIMEZONE"](str(value))
    except ValueError as error:
        return str(error)
    return ""


def _files(value: Any) -> str:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return 'is no list of files like ["/home/…/agencies.csv"]'
    missing = [each for each in value if not (ROOT / each).is_file()]
    return f"there is no file {', '.join(missing)}" if missing else ""


CHECKS: dict[str, Check] = {
    "region": _like(REGION, "ap-southeast-3"),
    "emulated": _yes_or_no,
    "deletion_protection": _yes_or_no,
    "domain": _like(HOST, "lapor.dinas.go.id", empty=True),
    "hosted_zone": _like(ZONE, "Z0123456789ABC", empty=True),
    "certificate": _like(CERTIFICATE, "arn:aws:acm:us-east-1:123456789012:certificate/0a1b…", empty=True),
    "operator": lambda value: "" if isinstance(value, str) and value.strip() else "is no name of an office",
    "timezone": _zone,
    "directory": _files,
    "mail_identity": _identity,
    "mail_from": _like(MAILBOX, "tanpa-balasan@lapor.dinas.go.id"),
    "ops_email": _like(MAILBOX, "operator@dinas.go.id"),
    "firewall": _yes_or_no,
    "requests_per_five_minutes": _number(LEAST_REQUESTS, "many phones share an address"),
    "monthly_budget_usd": _number(1, "AWS warns at that sum"),
    "backup_region": _like(REGION, "ap-southeast-1", empty=True),
    "backup_lock_days": _number(0, "a lock ends before a backup does", MOST_LOCKED),
    "warm_intake": _number(0, "each costs about 53 USD a year", MOST_WARM),
    "cleaners_at_once": _number(0, "0 is no bound, and documents can hold up reports", MOST_CLEANERS),
    "public_url": _like(re.compile(r"https://[a-z0-9.-]+"), "https://lapor.dinas.go.id", empty=True),
    "settings": lambda value: "" if isinstance(value, dict) else "is a part of its own: [settings]",
}
