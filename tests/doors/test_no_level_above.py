"""An office with no level above it: every report has a reader, and the inspectorate's cases stay there."""

from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import directory_from_mapping
from functions.casework.directory.registers import plain_directory
from functions.config.settings import DEMO, load_directory, load_officers
from tests.world import World

BOTH = "Petugas Diskominfo minta uang 500 ribu. Pegawai Inspektorat juga minta uang supaya laporan saya ditutup."


@pytest.fixture
def alone(tmp_path: Path) -> World:
    """The demonstration's regency, without the centre."""
    known = load_directory(DEMO / "kutai-timur.toml")
    agencies = {code: replace(each, parent="") if code == "kutim" else each for code, each in known.agencies.items()}
    del agencies["pusat"]
    own = directory_from_mapping(plain_directory(replace_agencies(known, agencies), ()))  # the check takes it
    officers = tuple(each for each in load_officers(DEMO / "officers.toml", known) if each.agency in agencies)
    return World(tmp_path, directory=own, officers=officers)


def replace_agencies(known: Directory, agencies: dict) -> Directory:
    return Directory(agencies, known.topics, known.districts, known.former, known.villages)


@pytest.mark.parametrize("about", ["", "kutim-diskominfo", "kutim-inspektorat"])
def test_a_report_whose_words_mean_the_coordinator_and_the_inspectorate_has_a_reader(alone: World, about: str) -> None:
    sent = alone.report(about_agency=about, subject="Pungli", body=BOTH)
    head = alone.store.read_head(sent["tracking_id"])
    assert head.holder in alone.directory.agencies
    read = alone.desk_of(head.holder).get(f"/desk/cases/{head.case_id}")
    assert BOTH in str(read.get_json()["messages"])


def test_an_appeal_in_a_case_for_the_inspectorate_alone_does_not_show_it_to_the_coordinator(alone: World) -> None:
    sent = alone.report()
    path, receipt = f"/desk/cases/{sent['tracking_id']}", sent["receipt"]
    assert alone.desk_of("kutim").post(f"{path}/oversight", {"reason": "Menyangkut pegawai."}).status_code == 200
    for act in ("verdict", "appeal"):
        closing = {"outcome": "dijelaskan", "reason": "Sudah kami jelaskan."}
        assert alone.desk_of("kutim-inspektorat").post(f"{path}/close", closing).status_code == 200
        told = {"receipt": receipt, "verdict": "belum", "reason": "Masih terjadi."}
        assert alone.post(f"/api/thread/{act}", told).status_code == 200
    head = alone.store.read_head(sent["tracking_id"])
    assert (head.holder, head.stage, head.oversight) == ("kutim-inspektorat", "banding", True)
    assert "subject" not in alone.desk_of("kutim").get(path).get_json()
