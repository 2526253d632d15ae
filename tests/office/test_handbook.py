"""The handbook names nothing that is not there: commands, options, settings, files, pages."""

import re

import click
import pytest

from functions.cli.backup import KEPT_DAYS
from functions.cli.main import cli
from functions.config.readers import READERS
from tests.server import ROOT

PAGES = ["operations.md", "breach.md", "custodians.md", "costs.md", "scale.md"]
COMMANDS = {name for name, command in cli.commands.items()}
NOT_OURS = {
    "UPDATE_ROLLBACK_COMPLETE",
    "ENV",
    "DO",
    "NAME",
    "IDENT",
    "CODE",
    "INSTANCE",
    "REPOSITORY",
    "SELECT",
    "WHERE",
    "FROM",
    "AWS_PROFILE",
    "AWS_ENDPOINT_URL",  # with three more, how the AWS CLI is turned to the emulator
    "AWS_DEFAULT_REGION",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "LAPOR_PARAMETERS",
    "LAPOR_SETTINGS",
    "LAPOR_URL",  # these two are infra/gammu/deliver.py's
    "SMS_SECRET_FILE",
    "LAPOR_ENV",  # with two more, variables of .github/workflows
    "LAPOR_ROLE",
    "LAPOR_SIGNERS",
    "CAPABILITY_NAMED_IAM",  # CloudFormation's
    "SQLITE_TMPDIR",  # SQLite reads it itself
}


def text(page: str) -> str:
    return (ROOT / "docs" / page).read_text()


def spans(page: str) -> list[str]:
    """What stands in the typeface of code: spans, and lines of blocks."""
    found = re.findall(r"`([^`\n]+)`", text(page))
    return found + [line.strip() for line in text(page).splitlines() if line.startswith("    ")]


def ours(said: str) -> str | None:
    """The command of ours in a piece of code, "" for none."""
    match = re.search(r"(?:^lapor |functions\.cli |DO=')([a-z].*)", said)
    if match:
        return match[1].rstrip("'")
    first = said.split(" ", maxsplit=1)[0]
    return said if first in COMMANDS and " " in said else None


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_that_is_named_is_there(page: str) -> None:
    for said in filter(None, map(ours, spans(page))):
        command: click.Command = cli
        words = re.split(r" # | && |; ", said)[0].split()
        while isinstance(command, click.Group) and words:
            assert words[0] in command.commands, f"{page}: {said}"
            command = command.commands[words.pop(0)]
        options = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, f"{page}: {said}"


@pytest.mark.parametrize("page", PAGES)
def test_every_setting_that_is_named_is_one(page: str) -> None:
    named = {name for said in spans(page) for name in re.findall(r"\b[A-Z][A-Z]+(?:_[A-Z]+)+\b", said)}
    assert named - NOT_OURS <= set(READERS), page


@pytest.mark.parametrize("page", PAGES)
def test_every_file_and_page_that_is_named_is_there(page: str) -> None:
    linked = [ROOT / "docs" / name.partition("#")[0] for name in re.findall(r"\]\(([^)\s]+)\)", text(page))]
    named = {n for said in spans(page) for n in re.findall(r"\b((?:infra|functions|docs|tests|site)/[\w/.-]+\w)", said)}
    named = {name for name in named if not name.startswith("infra/parameters")}  # with the rest of the cloud's
    missing = [path for path in [*linked, *(ROOT / name for name in named)] if not path.exists()]
    assert missing == []


def test_the_notices_say_what_the_law_wants_and_invent_nothing() -> None:
    """UU 27/2022, Pasal 46 (2): which data, when and how, what is done. What is not known when this is written is a
    blank."""
    notices = [part for part in text("breach.md").split("\n## ") if part.startswith("Notice to")]
    assert len(notices) == 2
    for notice in notices:
        for wanted in ("terungkap", "Terjadi pada", "Diketahui pada|ketahui pada", "penanganan|Penanganan"):
            assert re.search(wanted, notice), wanted
        assert "Pasal 46" in notice
        blanks = re.findall(r"\[[^\]]+\]", notice)
        assert len(blanks) > 10
        filled = re.sub(r"\[[^\]]+\]", "", notice)
        assert not re.search(r"\d{2,}", re.sub(r"Pasal 46|UU 27/2022|Nomor 27|2022", "", filled)), filled


def test_the_units_and_the_handbook_agree_on_places() -> None:
    page = text("operations.md")
    for place in ("/opt/lapor", "/etc/lapor/lapor.toml", "/var/lib/lapor/backups", "/var/lib/lapor/data"):
        assert place in page
        files = (path.read_text() for path in (ROOT / "infra" / "office").iterdir())
        assert any(place in content for content in files), place


def test_the_days_a_backup_is_kept_are_those_of_the_privacy_page() -> None:
    privacy = (ROOT / "site" / "pages" / "privasi.html").read_text()
    assert f"{KEPT_DAYS} hari" in privacy
    assert f"{KEPT_DAYS} days" in text("operations.md")
