"""What a function does before its first answer, against the smallest apps that Zappa can serve: packed by the same
build, started in the same way, in turns, and compared by the processor time that each took. Only the ratio counts.

``bare`` is Flask and Zappa alone. ``reading`` also reads one item of a table and one object of a bucket, which no app
in the cloud that knows anything can do without: half of what ours take beyond ``bare`` is botocore's.
"""

import json
import os
import shutil
import statistics
import subprocess
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from functions.aws_lambda.orders import prove
from infra.deploy.build import BUILD, architecture_of, build
from infra.deploy.packages import files_of, installed, interpreter
from tests.cloud.cloud import ACCOUNT, ENV, Cloud
from tests.depth import deep

TURNS = deep(9, 5)
DOORS = ("intake", "thread", "desk", "custody", "gateway")
# Measured twice on a quiet machine, in the order of DOORS: 1.13 to 1.16, 1.17 to 1.19, 1.20 to 1.24, 1.11 to 1.22, 1.21 to
# 1.29 of ``reading``; and 1.30 to 1.32, 1.34 to 1.35, 1.35 to 1.50, 1.31 to 1.35, 1.41 to 1.46 of ``bare``. Wished for was
# 1.3 of the latter. Beside much else it spreads by another tenth either way: the bars leave room for that. Since names want
# their reporter's yes, custody was measured beside much else alone: 1.57 of ``bare``, and gateway 1.62. Since SMS are read
# by their words, gateway 1.43 and 1.51 of ``reading`` alone, and desk 1.47, custody 1.39 beside all other tests. Beside
# another deployment, intake 1.33 and thread 1.36. Twice on 28 November, the first time beside another deployment: intake 1.34
# and 1.47, thread 1.43 and 1.55, desk 1.55 and 1.70, custody 1.40 and 1.46 of ``bare``, whose own time is what spreads.
# Instructions, which do not spread, after boto3 left the functions: 1.34, 1.36, 1.53 of ``bare`` (before: 1.43, 1.46, 1.61).
# Since the build compiles patterns and dataclasses: intake 1.07, thread 1.06, desk 1.20, custody 1.09,
# gateway 1.14 (before: 1.39, 1.43, 1.59 of the first three).
# Beside three other workers of these tests, intake 1.14 and thread 1.15 of ``reading``, 1.36 and 1.41 of ``bare``, on a day
# on which instructions were the same: these bars find what doubles a start, ``tests.cloud.instructions`` what adds a tenth.
MOST_OF_READING = {"intake": 1.3, "thread": 1.3, "desk": 1.4, "custody": 1.35, "gateway": 1.5}
MOST_OF_BARE = {"intake": 1.55, "thread": 1.55, "desk": 1.6, "custody": 1.55, "gateway": 1.7}
BARE = """
import os
from flask import Flask

app = Flask(__name__)


@app.get("/healthz")
def healthz():
    if os.environ.get("READS"):
        import boto3
        session = boto3.session.Session()
        session.client("dynamodb").get_item(TableName=os.environ["TABLE"], Key={"PK": {"S": "x"}, "SK": {"S": "x"}})
        session.client("s3").get_object(Bucket=os.environ["KEYS"].removeprefix("s3://"), Key="public.json")["Body"].read()
    return "ok"


def lambda_handler(event, context):
    from zappa.handler import LambdaHandler
    return LambdaHandler.lambda_handler(event, context)
"""
START = """
import importlib, json, os, resource, sys
sys.path[:] = [os.getcwd(), *(place for place in sys.path if "-packages" not in place)]
module, _, name = sys.argv[1].rpartition(".")
answer = getattr(importlib.import_module(module), name)(json.loads(sys.argv[2]), None)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([answer["statusCode"], used.ru_utime + used.ru_stime]), file=sys.stderr)
"""


