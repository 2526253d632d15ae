"""Two machines, as they run: a nation, and Kutai Timur as a small office of its own. Somebody in Samarinda's portal writes
about Kutai Timur's road; it is answered there, read with one receipt, counted once, and the nation has no word of it."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import Browser, expect

from functions.cli.main import cli
from functions.config.settings import DEMO, Settings, load_directory, load_settings
from functions.local.setup import prepare_store
from functions.storage.choose_store import open_store
from functions.storage.interface import Notice, Scope
from functions.storage.registers.editions import write_edition
from tests.browser.writing import Writer
from tests.counted_once import Barometer, barometer, once
from tests.depth import DEEP
from tests.linked import CODE, nation_directory, nation_files
from tests.server import Client, Running, free_port, running, wait_for
from tests.site.edition import edition_of
from tests.wrong_portal import asked, written

__test__ = DEEP  # freezing three portals, and two products: 37 s of CPU. Every day: tests/doors/test_relay.py
MONTH, KUTIM = "2026-10", "Pemerintah Kabupaten Kutai Timur"
WORDS = "Jalan poros Sangatta berlubang dekat KANARI-KATA, dua motor jatuh malam tadi."
PLACE, SUBJECT = "simpang KANARI-TEMPAT", "Jalan KANARI-JUDUL rusak"
CANARIES = ("KANARI-KATA", "KANARI-TEMPAT", "KANARI-JUDUL")


class Machines:
    """The two products, and their folders."""

    def __init__(self, nation: Running, office: Running, folders: tuple[Path, Path]) -> None:
        self.nation, self.office = nation, office
        self.nation_folder, self.office_folder = folders


def ops(settings: dict[str, str], *arguments: str) -> str:
    done = CliRunner().invoke(cli, arguments, env=settings)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    top = tmp_path_factory.mktemp("machines")
    there, here = ({"DATA_DIR": str(top / name), "PORT": str(free_port())} for name in ("office", "nation"))
    here |= nation_files(top)
    office = load_settings(there)
    prepare_store(office)
    write_edition(open_store(office), edition_of(load_directory(DEMO / "kutai-timur.toml"), MONTH))
    ops(there, "link", "export", "--out", str(top / "a.json"))
    heard = ops(there, "link", "fingerprint").strip()
    prepare_store(load_settings(here))
    ops(here, "link", "add", str(top / "a.json"), "--fingerprint", heard, "--no-portal")
    with ExitStack() as stack:
        served = stack.enter_context(running(top / "office", port=int(there["PORT"]), POW_DIFFICULTY="1000"))
        front = stack.enter_context(
            running(top / "nation", port=int(here["PORT"]), POW_DIFFICULTY="1000", **nation_files(top))
        )
        yield Machines(front, served, (top / "nation", top / "office"))


def jpeg() -> bytes:
    out = BytesIO()
    Image.new("RGB", (320, 200), "red").save(out, "JPEG")
    return out.getvalue()


def signed_in(machines: Machines, address: str) -> Client:
    """An officer of the office, by the link in their first letter."""
    officer = Client(machines.office.url)
    officer.csrf = officer.post("/desk/session", {"token": officer.token(0, address)})["csrf"]
    return officer


def test_written_at_the_nation_answered_at_the_office_and_read_with_one_receipt(machines: Machines) -> None:
    before = counted(machines)
    receipt = written(machines.nation.url, WORDS, place=PLACE, subject=SUBJECT)
    code, shown = wait_for(lambda: arrived(machines, receipt))
    assert (code, f'href="{machines.office.url}/lacak/"' in shown) == (421, True)
    reporter = Client(machines.office.url)
    thread = reporter.post("/api/thread", {"receipt": receipt})
    assert (thread["messages"][0]["body"], thread["sealed"]) == (WORDS, "server")
    case = f"/desk/cases/{thread['tracking_id']}"
    coordinator = signed_in(machines, "koordinator1@diskominfo.example.id")
    view = coordinator.get(case)
    assert view["messages"][0]["body"] == WORDS
    unit = view["routing"]["proposed"]
    coordinator.post(f"{case}/handover", {"agency": unit, "reason": "Kewenangan dinas."})
    staff = coordinator.get("/dev/directory.json")["officers"]
    officer = signed_in(machines, next(each["email"] for each in staff if each["agency"] == unit))
    said = {"body": "Kami tambal hari Kamis.", "message_key": "kunci0001"}
    officer.post(f"{case}/messages", said, 201)
    assert reporter.post("/api/thread", {"receipt": receipt})["messages"][-1]["body"] == said["body"]
    nothing_here(machines, receipt, thread["tracking_id"])
    once(CODE, before, lambda: counted(machines))


def test_sealed_on_the_phone_and_led_to_the_office_by_the_same_code(browser: Browser, machines: Machines) -> None:
    writer = Writer(browser, machines.nation.url)
    writer.go("/samarinda/lapor/")
    writer.write("Apa yang terjadi?", WORDS)
    writer.choose("Di kecamatan mana?", "Di daerah lain…")
    writer.page.locator("#daerah option", has_text=KUTIM).wait_for(state="attached")
    writer.choose("Di kabupaten atau kota mana?", KUTIM)
    writer.page.locator("#district optgroup").wait_for(state="attached")
    writer.page.get_by_label("Di kecamatan mana?").select_option(value="64.08.04")
    writer.press("Periksa sebelum dikirim")
    writer.press("Kirim laporan", 201)
    receipt = writer.code()
    photo = {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    form = writer.page.locator("form:has(input[type=file])")
    form.locator("input[type=file]").set_input_files(photo)
    form.get_by_role("button", name="Kirim berkas ini").click()
    writer.page.get_by_text("memakai mesin sendiri").wait_for()  # and not tried again for ever
    writer.forgive("/api/thread/sealed: 421")  # the nation has no such case, and says where it is
    assert not any(WORDS[:20].encode() in sent for sent in writer.sent), "not a word left the phone in clear"
    assert wait_for(lambda: arrived(machines, receipt), 60)
    writer.leave()
    context = browser.new_context(locale="id-ID")  # a ``Person`` takes the old way, by which the server reads the code
    reader, sent = context.new_page(), list[str]()
    reader.on("request", lambda request: sent.append(f"{request.url} {request.headers} {request.post_data or ''}"))
    reader.goto(f"{machines.nation.url}/lacak/")
    reader.locator("#receipt").fill(receipt)
    reader.locator("form:has(#receipt) button").click()
    there = reader.get_by_role("link", name=f"Buka di {KUTIM}")
    there.wait_for()
    assert there.get_attribute("href") == f"{machines.office.url}/lacak/"
    there.click()
    reader.wait_for_url(f"{machines.office.url}/lacak/")
    reader.locator("#receipt").fill(receipt)
    reader.locator("form:has(#receipt) button").click()
    reader.locator(".track").wait_for()
    expect(reader.get_by_text(WORDS)).to_be_visible()
    told = [line for line in sent if receipt in line or receipt.replace("-", "") in line]
    assert told == [], "the code stayed on the phone"
    context.close()
    thread = Client(machines.office.url).post("/api/thread", {"receipt": receipt})
    assert (thread["sealed"], thread["messages"][0]["body"]) == ("browser", WORDS)
    assert not [
        path for path in machines.nation_folder.rglob("*") if path.is_file() and has(path, [*CANARIES, receipt])
    ]


def counted(machines: Machines) -> dict[str, Barometer]:
    """The barometers of both at this month's end."""
    stores = {"office": (machines.office_folder, load_directory(DEMO / "kutai-timur.toml"))}
    stores["nation"] = machines.nation_folder, nation_directory()
    found = {}
    for name, (folder, directory) in stores.items():
        settings = settings_of(folder)
        found[name] = barometer(open_store(settings), directory, settings.today())
    return found


