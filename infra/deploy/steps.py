"""A deployment, step by step. Each step looks at what stands and does only what is missing, so a deployment that was
cut short anywhere is simply begun again."""

from collections.abc import Callable
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError

from functions.storage.dynamodb.calls import DynamoCalls
from functions.storage.dynamodb.work_fill import fill_work
from infra.deploy import ours
from infra.deploy.account import check_region, quota_note
from infra.deploy.build import Package, build
from infra.deploy.checks import check_tools, in_sandbox, letters_note
from infra.deploy.closure import FUNCTIONS
from infra.deploy.environs import BY_CLOCK, NOT_YET, proof_for, public_url, sms_way
from infra.deploy.functions import Functions
from infra.deploy.hosts import by_code, certificate_notes, hosts_of, let_go, notes, records
from infra.deploy.hosts import parameters as host_parameters
from infra.deploy.leftovers import backup_stands, identity_stands, keys_left_behind, stop_rotation
from infra.deploy.parameters import check_parameters
from infra.deploy.place import Place
from infra.deploy.portal import upload
from infra.deploy.say import DeployError, say
from infra.deploy.secret import NAMES, ORIGIN, Secrets, cleaner_origin
from infra.deploy.smoke import smoke
from infra.deploy.stacks import AFTER, VAULT, Stacks, before, template_of

EDGE, POLICIES, URLS = "edge", "policies", "urls"


@dataclass
class Deployment:
    """What the steps of one deployment hand on to each other. ``fill`` brings the store and the keys of a new
    environment: the directory's first import, or a backup."""

    place: Place
    fill: Callable[[Place, str], None] = ours.fill_first
    pool: dict[str, str] = field(default_factory=dict, repr=False)  # holds a secret
    packages: list[Package] = field(default_factory=list)

    @property
    def stacks(self) -> Stacks:
        """The environment's stacks."""
        return Stacks(self.place)

    @property
    def url(self) -> str:
        """Where people come, as far as it is known."""
        return public_url(self.place, self.stacks.outputs(EDGE))

    @property
    def functions(self) -> Functions:
        """The environment's functions."""
        roles = {function: self.pool[f"{function.title()}Role"] for function in FUNCTIONS}
        return Functions(self.place, roles, self.url)

    def run(self) -> None:
        """All steps. Raises DeployError."""
        for number, (title, step) in enumerate(STEPS, 1):
            say(f"== {number}/{len(STEPS)} {title}")
            try:
                step(self)
            except KeyboardInterrupt as error:
                raise DeployError(interrupted(self.place, self.stacks, number)) from error

    def apply(self, names: tuple[str, ...]) -> None:
        """Make or update stacks, each fed with what those before it put out."""
        for name in names:
            template = template_of(name)
            if template is None:
                raise DeployError(f"infra/stacks/{name}.yaml is missing")
            say(f"   {self.stacks.name(name)} {self.stacks.apply(template, self.pool)}")
            self.pool |= self.stacks.outputs(name)


def interrupted(place: Place, stacks: Stacks, number: int) -> str:
    """What stands where somebody stopped a deployment in step ``number``, from 1, and what to do next."""
    done = f"steps 1 to {number - 1} stand" if number > 1 else "nothing was changed"
    moving = [stacks.name(name) for name in (*before(place), *AFTER) if _status(stacks, name).endswith("_IN_PROGRESS")]
    goes = f" CloudFormation goes on by itself with {', '.join(moving)}." if moving else ""
    return (
        f"stopped in step {number}/{len(STEPS)}, {STEPS[number - 1][0]}: {done}, this step may be half done.{goes} "
        "Visitors meet what stood before, or the new release where its functions are changed already. Nothing is lost: "
        "run the same command again, which takes up what is there (`make status` shows how it stands)"
    )


def _status(stacks: Stacks, name: str) -> str:
    try:
        return stacks.status(name)
    except (DeployError, BotoCoreError):
        return ""  # whoever stopped it since the network was gone is told the rest all the same


def tools(deployment: Deployment) -> None:
    """What this machine needs, and an account that answers."""
    check_tools()
    check_parameters(deployment.place)
    hosts_of(deployment.place)  # a certificate or a host that cannot be is told before anything is changed
    sms_way(deployment.place)  # told before anything is made
    say(f"   account {deployment.place.account}, region {deployment.place.region}")
    check_region(deployment.place)
    for note in quota_note(deployment.place):
        say(f"   note: {note}")


def grounds(deployment: Deployment) -> None:
    """The stacks that functions stand on."""
    place, stacks = deployment.place, deployment.stacks
    deployment.pool = place.pool()
    if not stacks.outputs("keys"):
        deployment.pool |= keys_left_behind(place)
    if not stacks.outputs("data"):
        deployment.pool["BackupStands"] = str(backup_stands(place) and not place.vaulted).lower()
    if place.vaulted and not stacks.outputs(VAULT):
        deployment.pool["VaultStands"] = str(backup_stands(place)).lower()
    deployment.pool["IdentityStands"] = str(identity_stands(place, stacks.outputs("mail"))).lower()
    deployment.pool["Sandbox"] = str(in_sandbox(place)).lower()
    for name in stop_rotation(place):
        say(f"   {name}: KMS rotates it no longer")
    deployment.apply(before(place))


