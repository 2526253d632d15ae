"""What a deployment would do, without doing it. Packages are built, since that changes nothing but ``build/``."""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from infra.deploy.account import check_region, quota_note
from infra.deploy.build import build
from infra.deploy.checks import check_tools
from infra.deploy.environs import public_url
from infra.deploy.functions import Functions
from infra.deploy.hosts import certificate_notes, hosts_of, let_go, notes, records
from infra.deploy.leftovers import backup_stands, keys_left_behind
from infra.deploy.parameters import check_parameters
from infra.deploy.place import Place
from infra.deploy.say import DeployError
from infra.deploy.secret import NAMES, Secrets
from infra.deploy.stacks import AFTER, Stacks, before, template_of


def plan(place: Place) -> Iterator[str]:
    """A sentence each, and last the plan's own hash. Raises DeployError where a deployment would fail at once."""
    lines = []
    for line in _plan(place):
        lines.append(line)
        yield line
    yield from _beside(place)
    yield f"plan {digest_of(lines)}"


def digest_of(lines: Iterable[str]) -> str:
    """SHA-256 of a plan's sentences, in hex: who approved one approved no other."""
    return sha256("\n".join(lines).encode()).hexdigest()


def check_approved(place: Place, digest: str) -> None:
    """Raises DeployError where the plan is no longer the one that was approved."""
    *lines, now = plan(place)
    if now != f"plan {digest}":
        raise DeployError("the plan is no longer the one that was approved; now it is:\n   " + "\n   ".join(lines))


def _beside(place: Place) -> Iterator[str]:
    """What is not of the plan that is approved: records are other people's and change without us, so does a renewal."""
    yield from records(place, hosts_of(place), Stacks(place).outputs("edge"))
    yield from (sentence for _, sentence in certificate_notes(place))


def _plan(place: Place) -> Iterator[str]:
    check_tools()
    check_parameters(place)
    yield f"account {place.account}, region {place.region}"
    check_region(place)
    yield from (f"note: {note}" for note in quota_note(place))
    stacks = Stacks(place)
    yield from _stacks(stacks, before(place))
    if not stacks.status("keys") and (left := keys_left_behind(place)):
        yield f"take up {len(left)} KMS keys that an earlier deployment left"
    if not stacks.status("data") and backup_stands(place):
        yield "keep the bucket of backups that an earlier deployment left"
    for name in NAMES:
        yield f"secret {name}: {'there' if Secrets(place).stands(name) else 'make'}"
    yield from _functions(place, public_url(place, stacks.outputs("edge")))
    yield "directory: import it where none stands yet; make the keys that are missing"
    yield "portal: freeze it and upload what changed"
    hosts = hosts_of(place)
    yield from notes(hosts, place.says("domain"))
    yield from let_go(place, hosts)
    yield from _stacks(stacks, AFTER)
    yield "smoke test; go back to the version before where it fails"


def _stacks(stacks: Stacks, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        template, stands = template_of(name), stacks.status(name)
        if not stands:
            yield f"stack {stacks.name(name)}: make"
        elif template and stacks.body(name) != template.body:
            yield f"stack {stacks.name(name)}: change (its template is another)"
        else:
            yield f"stack {stacks.name(name)}: leave, where no parameter changed"


def _functions(place: Place, url: str) -> Iterator[str]:
    functions = Functions(place, {}, url)
    for package in build(place.env):
        there = functions.configured(package.function)
        if not there:
            yield f"function {package.function}: make ({package.path.stat().st_size:,} bytes)"
        elif not functions.holds(there, package):
            yield f"function {package.function}: change (another package)"
        else:
            yield f"function {package.function}: leave, or tell it changed settings"