def arrived(machines: Machines, receipt: str) -> tuple[int, str] | None:
    told = asked(machines.nation.url, "/api/thread", {"receipt": receipt, "portal": "samarinda"})
    return told if "sudah sampai" in told[1] else None


def nothing_here(machines: Machines, receipt: str, number: str) -> None:
    """Neither a word nor the code nor the number is in a file or a line of the nation, and it has no case. That the
    search finds what is there is proved by the office's own number, which its store has in clear."""
    hunted = [*CANARIES, receipt, receipt.replace("-", ""), number]
    assert not [path for path in machines.nation_folder.rglob("*") if path.is_file() and has(path, hunted)]
    assert [path for path in machines.office_folder.rglob("*") if path.is_file() and has(path, [number])]
    assert not [line for line in machines.nation.lines if any(each in line for each in hunted)]
    store, known = open_store(settings_of(machines.nation_folder)), nation_directory()
    assert [cases(store, code) for code in (*(each.code for each in known.instances()), CODE)] == [0, 0]
    assert cases(open_store(settings_of(machines.office_folder)), CODE) >= 1
    assert not [entry for entry in store.waiting() if entry.notice is Notice.RELAYED]


def has(path: Path, hunted: list[str]) -> bool:
    try:
        raw = path.read_bytes()
    except OSError:  # a file of SQLite's that is gone meanwhile
        return False
    return any(each.encode() in raw for each in hunted)


def settings_of(folder: Path) -> Settings:
    return load_settings({"DATA_DIR": str(folder)})


def cases(store: object, code: str) -> int:
    return len(store.page(Scope.INSTANCE, code).heads)  # type: ignore[attr-defined]


def test_the_offices_barometer_is_shown_at_the_nation_and_each_case_is_counted_once(machines: Machines) -> None:
    theirs = places(machines.office)
    ours = wait_for(lambda: [each for each in places(machines.nation) if each["kode_instansi"] == CODE], 60)
    (itself,) = [each for each in theirs if each["tingkat"] == "instansi"]
    assert ours == [itself], "the nation's front lists governments, each once"
    assert places(machines.nation, f"/{CODE}") == theirs, "and what is below it stands in its portal"
    assert asked(machines.nation.url, f"/{CODE}/barometer/")[0] == 200


def places(product: Running, portal: str = "") -> list[dict[str, object]]:
    found = json.loads(asked(product.url, f"{portal}/barometer/data.json")[1])["places"]
    return [each for each in found if isinstance(each, dict)]


def test_the_nations_portal_of_the_office_seals_to_the_offices_keys(machines: Machines) -> None:
    def key(product: Running, path: str) -> set[str]:
        return {each["key_id"] for each in json.loads(asked(product.url, path)[1])["keys"]}

    assert key(machines.nation, f"/{CODE}/keys.json") == key(machines.office, "/keys.json") != set()
    words = json.loads(asked(machines.nation.url, "/samarinda/lacak/kata.json")[1])
    assert words["offices"] == {CODE: ["Pemerintah Kabupaten Kutai Timur", machines.office.url]}
    assert json.loads(asked(machines.nation.url, "/lacak/kata.json")[1])["offices"] == words["offices"]