def secrets(deployment: Deployment) -> None:
    """The secrets, made once."""
    made = [name for name in NAMES if Secrets(deployment.place).ensure(name)]
    say(f"   made {', '.join(made)}" if made else "   there")


def packages(deployment: Deployment) -> None:
    """The packages of all functions."""
    deployment.packages = build(deployment.place.env)
    for package in deployment.packages:
        say(f"   {package.function:8} {package.path.stat().st_size:>10,} bytes  sha256 {package.digest[:16]}")


def store(deployment: Deployment) -> None:
    """The directory and the keys, and in what an older release wrote, what this one lists by."""
    deployment.fill(deployment.place, deployment.url)
    filled = fill_work(DynamoCalls(deployment.place.prefix, lambda: deployment.place.client("dynamodb")))
    say(f"   {filled} cases listed anew" if filled else "   cases listed as they are")
    say(ours.make_keys(deployment.place, deployment.url).rstrip())


def doors(deployment: Deployment) -> None:
    """The functions, by Zappa."""
    deployment.functions.put(deployment.packages, lambda line: say(f"   {line}"))


def portal(deployment: Deployment) -> None:
    """The frozen portal."""
    done = upload(deployment.place, ours.freeze_portal(deployment.place, deployment.url))
    say(f"   {done.new} files uploaded, {done.same} as they were, {done.gone} removed")


def edge(deployment: Deployment) -> None:
    """The functions' addresses, CloudFront, and what stands around it."""
    functions = deployment.functions
    functions.drop_permissions_of_zappa()
    if not deployment.stacks.outputs(URLS):
        functions.drop_urls_of_zappa()
    current = Secrets(deployment.place).read(ORIGIN).partition(",")[0]
    deployment.pool |= {"OriginSecret": current, "CleanerSecret": cleaner_origin(current)}
    deployment.pool["ScriptHost"] = "" if deployment.url == NOT_YET else deployment.url
    hosts = hosts_of(deployment.place)
    deployment.pool |= host_parameters(deployment.place, by_code(deployment.place, hosts))
    for note in (*notes(hosts, deployment.place.says("domain")), *let_go(deployment.place, hosts)):
        say(f"   {note}")
    _ready(deployment)
    deployment.apply(AFTER[: AFTER.index(EDGE) + 1])
    for name in deployment.stacks.clear_shared(POLICIES):
        say(f"   {name} removed: nothing uses it any more")


def _ready(deployment: Deployment) -> bool:
    """Name the version of intake that is to stand ready; returns whether it is another than before."""
    if not deployment.place.warm_intake:
        return False
    before = deployment.pool.get("IntakeVersion")
    deployment.pool["IntakeVersion"] = deployment.functions.published("intake")
    return deployment.pool["IntakeVersion"] != before


def address(deployment: Deployment) -> None:
    """Functions and edge learn where people come: CloudFront names that after they were first made."""
    doors(deployment)
    if _ready(deployment):
        deployment.apply((URLS,))
    if deployment.pool["ScriptHost"] != deployment.url:
        deployment.pool["ScriptHost"] = deployment.url
        deployment.apply((EDGE,))


def rounds(deployment: Deployment) -> None:
    """What runs by the clock, and the alarms."""
    for function, order in BY_CLOCK.items():
        deployment.pool[f"{function.title()}Proof"] = proof_for(deployment.place, function, order)
    deployment.apply(AFTER[AFTER.index(EDGE) + 1 :])


def trial(deployment: Deployment) -> None:
    """The smoke test; where it fails, the functions go back to what was last good."""
    try:
        smoke(deployment.place, deployment.functions, deployment.url, say)
    except DeployError as error:
        turned = deployment.functions.turn_back()
        if turned and _ready(deployment):
            deployment.apply((URLS,))
        if not turned:
            raise DeployError(f"{error}. There is no version before to go back to.") from error
        raise DeployError(f"{error}. Went back to the version before: {', '.join(turned)}.") from error
    deployment.functions.remember()


def farewell(deployment: Deployment) -> None:
    """Where it is, and how the first officers come in."""
    url = deployment.url
    say(f"   portal             {url}/")
    say(f"   officers sign in   {url}/masuk/")
    who = f"make ops ENV={deployment.place.env} DO='officers list'"
    say("   first links: officers open that page and ask for a link with their office address; the courier, which")
    say(f"   alone makes links, sends it within a minute. Who may: {who}")
    for line in records(deployment.place, hosts_of(deployment.place), deployment.stacks.outputs(EDGE)):
        say(f"   note: {line}")
    for note in (*(said for _, said in certificate_notes(deployment.place)), *letters_note(deployment.place)):
        say(f"   note: {note}")


STEPS: tuple[tuple[str, Callable[[Deployment], None]], ...] = (
    ("tools and account", tools),
    ("stacks below the functions", grounds),
    ("secrets", secrets),
    ("packages", packages),
    ("directory and keys", store),
    ("functions", doors),
    ("portal", portal),
    ("edge", edge),
    ("address", address),
    ("schedule and alarms", rounds),
    ("smoke test", trial),
    ("done", farewell),
)
