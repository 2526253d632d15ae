"""The laws of the house as questions to the policies: what each function must not be able to do, whatever else it may.

``breaches`` reads the templates alone, so that a test can loosen one and see it found.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

from functions.storage.dynamodb.items import SHORT, WHEREABOUTS_NAMES
from infra.deploy.environs import BY_HTTP
from tests.cloud.calls import Ask
from tests.cloud.policies import (
    KEYLESS,
    ROLES,
    Statement,
    admits,
    allowing,
    function_policy,
    key_policy,
    statements_of,
)
from tests.cloud.principals import EVERYTHING, PURPOSES
from tests.cloud.stacks import ACCOUNT, ENV, REGION, arns

TABLE = arns()["TableArn"]
KEYS = f"arn:aws:s3:::{arns()['KeysBucket']}"
BLOBS = f"arn:aws:s3:::{arns()['BlobsBucket']}"
CASES, IDENTITIES, LETTERS, OFFICERS, SLIPS = "CASE#x", "ID#x", "OUT#x", "REGISTER#officers", "SLIP#x"
TIES = "REGISTER#public-ties:x"  # which public report belongs to which case
AGREED = "REGISTER#public-agreed:x"  # what is not public yet
MANDATES = "OUT#desk-x"  # what the desk asks of the courier, signed
PEERS = "REGISTER#o311-peer:x"  # how to speak to an agency's system
OPENS = {"desk": {"desk"}, "identity": {"custody"}, "courier": {"courier"}, "links": {"courier"}, "mandates": {"desk"}}
READS = ("GetItem", "Query", "BatchGetItem", "Scan", "PartiQLSelect", "ConditionCheckItem")
Read = dict[str, Any]
Locks = dict[str, list[Statement]]  # the keys' own policies, by purpose


def breaches(roles: Read | None = None, keyholders: Read | None = None, keys: Read | None = None) -> list[str]:
    """What the templates let happen and must not, in words. Each argument is a template in the place of ours."""
    policies = {role: statements_of(role, read=roles if role in KEYLESS else keyholders) for role in ROLES}
    locks = {purpose: key_policy(purpose, read=keys) for purpose in PURPOSES}
    found = [*_reading(policies), *_listing(policies), *_confined(policies), *_closed(policies)]
    found += [*_sessions(policies), *_mandates(policies), *_whereabouts(policies)]
    return [*found, *_opening(policies, locks), *_contexts(locks)]


def may(statements: list[Statement], ask: Ask) -> bool:
    return allowing(statements, ask.action, ask.resource, ask.context) is not None


def _leading(action: str, key: str, resource: str = TABLE, **context: str) -> Ask:
    named = {name.replace("_", ":"): value for name, value in context.items()}
    return Ask(f"dynamodb:{action}", resource, {"dynamodb:LeadingKeys": [key]} | named)


def _reading(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """Intake and open311 read nothing that was reported; the desk no identity; gateway and courier none either, and the
    courier of a case with whom it lies alone; officers' addresses and how to speak to systems are the courier's alone, what is kept of numbers
    the gateway's, and what ties a public report to its case the clock's; what cannot be read cannot be had back by
    writing over it."""
    never = {
        "intake": (CASES, IDENTITIES, LETTERS, OFFICERS, TIES, AGREED, PEERS),
        "thread": (LETTERS, OFFICERS, TIES, PEERS),
        "cleaner": (CASES, IDENTITIES, LETTERS, OFFICERS, TIES, AGREED, PEERS, "REGISTER#directory", "REGISTER#staff"),
        "desk": (IDENTITIES, LETTERS, OFFICERS, TIES, PEERS),
        "custody": (LETTERS, OFFICERS, TIES, AGREED, PEERS),
        "gateway": (IDENTITIES, LETTERS, OFFICERS, TIES, AGREED, PEERS),
        "open311": (CASES, IDENTITIES, LETTERS, OFFICERS, TIES, AGREED, PEERS, "REGISTER#staff"),
        "courier": (CASES, IDENTITIES, TIES, AGREED),
        "clock": (LETTERS, OFFICERS, PEERS),
    }
    of_numbers = {role: (*keys, SLIPS) for role, keys in never.items() if role not in ("gateway", "courier")}
    for role, keys in (never | of_numbers).items():
        for key in keys:
            yield from (f"{role} reads {key}" for action in READS if may(policies[role], _leading(action, key)))
            for action in ("PutItem", "UpdateItem", "DeleteItem"):
                back = _leading(action, key, dynamodb_ReturnValues="ALL_OLD")
                if may(policies[role], back):
                    yield f"{role} reads {key} back by {action}"


def _closed(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """A call that names no partition is let through nowhere: ForAllValues alone would hold for it."""
    actions = (*READS, "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate")
    for role, action in product(ROLES, actions):
        if may(policies[role], Ask(f"dynamodb:{action}", TABLE, {"dynamodb:Attributes": ["PK", "SK", "place"]})):
            yield f"{role} may {action} without naming a partition"


def open_functions(**read: Read) -> list[str]:
    """Who calls a function otherwise than by its address, its schedule or its topic. Each argument is a template in the
    place of ours, ``urls`` or ``schedule``."""
    return [fault for function in ROLES for fault in _calls(function, function_policy(function, **read))]


def _calls(function: str, policy: list[Statement]) -> Iterator[str]:
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:lapor-anonim-{function}-{ENV}"
    by_url, public = {"lambda:InvokedViaFunctionUrl": "true"}, {"lambda:FunctionUrlAuthType": "NONE"}
    if admits(policy, "lambda:InvokeFunction", arn, {}):
        yield f"another account calls {function} directly"
    for action, context in (("lambda:InvokeFunctionUrl", public), ("lambda:InvokeFunction", by_url)):
        if admits(policy, action, arn, context) != (function in BY_HTTP):
            yield f"{function} and its address: {action}"
    if admits(policy, "lambda:InvokeFunctionUrl", arn, {"lambda:FunctionUrlAuthType": "AWS_IAM"}):
        yield f"{function} is for everybody behind a signature too"
    for service in ("events.amazonaws.com", "sns.amazonaws.com"):
        strange = {"AWS:SourceArn": f"arn:aws:{service[:3]}:{REGION}:111111111111:rule/lain"}
        if admits(policy, "lambda:InvokeFunction", arn, strange, service):
            yield f"{service} calls {function} for another account"


def _listing(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """Who may list: cases the desk and the clock, identities custody and the clock, letters the courier."""
    shelves = {
        "kutim": ("by_holder", {"desk"}),
        "custody#kutim": ("by_holder", {"custody", "clock"}),
        "waiting": ("by_turn", {"courier"}),
        "digest#kutim": ("by_turn", {"courier"}),
    }
    for shelf, (index, who) in shelves.items():
        ask = _leading("Query", shelf, f"{TABLE}/index/{index}")
        yield from (f"{role} lists {shelf}" for role in ROLES if role not in who and may(policies[role], ask))


def _confined(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """Nobody scans, makes, drops or restores the table; nobody lists a bucket or writes keys; nobody goes about it by
    IAM, KMS' administration or another function."""
    table = [Ask(f"dynamodb:{a}", TABLE) for a in ("Scan", "DeleteTable", "UpdateTable", "RestoreTableToPointInTime")]
    lists = [Ask(a, bucket) for a in ("s3:ListBucket", "s3:ListBucketVersions") for bucket in (BLOBS, KEYS)]
    writes = [Ask(a, f"{KEYS}/public.json") for a in ("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion")]
    aside = [Ask(a, "*") for a in ("iam:PutRolePolicy", "iam:PassRole", "sts:AssumeRole", "lambda:InvokeFunction")]
    keys = [Ask(f"kms:{a}", arns()["DeskKey"]) for a in ("Encrypt", "CreateGrant", "PutKeyPolicy", "ReEncryptFrom")]
    for ask in [*table, *lists, *writes, *aside, *keys]:
        yield from (f"{role} may {ask.action} {ask.resource}" for role in ROLES if may(policies[role], ask))
    writers = {
        "REGISTER#directory": {"desk"},
        OFFICERS: {"courier"},
        "REGISTER#audit:x": {"clock"},
        "REGISTER#public:x": {"clock"},
        TIES: {"clock"},
        "REGISTER#public-crowd:x": {"clock"},
        AGREED: {"clock", "desk", "thread"},
        "REVOKED#x": {"desk", "courier"},
        SLIPS: {"gateway"},
        "SLIP#o311:x": {"gateway", "open311", "courier", "clock"},
        "SLIP#o311-token:x": {"gateway", "open311"},
        "SLIP#relay:x": {"intake", "gateway", "courier"},
        "SLIP#wish:x": {"gateway", "desk", "custody"},
        "SLIP#draft:x": {"gateway", "desk"},
        "REGISTER#linked-counts": {"courier"},
        "REGISTER#apps": set(),
        "REGISTER#o311-sent:x": {"courier"},
        "REGISTER#o311-in:x": {"open311", "courier", "clock"},
        PEERS: set(),
        "REGISTER#mail:x": {"desk"},
    }
    enders = {key: {"thread", "desk", "clock"} for key in ("SLIP#o311:x", "SLIP#wish:x")}  # they go with their case
    for key, who in writers.items():
        for role in (role for role in ROLES if role not in who):
            if any(may(policies[role], _leading(action, key)) for action in ("PutItem", "UpdateItem")):
                yield f"{role} writes {key}"
            if role not in enders.get(key, ()) and may(policies[role], _leading("DeleteItem", key)):
                yield f"{role} ends {key}"


