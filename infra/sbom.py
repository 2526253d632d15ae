"""What is shipped, as a CycloneDX bill of materials: ``python infra/sbom.py build/sbom.json``.

It names every package of the locks of one machine and of the functions, and what the portal's scripts hold. The same
locks give the same bytes: it bears no time, and its serial number follows from the locks. Licences are those that
the installed packages declare.
"""  # noqa: INP001 - a program, not a package

import base64
import json
import re
import sys
import tomllib
from importlib.metadata import metadata
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType, Property
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseAcknowledgement
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from packageurl import PackageURL

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"one machine": "infra/locks/run.lock", "functions": "infra/deploy/requirements.lock"}
BROWSER_LOCK = "site/browser/package-lock.json"
ENTRY = re.compile(r"^([a-z0-9-]+)==([^\s;]+)([^\n]*(?:\n    --hash=\S+[^\n]*)*)", re.MULTILINE)
LONGEST_NAME = 60  # some packages put their licence's whole text where its name belongs
SHIPPED = "lapor-anonim:shipped-with"


def python_packages() -> list[Component]:
    """Each package of the locks once, with the hashes of its files and where it is shipped."""
    hashes: dict[tuple[str, str], set[str]] = {}
    shipped: dict[tuple[str, str], list[str]] = {}
    for where, lock in LOCKS.items():
        for name, version, rest in ENTRY.findall((ROOT / lock).read_text()):
            hashes.setdefault((name, version), set()).update(re.findall(r"sha256:([0-9a-f]{64})", rest))
            shipped.setdefault((name, version), []).append(where)
    return [
        component(
            PackageURL("pypi", None, name, version),
            licence=_declared(name),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest) for digest in found],
            where=shipped[name, version],
        )
        for (name, version), found in hashes.items()
    ]


def browser_packages() -> list[Component]:
    """What is bundled into the portal's scripts; tools that only build are left out."""
    found = []
    for path, entry in json.loads((ROOT / BROWSER_LOCK).read_text())["packages"].items():
        if not path or entry.get("dev"):
            continue
        group, _, name = path.rpartition("node_modules/")[2].rpartition("/")
        digest = base64.b64decode(entry["integrity"].removeprefix("sha512-")).hex()
        hashes = [HashType(alg=HashAlgorithm.SHA_512, content=digest)]
        purl = PackageURL("npm", group or None, name, entry["version"])
        found.append(component(purl, licence=entry["license"], hashes=hashes, where=["portal"]))
    return found


def component(purl: PackageURL, *, licence: str, hashes: list[HashType], where: list[str]) -> Component:
    """A library that is shipped with the parts named by ``where``."""
    return Component(
        type=ComponentType.LIBRARY,
        group=purl.namespace,
        name=purl.name,
        version=purl.version,
        purl=purl,
        bom_ref=str(purl),
        licenses=[LicenseFactory().make_from_string(licence, license_acknowledgement=LicenseAcknowledgement.DECLARED)],
        hashes=hashes,
        properties=[Property(name=SHIPPED, value=place) for place in where],
    )


def bill() -> str:
    """The bill as JSON."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    program = Component(
        type=ComponentType.APPLICATION,
        name=project["name"],
        version=project["version"],
        bom_ref=project["name"],
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    parts = [*python_packages(), *browser_packages()]
    locks = "".join((ROOT / lock).read_text() for lock in (*LOCKS.values(), BROWSER_LOCK))
    bom = Bom(components=parts, serial_number=uuid5(NAMESPACE_URL, f"{program.version}\n{locks}"))
    bom.metadata.component = program
    bom.metadata.timestamp = None  # type: ignore[assignment] # it would differ from run to run
    bom.register_dependency(program, parts)
    text: str = make_outputter(bom, OutputFormat.JSON, SchemaVersion.V1_6).output_as_string(indent=1)
    return text + "\n"


def _declared(name: str) -> str:
    """The licence that an installed package declares: as SPDX, else in its words, else by its classifiers."""
    about = metadata(name)
    words = [*about.get_all("License-Expression", []), *about.get_all("License", [])]
    classes = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License ::")]
    return next((each for each in words if len(each) <= LONGEST_NAME), " AND ".join(classes) or "unknown")


def main(arguments: list[str]) -> int:
    """Write the bill to the path that is given."""
    target = Path(arguments[0])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(bill())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
