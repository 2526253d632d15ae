"""What a public project owes its readers: licences, rules, changes, and where to report a flaw."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml

from functions.config.settings import load_settings

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix() for pattern in ("*.md", ".github/**/*.md") for path in ROOT.glob(pattern)
)
TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "minItems": 1, "items": TEXT}


def keys(**properties):
    """A mapping that must have all of these keys, and may have others."""
    return {"type": "object", "required": list(properties), "properties": properties}


# What the standard (publiccode.yml 0.4) demands of software that an office maintains itself.
PUBLICCODE = keys(
    publiccodeYmlVersion={"const": "0.4"},
    name=TEXT,
    url={"type": "string", "pattern": "^https://"},
    softwareVersion=TEXT,
    releaseDate={"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    platforms=TEXTS,
    categories={
        "type": "array",
        "items": {"enum": ["whistleblowing", "feedback-and-reviews-management", "digital-citizenship"]},
    },
    intendedAudience=keys(scope={"type": "array", "items": {"enum": ["local-authorities", "society"]}}),
    developmentStatus={"enum": ["concept", "development", "beta", "stable", "obsolete"]},
    softwareType={"enum": ["standalone/web"]},
    description={
        "type": "object",
        "required": ["id", "en"],
        "additionalProperties": keys(
            shortDescription={"type": "string", "maxLength": 150},
            longDescription={"type": "string", "minLength": 150, "maxLength": 10000},
            features=TEXTS,
        ),
    },
    legal=keys(license=TEXT),
    maintenance=keys(type={"const": "internal"}, contacts={"type": "array", "minItems": 1, "items": keys(name=TEXT)}),
    localisation=keys(localisationReady={"const": True}, availableLanguages={"const": ["id", "en"]}),
)


def read(name):
    return (ROOT / name).read_text()


def project():
    return tomllib.loads(read("pyproject.toml"))["project"]


def test_the_licence_at_the_top_is_the_programs():
    assert read("LICENSE") == read("LICENSES/AGPL-3.0-or-later.txt")
    assert project()["license"] == "AGPL-3.0-or-later"


def test_everybody_whose_library_a_script_holds_is_named_as_its_holder():
    held = {}
    for annotation in tomllib.loads(read("REUSE.toml"))["annotations"]:
        paths, holders = annotation["path"], annotation["SPDX-FileCopyrightText"]
        for path in [paths] if isinstance(paths, str) else paths:
            held[path] = (holders, annotation["SPDX-License-Identifier"])
    for script in ("site/assets/segel.js", "site/assets/qr.js"):
        holders, licence = held[script]
        # REUSE-IgnoreStart: the pattern reads like a notice
        told = re.findall(r"Copyright \(c\) (\d.+)", read(script))
        # REUSE-IgnoreEnd
        assert told
        assert set(told) == set(holders) - {"2026 Lapor Anonim contributors"}
        assert licence.endswith("AND MIT")


def test_catalogues_of_public_software_can_read_what_this_is():
    described = yaml.safe_load(read("publiccode.yml"))
    import jsonschema  # late: it compiles forty grammars, in each worker that collects

    jsonschema.validate(described, PUBLICCODE)
    assert described["legal"]["license"] == project()["license"]
    assert described["softwareVersion"] == project()["version"]
    assert date.fromisoformat(described["releaseDate"]) == releases()[project()["version"]]


def releases():
    """Each release of the changelog with its day, as they stand there."""
    found = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\S+)$", read("CHANGELOG.md"), re.MULTILINE)
    return {version: date.fromisoformat(day) for version, day in found}


def test_the_changelog_is_kept_as_it_says():
    headings = re.findall(r"^## (.*)$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == "[Unreleased]"
    assert len(headings) == 1 + len(releases())
    assert list(releases().values()) == sorted(releases().values(), reverse=True)
    assert next(iter(releases())) == project()["version"]
    kinds = set(re.findall(r"^### (.*)$", read("CHANGELOG.md"), re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_that_is_linked_is_there(page):
    linked = re.findall(r"\]\((?!https://|#)([^)#\s]+)", read(page))
    assert [name for name in linked if not ((ROOT / page).parent / name).exists()] == []


def test_a_flaw_is_reported_to_the_address_that_the_portal_names():
    assert f"`{load_settings({}).security_contact}`" in read("SECURITY.md")
    assert "`SECURITY_CONTACT`" in read("SECURITY.md")


def test_a_commit_is_held_against_what_everybody_runs():
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    (hook,) = repository["hooks"]
    assert (repository["repo"], hook["entry"], hook["language"]) == ("local", "make quick", "system")
    assert not hook["pass_filenames"]


@pytest.mark.parametrize("name", ["flaw.md", "wish.md"])
def test_an_issues_form_says_what_it_is_for_and_keeps_people_out(name):
    _, head, body = read(f".github/ISSUE_TEMPLATE/{name}").split("---\n", 2)
    assert {"name", "about"} == set(yaml.safe_load(head))
    assert "reporter" in body or "no real names" in body
