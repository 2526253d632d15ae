"""Whose portal shows what, how it may look, and where a typed place may lie."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from functions.casework.directory import colours
from functions.casework.directory.agencies import Directory, FormerName, Village
from functions.casework.directory.place_search import find_places
from functions.casework.directory.portal import above, below, homes, portal_name, portal_of
from functions.casework.directory.portal_file import Look, decode_look, encode_look, hosts_twice, read_look
from functions.casework.directory.regions import regions
from functions.casework.directory.tables import DirectoryFaultsError
from functions.config.settings import ROOT
from tests.governments import PROVINCE, governments

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
MARK = SVG.format('<path d="M0 0h9v9z" fill="#123456"/>')


def test_a_portal_shows_its_own_agencies_places_and_topics_alone() -> None:
    directory, _ = governments()
    own = portal_of(directory, "samarinda")
    assert [agency.code for agency in own.instances()] == ["samarinda"]
    assert own.owner == "Pemerintah Kota Samarinda"
    assert {code.partition("-")[0] for code in own.agencies} == {"pusat", "samarinda"}
    assert all(code.startswith("64.72.") for code in (*own.districts, *own.villages))
    assert (len(own.districts), len(own.villages)) == (10, 59)
    assert portal_of(directory, "samarinda") is own, "it is made once"
    ours = {code for code, topic in directory.topics.items() if not topic.unit}
    assert set(own.topics) == ours < set(portal_of(directory, "kutim").topics)
    assert sum(len(places.districts) for places in homes(directory).values()) == len(directory.districts)


def test_who_stands_above_and_below_follows_from_the_regions() -> None:
    directory, _ = governments()
    assert [agency.code for agency in above(directory, "kutim")] == [PROVINCE]
    assert {agency.code for agency in below(directory, PROVINCE)} == {"kutim", "samarinda", "kukar"}
    assert (above(directory, PROVINCE), below(directory, "kutim")) == ((), ())
    assert (regions()["64"], regions()["64.08"]) == ("Kalimantan Timur", "Kabupaten Kutai Timur")
    assert sum("." not in code for code in regions()) == 38


@pytest.mark.parametrize(
    ("raw", "mark", "told"),
    [
        ({"name": "S" * 120}, "", "name has 120 signs; write at most 60"),
        ({"colour": "#ffee00"}, "", "colour #ffee00 has a contrast of 1.1 on light screens; choose a darker one"),
        ({"colour": "#0b5d57", "colour_dark": "#0b5d57"}, "", "on dark screens; choose a lighter one"),
        ({"colour": "hijau"}, "", "is no colour; write it like #0b5d57"),
        ({"colour_dark": "#ffffff"}, "", "name a colour for light screens too"),
        ({}, SVG.format("<script>alert(1)</script>"), "the mark has <script>, which may load or run something"),
        ({}, MARK.replace("<svg", '<svg onload="x()"'), "the mark has 'onload' on <svg>; remove it"),
        ({}, SVG.format('<image href="https://evil.example/x"/>'), "the mark has <image>"),
        ({}, SVG.format('<path d="M0 0" fill="url(https://evil.example/x)"/>'), "names an address in 'fill'"),
        ({}, '<!DOCTYPE svg [<!ENTITY a "b">]>' + MARK, "has a prologue or comment"),
        ({}, SVG.format("<path"), "the mark is no SVG"),
        ({}, MARK.replace(' viewBox="0 0 9 9"', ""), "must be an <svg> with a viewBox"),
        ({}, SVG.format(f'<path d="M0 0{"h1" * 1000}"/>'), "draw it simpler, in at most 2000"),
        ({}, SVG.format("<title>Jum'at</title>"), "has an apostrophe or a backslash"),
        ({"host": "https://lapor.example.id"}, "", "is no name of a host; write it like"),
        ({"contact": "tidak ada"}, "", "is no e-mail address; write it like"),
        ({"languages": ["en"]}, "", 'must be a list with "id"'),
        ({"lead": {"id": "x" * 200}}, "", "lead.id has 200 signs; write at most 160"),
        ({"lead": "Halo"}, "", "lead must be sentences by language"),
        ({"colour": 5}, "", "colour must be one line of text in quotation marks"),
        ({"color": "#0b5d57"}, "", "color: there is no such setting; remove it"),
    ],
)
def test_what_would_hurt_a_reader_is_refused_and_says_what_to_do(raw: dict[str, object], mark: str, told: str) -> None:
    with pytest.raises(DirectoryFaultsError) as caught:
        read_look(raw, mark, "portal.toml")
    assert told in str(caught.value)
    assert all(str(fault).startswith("portal.toml: ") for fault in caught.value.faults)


def test_a_look_is_kept_as_it_was_read_and_dark_screens_get_a_colour_of_their_own() -> None:
    look = read_look({"name": "Samarinda", "colour": "#7a1f5c", "lead": {"id": "Halo"}}, MARK, "portal.toml")
    assert decode_look(encode_look(look)) == look
    assert colours.least(look.colour, dark=False) >= colours.LEAST <= colours.least(look.colour_dark, dark=True)
    sheet = (ROOT / "site" / "assets" / "lapor.css").read_text()
    style = look.style(sheet)
    assert f"--brand:{look.colour};" in style
    assert f"--brand:{look.colour_dark};" in style
    drawn = style.partition("url(")[2].partition(") 50%")[0]
    assert drawn.startswith('"data:image/svg+xml,<svg '), "a picture in the sheet: no browser runs a script in one"
    assert drawn.count('"') == 2, drawn
    assert "#" not in drawn
    assert Look().style(sheet) == sheet
    with pytest.raises(ValueError, match="change BRANDS"):
        look.style("p{}")
    assert hosts_twice({"a": Look(host="x.id"), "b": Look(host="x.id")}) == [
        "host x.id is that of a already; give b another one"
    ]


def test_the_grounds_that_contrast_is_counted_on_are_those_of_the_sheet() -> None:
    sheet = Path(ROOT / "site" / "assets" / "lapor.css").read_text()
    light, dark = (re.findall(rf"--({name}):(#\w+)", sheet) for name in ["paper|card|ink|brand-ink"] * 2)
    known = [dict(light[:4]), dict(dark[4:])]
    for found, grounds, ink, text in (
        (known[0], colours.LIGHT_GROUNDS, colours.LIGHT_INK, colours.LIGHT_TEXT),
        (known[1], colours.DARK_GROUNDS, colours.DARK_INK, colours.DARK_TEXT),
    ):
        whole = {
            name: value if len(value) == 7 else "#" + "".join(2 * sign for sign in value[1:])
            for name, value in found.items()
        }
        assert (whole["paper"], whole["card"], whole["brand-ink"], whole["ink"]) == (*grounds, ink, text)


def test_a_place_is_found_by_any_of_its_names_and_one_that_lies_in_three_regencies_in_all() -> None:
    directory, _ = governments()
    found = find_places(directory, "Kecamatan SANGATTA  utara")
    assert [(each.instance.code, [d.code for d in each.districts]) for each in found] == [("kutim", ["64.08.04"])]
    (whole,) = find_places(directory, "kota samarinda")
    assert (whole.instance.code, len(whole.districts)) == ("samarinda", 10)
    assert find_places(directory, "sa") == find_places(directory, "entah") == ()
    spread = {code: Village(code, "Sukamaju") for code in ("64.08.04.2099", "64.72.01.2099", "64.02.01.2099")}
    more = Directory(
        directory.agencies, directory.topics, directory.districts, villages={**directory.villages, **spread}
    )
    assert {each.instance.code for each in find_places(more, "desa sukamaju")} == {"kutim", "samarinda", "kukar"}
    assert replace(directory) == directory


def test_a_door_of_one_government_names_no_portal() -> None:
    whole, _ = governments()
    assert portal_name(whole, "samarinda") == "Pemerintah Kota Samarinda"
    assert portal_name(whole, "samarinda-inspektorat") == portal_name(whole, "pusat") == portal_name(whole, "x") == ""
    assert portal_name(portal_of(whole, "samarinda"), "samarinda") == ""


def test_a_portal_tells_names_that_its_own_agencies_lost_and_units_that_it_has_no_more() -> None:
    whole, _ = governments()
    lost = [
        FormerName("samarinda", "Pemerintah Kota Lama", "2026-11-25"),
        FormerName("samarinda-inspektorat", "Inspektorat Lama", "2026-11-25", "samarinda"),
        FormerName("samarinda-gone", "Dinas yang dibubarkan", "2026-11-25", "samarinda"),
        FormerName("pusat", "Pusat Lama", "2026-11-25"),
    ]
    theirs = [
        FormerName("kukar", "Pemerintah Kabupaten Lama", "2026-11-25"),
        FormerName("kukar-gone", "Dinas di seberang", "2026-11-25", "kukar"),
    ]
    known = Directory(
        whole.agencies, whole.topics, whole.districts, former=(*lost, *theirs), villages=dict(whole.villages)
    )
    assert list(portal_of(known, "samarinda").former) == lost
