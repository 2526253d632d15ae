"""A function's package brings every file that its pages are made of: one that stayed at home made each page a 500."""

from infra.deploy.build import DATA
from tests.server import ROOT


def test_every_file_beside_a_template_is_of_a_kind_that_is_packed() -> None:
    found = {
        path.suffix for folder in (ROOT / "functions").rglob("templates") for path in folder.iterdir() if path.is_file()
    }
    assert ".svg" in found
    assert found <= set(DATA)
