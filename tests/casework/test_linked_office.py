"""What a nation takes from an office with a machine of its own: its document, its place in the directory, and nobody else's."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from functions.casework.consent.roster import next_roster
from functions.casework.directory.agencies import Directory
from functions.casework.directory.check import directory_from_mapping
from functions.casework.directory.linked_office import (
    KEY_BYTES,
    LinkDocument,
    LinkedOffice,
    LinkError,
    check_document,
    clashes,
    describe,
    linked_url,
    read_document,
    with_offices,
)
from functions.casework.directory.portal import portal_of
from tests.casework.test_roster import FOUR

TODAY = date(2026, 11, 27)
SIGNER, OTHER = b"s" * 32, b"o" * 32
URL, OURS_AT = "https://lapor.kota.example.id", "https://lapor.pusat.example.id"
KEY = b"k" * KEY_BYTES
KEYS = {"desk": KEY, "identity": KEY, "courier": KEY}
NATION = {
    "agencies": [
        {"code": "pusat", "name": "Pusat", "kind": "centre"},
        {"code": "kab", "name": "Kabupaten Melati", "kind": "instance", "parent": "pusat", "region": "91.01"}
        | {"coordinator": "kab-0", "inspectorate": "kab-1"},
        {"code": "kab-0", "name": "Kominfo", "kind": "unit", "parent": "kab"},
        {"code": "kab-1", "name": "Inspektorat", "kind": "unit", "parent": "kab"},
    ],
    "topics": [{"code": "jalan", "name": "Jalan", "name_en": "Roads", "unit": "kab-0"}],
    "districts": [{"code": "91.01.01", "name": "Melati Utara"}],
}
OFFICE = {
    "agencies": [
        {"code": "atas", "name": "Provinsi", "kind": "centre"},
        {"code": "kota", "name": "Kota Kenanga", "kind": "instance", "parent": "atas", "region": "91.71"}
        | {"coordinator": "kota-0", "inspectorate": "kota-1", "sorted_by": "centre"},
        {"code": "kota-0", "name": "Kominfo", "kind": "unit", "parent": "kota"},
        {"code": "kota-1", "name": "Inspektorat", "kind": "unit", "parent": "kota"},
        {"code": "kota-2", "name": "Dinas", "kind": "unit", "parent": "kota-0"},
    ],
    "topics": [
        {"code": "jalan", "name": "Jalan kota", "name_en": "City roads", "unit": "kota-2"},
        {"code": "taman", "name": "Taman", "name_en": "Parks"},
    ],
    "districts": [{"code": "91.71.01", "name": "Kenanga"}],
    "villages": [{"code": "91.71.01.1001", "name": "Suka Maju"}],
}


def text(value: object) -> str:
    return json.dumps(value)


def nation(old: str = "", new: str = "") -> Directory:
    """The nation's directory, with some text of it changed."""
    return directory_from_mapping(json.loads(text(NATION).replace(old, new) if old else text(NATION)))


def made(serial: int = 5, days: int = 90) -> LinkDocument:
    """The document that the office makes today."""
    office = directory_from_mapping(OFFICE)
    return replace(describe(office, "kota", f"{URL}/", serial, TODAY, days, KEYS), waiting=KEY)


def of(old: str, new: str) -> LinkDocument:
    """That document, with some text of its directory changed by whoever made it."""
    document = made()
    changed = text(document.plain).replace(old, new)
    assert changed != text(document.plain)
    return replace(document, plain=json.loads(changed))


def refused(
    document: LinkDocument,
    *,
    signer: bytes = SIGNER,
    standing: LinkDocument | None = None,
    directory: Directory | None = None,
    url: str = OURS_AT,
) -> str:
    """Why the nation does not take a document, "" if it does. ``standing`` is the one that it has of this office."""
    before = LinkedOffice(SIGNER, standing) if standing else None
    try:
        check_document(document, signer, before, directory or nation(), TODAY, url)
    except LinkError as error:
        return str(error)
    return ""


def test_a_document_is_read_as_it_was_made() -> None:
    document = made()
    assert (document.url, document.name, document.expires) == (URL, "Kota Kenanga", TODAY + timedelta(days=90))
    assert read_document(document.encode()) == document
    office = LinkedOffice(SIGNER, document)
    assert LinkedOffice.read(office.plain()) == office
    assert replace(document, plain={"agencies": []}).name == "kota"
    with pytest.raises(LinkError, match="is not https"):
        describe(directory_from_mapping(OFFICE), "kota", "http://lapor.kota.example.id", 1, TODAY, 90, KEYS)
    with pytest.raises(LinkError, match="the address is not https"):
        describe(directory_from_mapping(OFFICE), "kota", "", 1, TODAY, 90, KEYS)


