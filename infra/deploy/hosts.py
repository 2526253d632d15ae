"""Hosts of single governments' portals at the edge: which may be served, and what keeps the others below their paths.

A portal that names a host (``portal.toml``) is frozen once more into the folder ``@host``. The edge serves that folder
at the host if ops' certificate covers it: CloudFront takes no other name, so no host is served by being asked for.
Decision (mmmmmmm).
"""

import json
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from functions.casework.directory.portal_file import HOST
from functions.web.language import DEFAULT, spoken
from functions.web.layout import OWN_HOST
from infra.deploy.aws_errors import explained
from infra.deploy.place import GLOBAL_REGION, Place
from infra.deploy.say import DeployError
from infra.deploy.stacks import Stacks

# Of all hosts together, each with some signs around it: about 65 of usual length. A template's parameter ends at 4,096
# signs, a distribution at 100 names.
MOST_SIGNS, AROUND = 3000, 20
OUTPUT = "PortalHosts"  # of the stack `edge`: what it serves, as ``code=host`` with spaces between
NO_BUCKET = "NoSuchBucket"
Found = tuple[set[str], set[str]]  # by DNS: the names that a name leads to, and the addresses


WAITING = frozenset({"PENDING_VALIDATION", "FAILED"})  # a renewal that Certificate Manager cannot end by itself
Certificate = Mapping[str, Any]  # as Certificate Manager describes it


@dataclass(frozen=True, slots=True)
class Host:
    """A host that a portal asks for. ``why`` it is not served, "" where it is."""

    name: str
    why: str = ""


def hosts_of(place: Place) -> list[Host]:
    """The hosts that published portals ask for, each judged. Raises DeployError as ``judged``, and where one that is
    served now would go though its portal still names it: printed codes lead to it, and phones hold reports for it."""
    before = _served_now(place)
    hosts = judged(place, asked_for(place), before)
    if lost := [f"{each.name} ({each.why})" for each in hosts if each.why and each.name in before]:
        raise DeployError(
            f"hosts: the edge serves {', '.join(lost)} and would let go what its portal still names. Give back what "
            "covers it; or first take `host` out of its portal.toml (`instances add`), or retire the government"
        )
    return hosts


def let_go(place: Place, hosts: Iterable[Host]) -> Iterator[str]:
    """Which hosts are served now and named by no portal any more, a sentence each."""
    for name in sorted(_served_now(place) - {each.name for each in hosts}):
        yield f"host {name}: no portal names it any more; the edge serves it no longer"


def _served_now(place: Place) -> frozenset[str]:
    return frozenset(read_table(Stacks(place).outputs("edge").get(OUTPUT, "")).values())


def asked_for(place: Place) -> list[str]:
    """The hosts that published portals ask for, by their folders in the bucket."""
    pages = place.client("s3").get_paginator("list_objects_v2")
    found = []
    try:
        for page in pages.paginate(Bucket=place.bucket("portal"), Prefix=OWN_HOST, Delimiter="/"):
            found += [each["Prefix"].removeprefix(OWN_HOST).rstrip("/") for each in page.get("CommonPrefixes", [])]
    except ClientError as error:
        if error.response["Error"]["Code"] != NO_BUCKET:
            raise
    return sorted(name for name in found if HOST.fullmatch(name))


def judged(place: Place, asked: Iterable[str], before: Collection[str] = ()) -> list[Host]:
    """Say of each host whether it is served. Those that were ``before`` come first, where there is no room for all.
    Raises DeployError where the certificate cannot stand before the portal at all."""
    names, domain = certificate_names(place), place.says("domain")
    judgement: list[Host] = []
    taken = 0
    for name in sorted(asked, key=lambda each: (each not in before, each)):
        why = ""
        if not domain:
            why = "the portal has no domain of its own yet (`domain`)"
        elif name == domain:
            why = "it is the address of the whole portal"
        elif not covers(names, name):
            why = f"no certificate covers it; {how_to_ask(domain, asked)}"
        elif taken + len(name) + AROUND > MOST_SIGNS:
            why = f"there is no room for more than {len([each for each in judgement if not each.why])} at one edge"
        else:
            taken += len(name) + AROUND
        judgement.append(Host(name, why))
    return judgement


def how_to_ask(domain: str, asked: Iterable[str]) -> str:
    """The command that asks for a certificate of all, and what to do with what it answers."""
    others = " ".join(sorted(set(asked) - {domain}))
    return (
        f"`aws acm request-certificate --region {GLOBAL_REGION} --validation-method DNS --domain-name {domain} "
        f"--subject-alternative-names {others}`, then name the ARN that it answers as `certificate`"
    )


def certificate_names(place: Place) -> frozenset[str]:
    """The names that ops' certificate covers; none where there is none. Raises DeployError for one that is not issued,
    or leaves the portal's own address without TLS."""
    said, domain = described(place), place.says("domain")
    if not said:
        return frozenset()
    names = names_in(said)
    if said["Status"] != "ISSUED":
        raise DeployError(
            f"certificate: it is {said['Status']}, and not issued. Set the CNAME record of every name that Certificate "
            f"Manager shows in {GLOBAL_REGION}; or leave `certificate` empty meanwhile"
        )
    if not covers(names, domain):
        raise DeployError(f"certificate: it covers {', '.join(sorted(names))}, and not {domain}, the portal's address")
    return names


