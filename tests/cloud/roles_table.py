"""docs/roles.md: made by trying every row of ``attempts`` with every role.

python -m tests.cloud.roles_table    write it anew
"""

import io
import json
import zipfile
from itertools import groupby
from typing import Any

from tests.cloud.attempts import INSTANCE, ITEMS, TABLE, Attempt, attempts, by_policy, by_trying
from tests.cloud.policies import ROLES
from tests.cloud.principals import PURPOSES, Principal, principals
from tests.cloud.stacks import ENV, REGION, ROOT, make, make_all
from tests.engines import aws, ministack

PAGE = ROOT / "docs" / "roles.md"
COLUMNS = (*ROLES, "ops")
YES, NO, NO_BY_CONDITION = "yes", "–", "–°"
HEAD = """# Who may do what in AWS?

Nobody decrypts two of words, identities and addresses. *thread*, *cleaner*, *gateway*, *open311* and *clock* decrypt nothing;
*ops* decrypts nothing and encrypts all.

| function | may | may not |
|---|---|---|
| *intake* | put | read a case, an identity or a letter; decrypt |
| *cleaner* | make a file anew that it is sent | read or write anything that is kept |
| *desk* | decrypt words, and the key that signs what it asks of the courier; end an identity | read or decrypt an identity, or the key that signs links |
| *custody* | decrypt identities; read sealed words, at most one item at a time | decrypt words: it has no key for them |
| *courier* | decrypt addresses and the links' key; read with whom a case lies, if it knows its number | read anything else of a case |
| *gateway* | keep what is known of numbers; read a case whose number it is told | list cases |
| *open311* | put as the intake does; read what is public; seal what apps and systems say until the clock takes it up; read what the names of tokens lead to, and systems' numbers | read how to speak to a system |

*gateway* and *courier* read what is kept of a number by a name that takes the number and a secret to make.

## How was it tried?

With each function's role as `infra/stacks/roles.yaml` and `keyholders.yaml` make it, in the emulator with its rights
switched on, not in AWS. `python -m tests.cloud.roles_table` writes this page, and a test compares it.

| entry | means |
|---|---|
| yes | was let through |
| – | was refused |
| –° | is refused by a condition that the emulator does not look at (`kms:EncryptionContext`, `ses:FromAddress`); the tests' own evaluator of policies reads it from the template |

For `dynamodb:LeadingKeys` and `dynamodb:ReturnValues` the emulator is taught where a call names them
(`tests/engines/strict_ministack.py`); it and our evaluator agree on every entry.

**ops** is whoever deploys, with every right that IAM can give: the keys' own policies bind ops too. What stands in a
resource's own policy counts as well: those of keys, and those of functions with the addresses of `urls.yaml`. The
emulator knows one account; that another one may call no function, the evaluator reads from the templates.

## What do the roles not prevent?

- A function that puts may put over what stands there, if it knows the number of a case. The backup of the night
  before brings that back.
- A put whose condition fails is answered with what stands there, sealed. No right of IAM tells these apart.
- Whoever administers KMS may change a key's policy, which CloudTrail notes.
"""


def prepared(url: str, pool: dict[str, str]) -> dict[str, bytes]:
    """Put what is tried on where it belongs, as nobody in particular; returns a KMS ciphertext of each purpose."""
    root = {"endpoint_url": url, "region_name": REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    dynamodb, s3, kms, functions = (aws.client(name, **root) for name in ("dynamodb", "s3", "kms", "lambda"))
    for role in ROLES:
        functions.create_function(**stand_in(role, pool))
    make(aws.client("cloudformation", **root), "urls", {"Environment": ENV})
    for item in ITEMS:
        dynamodb.put_item(TableName=TABLE, Item=item)
    s3.put_object(Bucket=pool["KeysBucket"], Key="public.json", Body=json.dumps({}).encode())
    sealed = {}
    for purpose in PURPOSES:
        context = {"purpose": purpose, "instance": INSTANCE}
        key = f"alias/lapor-uji-{purpose}"
        answer = kms.encrypt(KeyId=key, Plaintext=b"kunci", EncryptionContext=context)
        sealed[purpose] = answer["CiphertextBlob"]
        s3.put_object(Bucket=pool["KeysBucket"], Key=f"{purpose}/{INSTANCE}/kunci", Body=sealed[purpose])
    return sealed


def stand_in(function: str, pool: dict[str, str]) -> dict[str, Any]:
    """A function of the name and role that ours has: who may call it is asked, and not what it does."""
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as made:
        made.writestr("empty.py", "")
    return {
        "FunctionName": f"lapor-anonim-{function}-{ENV}",
        "Role": pool[f"{function.title()}Role"],
        "Runtime": "python3.13",
        "Handler": "empty.handler",
        "Code": {"ZipFile": package.getvalue()},
    }


def tried(url: str, pool: dict[str, str], callers: dict[str, Principal]) -> list[tuple[Attempt, list[str]]]:
    """Each attempt and what became of it, by column. Fails where the emulator refuses what the policies allow."""
    rows = attempts(pool, prepared(url, pool))
    for caller in callers.values():
        caller.strict = False
    return [(row, [_outcome(row, callers[name]) for name in COLUMNS]) for row in rows]


def _outcome(row: Attempt, who: Principal) -> str:
    let, allowed = by_trying(row, who), by_policy(row, who)
    assert let or not allowed, f"{who.name}: the emulator refuses what the policies allow: {row.label}"
    return YES if allowed else NO_BY_CONDITION if let else NO


def page(rows: list[tuple[Attempt, list[str]]]) -> str:
    """The whole page."""
    lines = [HEAD]
    for section, found in groupby(rows, lambda row: row[0].section):
        lines += [f"## {section}", "", "| | " + " | ".join(COLUMNS) + " |", "|---|" + "---|" * len(COLUMNS)]
        lines += [f"| {attempt.label} | {' | '.join(outcomes)} |" for attempt, outcomes in found]
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    with ministack.serve(AUTH="true") as url:
        pool = make_all(url)
        PAGE.write_text(page(tried(url, pool, principals(url, pool))))


if __name__ == "__main__":
    main()
