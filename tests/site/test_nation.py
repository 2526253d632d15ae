"""Portals of several governments: each shows its own, weighs as the only one does, and is frozen anew only if it changed."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import brotli
import pytest

from functions.casework.barometer.edition_files import write_edition_file
from functions.casework.directory.agencies import Directory, Level
from functions.casework.directory.check import check
from functions.casework.directory.portal import RESERVED
from functions.casework.directory.portal_file import Look
from functions.casework.directory.tables import merged, read_csv
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.local.processes import PROCESSES
from functions.web import layout
from tests import nation as invented
from tests.depth import deep
from tests.governments import PROVINCE, governments
from tests.pages import check_page
from tests.site import national
from tests.site.served import served, visit

HOME, FORM = 7_000, 14_000  # a first visit, in bytes as they cross the wire
MANY = deep(700, 60)
HOST = "lapor.samarinda.example.id"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = KeyDirectory(tmp_path_factory.mktemp("keys"))
    codes = [instance.code for instance in governments()[0].instances()]
    made.generate_all([(purpose, code) for code in codes for purpose in (Purpose.DESK, Purpose.IDENTITY)])
    return made.public_file


def frozen(
    freezer: ModuleType,
    out: Path,
    keys: Path,
    directory: Directory,
    looks: dict[str, Look],
    previous: Path | None = None,
) -> str:
    whole = freezer.Nation(directory, keys, "Pusat", (), (), "a@b.id", "https://lapor.example", 5, looks, previous)
    return str(freezer.freeze_all(whole, out, 1))


@pytest.fixture(scope="module")
def looks() -> dict[str, Look]:
    known = dict(governments()[1])
    return {
        **known,
        "samarinda": replace(known["samarinda"], host=HOST),
        "kukar": replace(known["kukar"], languages=("id",)),
    }


@pytest.fixture(scope="module")
def portals(
    portal: ModuleType,
    freezer: ModuleType,
    keys: Path,
    looks: dict[str, Look],
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    out = tmp_path_factory.mktemp("nation")
    assert frozen(freezer, out, keys, governments()[0], looks).endswith("4 portals (4 of them made anew)")
    return out


@pytest.fixture(scope="module")
def origin(portals: Path) -> Iterator[str]:
    with served(portals) as url:
        yield url


@pytest.mark.parametrize("code", ["kutim", "samarinda"])
def test_a_portal_among_several_weighs_no_more_than_stated(origin: str, portals: Path, code: str) -> None:
    for page, most in (("", HOME), ("lapor/", FORM)):
        html = (portals / code / page / "index.html").read_text()
        total = sum(len(head) + len(body) for head, body in visit(origin, f"/{code}/{page}", html).values())
        assert total <= most, (page, total)


def test_a_form_lists_its_own_agencies_and_who_stands_above_and_keys_are_one_instances(portals: Path) -> None:
    form = (portals / "samarinda" / "lapor" / "index.html").read_text()
    codes = re.findall(r'<option value="([^"]+)"', form)
    assert {code.partition("-")[0] for code in codes if code[0].isalpha()} == {"samarinda", PROVINCE, "lain"}
    assert f"{PROVINCE}-inspektorat" not in codes
    assert 'data-base="/samarinda"' in form
    for name in ("keys.json", "keys-desk.json"):
        told = json.loads((portals / "samarinda" / name).read_text())
        assert {key["instance"] for key in told["keys"]} == {"samarinda"}
        assert told["instances"] == [{"code": "samarinda", "region": "64.72"}]
    for name in ("keys.json", "keys-desk.json"):
        told = json.loads((portals / name).read_text())
        assert told["keys"] == [], "nobody needs the keys of all"
        assert {each["keys"] for each in told["instances"]} >= {f"/kutim/{name}", f"/samarinda/{name}"}
    assert set(json.loads((portals / "samarinda" / "desa.json").read_text())) == {f"64.72.{n:02}" for n in range(1, 11)}


def test_every_link_of_every_page_leads_to_a_file_or_to_a_door(portals: Path) -> None:
    doors = tuple(path for process in PROCESSES.values() for path in process.paths)
    pages = [page for page in portals.rglob("*.html") if "@" not in str(page)]
    assert len(pages) > 80
    for page in pages:
        root = check_page(page.read_text())
        for link in (*root.iter("a"), *root.iter("link"), *root.iter("script"), *root.iter("form")):
            path = (link.get("href") or link.get("src") or link.get("action") or "").partition("#")[0].partition("?")[0]
            if not path.startswith("/") or path == "/keluar" or path.startswith(doors):
                continue
            there = portals / path.removeprefix("/")
            assert (there / "index.html" if path.endswith("/") else there).is_file(), (page, path)


def test_each_looks_like_itself_and_speaks_its_own_languages(portals: Path) -> None:
    for code, name in (("samarinda", "Kota Samarinda"), ("kukar", "Kabupaten Kutai Kartanegara")):
        home, style = (portals / code / "index.html").read_text(), (portals / code / "lapor.css").read_text()
        assert f">{name}</p>" in re.sub(r"<svg.*?</svg>", "", home)
        assert f'href="/{code}/lapor.css"' in home
        assert "/assets/lapor." not in home, "one sheet, not two"
        assert f"lapor@{code}.example.id" in home
        assert "--brand:#0b5d57" not in style
        assert "data:image/svg+xml" in style
    assert not (portals / "kukar" / "en").exists()
    assert "English" not in (portals / "kukar" / "index.html").read_text()
    assert 'href="/kukar/"' in (portals / "en" / "wilayah" / "64" / "index.html").read_text()
    assert 'href="/samarinda/en/"' in (portals / "en" / "wilayah" / "64" / "index.html").read_text()
    assert "--brand:#0b5d57" in (portals / "kutim" / "lapor.css").read_text()
    about = json.loads((portals / "samarinda" / "manifest.webmanifest").read_text())
    assert (about["scope"], about["start_url"]) == ("/samarinda/", "/samarinda/lapor/")
    assert 'const BASE = "/samarinda"' in (portals / "samarinda" / "sw.js").read_text()


def test_at_its_own_host_a_portal_stands_at_the_root(portals: Path) -> None:
    home = (portals / f"@{HOST}" / "index.html").read_text()
    assert 'href="/lapor/"' in home
    assert "/samarinda/" not in home
    assert 'href="https://lapor.example/"' in home, "the way out leads to the nation's front"
    assert 'name="portal" value="@samarinda"' in (portals / f"@{HOST}" / "lapor" / "index.html").read_text()


def test_the_edge_asks_for_what_stands_in_the_folder_of_a_host_and_for_nothing_else_there(portals: Path) -> None:
    """Its function (infra/stacks/edge.yaml) cannot look whether a file is there, as one machine does."""
    edge = Path(__file__).resolve().parents[2] / "infra" / "stacks" / "edge.yaml"
    source = edge.read_text().replace("${Languages}", "en|jv")
    patterns = [re.compile(found) for found in re.findall(r"var (?:OWN|FILES) = /(.*)/;", source)]
    assert len(patterns) == 2
    folder = portals / f"@{HOST}"

    def paths(top: Path) -> set[str]:
        files = (path.relative_to(top).as_posix() for path in top.rglob("*") if path.suffix not in (".gz", ".br"))
        return {f"/{name.removesuffix('index.html')}" for name in files if (top / name).is_file()}

    asked = {path for path in paths(folder) if any(each.search(path) for each in patterns)}
    assert asked == paths(folder)
    codes = {"kutim", "samarinda", "kukar", PROVINCE}
    shared = {path for path in paths(portals) - paths(folder) if path.split("/")[1] not in codes | {folder.name}}
    beside = {path for path in shared if any(each.search(path) for each in patterns)}
    assert all(path.startswith(("/barometer/", "/en/barometer/")) for path in beside), beside
    assert {"/masuk/", "/wilayah.json", "/404.html", "/en/wilayah/64/"} <= shared - beside


def test_a_province_leads_to_its_regencies_and_one_without_places_says_that_it_takes_nothing(
    portal: ModuleType, freezer: ModuleType, keys: Path, portals: Path, tmp_path: Path
) -> None:
    assert 'href="/kutim/"' in (portals / PROVINCE / "lapor" / "index.html").read_text()
    directory, _ = governments()
    left = {code: each for code, each in directory.districts.items() if not code.startswith("64.72.")}
    villages = {code: each for code, each in directory.villages.items() if not code.startswith("64.72.")}
    frozen(freezer, tmp_path / "out", keys, replace(directory, districts=left, villages=villages), {}, portals)
    page = (tmp_path / "out" / "samarinda" / "lapor" / "index.html").read_text()
    assert "Di sini tidak ada laporan baru yang diterima" in page
    assert 'href="/samarinda/lacak/"' in page
    assert "samarinda" not in (tmp_path / "out" / "wilayah.json").read_text()


@pytest.mark.long
def test_only_what_changed_is_made_anew_and_the_bytes_are_the_same(
    portal: ModuleType, freezer: ModuleType, keys: Path, looks: dict[str, Look], portals: Path, tmp_path: Path
) -> None:
    directory = governments()[0]
    whole, part = tmp_path / "whole", tmp_path / "part"
    renamed = replace(directory.agencies["kukar-dishub"], name="Dinas Lampu dan Jalan")
    changed = replace(directory, agencies={**directory.agencies, "kukar-dishub": renamed})
    assert "(1 of them made anew)" in frozen(freezer, part, keys, changed, looks, portals)
    assert "(4 of them made anew)" in frozen(freezer, whole, keys, changed, looks)
    assert _bytes(part) == _bytes(whole)
    assert "Dinas Lampu dan Jalan" in (part / "kukar" / "lapor" / "index.html").read_text()
    one = "kutim/index.html"
    assert (part / one).samefile(portals / one), "taken over, not copied"
    assert "Dinas Lampu" not in (portals / "kukar" / "lapor" / "index.html").read_text(), "the earlier one is whole"
    looking = {**looks, "kutim": Look(colour="#123a6b", colour_dark="#9db8dd")}
    assert "(1 of them made anew)" in frozen(freezer, tmp_path / "looks", keys, changed, looking, part)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_front_of_a_whole_nation_stays_light_and_no_page_of_places_is_long(
    portal: ModuleType, freezer: ModuleType, tmp_path: Path
) -> None:
    paths = invented.write(tmp_path, MANY, MANY * 5)
    directory = check(merged({}, [read_csv(str(path), path.read_text()) for path in paths.values()])).directory
    app = freezer.create_nation(directory, "Pusat")
    client = app.test_client()
    sheet = len(brotli.compress(portal.published_bytes(portal.asset_files()["lapor.css"])))
    pages = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/wilayah/", "/tempat/"))} | {"/"}
    assert len(pages) > invented.PROVINCES
    for path in pages:
        text = client.get(path).get_data()
        if path != "/wilayah.json":
            assert text.count(b"<li>") < 200, path
            assert len(brotli.compress(text)) + sheet < HOME, path
    index = json.loads(client.get("/wilayah.json").text)
    assert len(index) == MANY - invented.PROVINCES


def test_no_page_of_places_is_long_whatever_their_names_share(
    portal: ModuleType, freezer: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nation

    some = [nation.Named(f"simpang{number:04}", f"Simpang {number}", "", "kutim") for number in range(999)]
    same = [nation.Named("sukamaju", "Sukamaju", f"Kecamatan {number}", "kutim") for number in range(999)]
    monkeypatch.setattr(nation, "_named", lambda _: iter(some + same))
    shelves = nation._shelves(governments()[0])
    assert {letters: len(places) for letters, (places, _) in shelves.items() if len(places) > nation.MOST} == {
        "sukamaju": 999  # nothing tells them apart but where they are
    }
    assert shelves["s"] == ([], ("si", "su"))
    assert shelves["si"] == ((), ("simpang0",))
    assert sum(len(places) for places, _ in shelves.values()) == 999 + 999


def test_no_code_of_an_instance_hides_a_page_at_the_root(portal: ModuleType, freezer: ModuleType) -> None:
    several, alone = freezer.create_nation(governments()[0], "Pusat"), portal.create_app()
    doors = {path for process in PROCESSES.values() for path in process.paths}
    rules = {rule.rule for app in (several, alone) for rule in app.url_map.iter_rules()} | doors
    first = {rule.strip("/").partition("/")[0] for rule in rules} - {"", ".well-known"}
    assert first <= RESERVED
    assert layout.COMMON.strip("/") in RESERVED


@pytest.mark.long
def test_a_new_edition_leaves_the_pages_of_those_before_as_they_are(
    portal: ModuleType, freezer: ModuleType, tmp_path: Path
) -> None:
    import inputs

    directory = national.directory_of(2)
    editions = national.editions(directory, 2, units=1)
    for name, some in (("before", editions[:1]), ("after", editions)):
        (tmp_path / f"{name}-editions").mkdir()
        for edition in some:
            write_edition_file(edition, tmp_path / f"{name}-editions", apart=True)

    def made(name: str, editions: str, previous: str = "") -> Path:
        folder = tmp_path / f"{editions}-editions"
        shown = directory, None, "Pusat", inputs.read_editions(folder), (), "a@b.id", "https://lapor.example", 5, {}
        freezer.freeze_all(
            freezer.Nation(*shown, tmp_path / previous if previous else None, folder), tmp_path / name, 1
        )
        return tmp_path / name

    first, second, whole = made("first", "before"), made("second", "after", "first"), made("whole", "after")
    assert _bytes(second) == _bytes(whole)
    month = editions[0].month
    for name in ("dinas/prov-11-0/index.html", "data.csv"):
        own = f"prov-11/barometer/{month}/{name}"
        assert (second / own).samefile(first / own), name
    assert (second / f"barometer/{month}/data.csv").samefile(first / f"barometer/{month}/data.csv")
    assert not (second / f"prov-11/barometer/{month}/index.html").samefile(
        first / f"prov-11/barometer/{month}/index.html"
    )


NEW, CODE = "kab-076", "kab-038"  # of one province


def few() -> Directory:
    """Two provinces with two regencies each, and one more of the first."""
    whole = national.directory_of(80)
    kept = {"pusat", "prov-11", "prov-12", CODE, "kab-039", "kab-077", NEW}
    return replace(whole, agencies={code: each for code, each in whole.agencies.items() if code in kept})


CHANGES = ("edition", "correction", "renamed", "retired", "language")


@pytest.mark.long
@pytest.mark.parametrize("what", CHANGES)
def test_the_fronts_barometer_is_taken_over_where_it_follows_from_the_same(
    portal: ModuleType, freezer: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Whatever changed, what is taken over is what would be made; and of an edition before the change all is."""
    directory = few()
    editions = national.editions(directory, 4, units=0)
    looks: dict[str, Look] = {CODE: Look(languages=("id",))} if what == "language" else {}
    agencies, after = dict(directory.agencies), editions
    if what == "renamed":
        agencies[CODE] = replace(agencies[CODE], name="Pemerintah Kabupaten Lain", level=Level.KOTA)
    if what == "retired":
        del agencies[CODE]
    if what == "correction":
        places = [replace(p, name="Pemerintah Benar") if p.code == CODE else p for p in editions[1].places]
        after = (editions[0], replace(editions[1], number=2, places=tuple(places)), *editions[2:])
    changed = replace(directory, agencies=agencies)

    def front(name: str, directory: Directory, editions: Any, looks: Any, previous: Path | None = None) -> Path:
        shown = directory, None, "Pusat", editions, (), "a@b.id", "https://a.example", 5, looks, previous
        front_alone(freezer, freezer.Nation(*shown), tmp_path / name)
        return tmp_path / name

    before = front("before", directory, editions[:-1] if what == "edition" else editions, {})
    whole, made = front("whole", changed, after, looks), built(monkeypatch)
    assert _bytes(front("part", changed, after, looks, before)) == _bytes(whole)
    of_before = re.compile(rf"(/en)?/barometer/{editions[0].month}/")
    assert [each for each in made if of_before.match(each)] == [] or what in ("renamed", "retired", "language")
    assert [each for each in made if each.startswith("/barometer/instansi/")]


