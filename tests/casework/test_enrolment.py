"""What a coordinator may request of the officers' register, and what a request looks like on its way."""

import pytest

from functions.casework.directory.agencies import Directory, Member, Role
from functions.casework.directory.enrolment import ADD, REMOVE, WISH_BUCKET, Wish, pack_wish, read_wish, wish_fault
from functions.config.settings import DEMO, load_directory
from functions.crypto.padding import LENGTH_BYTES

DIRECTORY: Directory = load_directory(DEMO / "kutai-timur.toml")
KUTIM = DIRECTORY.agencies["kutim"]
STAFF = (
    Member("kutim-1", "kutim", Role.COORDINATOR),
    Member("dpupr-1", "kutim-dpupr", Role.OFFICER),
    Member("inspektorat-1", "kutim-inspektorat", Role.OFFICER),
    Member("kustodian-1", "kutim-bkpsdm", Role.CUSTODIAN),
    Member("pusat-1", "pusat", Role.CENTRE),
)


def to_add(ident: str, agency: str, role: str) -> Wish:
    return Wish(ADD, ident, "kutim-1", "petugas@contoh.example.id", agency, role)


def to_remove(ident: str) -> Wish:
    return Wish(REMOVE, ident, "kutim-1")


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (to_add("baru", "kutim-dpupr", "officer"), ""),
        (to_add("baru", "kutim-dpupr", "clerk"), ""),
        (to_add("baru", "kutim", "coordinator"), ""),
        (to_add("dpupr-1", "kutim-dpupr", "officer"), ""),  # who sits there already, once more
        (to_add("dpupr-1", "kutim-dishub", "officer"), "ident:ident_taken"),
        (to_add("dpupr-1", "kutim-dpupr", "clerk"), "ident:ident_taken"),
        (to_add("pusat-1", "kutim", "coordinator"), "ident:ident_taken"),
        (to_add("baru", "kutim-dpupr", "coordinator"), "role:unknown"),
        (to_add("baru", "kutim", "officer"), "role:unknown"),
        (to_add("baru", "kutim-dpupr", "custodian"), "role:unknown"),
        (to_add("baru", "kutim", "overseer"), "role:unknown"),
        (to_add("baru", "kutim-dpupr", ""), "role:required"),
        (to_add("baru", "kutim-inspektorat", "officer"), "unit:ops_only"),
        (to_add("baru", "kutim-inspektorat", "clerk"), "unit:ops_only"),
        (to_add("baru", "pusat", "coordinator"), "unit:unknown"),
        (to_add("baru", "dibubarkan", "officer"), "unit:unknown"),
        (to_add("baru", "", "officer"), "unit:required"),
        (to_remove("dpupr-1"), ""),
        (to_remove("kutim-1"), ""),
        (to_remove("inspektorat-1"), "ident:ops_only"),
        (to_remove("kustodian-1"), "ident:ops_only"),
        (to_remove("pusat-1"), "ident:unknown"),
        (to_remove("tidak-ada"), "ident:unknown"),
        (to_remove(""), "ident:required"),
        (Wish("rename", "dpupr-1", "kutim-1"), "act:unknown"),
    ],
)
def test_what_a_coordinator_may_request(wish: Wish, fault: str) -> None:
    assert wish_fault(wish, KUTIM, DIRECTORY, STAFF) == fault


def test_a_request_is_read_as_it_was_made_and_the_longest_fits_where_all_are_sealed_alike() -> None:
    code, address = "a" * 64, "p" * 64 + "@" + "d" * 186 + ".id"
    longest = Wish(ADD, code, code, address, code, "coordinator")
    for wish in (longest, to_remove("dpupr-1")):
        assert read_wish(pack_wish(wish)) == wish
    assert len(pack_wish(longest)) + LENGTH_BYTES <= WISH_BUCKET


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b'"add_officer"',
        b'["add_officer", "a", "b"]',
        b"{}",
        b'{"act": "add_officer", "ident": "a"}',  # nobody requests it
        b'{"act": "add_officer", "ident": 1, "by": "b"}',
        b'{"act": "add_officer", "ident": "a", "by": "b", "role": null}',
        b'{"act": "add_officer", "ident": "a", "by": "b", "more": "c"}',
    ],
)
def test_what_is_no_request_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"not a wish|Expecting value"):
        read_wish(raw)
