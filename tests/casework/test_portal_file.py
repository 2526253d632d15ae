"""What a portal's file may say, to the last sign that fits, and how a portal looks by it."""

from typing import Any

import pytest

from functions.casework.directory import colours
from functions.casework.directory.portal_file import BRANDS, Look, decode_look, encode_look, hosts_twice, read_look
from functions.casework.directory.tables import DirectoryFaultsError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
MARK = SVG.format('<path d="M0 0h9v9z"/>')


def told(raw: dict[str, Any], mark: str = "") -> list[str]:
    """What is wrong with a file and its mark; nothing if they are taken."""
    try:
        read_look(raw, mark, "portal.toml")
    except DirectoryFaultsError as error:
        return [fault.text for fault in error.faults]
    return []


def of_bytes(count: int) -> str:
    return SVG.format("<title>" + "x" * (count - len(SVG.format("<title></title>"))) + "</title>")


@pytest.mark.parametrize(
    ("raw", "mark", "says"),
    [
        ({}, "", ""),
        ({"name": "S" * 60}, "", ""),
        ({"name": "S" * 61}, "", "name has 61 signs; write at most 60"),
        ({"operator": "S" * 160}, "", ""),
        ({"operator": "S" * 161}, "", "operator has 161 signs; write at most 160"),
        ({"contact": "l" * 140 + "@kab.example.id"}, "", ""),
        ({"contact": "l" * 150 + "@kab.example.id"}, "", "contact has 165 signs; write at most 160"),
        ({"contact": ""}, "", ""),
        ({"host": ""}, "", ""),
        ({"host": "lapor.kab.example.id"}, "", ""),
        ({"host": "localhost"}, "", "is no name of a host"),
        ({"host": "Lapor.kab.example.id"}, "", "is no name of a host"),
        ({"host": "a.id"}, "", ""),
        ({"host": ".".join(["a" * 61] * 4) + ".id"}, "", ""),
        (
            {"host": ".".join(["a" * 63] * 3) + ".aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.id"},
            "",
            "no name of a",
        ),
        ({"name": "Kota\nSamarinda"}, "", "name must be one line of text in quotation marks"),
        ({"name": ["Kota"]}, "", "name must be one line of text in quotation marks"),
        ({"lead": {}}, "", ""),
        ({"lead": {"id": "x" * 160}}, "", ""),
        ({"lead": {"id": "x" * 161}}, "", "lead.id has 161 signs; write at most 160"),
        ({"lead": {"en": "x" * 161}}, "", "lead.en has 161 signs; write at most 160"),
        ({"lead": {"jv": "Sugeng"}}, "", "lead must be sentences by language"),
        ({"lead": {"id": 5}}, "", "lead.id must be one line of text in quotation marks"),
        ({"languages": ["id"]}, "", ""),
        ({"languages": ["id", "jv", "bjn"]}, "", ""),
        ({"languages": []}, "", 'languages must be a list with "id"'),
        ({"languages": "id"}, "", 'languages must be a list with "id"'),
        ({"languages": ["id", "e"]}, "", 'languages must be a list with "id"'),
        ({"languages": ["id", "Jawa"]}, "", 'languages must be a list with "id"'),
        ({"languages": ["id", 5]}, "", 'languages must be a list with "id"'),
        ({"colour": "#0b5d57"}, "", ""),
        ({"colour": "#0b5d57", "colour_dark": "#62c6b8"}, "", ""),
        ({"colour": "#0b5d5"}, "", "colour '#0b5d5' is no colour"),
        ({"colour": "#0b5d57", "colour_dark": "terang"}, "", "colour_dark 'terang' is no colour"),
        ({}, MARK, ""),
        ({}, of_bytes(2000), ""),
        ({}, of_bytes(2001), "the mark has 2001 bytes; draw it simpler"),
        ({}, SVG.format("<title>Kotä</title>"), ""),
        ({}, SVG.format("<!-- x -->"), "the mark has a prologue or comment"),
        ({}, "<?xml version='1.0'?>" + MARK, "the mark has a prologue or comment"),
        ({}, SVG.format("<title>a\\b</title>"), "the mark has an apostrophe or a backslash"),
        ({}, '<g xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "must be an <svg> with a viewBox"),
        ({}, '<svg viewBox="0 0 9 9"><path d="M0 0"/></svg>', "must be an <svg> with a viewBox"),
        ({}, SVG.format('<g transform="rotate(45)"><path d="M0 0"/></g>'), ""),
        ({}, SVG.format('<path d="M0 0" stroke="url(#a)"/>'), "the mark names an address in 'stroke'"),
        ({}, SVG.format('<path d="M0 0" style="fill:red"/>'), "the mark has 'style' on <path>; remove it"),
        ({}, SVG.format('<path xmlns="http://www.w3.org/1999/xhtml" d="M0 0"/>'), "which may load or run something"),
        ({}, SVG.format('<path d="M0 0" style="x"/>' * 3), "the mark has 'style' on <path>; remove it"),
    ],
)
def test_what_a_portals_file_may_say(raw: dict[str, Any], mark: str, says: str) -> None:
    found = told(raw, mark)
    assert len(found) == bool(says)
    assert not says or says in found[0]


def test_a_colour_alone_gets_one_for_dark_screens_and_no_colour_gets_none() -> None:
    assert (read_look({}, "", "x").colour, read_look({}, "", "x").colour_dark) == ("", "")
    both = read_look({"colour": "#0b5d57", "colour_dark": "#62c6b8"}, "", "x")
    assert both.colour_dark == "#62c6b8"
    alone = read_look({"colour": "#0b5d57"}, "", "x")
    assert alone.colour_dark not in ("", "#0b5d57")
    assert colours.least(alone.colour_dark, dark=True) >= colours.LEAST


@pytest.mark.parametrize(
    ("named", "read"),
    [
        (None, ("id", "en")),
        (["en", "id"], ("id", "en")),
        (["id"], ("id",)),
        (["jv", "id", "jv", "en"], ("id", "en", "jv")),
    ],
)
def test_indonesian_stands_first_and_each_language_once(named: list[str] | None, read: tuple[str, ...]) -> None:
    raw = {} if named is None else {"languages": named}
    assert read_look(raw, "", "portal.toml").languages == read


def test_a_sheet_has_the_portals_own_colours_and_washes_in_place_of_ours() -> None:
    light, dark = BRANDS
    sheet = "".join(f"{{--brand:{b.colour};--brand-wash:{b.wash};}}" for b in BRANDS)
    own = read_look({"colour": "#7a1f5c", "colour_dark": "#f0b0d8"}, "", "x")
    assert own.style(sheet) == (
        f"{{--brand:#7a1f5c;--brand-wash:{colours.wash('#7a1f5c', dark=False)};}}"
        f"{{--brand:#f0b0d8;--brand-wash:{colours.wash('#f0b0d8', dark=True)};}}"
    )
    assert Look().style(sheet) == sheet
    twice = sheet + f"--brand:{light.colour}"
    assert own.style(twice).endswith(f"--brand:{light.colour}"), "the first alone"
    for missing in (light.colour, dark.wash):
        with pytest.raises(ValueError, match="change BRANDS"):
            own.style(sheet.replace(missing, "#000000"))


def test_a_look_of_a_later_release_is_read_and_what_is_none_is_told() -> None:
    look = read_look({"name": "Kota Kenanga"}, MARK, "x")
    assert decode_look(encode_look(look)) == look
    with pytest.raises(ValueError, match="how a portal looks cannot be read"):
        decode_look(b"torn")


def test_a_host_is_one_portals() -> None:
    looks = {"a": Look(host="x.id"), "b": Look(), "c": Look(), "d": Look(host="y.id")}
    assert hosts_twice(looks) == []
    assert hosts_twice({**looks, "e": Look(host="x.id"), "f": Look(host="x.id")}) == [
        "host x.id is that of a already; give e another one",
        "host x.id is that of a already; give f another one",
    ]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        # as WCAG 2.2 counts it: white on black is the most, a colour on itself the least
        ("#ffffff", "#000000", 21.0),
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#777777", 1.0),
        ("#767676", "#ffffff", 4.54),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
        ("#008000", "#ffffff", 5.14),
        ("#0a0a0a", "#ffffff", 19.8),
        ("#0b0b0b", "#000000", 1.07),
    ],
)
def test_contrast_is_what_the_standards_examples_say(one: str, other: str, ratio: float) -> None:
    assert round(colours.contrast(one, other), 2) == ratio


def test_a_colour_is_mixed_by_its_share() -> None:
    assert [colours.mixed("#ff8000", "#000000", share) for share in (0, 0.5, 1)] == ["#000000", "#804000", "#ff8000"]
