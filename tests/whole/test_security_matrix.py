"""Every route of every door, called by every role: as docs/security-matrix.md says, and never against a law.

A new route, or one that answers otherwise, makes this red until somebody has looked at what it does for whom and wrote
the file anew: ``python -m tests.security_matrix``.
"""

import pytest

from functions.cleaner.main import create_app as create_cleaner
from functions.config.settings import load_settings
from functions.custody.main import create_app as create_custody
from functions.desk.main import create_app as create_desk
from functions.gateway.main import create_app as create_gateway
from functions.intake.main import create_app as create_intake
from functions.open311.main import create_app as create_open311
from functions.thread.main import create_app as create_thread
from tests.security_matrix import FILE, ROLES, SEATS, Town, matrix, written
from tests.whole.test_conflict_paths import rules

Rows = list[tuple[str, str, list[int]]]
CREATED = {
    "cleaner": create_cleaner,
    "custody": create_custody,
    "desk": create_desk,
    "gateway": create_gateway,
    "intake": create_intake,
    "open311": create_open311,
    "thread": create_thread,
}
OPEN = ("GET /healthz", "POST /desk/links", "POST /desk/links/again")  # the latter two say the same to everybody
BY_SCRIPT = (
    "POST /api/thread/acts",
    "POST /api/thread/name",
    "POST /api/thread/name/answers",
    "POST /api/thread/sealed",
)
REFUSED = 400
# A coordinator is the second person whom it takes to see masked words, also of a case handed on, and is shown none.
SECOND = "POST /desk/cases/<tracking_id>/unmask/decision"
RECALL = "POST /desk/cases/<tracking_id>/recall"

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def rows() -> Rows:
    return matrix()


def test_the_file_shows_what_the_doors_do(rows: Rows) -> None:
    assert written(rows).splitlines() == FILE.read_text().splitlines(), "python -m tests.security_matrix, then look"


def test_every_door_and_every_route_of_the_product_is_in_it(rows: Rows, tmp_path, monkeypatch) -> None:
    town = Town(tmp_path)
    settings = load_settings({"DATA_DIR": str(tmp_path)})
    there = {(door, route) for door, create in CREATED.items() for route in rules(create(settings))}
    assert {(door, route) for door, route, _ in rows} == there
    assert set(town.doors()) == {path.parent.name for path in (FILE.parents[1] / "functions").glob("*/app.py")}


def test_nobody_without_a_seat_gets_past_desk_and_custody(rows: Rows) -> None:
    for _, route, row in ((d, r, c) for d, r, c in rows if d in ("desk", "custody") and r not in OPEN):
        for role, status in zip(ROLES, row, strict=True):
            assert role in SEATS or status in (401, 422), (route, role, status)


def test_a_seat_opens_its_own_door_alone(rows: Rows) -> None:
    for door, route, row in (each for each in rows if each[1] not in OPEN):
        at = dict(zip(ROLES, row, strict=True))
        if door == "custody":
            assert all(at[role] >= REFUSED for role in SEATS if role != "custodian"), route
        if door == "desk":
            assert at["custodian"] >= REFUSED, route
        if door == "thread":
            # Calls by script take what a browser sealed, and no officer has that: 404 and 422.
            wanted = {404, 422} if route in BY_SCRIPT else {400}
            assert all(at[role] in wanted for role in SEATS), (route, "an officer came in with a number")


def test_no_case_is_there_for_whom_it_accuses_or_does_not_concern(rows: Rows) -> None:
    for _, route, row in (each for each in rows if each[0] == "desk" and "<tracking_id>" in each[1]):
        at = dict(zip(ROLES, row, strict=True))
        for role in ("accused unit", "other unit", "clerk", "centre", "inspector"):
            assert at[role] == 404, (route, role)


def test_after_handing_over_a_coordinator_looks_and_does_nothing(rows: Rows) -> None:
    for _, route, row in (each for each in rows if each[0] == "desk" and "POST /desk/cases/<" in each[1]):
        # None waits here, so there is nothing to decide. Nobody there has opened it, so it can be taken back.
        expected = {SECOND: 409, RECALL: 200}.get(route, 403)
        assert row[ROLES.index("coordinator, after")] == expected, route
