"""What was chosen, and what was done, where the store goes away in the middle."""

from pathlib import Path
from secrets import token_hex

import pytest

from functions.storage.interface import StoreUnavailableError
from tests.doors.test_publication import filed
from tests.doors.test_thread import HTML, photo, upload
from tests.markup import page, text
from tests.trust import TrustWorld


@pytest.fixture
def world(tmp_path: Path) -> TrustWorld:
    return TrustWorld(tmp_path)


def away(*_: object) -> None:
    raise StoreUnavailableError


def test_an_agreement_comes_back_with_the_district_still_hidden(
    world: TrustWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = filed(world)
    typed = {"draft": one.drafted(), "hide_district": "yes", "read": "yes"}
    with monkeypatch.context() as broken:
        broken.setattr(type(world.store), "read_case", away)
        broken.setattr(type(world.store), "read_head", away)
        root = page(one.press("/agree", **typed), 503)
    again = {each.get("name"): each.get("value") or "" for each in root.iter("input")}
    assert again.items() >= typed.items()
    again.pop("receipt")
    assert one.press("/agree", **again).status_code == 200
    (public,) = one.run(next_week=True)
    assert public.district == ""


def test_a_file_that_was_taken_is_not_called_lost(world: TrustWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt, append = world.report()["receipt"], type(world.store).append

    def last(*arguments: object) -> None:
        append(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(type(world.store), "read_case", away)

    monkeypatch.setattr(type(world.store), "append", last)
    answer = upload(world, receipt, photo(), token_hex(8), headers=HTML)
    assert "belum tersimpan" not in text(page(answer, 503))


@pytest.mark.parametrize("draft", ["9" * 5000, "٣", "0"])
def test_a_number_that_no_text_has_is_no_fault_of_ours(world: TrustWorld, draft: str) -> None:
    one = filed(world)
    one.drafted()
    assert one.say("/agree", draft=draft).get_json()["code"] == "draft_changed"