def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that are made from now on."""
    import frozen_files

    made, build = list[str](), frozen_files.Builder.build

    def noting(self: Any, share: list[str]) -> list[Path]:
        made.extend(share)
        return build(self, share)

    monkeypatch.setattr(frozen_files.Builder, "build", noting)
    return made


def front_alone(freezer: ModuleType, nation: Any, out: Path) -> None:
    """The front and the list of what it was made from, without the portals."""
    shown = nation.directory, nation.operator, nation.editions, nation.contact, nation.address, 5, nation.looks
    settled = freezer.as_before(nation.front(), freezer.read_manifest(nation.previous))
    freezer.freeze(freezer.create_nation(*shown), out, 1, nation.previous, settled)
    (out / "portal.json").write_text(json.dumps(dict(nation.front())))


@pytest.mark.long
def test_one_government_more_makes_its_own_portal_and_what_lists_it_and_no_more(
    portal: ModuleType, freezer: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The budget of ``instances add``, in pages and files made; seconds are measured (docs/scale.md)."""
    import frozen_files

    whole, code = few(), NEW
    region = whole.agencies[code].region
    old = replace(whole, agencies={each: agency for each, agency in whole.agencies.items() if each != code})
    editions, made = national.editions(old, 3, units=0), list[str]()
    build = frozen_files.Builder.build

    def counting(self: Any, share: list[str]) -> list[Path]:
        top = self._out.relative_to(tmp_path / "after").as_posix().strip(".")
        made.extend(top + address for address in share)
        return build(self, share)

    def freeze(directory: Directory, name: str, previous: Path | None = None) -> str:
        shown = directory, None, "Pusat", editions, (), "a@b.id", "https://lapor.example", 5, {}
        return str(freezer.freeze_all(freezer.Nation(*shown, previous), tmp_path / name, 1))

    freeze(old, "before")
    monkeypatch.setattr(frozen_files.Builder, "build", counting)
    assert "(2 of them made anew)" in freeze(whole, "after", tmp_path / "before"), "and its province, which leads to it"
    front = [address for address in made if address.startswith("/")]
    assert {address.partition("/")[0] for address in made} == {"", code, "prov-11"}
    assert sum(address.startswith(f"{code}/") for address in made) > 20
    assert [address for address in front if "/barometer/" in address] == []
    assert len(front) < 90, "pages of places and of provinces, and what stands at the root"
    files = [path for path in (tmp_path / "after").rglob("*") if path.is_file()]
    fresh = {str(path.relative_to(tmp_path / "after")) for path in files if path.stat().st_nlink == 1}
    lists = re.compile(
        rf"{code}/|prov-11/((en/)?lapor/index\.html|sw\.js)|(en/)?(index\.html|lapor/index\.html|lacak/kata\.json|wilayah/{region[:2]}/|tempat/)|"
        r"(wilayah|keys|keys-desk|portal)\.json"
    )
    assert [name for name in sorted(fresh) if not lists.match(name)] == []
    assert sum(name.startswith(f"{code}/") for name in fresh) > 60
