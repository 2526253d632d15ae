"""Whoever may write to the store, and holds no key, changes whom a case accuses: nothing opens at the desk any more, and
its reporter still reads it. On SQLite and on a served DynamoDB, fact by fact."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.casework.case import CaseHead, Kind, Lift
from functions.casework.case_fields import AccessFacts
from functions.cli.seal_check import SealCheck
from functions.crypto.errors import SealError
from functions.crypto.seal.bound_facts import HASH, PROOF, as_bound, is_bound, kept_in, proven, wrapped_again
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.seal.sealing import BOUND_VERSION, KEPT_VERSION, VERSION, facts_hash, new_case_key
from functions.storage.dynamodb.items import head_item
from functions.storage.dynamodb.store import DynamoStore
from functions.storage.interface import Store
from functions.storage.records import to_row
from tests.case_heads import changed
from tests.storage.conftest import Watched
from tests.world import JSON, WORDS, World

ACCUSED = "kutim-dinkes"
UNIT = "kutim-dpupr"
MAY_BE_MEANT = "Waktu mengukur jalan rusak itu petugasnya minta uang 100 ribu."
HTML = {"Accept": "text/html"}
ON_BOTH = pytest.mark.parametrize("engine", ["sqlite", "ministack"], indirect=True)
# The store's own facts, as somebody with the right to write may set them.
CHANGES: dict[str, dict[str, Any]] = {
    "nobody is accused": {"about_agency": ""},
    "another is accused": {"about_agency": "kutim-dpupr"},
    "another government": {"instance": "pusat"},
    "another kind": {"kind": Kind.INFORMASI},
    "another topic": {"topic": "lainnya"},
    "for the inspectorate alone": {"oversight": True},
    "an overseer allowed it": {"lift": Lift.LIFTED},
}


@pytest.fixture
def world(tmp_path: Path, store: Store) -> World:
    return World(tmp_path, store)


def tamper(world: World, watched: Watched, case_id: str, **facts: Any) -> CaseHead:
    """Change facts of a case by hand. No link, anchor or event is touched."""
    store = world.store
    head = changed(store.read_head(case_id), **facts)
    if isinstance(store, DynamoStore):
        watched.client().put_item(TableName=store.calls.table_name, Item=head_item(head))
        return head
    row = {name: value for name, value in to_row(head).items() if name in facts}
    with closing(sqlite3.connect(world.folder / "lapor.sqlite")) as db, db:
        columns = ", ".join(f"{name} = ?" for name in row)
        db.execute(f"UPDATE cases SET {columns} WHERE case_id = ?", (*row.values(), case_id))  # noqa: S608 - our names
    return head


def rehashed(head: CaseHead) -> bytes:
    """The wrap beside the hash of the facts as they are now, as somebody forges it who knows the format."""
    wrap = bytearray(head.wraps.desk)
    wrap[HASH] = facts_hash(head.case_id, as_bound(head).text())
    return bytes(wrap)


def refused(world: World, case_id: str, agency: str) -> None:
    """Officers of this agency are told what is wrong, and shown no word."""
    desk = world.desk_of(agency)
    answer = desk.get(f"/desk/cases/{case_id}")
    assert (answer.status_code, answer.get_json().get("code")) == (409, "facts_changed"), answer.text[:200]
    page = desk.client.get(f"/desk/cases/{case_id}", headers=HTML)
    assert page.status_code == 409
    assert "Inspektorat" in page.text
    inbox = desk.client.get("/desk/", headers=JSON)
    for text in (answer.text, page.text, inbox.text):
        assert WORDS not in text
        assert "Lampu jalan mati" not in text


@ON_BOTH
@pytest.mark.parametrize("forged", [False, True], ids=["the fact alone", "its hash too"])
def test_the_accused_who_is_handed_the_case_in_the_store_reads_nothing(
    world: World, watched: Watched, *, forged: bool
) -> None:
    sent = world.report(about_agency=ACCUSED)
    case_id = sent["tracking_id"]
    head = tamper(world, watched, case_id, about_agency="", holder=ACCUSED, version=1)
    if forged:
        tamper(world, watched, case_id, wrap_desk=rehashed(head))
        desk = world.desk_of(ACCUSED)
        case = desk.get(f"/desk/cases/{case_id}").get_json()
        assert ("subject" in case, WORDS in str(case)) == (False, False)
        assert (
            desk.post(f"/desk/cases/{case_id}/messages", {"body": "Halo", "message_key": "ab" * 8}).status_code == 403
        )
    else:
        refused(world, case_id, ACCUSED)
    read = world.read(sent["receipt"])
    assert (read["messages"][0]["body"], read["as_sealed"]) == (WORDS, False)
    assert read["hidden_from"] == {"code": ACCUSED, "name": "Dinas Kesehatan"}


@pytest.mark.every_day(6)
@ON_BOTH
@pytest.mark.parametrize("facts", CHANGES.values(), ids=CHANGES)
def test_no_bound_fact_can_be_changed_in_the_store(world: World, watched: Watched, facts: dict[str, Any]) -> None:
    sent = world.report(about_agency=ACCUSED, topic="jalan")
    case_id = sent["tracking_id"]
    unit = world.hand_over(case_id)
    assert WORDS in str(unit.get(f"/desk/cases/{case_id}").get_json())
    head = tamper(world, watched, case_id, **facts)
    keys = world.keys.private(Purpose.DESK)
    for wrap in (head.wraps.desk, rehashed(head)):
        with pytest.raises(SealError):
            keys.open_case(changed(head, wrap_desk=wrap))
    holder = "kutim-inspektorat" if facts.get("about_agency") == "kutim-dpupr" else "kutim-dpupr"
    tamper(world, watched, case_id, holder=holder)
    refused(world, case_id, holder)
    tamper(world, watched, case_id, wrap_desk=rehashed(head))  # and it says so where the hash was forged, too
    refused(world, case_id, holder)
    check = SealCheck(world.directory)
    assert check(head) != ""
    assert check.altered == 1
    assert world.read(sent["receipt"])["messages"][0]["body"] == WORDS


@pytest.mark.every_day(2)
@ON_BOTH
@pytest.mark.parametrize("forged", [False, True], ids=["the fact alone", "its hash too"])
def test_whom_later_words_accuse_gets_nothing_by_an_update(world: World, watched: Watched, *, forged: bool) -> None:
    """They stand in ``kept_from``, which the wrap binds as it binds the accused; no later act of the reporter's launders
    it, and put right it opens again."""
    sent = world.report(topic="jalan", subject="Jalan rusak", body="Jalan kampung rusak.")
    case_id, receipt = sent["tracking_id"], sent["receipt"]
    world.hand_over(case_id, UNIT)
    said = {"receipt": receipt, "body": MAY_BE_MEANT, "message_key": "k" * 16}
    assert world.post("/api/thread/messages", said).status_code == 201
    before = world.store.read_head(case_id)
    assert (before.holder, before.about_agency, before.desk_work.kept_from) == ("kutim", "", (UNIT,))
    assert world.read(receipt)["kept_from"] == [{"code": UNIT, "name": "Dinas Pekerjaan Umum dan Penataan Ruang"}]
    assert MAY_BE_MEANT in str(world.desk_of("kutim").get(f"/desk/cases/{case_id}").get_json())

    head = tamper(world, watched, case_id, kept_from=(), holder=UNIT)
    if forged:
        head = tamper(world, watched, case_id, wrap_desk=rehashed(head))
    with pytest.raises(SealError):
        world.keys.private(Purpose.DESK).open_case(head)
    refused(world, case_id, UNIT)
    check = SealCheck(world.directory)
    assert check(head) == ("" if forged else f"kept_from is () in the store, and ('{UNIT}',) in its seal.")
    assert not world.read(receipt)["as_sealed"]
    again = {"receipt": receipt, "body": "Apa sudah ada kabar?", "message_key": "m" * 16}
    assert world.post("/api/thread/messages", again).status_code == 201
    refused(world, case_id, "kutim")
    tamper(world, watched, case_id, kept_from=(UNIT,), holder="kutim", wrap_desk=before.wraps.desk)
    assert MAY_BE_MEANT in str(world.desk_of("kutim").get(f"/desk/cases/{case_id}").get_json())
    assert world.desk_of(UNIT).get(f"/desk/cases/{case_id}").status_code == 404


@ON_BOTH
def test_kept_from_of_an_older_release_opens_and_the_next_act_binds_it(world: World, watched: Watched) -> None:
    sent = world.report(topic="jalan")
    case_id = sent["tracking_id"]
    old = tamper(world, watched, case_id, kept_from=(UNIT,))  # a wrap of today's form, which binds none of them
    assert (old.wraps.desk[:1], kept_in(old)) == (BOUND_VERSION, 0)
    desk = world.desk_of("kutim")
    assert WORDS in str(desk.get(f"/desk/cases/{case_id}").get_json())
    said = {"body": "Kami periksa.", "message_key": "cd" * 8}
    assert desk.post(f"/desk/cases/{case_id}/notes", said).status_code == 201
    after = world.store.read_head(case_id)
    assert (after.wraps.desk[:1], kept_in(after), len(after.wraps.desk)) == (KEPT_VERSION, 1, len(old.wraps.desk) + 1)
    tamper(world, watched, case_id, kept_from=())
    refused(world, case_id, "kutim")


@ON_BOTH
def test_a_case_of_no_government_is_hidden_and_lists_go_on(world: World, watched: Watched) -> None:
    case_id, good = world.report(about_agency=ACCUSED)["tracking_id"], world.report()["tracking_id"]
    tamper(world, watched, case_id, instance="nowhere")
    desk = world.desk_of("kutim")
    assert desk.get(f"/desk/cases/{case_id}").status_code == 404
    assert good in desk.get("/desk/").text


@ON_BOTH
def test_put_right_it_opens_again(world: World, watched: Watched) -> None:
    case_id = world.report(about_agency=ACCUSED)["tracking_id"]
    tamper(world, watched, case_id, about_agency="")
    said = SealCheck(world.directory)(world.store.read_head(case_id))
    assert said == "about_agency is '' in the store, and 'kutim-dinkes' in its seal."
    tamper(world, watched, case_id, about_agency=ACCUSED)
    assert WORDS in str(world.desk_of("kutim").get(f"/desk/cases/{case_id}").get_json())


@ON_BOTH
def test_a_wrap_of_another_case_opens_nothing_and_none_of_before_can_be_made(world: World, watched: Watched) -> None:
    """Whoever has public keys can wrap a key of their own: it opens no word. They have no wrap of before of a case that
    never had one, and another case's does not open here."""
    first, other = world.report(about_agency=ACCUSED), world.report()
    case_id, there = first["tracking_id"], world.store.read_head(other["tracking_id"]).wraps.desk
    head = world.store.read_head(case_id)
    keys = world.keys.private(Purpose.DESK)
    as_other = changed(head, about_agency="", wrap_desk=there)
    made = changed(head, about_agency="")
    own_key = new_case_key()
    forged = {
        "another case's": there,
        "called one of before": VERSION + head.wraps.desk[1:],
        "called one of before, its key named": VERSION
        + bytes.fromhex(head.wraps.key_id)
        + head.wraps.desk[PROOF.stop :],
        "a wrap of before, of a key of theirs": world.keys.public().seal(Purpose.DESK, "kutim", case_id, own_key)[1],
        "a wrap of today, of a key of theirs": wrapped_again(made, own_key, world.keys.public())[1],
    }
    with pytest.raises(SealError):
        keys.open_case(as_other)
    for name, wrap in forged.items():
        tamper(world, watched, case_id, about_agency="", holder=ACCUSED, wrap_desk=wrap)
        answer = world.desk_of(ACCUSED).get(f"/desk/cases/{case_id}")
        assert WORDS not in answer.text, name
        assert "Lampu jalan mati" not in answer.text, name
    assert world.read(first["receipt"])["messages"][0]["body"] == WORDS