def unpack(folder: Path) -> Path:
    """Every door's package, and the bare one's, as Lambda unpacks them."""
    for package in build(ENV):
        with zipfile.ZipFile(package.path) as read:
            read.extractall(folder / package.function)
    packages = installed(BUILD, architecture_of(ENV))
    for path in files_of(packages, ["flask", "boto3", "zappa"], "intake"):
        (folder / "bare" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(packages / path, folder / "bare" / path)
    (folder / "bare" / "bare.py").write_text(BARE)
    settings = (folder / "intake" / "zappa_settings.py").read_text()
    (folder / "bare" / "zappa_settings.py").write_text(settings.replace("functions.aws_lambda.handler", "bare"))
    return folder


def environ_of(cloud: Cloud, door: str, *, reads: bool = False) -> dict[str, str]:
    """What the deployed function finds in its environment; ``bare`` finds intake's."""
    function = "intake" if door == "bare" else door
    told = cloud.client("lambda").get_function_configuration(FunctionName=f"lapor-anonim-{function}-{ENV}")
    return {
        **told["Environment"]["Variables"],
        "PATH": os.defpath,
        "AWS_ENDPOINT_URL": cloud.endpoint,
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "emulated",
        "AWS_DEFAULT_REGION": "ap-southeast-3",
        **({"READS": "1"} if reads else {}),
        **(TEXTS if door == "gateway" else {}),
    }


def asked(door: str, environ: dict[str, str]) -> dict[str, Any]:
    """The event of the first visitor, who only asks; of courier and clock, which nobody visits, a proved order."""
    if order := ORDERS.get(door):
        return {"lapor": order, "proof": prove(environ["ORDER_SECRET"], order, "")}
    return request("/healthz" if door in ("intake", "bare") else f"/{PATHS[door]}", environ["ORIGIN_SECRET"])


def used(cloud: Cloud, folder: Path, door: str, *, reads: bool = False, under: Sequence[str] = ()) -> float:
    """Processor seconds from nothing to the first answer. ``under`` is a program that watches it, with its options."""
    environ = environ_of(cloud, door, reads=reads)
    handler = "bare.lambda_handler" if door == "bare" else "functions.aws_lambda.handler.lambda_handler"
    command = [*under, interpreter(), "-I", "-c", START, handler, json.dumps(asked(door, environ))]
    done = subprocess.run(command, cwd=folder / door, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    status, seconds = json.loads(done.stderr.splitlines()[-1])
    assert status == WANTED.get(door, 200), (door, status)
    return float(seconds)


PATHS = {
    "thread": "api/thread",
    "desk": "desk/",
    "custody": "custody/",
    "gateway": "api/sms/inbound",
    "open311": "open311/v2/discovery.json",
    "cleaner": "api/clean",
}
ORDERS = {"courier": "deliver", "clock": "keep_house"}
WANTED: dict[str, int | None] = {  # no status answers an order
    "courier": None,
    "clock": None,
    "thread": 405,
    "desk": 401,
    "custody": 401,
    "gateway": 405,
    "cleaner": 405,
}  # what each says to somebody who only asks
# Where no SMS can be answered the gateway is offline, and starts with less.
TEXTS = {"SMS": "http", "SMS_URL": "https://sms.invalid/"} | {
    f"{name}_SECRET": name[0] * 32 for name in ("SMS", "PHONE", "MUTE")
}


def request(path: str, secret: str) -> dict[str, Any]:
    http = {"method": "GET", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": ""}
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"host": "x", "accept": "application/json", "x-lapor-origin": secret},
        "requestContext": {"stage": "$default", "http": http},
        "isBase64Encoded": False,
    }


def ratios(cloud: Cloud, unpacked: Path) -> tuple[dict[str, float], dict[str, float]]:
    """What each door takes, as a multiple of what ``reading`` takes, and of what ``bare`` takes: the median of the turns'
    own ratios, since what else the machine does slows down one turn, and all that is measured in it."""
    takes: dict[str, list[float]] = {name: [] for name in ("bare", "reading", *DOORS)}
    for _ in range(TURNS):
        takes["bare"].append(used(cloud, unpacked, "bare"))
        takes["reading"].append(used(cloud, unpacked, "bare", reads=True))
        for door in DOORS:
            takes[door].append(used(cloud, unpacked, door))

    def to(whose: str) -> dict[str, float]:
        pairs = {door: zip(takes[door], takes[whose], strict=True) for door in DOORS}
        return {
            door: round(statistics.median(ours / theirs for ours, theirs in each), 2) for door, each in pairs.items()
        }

    return to("reading"), to("bare")