@pytest.mark.parametrize(
    ("keys", "waiting", "taken"),
    [
        (KEYS, KEY, True),
        ({"desk": KEY, "courier": KEY}, KEY, True),  # who keeps no names needs no key for them
        ({"identity": KEY, "courier": KEY}, KEY, False),
        ({"desk": KEY, "identity": KEY}, KEY, False),
        (KEYS | {"links": KEY}, KEY, False),
        (KEYS | {"desk": KEY[1:]}, KEY, False),
        (KEYS | {"courier": KEY + b"k"}, KEY, False),
        (KEYS, KEY[1:], False),
        (KEYS, b"", False),
        ({}, KEY, False),
    ],
)
def test_a_document_has_every_key_that_reports_are_sealed_to(
    keys: Mapping[str, bytes], waiting: bytes, taken: bool
) -> None:
    document = replace(made(), keys=keys, waiting=waiting)
    if taken:
        assert read_document(document.encode()) == document
    else:
        with pytest.raises(LinkError, match="a key is missing or is none"):
            read_document(document.encode())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": 2}, "a document of format 2"),
        ({"format": "1"}, "a document of format '1'"),
        ({"serial": "next"}, "not a document of a linked office"),
        ({"issued": "yesterday"}, "not a document of a linked office"),
        ({"keys": []}, "not a document of a linked office"),
        ({"waiting": "?"}, "not a document of a linked office"),
        ({"roster": {}}, "not a document of a linked office"),
    ],
)
def test_what_is_no_document_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(LinkError, match=says):
        read_document(json.dumps(json.loads(made().encode()) | changes).encode())


def later(document: LinkDocument, **changes: Any) -> LinkDocument:
    return replace(document, **changes)


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (made(), ""),
        # its time
        (later(made(), expires=TODAY), ""),
        (later(made(), expires=TODAY - timedelta(days=1)), "expired on 2026-11-26"),
        (later(made(), issued=TODAY + timedelta(days=1)), ""),  # of a clock that is a day ahead
        (later(made(), issued=TODAY + timedelta(days=2)), "is the office's clock right?"),
        (made(days=400), ""),
        (made(days=401), "is the office's clock right?"),
        # where phones reach it
        (later(made(), url="http://lapor.kota.example.id"), "is no https address"),
        (later(made(), url="https://localhost"), "is not where phones reach an office"),
        (later(made(), url=f"{URL}/?x="), "is not where phones reach an office"),
        (later(made(), url=f"{URL}/#x"), "is not where phones reach an office"),
        # whose it is
        (later(made(), code="kab"), "kab is Kabupaten Melati, which is here already"),
        (later(made(), code="kab-0"), "kab-0 is Kominfo, which is here already"),
        (later(made(), code="lapor"), "cannot be the code of a portal"),
        (later(made(), code="a..b"), "cannot be the code of a portal"),
        (later(made(), code="Kota"), "cannot be the code of a portal"),
        (later(made(), code="lain"), "a document of kota; it must be of lain alone"),
        (of('"91.71', '"91.01'), "region 91.01 is that of a government here already"),
        (of('"code": "91.71.01"', '"code": "91.01.02"'), "its directory is not whole"),
        (of('"kota-1"', '"kab-1"'), "kab-1 is not of kota, or is here already"),
        (of('"kota-0"', '"kota-9"'), ""),
    ],
)
def test_whose_document_a_nation_takes(document: LinkDocument, says: str) -> None:
    found = refused(document)
    assert says in found
    assert bool(says) == bool(found)


def test_on_one_machine_an_office_may_be_on_it_too() -> None:
    document = later(made(), url="http://127.0.0.1:8200")
    assert refused(document, url="http://localhost:8000") == ""
    assert "is not where phones reach an office" in refused(document)


def test_only_who_signed_before_signs_what_comes_later_and_no_older_document_is_taken() -> None:
    first = made(serial=5)
    assert refused(made(serial=6), standing=first) == ""
    assert refused(first, standing=first) == "", "the same file once more"
    assert "signed with another key" in refused(made(serial=6), signer=OTHER, standing=first)
    assert "serial 4, and 5 was taken already" in refused(made(serial=4), standing=first)
    assert "serial 5, and 5 was taken already" in refused(
        later(first, keys=KEYS | {"desk": b"x" * KEY_BYTES}), standing=first
    )