@ON_BOTH
@pytest.mark.parametrize("facts", [{}, {"about_agency": ""}], ids=["untouched", "changed"])
def test_reopening_launders_no_changed_fact(world: World, watched: Watched, facts: dict[str, Any]) -> None:
    """The thread has the case's key and wraps it again for the desk. It binds what it can prove, never what it finds."""
    sent = world.report(about_agency=ACCUSED)
    case_id, receipt = sent["tracking_id"], sent["receipt"]
    unit = world.hand_over(case_id)
    ending = {"outcome": "dijelaskan", "reason": "Sudah dijelaskan."}
    assert unit.post(f"/desk/cases/{case_id}/close", ending).status_code == 200
    before = tamper(world, watched, case_id, **facts) if facts else world.store.read_head(case_id)
    world.keys.generate(Purpose.DESK, "kutim")
    said = {"receipt": receipt, "verdict": "belum", "reason": "Belum beres."}
    assert world.post("/api/thread/verdict", said).status_code == 200
    after = world.store.read_head(case_id)
    assert (after.wraps.desk == before.wraps.desk) is bool(facts)
    if facts:
        refused(world, case_id, "kutim-dpupr")
    else:
        assert WORDS in str(world.desk_of("kutim-dpupr").get(f"/desk/cases/{case_id}").get_json())
    said_so_far = str(world.read(receipt)["messages"])
    assert WORDS in said_so_far
    assert "Belum beres." in said_so_far


