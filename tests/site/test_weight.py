"""What visits weigh, in bytes as they cross the wire to a browser that takes brotli, heads included; and what a second
visit asks for. What the whole of a report weighs is in ``tests/bench``."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
from playwright.sync_api import Browser

from functions.casework.directory.agencies import AgencyKind, Directory, FormerName
from functions.casework.receipt import parse_receipt
from functions.crypto.seal.sealing import receipt_keys
from functions.web import layout
from tests.browser.people import Person
from tests.browser.scene import Scene
from tests.pages import check_page
from tests.server import Running, running
from tests.site.served import answer, ask, served, visit

BUDGETS = {
    "/": 7_000,
    "/lapor/": 10_930,
    "/en/": 7_000,
    "/en/lapor/": 10_930,
    "/lapor/antrean/": 11_400,
    "/lacak/": 19_850,  # 9,850 without script; both name the parts that come later, with their hashes
    "/masuk/": 8_200,
    "/masuk/kustodian/": 8_200,
    "/privasi/": 11_200,
    "/laporan/": 6_500,
}
# Besides the usual: the quick exit's script, and what reads the thread on the phone.
MOST_REQUESTS = {"/lacak/": 5, "/lapor/antrean/": 4}
REQUESTS = 3
# The pages that doors answer with. They hold a secret beside what others wrote, so nothing compresses them.
MOST_THREAD, MOST_CHECK, MOST_RECEIPT = 15_850, 12_350, 14_850
FORMER_NAMES = 100
MESSAGES = (
    "Kami sudah menerima laporan ini. Di desa mana letak jembatannya, dan apakah masih bisa dilewati sepeda motor?",
    "Di Desa Benua Baru, dekat sekolah. Motor tidak bisa lewat lagi sejak hujan Senin. Anak-anak naik perahu.",
    "Terima kasih. Tim kami memeriksa jembatan itu Kamis pagi. Sementara ini perahu desa menyeberangkan anak-anak.",
)
# The body of each piece. What the form loads at the first key, while somebody writes; and what it loads at the end.
WITH_THE_FORM = {"tulis.js": 1_490}
AT_THE_FIRST_KEY = {
    "segel.js": 13_560,  # with the key of the reporter's acts
    "formulir.js": 20_950,
    "/lapor/bagian/": 5_650,
    "/keys-desk.json": 1_600,
}
WITH_THE_CODE = {"lacak.js": 8_920, "/lacak/kata.json": 5_800}  # a look at the thread on the phone
# In the thread, only with the first file; and only where there is something to say yes or no to.
WITH_THE_FIRST_FILE = {"berkas.js": 6_600, "/lacak/berkas.json": 1_600}
WITH_A_QUESTION = {"izin.js": 2_100, "/lacak/izin.json": 1_800}
# Where a name was left or is about to be; and what seals one that is left later.
WITH_A_NAME = {"nama.js": 4_350, "/lacak/nama.json": 2_900}
ONLY_SOME = {"titip.js": 12_300, "tanda.js": 4_250}  # the second where the browser has no Ed25519
# How much more a look at the thread weighs with script than without: the first one, and each further one.
MORE_COLD, MORE_WARM = 16_000, 6_000
WHERE_ASKED_FOR = {"qr.js": 4_500, "tentang.js": 3_950}  # the second once the report is checked
# Once all of that is there: what lets the form open, and a report wait, without a network; and with the first photo.
AFTERWARDS = {
    "/sw.js": 4_400,  # it names hashes, which differ by some bytes from build to build
    "/manifest.webmanifest": 400,
    "foto.js": 5_900,
}  # which makes photos anew, seals and signs them
ON_THE_QUEUES_PAGE = {"antrean.js": 2_000}
MOST_AT_THE_FIRST_KEY = 41_500


@pytest.fixture(scope="module")
def origin(frozen: Path) -> Iterator[str]:
    with served(frozen) as url:
        yield url


@pytest.mark.parametrize("path", BUDGETS)
def test_a_first_visit_is_light_and_leaves_nothing_behind(origin: str, frozen: Path, path: str) -> None:
    answers = visit(origin, path, (frozen / path.removeprefix("/") / "index.html").read_text())
    assert 2 <= len(answers) <= MOST_REQUESTS.get(path, REQUESTS)
    for head, body in answers.values():
        assert head.startswith(b"HTTP/1.1 200")
        assert b"Content-Encoding: br" in head
        assert b"set-cookie" not in head.lower()
        assert body
    total = sum(len(head) + len(body) for head, body in answers.values())
    assert total <= BUDGETS[path], total


def _weights(origin: str, names: dict[str, int]) -> dict[str, int]:
    sizes = {}
    for name in names:
        head, body = answer(origin, name if name.startswith("/") else layout.asset(name))
        assert head.startswith(b"HTTP/1.1 200"), name
        assert b"Content-Encoding: br" in head, name
        sizes[name] = len(body)
    return sizes


@pytest.mark.parametrize(
    "pieces",
    [
        WITH_THE_FORM,
        AT_THE_FIRST_KEY,
        WHERE_ASKED_FOR,
        WITH_THE_CODE,
        WITH_THE_FIRST_FILE,
        WITH_A_QUESTION,
        WITH_A_NAME,
        ONLY_SOME,
        AFTERWARDS,
        ON_THE_QUEUES_PAGE,
    ],
)
def test_no_piece_of_the_forms_script_is_larger_than_stated(origin: str, pieces: dict[str, int]) -> None:
    sizes = _weights(origin, pieces)
    assert all(size <= pieces[name] for name, size in sizes.items()), sizes
    assert all(size > pieces[name] // 2 for name, size in sizes.items()), f"state less: {sizes}"


def test_what_is_loaded_while_somebody_writes_is_bounded_as_a_whole(origin: str) -> None:
    sizes = _weights(origin, AT_THE_FIRST_KEY)
    assert sum(sizes.values()) <= MOST_AT_THE_FIRST_KEY, sizes


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("weight") / "data") as product:
        yield product


def _posted(product: Running, path: str, fields: dict[str, str]) -> dict[str, int]:
    """What the answer to a form and all that it loads weigh, by address, in a browser that has been nowhere before."""
    head, body = ask(product.url, path, fields)
    assert head.split(b" ", 2)[1] in (b"200", b"201"), head
    assert b"Content-Encoding" not in head
    root = check_page(body.decode())
    loads = [link.get("href", "") for link in root.iter("link")] + [s.get("src", "") for s in root.iter("script")]
    answers = {address: answer(product.url, address) for address in loads if not address.startswith("data:")}
    assert all(b"Content-Encoding: br" in head for head, _ in answers.values())
    return {name: len(head) + len(body) for name, (head, body) in {path: (head, body), **answers}.items()}


def _look(product: Running, receipt: str) -> tuple[int, int]:
    """What a look weighs by script, and without."""
    keys = receipt_keys(parse_receipt(receipt))
    asked = {"case_id": keys.case_id, "look": keys.look.hex(), "deflate": "1"}
    ways = (("/api/thread/sealed", asked), ("/api/thread", {"receipt": receipt}))
    sealed, page = (sum(map(len, ask(product.url, path, fields))) for path, fields in ways)
    return sealed, page


def _five_messages(scene: Scene) -> str:
    """The receipt of a case with the words of the report, the hand-over and what three people wrote."""
    receipt, case_id, officer = scene.handed_over(subject="Jembatan ke sekolah putus")
    asked, told, answered = MESSAGES
    scene.reply(officer, case_id, asked)
    scene.post.post("/api/thread/messages", {"receipt": receipt, "body": told, "message_key": "ab" * 8}, 201)
    scene.reply(officer, case_id, answered)
    assert len(scene.post.post("/api/thread", {"receipt": receipt})["messages"]) == 5
    return receipt


def test_a_thread_of_five_messages_is_light(product: Running) -> None:
    """With the words of the report, the hand-over and what three people wrote: by the receipt, with an empty cache."""
    receipt = _five_messages(Scene(product))
    weighs = _posted(product, "/api/thread", {"receipt": receipt})
    assert len(weighs) <= REQUESTS
    assert sum(weighs.values()) <= MOST_THREAD, weighs


def test_a_look_at_the_thread_by_script_weighs_a_stated_amount_more(product: Running) -> None:
    """The same five messages: the first look, and each further one, whose pieces are on the phone. The pieces' own
    heads are counted with the page (``BUDGETS``)."""
    sealed, page = _look(product, _five_messages(Scene(product)))
    pieces = [len(answer(product.url, name)[1]) for name in (layout.asset("lacak.js"), "/lacak/kata.json")]
    assert 0 < sealed - page <= MORE_WARM, (sealed, page)
    assert sealed - page + sum(pieces) <= MORE_COLD, (sealed, page, pieces)


def test_a_further_look_at_eight_messages_stays_within_the_same_amount(product: Running) -> None:
    """What an answer weighs more sealed than on a page is its padding, and few answers fill it."""
    scene = Scene(product)
    receipt, case_id, officer = scene.handed_over(subject="Jembatan ke sekolah putus")
    asked, told, answered = MESSAGES
    for nth in range(2):
        scene.reply(officer, case_id, asked)
        scene.post.post("/api/thread/messages", {"receipt": receipt, "body": told, "message_key": f"{nth}b" * 8}, 201)
        scene.reply(officer, case_id, answered)
    assert len(scene.post.post("/api/thread", {"receipt": receipt})["messages"]) == 8
    sealed, page = _look(product, receipt)
    assert 0 < sealed - page <= MORE_WARM, (sealed, page)


def test_the_check_page_and_the_receipt_are_light(product: Running) -> None:
    fields = {"kind": "pengaduan", "topic": "jalan", "district": "64.08.04", "body": " ".join(MESSAGES)}
    check = _posted(product, "/api/reports", fields)
    receipt = _posted(product, "/api/reports", fields | {"submission_key": "cd" * 16})
    assert max(len(check), len(receipt)) <= REQUESTS + 1  # the receipt's own
    assert sum(check.values()) <= MOST_CHECK, check
    assert sum(receipt.values()) <= MOST_RECEIPT, receipt


@pytest.mark.parametrize("path", ["/", "/lapor/", "/lacak/", "/en/"])
def test_a_second_visit_asks_once_and_is_told_that_nothing_changed(
    browser: Browser, product: Running, path: str
) -> None:
    """In a real browser with its own cache, by the server of ``make run``: the page is asked for again, since a portal
    that was frozen anew must be seen, and nothing else is; with 304 and no body."""
    someone = Person(browser, product.url)
    asked: list[tuple[str, int]] = []
    network = someone.context.new_cdp_session(someone.page)
    network.send("Network.enable")
    # What came from the cache without a word to the server is told by another event than a 304 is.
    network.on(
        "Network.responseReceivedExtraInfo", lambda event: asked.append((event["requestId"], event["statusCode"]))
    )
    someone.go(path)
    someone.page.wait_for_load_state("networkidle")
    first = [status for _, status in asked]
    asked.clear()
    someone.go("/bantuan/")
    someone.page.wait_for_load_state("networkidle")
    assert [status for _, status in asked] == [200], "another page of the portal is one request: the style is there"
    asked.clear()
    someone.go(path)
    someone.page.wait_for_load_state("networkidle")
    assert 2 <= len(first) <= MOST_REQUESTS.get(path, REQUESTS)
    assert set(first) == {200}
    assert [status for _, status in asked] == [304]
    someone.leave()


def test_what_is_named_by_its_hash_never_changes_and_has_both_encodings(product: Running, frozen: Path) -> None:
    for published in layout.assets().values():
        if published.endswith(".png"):  # compressed in itself
            continue
        for ending in ("", ".br", ".gz"):
            assert (frozen / "assets" / f"{published}{ending}").is_file(), (published, ending)
        plain = (frozen / "assets" / published).stat().st_size
        assert (frozen / "assets" / f"{published}.br").stat().st_size < plain
        head, _ = answer(product.url, f"/assets/{published}")
        assert b"immutable" in head, head


@pytest.mark.parametrize("path", ["/lapor/", "/en/lapor/"])
def test_the_form_is_light_where_ten_agencies_have_new_names(
    portal: ModuleType, freezer: ModuleType, directory: Directory, public_keys: Path, tmp_path: Path, path: str
) -> None:
    """A reform renames many at once, and each says so for a year: a tenth of a kilobyte for all."""
    until = datetime.now(UTC).date().isoformat()
    units = [agency.code for agency in directory.agencies.values() if agency.kind is AgencyKind.UNIT][:10]
    former = tuple(FormerName(code, f"Dinas Lama {code.title()}", until, "kutim") for code in units)
    freezer.freeze(portal.create_app(replace(directory, former=former), public_keys), tmp_path / "out")
    page = (tmp_path / "out" / path.removeprefix("/") / "index.html").read_text()
    assert page.count("Dinas Lama") == len(units)
    with served(tmp_path / "out") as url:
        total = sum(len(head) + len(body) for head, body in visit(url, path, page).values())
    assert total <= BUDGETS[path] + FORMER_NAMES, total
