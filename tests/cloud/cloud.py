"""The deployer as ops run it, a process of its own, against an emulator of AWS on this machine."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from functions.aws_lambda.orders import prove
from infra.deploy.secret import NAMES
from tests.cloud.edge import Edge, serving
from tests.engines import aws, ministack
from tests.made_once import FOLDER

ROOT = Path(__file__).parents[2]
ENV = "emulated"
ACCOUNT, PASSWORD = "000000000000", ministack.PASSWORD  # as infra.deploy.place has them for the emulator
MADE_ONCE = ROOT / "tests" / "made_once_too"
PREFIX = f"lapor-{ENV}"
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", FOLDER)
FUNCTIONS = ("intake", "thread", "cleaner", "desk", "custody", "gateway", "open311", "courier", "clock")


@dataclass
class Ran:
    """What a command printed, and how it ended; ``commands`` are the command lines seen below it meanwhile."""

    status: int
    lines: list[str]
    commands: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Cloud:
    """One environment of an emulator. ``parameters`` is the folder with its file, where it is not the committed one."""

    endpoint: str
    parameters: Path | None = None
    portals: Path | None = None  # the folder that portals are frozen in, where it is not the checkout's own
    env: str = ENV

    @property
    def prefix(self) -> str:
        return f"lapor-{self.env}"

    def client(self, service: str, region: str = "ap-southeast-3") -> Any:
        return aws.client(
            service,
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=PASSWORD,
        )

    def run(
        self,
        *arguments: str,
        until: Callable[[str], bool] = lambda _: False,
        watch: bool = False,
        root: Path = ROOT,
        typed: str = "",
    ) -> Ran:
        """Run the deployer of the source below ``root``, and type into it. At the first line for which ``until`` holds,
        its whole process group is killed at once."""
        kept = {name: os.environ[name] for name in KEPT if name in os.environ}
        folders = {"LAPOR_PARAMETERS": self.parameters, "LAPOR_PORTALS": self.portals}
        told = {name: str(folder) for name, folder in folders.items() if folder}
        told |= {
            "AWS_ENDPOINT_URL": self.endpoint,
            "PYTHONPATH": str(MADE_ONCE),
        }  # what one portal compressed, all have
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.deploy", *arguments],
            cwd=root,
            env=kept | told,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        ran, over = Ran(0, []), threading.Event()
        watcher = threading.Thread(target=_look, args=(process.pid, ran.commands, over), daemon=True)
        if watch:
            watcher.start()
        assert process.stdout
        assert process.stdin
        with suppress(BrokenPipeError):
            process.stdin.write(typed)
            process.stdin.close()
        for line in process.stdout:
            ran.lines.append(line.rstrip("\n"))
            if until(ran.lines[-1]):
                os.killpg(process.pid, signal.SIGKILL)
                break
        process.stdout.close()
        ran.status = process.wait()
        over.set()
        if watch:
            watcher.join()
        return ran

    def order(self, function: str, order: dict[str, str]) -> Any:
        client, name = self.client("lambda"), f"lapor-anonim-{function}-{self.env}"
        known = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"]["ORDER_SECRET"]
        proved = order | {"proof": prove(known, order["lapor"], order.get("instance", ""))}
        answer = client.invoke(FunctionName=name, Payload=json.dumps(proved))
        assert "FunctionError" not in answer, function
        return json.loads(answer["Payload"].read())

    def portal_url(self) -> str:
        outputs = self.client("cloudformation").describe_stacks(StackName=f"{self.prefix}-edge")["Stacks"][0]["Outputs"]
        found: str = next(o["OutputValue"] for o in outputs if o["OutputKey"] == "PortalUrl")
        return found

    @contextmanager
    def edge(self, host: str = "") -> Iterator[Edge]:
        """The deployed product at an address on this machine, asked for by its own name or another ``host``."""
        host = host or str(urlsplit(self.portal_url()).hostname)
        with serving(Edge(self.endpoint, host, lambda: self.order("courier", {"lapor": "deliver"}))) as edge:
            yield edge

    def secrets(self) -> list[str]:
        ssm = self.client("ssm")
        names = [f"/{self.prefix}/{name}" for name in NAMES]
        return [ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] for name in names]


@contextmanager
def emulator(**options: str) -> Iterator[Cloud]:
    """An empty cloud that looks at rights: ops are its root, and each function has those of its role alone. ``options``
    are settings of the emulator."""
    with (
        ministack.serve(AUTH="true", AWS_SECRET_ACCESS_KEY=PASSWORD, **options) as endpoint,
        TemporaryDirectory(prefix="lapor-portals-") as folder,
    ):
        yield Cloud(endpoint, portals=Path(folder))


def copied_source(folder: Path) -> Path:
    """The source as it stands, somewhere else; other people's packages, which are installed already, stay here."""
    target = folder / "source"
    for name in ("functions", "infra", "site"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
    for name in ("requirements.txt", "zappa_settings.json"):
        shutil.copyfile(ROOT / name, target / name)
    (target / "build" / "lambda").mkdir(parents=True)
    (target / "build" / "lambda" / "packages").symlink_to(ROOT / "build" / "lambda" / "packages")
    return target


def steps(ran: Ran) -> list[str]:
    """The steps that a deployment came to, by their titles."""
    return [match[1] for line in ran.lines if (match := re.fullmatch(r"== \d+/\d+ (.+)", line))]


def _look(group: int, seen: set[str], over: threading.Event) -> None:
    """Note every command line in a process group, as anybody on the machine may."""
    while not over.wait(0.02):
        for path in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(path.name)) == group:
                    seen.add((path / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