def test_an_office_that_is_of_another_region_than_before_is_asked_about() -> None:
    elsewhere = later(of('"91.71', '"91.72'), serial=6)
    assert "kota was of region 91.71, and this file is of 91.72" in refused(elsewhere, standing=made())
    assert refused(elsewhere) == "", "of a new office any region that is free"


def test_an_office_brings_no_district_or_unit_that_is_here() -> None:
    province = nation('"91.01"', '"91"')  # whose districts are all that no regency here has
    assert refused(made(), directory=province) == ""
    there = replace(province, districts=dict(directory_from_mapping(OFFICE).districts))
    assert "91.71.01 is not of kota, or is here already" in refused(made(), directory=there)
    beyond = replace(made(), plain=json.loads(text(made().plain).replace('"region": "91.71"', '"region": "91"')))
    assert refused(beyond) == ""
    assert "91.01.01 is not of kota, or is here already" in refused(
        replace(beyond, plain=json.loads(text(beyond.plain).replace("91.71.01", "91.01.01")))
    )


def test_what_a_nation_adds_later_is_told_where_it_is_a_linked_offices() -> None:
    office = LinkedOffice(SIGNER, made())
    assert clashes(nation(), [office]) == []
    for directory, named in (
        (nation("kab-0", "kota-0"), "kota-0"),
        (nation("91.01", "91.71"), "91.71.01, region 91.71"),
        (nation('"kab"', '"kota"'), "kota"),
        (replace(nation(), districts=dict(directory_from_mapping(OFFICE).districts)), "91.71.01"),
    ):
        (told,) = clashes(directory, [office])
        assert told == f"{named} is of kota, a linked office: `link remove kota` first, or leave it out"


def test_of_many_places_that_are_a_linked_offices_the_last_five_are_named() -> None:
    districts = [{"code": f"91.71.{n:02}", "name": f"Kenanga {n}"} for n in range(1, 9)]
    office = directory_from_mapping({**OFFICE, "districts": districts, "villages": []})
    document = replace(describe(office, "kota", URL, 1, TODAY, 90, KEYS), waiting=KEY)
    beside = replace(nation(), districts={**nation().districts, **office.districts})
    (told,) = clashes(beside, [LinkedOffice(SIGNER, document)])
    assert told.startswith("91.71.04, 91.71.05, 91.71.06, 91.71.07, 91.71.08 is of kota")
    there = refused(document, directory=beside)
    assert there.startswith("91.71.01, 91.71.02, 91.71.03, 91.71.04, 91.71.05 is not of kota")


def test_a_linked_office_stands_in_the_directory_with_its_own_topics_and_address() -> None:
    merged = with_offices(nation(), [LinkedOffice(SIGNER, made())])
    kota = merged.agencies["kota"]
    assert (kota.parent, kota.sorted_by, linked_url(kota)) == ("pusat", "", URL)
    assert [unit.code for unit in merged.units("kota")] == ["kota-0", "kota-1", "kota-2"]
    assert "atas" not in merged.agencies
    assert merged.instance_of_district("91.71.01") is kota
    assert {code: topic.unit for code, topic in merged.topics.items()} == {"jalan": "kab-0", "taman": ""}
    own = portal_of(merged, "kota")
    assert {code: topic.unit for code, topic in own.topics.items()} == {"jalan": "kota-2", "taman": ""}
    assert list(own.agencies) == ["pusat", "kota", "kota-0", "kota-1", "kota-2"]
    assert [linked_url(each) for each in (None, merged.agencies["kab"], merged.agencies["kota-0"])] == ["", "", ""]
    assert with_offices(merged, [LinkedOffice(SIGNER, made())]) is merged, "it is there already"
    assert with_offices(nation(), []) == nation()


def test_where_no_centre_stands_a_linked_office_stands_alone() -> None:
    alone = nation(', "parent": "pusat"', "")
    agencies = {code: agency for code, agency in alone.agencies.items() if code != "pusat"}
    merged = with_offices(replace(alone, agencies=agencies), [LinkedOffice(SIGNER, made())])
    assert merged.agencies["kota"].parent == ""
    assert list(portal_of(merged, "kota").agencies) == ["kota", "kota-0", "kota-1", "kota-2"]


def test_a_document_has_its_own_custodians_and_no_others() -> None:
    own = replace(made(), roster=next_roster("kota", None, FOUR))
    assert read_document(own.encode()) == own
    with pytest.raises(LinkError, match="the custodians of lain, in a document of kota"):
        read_document(replace(made(), roster=next_roster("lain", None, FOUR)).encode())