def _sessions(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """A custodian's session is written by his own door alone, or two forged ones would open an identity."""
    for action in ("PutItem", "UpdateItem"):
        ask = _leading(action, "LINK#custody:x")
        yield from (
            f"{role} writes a custodian's session" for role in ROLES if role != "custody" and may(policies[role], ask)
        )


def _mandates(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """What the desk asks of the courier is put by the desk alone; the courier, which settles it, puts none."""
    for role in (role for role in ROLES if role != "desk"):
        actions = ("PutItem",) if role == "courier" else ("PutItem", "UpdateItem", "DeleteItem")
        if any(may(policies[role], _leading(action, MANDATES)) for action in actions):
            yield f"{role} asks in the desk's name"


def _whereabouts(policies: dict[str, list[Statement]]) -> Iterator[str]:
    """The courier reads with whom a case lies and whether an identity's request waits: these attributes and no other,
    of one item at a time."""
    open_to_it = {CASES: ("PK", "SK", *WHEREABOUTS_NAMES), IDENTITIES: ("PK", "SK", "place")}
    for key, names in open_to_it.items():
        if not may(policies["courier"], _naming("GetItem", key, *names)):
            yield f"courier does not read of {key} what it needs"
        for other in sorted({*map(str, SHORT), *SHORT.values(), "key_id", "wrap_desk", "sealed", "steps"} - {*names}):
            if any(may(policies["courier"], _naming(action, key, "PK", "SK", other)) for action in READS):
                yield f"courier reads {other} of {key}"


def _naming(action: str, key: str, *names: str) -> Ask:
    return Ask(f"dynamodb:{action}", TABLE, {"dynamodb:LeadingKeys": [key], "dynamodb:Attributes": [*names]})


def _opening(policies: dict[str, list[Statement]], locks: Locks) -> Iterator[str]:
    """Each KMS key decrypts for one role, by both its own policy and the role's; nobody has two of words, identities
    and addresses; ops, with all rights of IAM, decrypt nothing."""
    opened: dict[str, set[str]] = {role: set() for role in ROLES}
    for purpose in PURPOSES:
        for role in ROLES:
            by_role = _decrypts(policies[role], role, purpose, locks)
            by_key = _decrypts([EVERYTHING], role, purpose, locks)
            blob = may(policies[role], Ask("s3:GetObject", f"{KEYS}/{purpose}/kutim/x"))
            opened[role] |= {purpose} if by_role else set()
            if role not in OPENS[purpose] and (by_key or may_at_all(policies[role], purpose) or blob):
                yield f"{role} comes near the key of {purpose}"
            if role in OPENS[purpose] and not by_role:
                yield f"{role} cannot open what is its own: {purpose}"
        if _decrypts([EVERYTHING], "ops", purpose, locks):
            yield f"ops decrypts {purpose}"
    for role, purposes in opened.items():
        if len(purposes & {"desk", "identity", "courier"}) > 1:
            yield f"{role} opens {' and '.join(sorted(purposes))}"


def may_at_all(statements: list[Statement], purpose: str) -> bool:
    """Whether a role's own policy lets it decrypt with a key, in any context."""
    context = {"kms:EncryptionContext:purpose": purpose, "kms:EncryptionContext:instance": "kutim"}
    return may(statements, Ask("kms:Decrypt", arns()[f"{purpose.title()}Key"], context))


def _decrypts(
    statements: list[Statement], who: str, purpose: str, locks: Locks, context: dict[str, str] | None = None
) -> bool:
    if context is None:
        context = {"kms:EncryptionContext:purpose": purpose, "kms:EncryptionContext:instance": "kutim"}
    caller = f"arn:aws:iam::{ACCOUNT}:" + (f"user/{who}" if who == "ops" else f"role/lapor-{ENV}-{who}")
    asked = {**context, "aws:PrincipalArn": caller}
    arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{purpose}"
    by_key = allowing(locks[purpose], "kms:Decrypt", arn, asked)
    return by_key is not None and may(statements, Ask("kms:Decrypt", arn, asked))


def _contexts(locks: Locks) -> Iterator[str]:
    """Neither encrypting nor decrypting goes without a context, or in another purpose's."""
    for purpose in PURPOSES:
        other = "links" if purpose != "links" else "desk"
        for context in ({}, {"purpose": purpose}, {"purpose": other, "instance": "kutim"}):
            asked = {f"kms:EncryptionContext:{name}": value for name, value in context.items()}
            (role,) = OPENS[purpose]
            if _decrypts([EVERYTHING], role, purpose, locks, asked):
                yield f"{role} decrypts {purpose} in the context {context}"
            arn = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{purpose}"
            caller = {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/ops"}
            if allowing(locks[purpose], "kms:Encrypt", arn, asked | caller):
                yield f"ops encrypts for {purpose} in the context {context}"
