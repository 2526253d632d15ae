"""The words of the name in trust are those that the phone's page asks for, and stand beside `/lacak/`."""

import re
from types import ModuleType

import pytest

from functions.casework.consent.identity_request import Danger
from functions.casework.sealed_identity import StepKind
from functions.web.layout import asset, integrity
from tests.site.conftest import SITE

SOURCE = (SITE / "browser" / "thread" / "nama.js").read_text()


@pytest.fixture(scope="module")
def words(portal: ModuleType) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = portal.create_app().test_client().get("/lacak/nama.json").get_json()
    return told


def test_each_sentence_is_asked_for_and_each_that_is_asked_for_is_there(words: dict[str, dict[str, str]]) -> None:
    literal = set(re.findall(r'"([a-z_]+)"', SOURCE))
    unused = words["says"].keys() - literal - {"your_name", "your_contact"}  # asked for by the field's name
    assert unused == set()
    asked = set(re.findall(r'(?:says|p|more)\("([a-z_]+)"', SOURCE))
    assert asked <= words["says"].keys() | {"unreached"}
    assert len(asked) > 20


def test_every_step_danger_and_part_has_its_words(words: dict[str, dict[str, str]]) -> None:
    assert words["steps"].keys() == {kind.value for kind in StepKind}
    assert words["dangers"].keys() == {danger.value for danger in Danger}
    assert words["titip"] == f"{asset('titip.js')} {integrity('titip.js')}"


def test_they_stand_beside_the_page_in_each_language(portal: ModuleType) -> None:
    client = portal.create_app().test_client()
    for path in ("/lacak/nama.json", "/lacak/izin.json", "/en/lacak/nama.json"):
        assert client.get(path).status_code == 200, path