@ON_BOTH
def test_what_an_older_release_wrapped_opens_and_the_next_act_binds_it(world: World, watched: Watched) -> None:
    case_id = world.report(about_agency=ACCUSED)["tracking_id"]
    head = world.store.read_head(case_id)
    key = world.keys.private(Purpose.DESK).open_case(head)
    key_id, old = world.keys.public().seal(Purpose.DESK, "kutim", case_id, key)
    tamper(world, watched, case_id, wrap_desk=old, key_id=key_id)
    check = SealCheck(world.directory)
    assert (check(world.store.read_head(case_id)), check.unbound) == ("", 1)
    desk = world.desk_of("kutim")
    assert WORDS in str(desk.get(f"/desk/cases/{case_id}").get_json())
    said = {"body": "Kami periksa.", "message_key": "cd" * 8}
    assert desk.post(f"/desk/cases/{case_id}/notes", said).status_code == 201
    after = world.store.read_head(case_id)
    assert is_bound(after)
    assert proven(after, key)
    assert WORDS in str(world.desk_of("kutim").get(f"/desk/cases/{case_id}").get_json())


FACTS = st.fixed_dictionaries(
    {
        "instance": st.sampled_from(["kutim", "bontang", "pusat", ""]) | st.text(max_size=8),
        "kind": st.sampled_from(Kind),
        "topic": st.sampled_from(["jalan", "pungli", ""]) | st.text(max_size=8),
        "about_agency": st.sampled_from([ACCUSED, "kutim-dpupr", ""]) | st.text(max_size=8),
        "oversight": st.booleans(),
        "lift": st.sampled_from([Lift.NONE, Lift.ASKED, Lift.LIFTED]),
        "kept_from": st.lists(st.sampled_from([UNIT, "kutim", "kutim-dishub"]), unique=True).map(tuple),
    }
)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, CaseHead, bytes]:
    world = World(tmp_path_factory.mktemp("sealed"))
    head = world.store.read_head(world.report(about_agency=ACCUSED, topic="jalan")["tracking_id"])
    key = world.keys.private(Purpose.DESK).open_case(head)
    kept = changed(head, kept_from=(UNIT, "kutim"))
    return world, changed(kept, wrap_desk=wrapped_again(kept, key, world.keys.public())[1]), key


@given(facts=FACTS, forged=st.booleans())
def test_any_other_facts_open_nothing(
    sealed: tuple[World, CaseHead, bytes], facts: dict[str, Any], *, forged: bool
) -> None:
    world, head, key = sealed
    other = changed(head, **facts)
    if forged:
        other = changed(other, wrap_desk=rehashed(other))
    same = as_bound(other) == as_bound(head)  # who is kept away besides, by the clock, stands behind these
    assert proven(other, key) is same
    keys = world.keys.private(Purpose.DESK)
    if same:
        assert keys.open_case(other) == key
        return
    with pytest.raises(SealError):
        keys.open_case(other)


@given(one=FACTS, two=FACTS)
def test_no_two_facts_have_one_form(sealed: tuple[World, CaseHead, bytes], one: Any, two: Any) -> None:
    first, second = (AccessFacts.of(changed(sealed[1], **facts)) for facts in (one, two))
    codes = [code for facts in (first, second) for code in (*facts[:4], *facts.kept_from)]
    if not any("\0" in code for code in codes):  # no code has one: the directory and the form refuse it
        assert (first.text() == second.text()) is (first == second)