def described(place: Place) -> Certificate:
    """Ops' certificate; nothing where there is none. Raises DeployError."""
    arn = place.says("certificate")
    if not arn:
        return {}
    try:
        said = place.client("acm", GLOBAL_REGION).describe_certificate(CertificateArn=arn)["Certificate"]
    except ClientError as error:
        raise DeployError(f"certificate: {explained(error)}") from error
    return dict(said)


def names_in(said: Certificate) -> frozenset[str]:
    """Every name that a certificate has, in small letters."""
    return frozenset(each.lower() for each in (said["DomainName"], *said.get("SubjectAlternativeNames", [])))


def certificate_faults(said: Certificate, wanted: Collection[str]) -> Iterator[tuple[bool, str]]:
    """What endangers the certificate before all ``wanted`` names: whether TLS ends by it, and a sentence each. One name
    without its record keeps it from being renewed, and then no name has TLS any more."""
    renewal = said.get("RenewalSummary") or {}
    if renewal.get("RenewalStatus") in WAITING:
        options = renewal.get("DomainValidationOptions", [])
        lacking = [each["DomainName"] for each in options if each.get("ValidationStatus") != "SUCCESS"]
        ends = f"{said['NotAfter']:%Y-%m-%d}" if said.get("NotAfter") else "its end"
        records = (
            f"set the CNAME record of {', '.join(sorted(lacking)) or 'each name'}, or deploy a new certificate without"
        )
        said_so = f"its renewal is {renewal['RenewalStatus']}. On {ends} every address of the portal loses TLS"
        yield True, f"certificate: {said_so}: {records}"
    for name in sorted(names_in(said)):
        if not any(covers({name}, each) for each in wanted):
            stays = (
                "Its owner's record has to stay, or the renewal fails for all; a new certificate without it ends that"
            )
            yield False, f"certificate: {name} is in it and no portal names it. {stays}"


def certificate_notes(place: Place) -> list[tuple[bool, str]]:
    """``certificate_faults`` of ops' certificate, for the domain and what portals ask for. Raises DeployError."""
    said = described(place)
    return list(certificate_faults(said, {place.says("domain"), *asked_for(place)})) if said else []


def covers(names: Collection[str], host: str) -> bool:
    """Whether a certificate of these names holds for a host. An asterisk stands for one label (RFC 6125 §6.4.3)."""
    return host in names or f"*.{host.partition('.')[2]}" in names


def by_code(place: Place, hosts: Iterable[Host]) -> dict[str, str]:
    """The hosts that are served, each by the code of its government, as its published portal says."""
    served = {}
    for name in sorted(each.name for each in hosts if not each.why):
        found = place.client("s3").get_object(Bucket=place.bucket("portal"), Key=f"{OWN_HOST}{name}/keys.json")
        (instance,) = json.loads(found["Body"].read())["instances"]
        served[str(instance["code"])] = name
    return served


def parameters(place: Place, served: Mapping[str, str]) -> dict[str, str]:
    """What the edge's template is told of the hosts that it serves."""
    return {
        "Certificate": place.says("certificate"),
        "Aliases": ",".join([place.says("domain"), *served.values()]),
        OUTPUT: " ".join(f"{code}={name}" for code, name in served.items()),
        "Languages": "|".join(lang for lang in spoken() if lang != DEFAULT),
    }


def read_table(text: str) -> dict[str, str]:
    """Hosts by code, as ``OUTPUT`` has them."""
    return dict(pair.split("=", 1) for pair in text.split())


def notes(hosts: Iterable[Host], domain: str) -> Iterator[str]:
    """What becomes of each host, a sentence each."""
    for each in hosts:
        said = f"stands below its path alone: {each.why}" if each.why else "served"
        elsewhere = not each.why and not each.name.endswith(f".{domain}")
        yield f"host {each.name}: {said}" + (
            "; its owner's DNS can lead it elsewhere (docs/instances.md#own-host)" if elsewhere else ""
        )


def looked_up(name: str) -> Found:
    """Ask DNS. Nothing found is two empty sets."""
    try:
        canonical, aliases, addresses = socket.gethostbyname_ex(name)
    except OSError:
        return set(), set()
    return {canonical.rstrip("."), *aliases}, set(addresses)


def leads_here(host: str, edge: Mapping[str, str], look: Callable[[str], Found] = looked_up) -> bool:
    """Whether DNS leads a host to the distribution: by a CNAME, or by a record that has its addresses."""
    ours = edge.get("DistributionDomain", "")
    names, addresses = look(host)
    return bool(ours) and (ours in names or bool(addresses & look(ours)[1]))


def records(place: Place, hosts: Iterable[Host], edge: Mapping[str, str], look: Any = looked_up) -> Iterator[str]:
    """Which served hosts lack their DNS record, a sentence each. The emulator's names are in no DNS."""
    ours = edge.get("DistributionDomain") or "what the deployment will name as DistributionDomain"
    for each in hosts:
        if not each.why and not place.emulated and not leads_here(each.name, edge, look):
            yield f"host {each.name}: DNS does not lead here yet; its owner sets a CNAME to {ours}. Its path works"
