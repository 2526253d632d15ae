"""What is tried with every role: the rows of docs/roles.md. Each is one call of AWS; what it is made on stands ready."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from functions.storage.dynamodb.items import WHEREABOUTS_NAMES
from tests.cloud.calls import Ask, asks
from tests.cloud.policies import ROLES
from tests.cloud.principals import PURPOSES, Principal, refused
from tests.cloud.stacks import ACCOUNT, ENV, REGION

TABLE = f"lapor-{ENV}"
CASE = "4F7K-2M9Q-XR3D"
INSTANCE = "kutim"
Params = dict[str, Any]


@dataclass(frozen=True)
class Attempt:
    """``ask`` names action and resource where the service is one that ``calls`` does not read."""

    section: str
    label: str
    service: str
    operation: str
    params: Params
    ask: Ask | None = None

    def asks(self) -> list[Ask]:
        if self.ask:
            return [self.ask]
        return asks(self.service, self.operation.replace("_", " ").title().replace(" ", ""), self.params)


def by_policy(attempt: Attempt, who: Principal) -> bool:
    """Whether the policies allow it, by our evaluator, which looks at every condition."""
    return all(who.allowed(ask) for ask in attempt.asks())


def by_trying(attempt: Attempt, who: Principal) -> bool:
    """Whether the emulator lets it through. It is let do what it asks for, whatever comes of it."""
    client = who.client(attempt.service)
    try:
        getattr(client, attempt.operation)(**attempt.params)
    except ClientError as error:
        return not refused(error)
    return True


def key(pk: str, sk: str) -> Params:
    return {"PK": {"S": pk}, "SK": {"S": sk}}


HEAD, WORDS, IDENTITY = key(f"CASE#{CASE}", "HEAD"), key(f"CASE#{CASE}", "E#000001"), key(f"ID#{CASE}", "IDENTITY")
LETTER, SESSION, THEIRS = key("OUT#surat", "ENTRY"), key("LINK#meja", "USE"), key("LINK#custody:kustodian", "USE")
SLIP = key("SLIP#nomor", "SLIP")
REVOKED = key("REVOKED#officer:petugas", "REVOKED")
ITEMS = (HEAD, WORDS, IDENTITY, LETTER, SESSION, THEIRS, REVOKED, SLIP)


def _query(pk: str) -> Params:
    return {
        "TableName": TABLE,
        "KeyConditionExpression": "PK = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}},
    }


def _shelf(index: str, name: str, shelf: str) -> Params:
    return {
        "TableName": TABLE,
        "IndexName": index,
        "KeyConditionExpression": "#shelf = :shelf",
        "ExpressionAttributeNames": {"#shelf": name},
        "ExpressionAttributeValues": {":shelf": {"S": shelf}},
    }


def _update(where: Params) -> Params:
    values = {":one": {"N": "1"}}
    return {
        "TableName": TABLE,
        "Key": where,
        "UpdateExpression": "SET seen = :one",
        "ExpressionAttributeValues": values,
    }


def attempts(pool: dict[str, str], sealed: dict[str, bytes]) -> list[Attempt]:
    """All of them, for the stacks that ``pool`` describes and a KMS ciphertext of each purpose."""
    return [*_of_the_table(), *_of_files(pool), *_of_keys(pool, sealed), *_of_functions(), *_of_the_rest(pool)]


def _of_the_table() -> Iterator[Attempt]:
    def row(section: str, label: str, operation: str, **params: Any) -> Attempt:
        return Attempt(section, label, "dynamodb", operation, {"TableName": TABLE} | params)

    cases = "Cases"
    yield row(cases, "put a case, or over one", "put_item", Item=HEAD)
    yield row(cases, "read one item of a case", "get_item", Key=HEAD)
    names = {f"#{n}": name for n, name in enumerate(WHEREABOUTS_NAMES)}
    lies = {"ProjectionExpression": ", ".join(names), "ExpressionAttributeNames": names}
    yield row(cases, "read with whom a case lies", "get_item", Key=HEAD, **lies)
    wraps = {"ProjectionExpression": "wrap_desk, wr, ct"}
    yield row(cases, "read a case's keys and contact, sealed", "get_item", Key=HEAD, **wraps)
    yield row(cases, "read a whole case, its sealed words among it", "query", **_query(f"CASE#{CASE}"))
    yield row(
        cases,
        "read a case by putting over it and asking what stood there",
        "put_item",
        Item=HEAD,
        ReturnValues="ALL_OLD",
    )
    yield row(cases, "list an agency's cases", "query", **_shelf("by_holder", "at_holder", "kutim-dpupr"))
    yield row(cases, "list an instance's cases", "query", **_shelf("by_instance", "at_instance", INSTANCE))
    yield row(cases, "change a case's head in place", "update_item", **_update(HEAD))
    deleted = {"RequestItems": {TABLE: [{"DeleteRequest": {"Key": WORDS}}]}}
    yield Attempt(cases, "remove a case's sealed words", "dynamodb", "batch_write_item", deleted)
    theirs = "Identities"
    yield row(theirs, "put an identity, or over one", "put_item", Item=IDENTITY)
    yield row(theirs, "read a sealed identity", "get_item", Key=IDENTITY)
    yield row(theirs, "see whether a request waits", "get_item", Key=IDENTITY, ProjectionExpression="place")
    yield row(
        theirs, "list an instance's identities", "query", **_shelf("by_holder", "at_holder", f"custody#{INSTANCE}")
    )
    yield row(theirs, "end an identity", "delete_item", Key=key("ID#0000-0000-0000", "IDENTITY"))
    keyring = key(f"REGISTER#custodians:{INSTANCE}", "POINTER")
    yield row(theirs, "put custodians' public keys and locked seeds", "put_item", Item=keyring)
    letters = "Letters"
    yield row(letters, "put a letter into the outbox", "put_item", Item=LETTER)
    yield row(letters, "ask the courier in the desk's name", "put_item", Item=key("OUT#desk-surat", "ENTRY"))
    yield row(
        letters, "count one more in a flood's digest", "update_item", **_update(key("OUT#karantina-kutim-1", "ENTRY"))
    )
    yield row(letters, "read the queue", "query", **_shelf("by_turn", "queue", "waiting"))
    waits = _shelf("by_turn", "queue", f"digest#{INSTANCE}")
    yield row(letters, "read what waits for an agency's digest", "query", **waits)
    yield row(letters, "list dead letters", "query", **_shelf("by_turn", "queue", "dead"))
    yield row(letters, "take a letter in hand", "update_item", **_update(LETTER))
    yield row(letters, "settle a letter", "delete_item", Key=key("OUT#lain", "ENTRY"))
    handed = key("OUT#handover-surat", "ENTRY")
    yield row(letters, "see whether a hand-over's letter waits", "get_item", Key=handed)
    yield row(letters, "take back a hand-over's letter", "delete_item", Key=handed)
    sessions = "Sessions"
    yield row(sessions, "write an officer's session", "put_item", Item=SESSION)
    yield row(sessions, "read an officer's session", "get_item", Key=SESSION)
    yield row(sessions, "write a custodian's session", "put_item", Item=THEIRS)
    yield row(sessions, "read a custodian's session", "get_item", Key=THEIRS)
    asked = {"RequestItems": {TABLE: {"Keys": [REVOKED]}}}
    yield Attempt(sessions, "see what is revoked", "dynamodb", "batch_get_item", asked)
    yield row(sessions, "revoke links", "update_item", **_update(REVOKED))
    numbers = "What is kept of numbers that write by SMS"
    yield row(numbers, "read it by its name", "get_item", Key=SLIP)
    yield row(numbers, "write it", "put_item", Item=SLIP)
    yield row(numbers, "end it", "delete_item", Key=key("SLIP#lain", "SLIP"))
    registers = "Registers"
    yield row(registers, "read the directory", "query", **_query("REGISTER#directory"))
    yield row(registers, "read the officers and their addresses", "query", **_query("REGISTER#officers"))
    yield row(registers, "write the directory", "put_item", Item=key("REGISTER#directory", "V#1"))
    yield row(registers, "write the officers and their addresses", "put_item", Item=key("REGISTER#officers", "V#1"))
    yield row(registers, "read who works where, without addresses", "query", **_query("REGISTER#staff"))
    yield row(
        registers, "read the anchors of the audit trail", "get_item", Key=key(f"REGISTER#audit:{INSTANCE}", "POINTER")
    )
    yield row(registers, "write an anchor", "put_item", Item=key(f"REGISTER#audit:{INSTANCE}", "V#1"))
    yield row(registers, "read an instance's figures", "query", **_query(f"REGISTER#figures:{INSTANCE}"))
    tally = key(f"REGISTER#barometer:{INSTANCE}", "V#1")
    yield row(registers, "write what is counted for the barometer", "put_item", Item=tally)
    yield row(registers, "write an edition of the barometer", "put_item", Item=key("REGISTER#edition:2026-10", "V#1"))
    yield from _register(registers, "how officers want their mail", f"mail:{INSTANCE}")
    yield from _register(registers, "officers' second factors", f"factors:{INSTANCE}")
    yield from _register(registers, "custodians' second factors", f"factors-custody:{INSTANCE}")
    yield from _of_public_reports()
    yield from _of_systems()
    yield row("The table as a whole", "scan it", "scan")
    yield row("The table as a whole", "describe it", "describe_table")


def _register(section: str, what: str, name: str) -> Iterator[Attempt]:
    """Reading a register and writing it."""
    where = {"TableName": TABLE, "Item": key(f"REGISTER#{name}", "V#1")}
    yield Attempt(section, f"read {what}", "dynamodb", "query", _query(f"REGISTER#{name}"))
    yield Attempt(section, f"write {what}", "dynamodb", "put_item", where)


def _of_public_reports() -> Iterator[Attempt]:
    public = "Public reports"
    yield from _register(public, "what is public", f"public:{INSTANCE}:2026")
    yield from _register(public, "the texts that wait to be public", f"public-agreed:{INSTANCE}")
    yield from _register(public, "which public report belongs to which case", f"public-ties:{INSTANCE}")
    yield from _register(public, "where there are many reports of one kind", f"public-crowd:{INSTANCE}")


def _of_systems() -> Iterator[Attempt]:
    outside = "Apps and systems outside (Open311)"
    yield from _register(outside, "which apps there are", "apps")
    yield from _register(
        outside, "how to speak to an agency's system, its key sealed to the courier", f"o311-peer:{INSTANCE}-dpupr"
    )
    yield from _register(
        outside, "how to tell an app of answers, its key sealed too", f"o311-peer:app:warga:{INSTANCE}"
    )
    yield from _register(outside, "which cases went to a system, by its numbers", f"o311-sent:{INSTANCE}-dpupr")
    yield from _register(outside, "for which cases a reply waits", f"o311-in:{INSTANCE}-dpupr")
    link, token = key(f"SLIP#o311:{CASE}", "SLIP"), key("SLIP#o311-token:tanda", "SLIP")
    yield from _register(outside, "what linked offices publish", "linked-counts")
    relayed = key("SLIP#relay:laporan", "SLIP")
    kept = {"the sealed replies to a case": link, "what is kept of a token": token}
    for what, slip in (kept | {"how far a report for a linked office has come": relayed}).items():
        yield Attempt(outside, f"read {what}", "dynamodb", "get_item", {"TableName": TABLE, "Key": slip})
        yield Attempt(outside, f"write {what}", "dynamodb", "put_item", {"TableName": TABLE, "Item": slip})


def _of_files(pool: dict[str, str]) -> Iterator[Attempt]:
    def row(label: str, operation: str, **params: Any) -> Attempt:
        return Attempt("Files", label, "s3", operation, {"Bucket": pool["BlobsBucket"]} | params)

    name = f"{CASE}/{'0' * 32}"
    yield row("put a sealed file", "put_object", Key=name, Body=b"segel")
    yield row("read a sealed file", "get_object", Key=name)
    yield row("put a file beside all cases", "put_object", Key="lain.bin", Body=b"segel")
    yield row("list one case's files", "list_object_versions", Prefix=f"{CASE}/")
    yield row("list all cases' files", "list_object_versions")
    gone = {"Objects": [{"Key": f"{CASE}/{'1' * 32}", "VersionId": "null"}]}
    yield row("delete a file with its versions", "delete_objects", Delete=gone)
    bucket = {"Bucket": pool["BlobsBucket"]}
    away = Ask("s3:DeleteBucketPolicy", f"arn:aws:s3:::{pool['BlobsBucket']}")
    yield Attempt("Files", "take the bucket's policy away", "s3", "delete_bucket_policy", bucket, away)


def _of_keys(pool: dict[str, str], sealed: dict[str, bytes]) -> Iterator[Attempt]:
    def row(label: str, operation: str, **params: Any) -> Attempt:
        return Attempt("Keys", label, "s3", operation, {"Bucket": pool["KeysBucket"]} | params)

    yield row("read the public keys", "get_object", Key="public.json")
    yield row("put other public keys", "put_object", Key="public.json", Body=b"{}")
    yield row("list the keys", "list_objects_v2")
    for purpose in PURPOSES:
        yield row(
            f"read a private key of *{purpose}*, as KMS encrypted it", "get_object", Key=f"{purpose}/{INSTANCE}/kunci"
        )
    for purpose in PURPOSES:
        right = {"purpose": purpose, "instance": INSTANCE}
        yield _kms(f"decrypt a key of *{purpose}*", "decrypt", purpose, right, CiphertextBlob=sealed[purpose])
    other = {"purpose": "links", "instance": INSTANCE}
    for purpose in PURPOSES[:3]:
        label = f"decrypt by the KMS key of *{purpose}* what it encrypted for another purpose"
        yield _kms(label, "decrypt", purpose, other, CiphertextBlob=sealed[purpose])
    bare = {"purpose": "desk"}
    yield _kms(
        "decrypt a key of *desk* without naming an instance", "decrypt", "desk", bare, CiphertextBlob=sealed["desk"]
    )
    for purpose in PURPOSES:
        right = {"purpose": purpose, "instance": INSTANCE}
        yield _kms(f"encrypt a key of *{purpose}*", "encrypt", purpose, right, Plaintext=b"kunci")


def _kms(label: str, operation: str, purpose: str, context: dict[str, str], **params: Any) -> Attempt:
    params |= {"KeyId": f"alias/lapor-{ENV}-{purpose}", "EncryptionContext": context}
    return Attempt("Keys", label, "kms", operation, params)


def _of_functions() -> Iterator[Attempt]:
    """A call beside the function's own address: what gives it orders, and shows it requests that no edge saw."""
    for function in ROLES:
        name = f"lapor-anonim-{function}-{ENV}"
        arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
        yield Attempt(
            "Functions", f"call *{function}* directly", "lambda", "invoke",
            {"FunctionName": name, "InvocationType": "DryRun"}, Ask("lambda:InvokeFunction", arn),
        )  # fmt: skip


