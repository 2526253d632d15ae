"""How an environment stands, a line each: stacks, functions, backups, the barometer, alarms, hosts, recorders, mail."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from botocore.exceptions import BotoCoreError, ClientError

from functions.casework.barometer.disclosure import due_on, publishable_from
from infra.deploy.account import quota_note
from infra.deploy.aws_errors import code_of
from infra.deploy.backup import Backup
from infra.deploy.checks import letters_note
from infra.deploy.closure import FUNCTIONS
from infra.deploy.functions import GOOD, Functions
from infra.deploy.hosts import certificate_notes, hosts_of, records
from infra.deploy.leftovers import backup_stands
from infra.deploy.place import Place
from infra.deploy.recorders import LOOKS, recorders
from infra.deploy.say import DeployError
from infra.deploy.stacks import AFTER, STANDS, TURNED_BACK, Stacks, before

FINE, LOOK, WRONG = "OK", "??", "!!"


def status(place: Place) -> Iterator[tuple[str, str]]:
    """A mark and a sentence each."""
    stacks = Stacks(place)
    for name in (*before(place), *AFTER):
        yield stack_line(stacks.name(name), stacks.status(name))
    yield from _functions(place)
    yield from _backups(place)
    yield barometer(place, datetime.now(UTC).date())
    yield from _alarms(place)
    found = list(recorders(place))
    yield from ((WRONG if certain else LOOK, f"anonymity: {sentence}") for certain, sentence in found)
    if not found:
        yield FINE, f"anonymity: nothing records when visitors came; the account was asked about {', '.join(LOOKS)}"
    yield from _hosts(place)
    for note in (*quota_note(place), *letters_note(place)):
        yield LOOK, note


def stack_line(name: str, status: str) -> tuple[str, str]:
    """How one stack stands. One that was turned back stands as before, and lacks what the release brought."""
    if status == TURNED_BACK:
        return WRONG, f"stack {name}: {status}: its last change failed; run `make deploy`, which says why"
    return (FINE if status in STANDS else WRONG), f"stack {name}: {status or 'is not there'}"


def _functions(place: Place) -> Iterator[tuple[str, str]]:
    functions = Functions(place, {}, "")
    for function in FUNCTIONS:
        there = functions.configured(function)
        if not there:
            yield WRONG, f"function {function}: is not there"
            continue
        try:
            alias = functions.client.get_alias(FunctionName=there["FunctionName"], Name=GOOD)
            good = functions.client.get_function_configuration(
                FunctionName=there["FunctionName"], Qualifier=alias["FunctionVersion"]
            )
            tried = good["CodeSha256"] == there["CodeSha256"]
        except functions.client.exceptions.ResourceNotFoundException:
            tried = False
        said = "as it passed its smoke test" if tried else "has not passed its smoke test yet: run `make deploy`"
        yield (FINE if tried else LOOK), f"function {function}: {said}"


def _backups(place: Place) -> Iterator[tuple[str, str]]:
    names = Backup(place).names() if backup_stands(place) else []
    yield (FINE if names else LOOK), f"backups: {', '.join(names[-3:]) or 'none yet; `make backup` makes one'}"


def barometer(place: Place, today: date) -> tuple[str, str]:
    """Whether the portal shows the edition that is due. The clock makes it; ops publish it."""
    month = due_on(today)
    try:
        place.client("s3").head_object(Bucket=place.bucket("portal"), Key=f"barometer/{month}/index.html")
    except (ClientError, BotoCoreError) as error:
        if code_of(error) not in ("404", "NoSuchKey", "NoSuchBucket", "403"):
            return LOOK, f"barometer: S3 did not say ({code_of(error)})"
        since = f"has been due since {publishable_from(month)} and is not on the portal"
        why = "`make publish` shows it, if the clock has made it (`make ops DO='barometer list'`) and anything came in"
        return LOOK, f"barometer: the edition of {month} {since}; {why}"
    return FINE, f"barometer: the portal shows the edition of {month}"


def _hosts(place: Place) -> Iterator[tuple[str, str]]:
    """The certificate before all hosts, and records that their owners have yet to set."""
    try:
        for certain, sentence in certificate_notes(place):
            yield (WRONG if certain else LOOK), sentence
        for sentence in records(place, hosts_of(place), Stacks(place).outputs("edge")):
            yield LOOK, sentence
    except DeployError as error:
        yield WRONG, str(error)
    except (ClientError, BotoCoreError) as error:
        yield LOOK, f"hosts: AWS did not say ({code_of(error)})"


def _alarms(place: Place) -> Iterator[tuple[str, str]]:
    try:
        pages = place.client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmNamePrefix=place.prefix)
        ringing = [a["AlarmName"] for page in pages for a in page["MetricAlarms"] if a["StateValue"] == "ALARM"]
    except (ClientError, BotoCoreError) as error:
        yield LOOK, f"alarms: CloudWatch did not say ({code_of(error)})"
        return
    yield (WRONG if ringing else FINE), f"alarms: {', '.join(ringing) or 'none rings'}"
