"""Each wall is broken on purpose, in a copy of the house, and the build is seen to fail.

The first four imports are those that went unseen while sealing and opening shared their modules.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.walls.planting import house, verdict

INTAKE = "intake imports nothing that opens"
OPEN311 = "open311 opens nothing but slips"
CLOCK = "the clock knows nothing of keys"
THREAD = "thread and gateway open with receipts only"
CLEANER = "the cleaner knows no case, no key and no store"
CUSTODY = "custody reads no word of a case"
MINT = "only the courier mints links"
ASK = "only the desk signs what is asked of the courier"
SEND = "only the courier knows officers' addresses and sends"
MAKE = "no door makes or destroys keys"
CLEAN = "doors import no cleaner"
SEAL = "crypto.seal closes, and knows nothing of what opens"
PURE = "casework is pure"
FLOORS = "Floors: each stands only on those below it"

PLANTED = [
    ("intake/main.py", "functions.actions.officer.read_case", INTAKE),
    ("intake/main.py", "functions.actions.custodian.custody", INTAKE),
    ("intake/main.py", "functions.actions.common.decrypted_case", INTAKE),
    ("intake/main.py", "functions.crypto.open.private.keys", INTAKE),
    ("intake/pages.py", "functions.crypto.open.opening", INTAKE),
    ("actions/reporter/submit.py", "functions.crypto.decrypt", INTAKE),
    ("open311/app.py", "functions.actions.reporter.converse", OPEN311),
    ("actions/clock/remind.py", "functions.crypto.seal.sealing", CLOCK),
    ("clock/main.py", "functions.actions.officer.handle_case", CLOCK),
    ("thread/app.py", "functions.crypto.open.private.reloading", THREAD),
    ("gateway/main.py", "functions.actions.officer.read_case", THREAD),
    ("cleaner/app.py", "functions.actions.common.file_limits", CLEANER),
    ("cleaner/main.py", "functions.storage.blobs.choose", CLEANER),
    ("cleaner/work.py", "functions.crypto.seal.sealing", CLEANER),
    ("cleaner/app.py", "functions.sanitize.pdf.clean", CLEAN),
    ("custody/pages.py", "functions.actions.common.decrypted_case", CUSTODY),
    ("desk/main.py", "functions.crypto.sign.mint", MINT),
    ("intake/main.py", "functions.crypto.sign.mandate_signer", ASK),
    ("thread/main.py", "functions.actions.officer.mandates", ASK),
    ("custody/main.py", "functions.crypto.sign.mandate_signer", ASK),
    ("clock/main.py", "functions.crypto.sign.mandate_signer", ASK),
    ("actions/courier/officers_mail.py", "functions.crypto.sign.mandate_signer", ASK),
    ("desk/case_page/case.py", "functions.storage.registers.officers", SEND),
    ("thread/main.py", "functions.actions.courier.deliver", SEND),
    ("courier/main.py", "functions.crypto.ops.key_directory", MAKE),
    ("thread/app.py", "functions.sanitize.photos", CLEAN),
    ("actions/common/append.py", "functions.sanitize.cleaners", CLEAN),
    ("sanitize/sandbox.py", "functions.sanitize.pdf.clean", CLEAN),
    ("crypto/seal/sealing.py", "functions.crypto.open.opening", SEAL),
    ("crypto/seal/public_keys.py", "functions.crypto.open.private.keys", SEAL),
    ("casework/deadlines/clocks.py", "sqlite3", PURE),
    ("casework/case.py", "functions.storage.interface", FLOORS),
    ("desk/main.py", "functions.thread.pages", FLOORS),
]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return house(tmp_path_factory.mktemp("house"))


@pytest.fixture
def plant(copy: Path) -> Iterator[object]:
    """Appends a line to a file of the copy, until the test is over."""
    before: dict[Path, str] = {}

    def append(place: str, line: str) -> None:
        file = copy / "functions" / place
        before[file] = file.read_text()
        file.write_text(f"{before[file]}\n{line}\n")

    yield append
    for file, text in before.items():
        file.write_text(text)


def test_the_house_as_it_stands_is_whole(copy: Path) -> None:
    kept, said = verdict(copy)
    assert kept, said


@pytest.mark.parametrize(("place", "module", "wall"), PLANTED, ids=[f"{p}-{m}" for p, m, _ in PLANTED])
def test_an_import_through_a_wall_fails_the_build(copy: Path, plant, place: str, module: str, wall: str) -> None:
    plant(place, f"import {module}")
    kept, said = verdict(copy)
    assert not kept
    assert f"{wall}" in said.partition("Broken contracts")[2], said


def test_an_import_inside_a_function_is_seen_too(copy: Path, plant) -> None:
    plant("intake/pages.py", "def late() -> None:\n    import functions.crypto.open.opening")
    kept, said = verdict(copy)
    assert not kept
    assert INTAKE in said


def test_a_new_file_in_a_room_is_held_by_its_wall(copy: Path) -> None:
    """Nobody has to put it on a list: the folder decides."""
    new, used = copy / "functions" / "crypto" / "open" / "new_way.py", copy / "functions" / "intake" / "new_page.py"
    new.write_text('"""A new way to open."""\n')
    used.write_text("import functions.crypto.open.new_way\n")
    try:
        kept, said = verdict(copy)
    finally:
        new.unlink()
        used.unlink()
    assert not kept
    assert INTAKE in said