def _of_the_rest(pool: dict[str, str]) -> Iterator[Attempt]:
    rest = "The rest"
    for label, sender in (("send a letter as ours", pool["MailFrom"]), ("send as somebody else", "lain@lain.example")):
        content = {"Raw": {"Data": b"Subject: uji\r\n\r\nuji\r\n"}}
        to = {"ToAddresses": ["petugas@lapor.example"]}
        yield Attempt(
            rest, label, "sesv2", "send_email", {"FromEmailAddress": sender, "Destination": to, "Content": content}
        )
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/lapor-anonim"
    yield Attempt(
        rest, "make a log group, which would keep its lines for ever", "logs", "create_log_group",
        {"logGroupName": "/aws/lambda/lapor-anonim-lain"}, Ask("logs:CreateLogGroup", f"{group}-lain:*"),
    )  # fmt: skip
    role = pool["CustodyRole"]
    yield Attempt(
        rest, "take another role", "sts", "assume_role", {"RoleArn": role, "RoleSessionName": "lain"},
        Ask("sts:AssumeRole", role),
    )  # fmt: skip
    secret = f"/lapor-{ENV}/origin-secret"
    yield Attempt(
        rest, "read a secret in the parameter store", "ssm", "get_parameter", {"Name": secret},
        Ask("ssm:GetParameter", f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{secret}"),
    )  # fmt: skip
    yield Attempt(
        rest, "give oneself rights", "iam", "put_role_policy",
        {"RoleName": f"lapor-{ENV}-lain", "PolicyName": "semua", "PolicyDocument": "{}"},
        Ask("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/lapor-{ENV}-lain"),
    )  # fmt: skip
