"""The bill of what is shipped is complete, valid, and the same whenever it is written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = "lapor-anonim:shipped-with"


def written(path, seed):
    command = [sys.executable, "infra/sbom.py", str(path)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60, env={**os.environ, "PYTHONHASHSEED": seed})
    return path.read_bytes()


@pytest.fixture(scope="module")
def bill(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sbom")
    first, second = written(folder / "new" / "1.json", "1"), written(folder / "2.json", "2")
    assert first == second
    return first.decode()


def locked(name):
    return set(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def shipped_with(bill, part):
    parts = json.loads(bill)["components"]
    return [each for each in parts if {"name": SHIPPED, "value": part} in each["properties"]]


def test_it_is_what_the_standard_asks_for(bill):
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator  # late: it compiles forty grammars, in each worker

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.replace('"library"', '"book"')) is not None


@pytest.mark.parametrize(
    ("part", "lock"),
    [("one machine", "infra/locks/run.lock"), ("functions", "infra/deploy/requirements.lock")],
)
def test_every_line_of_a_lock_is_in_it_with_its_hashes(bill, part, lock):
    found = shipped_with(bill, part)
    assert {(each["name"], each["version"]) for each in found} == locked(lock)
    hashes = set(re.findall(r"sha256:([0-9a-f]{64})", (ROOT / lock).read_text()))
    assert hashes <= {each["content"] for component in found for each in component["hashes"]}


def test_what_the_portals_scripts_hold_is_in_it_and_what_only_builds_them_is_not(bill):
    names = {f"{each.get('group')}/{each['name']}" for each in shipped_with(bill, "portal")}
    assert {"@hpke/core", "@hpke/hybridkem-x-wing", "@noble/ed25519", "None/lean-qr", "None/mlkem"} <= names
    assert "esbuild" not in bill


def test_every_part_declares_a_licence(bill):
    for each in json.loads(bill)["components"]:
        (licence,) = each["licenses"]
        assert licence.get("license", {}).get("name") != "unknown", each["name"]


def test_it_names_this_release_and_no_machine(bill):
    assert json.loads(bill)["metadata"]["component"]["name"] == "lapor-anonim"
    assert str(ROOT) not in bill
    assert "timestamp" not in bill
