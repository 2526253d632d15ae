"""Custodians in Chromium with virtual security keys: make a key, lock it, pass on, read, lose a device, see a swap."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import CDPSession, Page, Request, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from functions.casework.consent.roster import next_roster
from functions.custody import app as custody
from functions.storage.registers.custodians import read_custodians
from tests.seal.conftest import directory, portal  # noqa: F401 - fixtures of the portal
from tests.split_world import Browser, SplitWorld, talk_swapped, yes_by_who_writes
from tests.trust import CONTACT, NAME, REASON

pytestmark = pytest.mark.long

PRF = """const real = PublicKeyCredential.prototype.getClientExtensionResults;
globalThis.outputs = [];
PublicKeyCredential.prototype.getClientExtensionResults = function () {
  const found = real.call(this);
  const first = found.prf && found.prf.results && found.prf.results.first;
  if (first) outputs.push(Array.from(new Uint8Array(first)));
  return found;
};"""
NO_KEYS = "delete globalThis.PublicKeyCredential;"


@dataclass
class Seat:
    """A custodian at their own Chromium. ``sent`` holds everything that left it, ``outputs`` what passkeys gave."""

    page: Page
    cdp: CDPSession
    origin: str
    sent: list[bytes] = field(default_factory=list)
    outputs: list[bytes] = field(default_factory=list)

    def plug(self, *, prf: bool = True) -> str:
        """Plug in a security key; its id."""
        options = {"protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "usb", "hasResidentKey": True}
        verified = {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options | verified | {"hasPrf": prf}})
        return str(made["authenticatorId"])

    def pull(self, key: str) -> None:
        self.cdp.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})

    def go(self, path: str) -> None:
        self.collect()
        self.page.goto(self.origin + path, wait_until="networkidle")  # the script asks for the roster by itself

    def act(self, name: str, *wanted: str) -> None:
        """Press a button of the script and wait for its sentence."""
        self.page.click(f"button[data-act={name}]")
        self.page.wait_for_selector(f"button[data-act={name}]:not([disabled])", state="attached")
        said = self.page.get_attribute("[data-part=says]", "data-said")
        assert said in (wanted or ("",)), f"{name}: {said}: {self.says()}"
        self.collect()

    def says(self) -> str:
        return self.page.inner_text("[data-part=says]")

    def collect(self) -> None:
        self.outputs += [bytes(each) for each in self.page.evaluate("globalThis.outputs?.splice(0) ?? []")]

    def make_key(self) -> str:
        """Make a key, write it on paper, type it back; what stands on the paper."""
        self.go("/custody/key")
        self.act("make", "made")
        paper = self.page.inner_text("[data-part=paper]")
        self.page.fill("[data-part=paper-check]", paper)
        self.act("keep", "kept")
        return paper


@pytest.fixture
def world(tmp_path: Path) -> SplitWorld:
    return SplitWorld(tmp_path)


@pytest.fixture
def seat(world: SplitWorld, browser: Chromium, portal: Any) -> Iterator[Callable[..., Seat]]:  # noqa: F811 - the fixture
    """Seats a custodian: their own profile, signed in at the door as it is served."""
    door = custody.make_app(world.custody, world.custodian_signin, https=False)
    names = {hashed: name for name, hashed in import_module("portal").hashed_assets().items()}

    def served(environ: dict[str, Any], start: Any) -> Any:
        path = environ["PATH_INFO"]
        if not path.startswith("/assets/"):
            return door(environ, start)
        file = portal.asset_files()[names[path.rpartition("/")[2]]]
        kind = portal.TYPES[file.suffix]
        policy = {"Cross-Origin-Resource-Policy": "same-origin", "Access-Control-Allow-Origin": "*"}
        return Response(portal.published_bytes(file), mimetype=kind, headers=policy)(environ, start)

    server = make_server("127.0.0.1", 0, served, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    origin, contexts = f"http://localhost:{server.server_port}", []

    def seated(which: int, script: str = PRF, width: int = 1280) -> Seat:
        cookie = world.custodian(which).client.get_cookie("lapor-custody")
        assert cookie is not None
        context = browser.new_context(viewport={"width": width, "height": 640})
        contexts.append(context)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])
        context.add_init_script(script)
        page = context.new_page()
        cdp = context.new_cdp_session(page)
        cdp.send("WebAuthn.enable")
        one = Seat(page, cdp, origin)

        def note(request: Request) -> None:
            one.sent.append(request.url.encode() + b"\n" + (request.post_data_buffer or b""))

        page.on("request", note)
        return one

    yield seated
    for context in contexts:
        context.close()
    server.shutdown()
    thread.join()


def two_at_their_browsers(world: SplitWorld, seat: Callable[..., Seat]) -> tuple[Seat, Seat, list[str]]:
    """Two custodians with keys of their own making, two more beside them, the roster published and looked at."""
    seats, papers = (seat(0), seat(1)), []
    for one in seats:
        one.plug()
        papers.append(one.make_key())
    for which in (2, 3):
        mine = world.browsers[which]
        world.own_keys.put_key(world.viewer(which), mine.public, mine.vouch)
    world.rosters.init()
    for one in seats:
        one.go("/custody/key")
        expect(one.page.locator("[data-part=roster-new]")).to_be_visible()
        one.act("seen", "seen")
        one.go("/custody/key")
        expect(one.page.locator("[data-part=roster-new]")).to_be_hidden()
    return (*seats, papers)


def test_two_custodians_read_a_name_in_their_browsers_and_no_secret_leaves_them(
    world: SplitWorld, seat: Callable[..., Seat]
) -> None:
    first, second, papers = two_at_their_browsers(world, seat)
    receipt, case_id = world.entrusted()
    case = f"/custody/cases/{case_id}"
    first.go(case)
    first.page.fill("#request-reason", REASON)
    first.page.click("form[action$='/ask'] button.btn")
    first.act("pass", "passed")
    world.answer(receipt)
    second.go(case)
    second.page.fill("#open-reason", "Saya sependapat.")
    second.page.click("form[action$='/open'] button.btn")
    first.go(case)
    first.act("open", "not-passed")  # the second has not been there yet; no name, and a sentence that says what to do
    for one in (second, first):
        one.go(case)
        assert NAME not in one.page.content()
        one.act("open", "read")
        assert one.page.inner_text("[data-part=name]") == NAME
        assert one.page.inner_text("[data-part=contact]") == CONTACT
    second.go("/custody/key")
    second.page.go_back()
    assert NAME not in second.page.content()
    seeds = [paper.replace("-", "") for paper in papers]
    for one in (first, second):
        everything = b"\n".join(one.sent)
        assert one.outputs
        for secret in (*one.outputs, NAME.encode(), *(seed.encode() for seed in seeds)):
            forms = (secret, secret.hex().encode(), base64.b64encode(secret), base64.urlsafe_b64encode(secret))
            assert not any(form.rstrip(b"=") in everything for form in forms)
        assert b"clientExtensionResults" not in everything


def test_a_yes_under_another_talk_key_shows_no_name(world: SplitWorld, seat: Callable[..., Seat]) -> None:
    """Who writes to the store seals a talk key of their own to the door, which nobody signed, and a yes under it."""
    first, second, _ = two_at_their_browsers(world, seat)
    _, case_id = world.entrusted()
    case, mine = f"/custody/cases/{case_id}", bytes(range(32))
    talk_swapped(world, case_id, mine)
    first.go(case)
    first.page.fill("#request-reason", REASON)
    first.page.click("form[action$='/ask'] button.btn")
    first.act("pass", "passed")
    yes_by_who_writes(world, case_id, mine)
    second.go(case)
    second.page.fill("#open-reason", "Saya sependapat.")
    second.page.click("form[action$='/open'] button.btn")
    second.go(case)
    second.act("open", "other-talk")
    assert NAME not in second.page.content()
    first.go(case)
    first.act("open", "not-passed")  # the second's share went to nobody
    assert NAME not in first.page.content()


def test_a_lost_key_another_persons_key_and_no_key_at_all_each_say_what_to_do(
    world: SplitWorld, seat: Callable[..., Seat]
) -> None:
    mine = seat(0)
    usb = mine.plug()
    paper = mine.make_key()
    mine.go("/custody/key")
    mine.act("another", "already")  # it opens, and is not taken a second time
    mine.pull(usb)  # lost: the paper takes a second one in
    spare = mine.plug()
    mine.page.click("details summary")
    mine.page.fill("[data-part=paper-typed]", paper)
    mine.act("another", "locked")
    assert len(read_custodians(world.store, "kutim").keepers["kutim-inspektorat"].locks) == 2
    assert mine.page.input_value("[data-part=paper-typed]") == ""
    mine.act("another", "already")  # the spare opens
    mine.pull(spare)
    mine.plug()  # another person's
    mine.act("another", "cancelled")
    mine.page.fill("[data-part=paper-typed]", paper[:-1])
    mine.act("another", "paper-length")
    wrong = paper[:-1] + ("A" if paper[-1] != "A" else "B")
    mine.page.fill("[data-part=paper-typed]", wrong)
    mine.act("another", "paper-groups")
    assert mine.says().endswith("13")
    mine.page.fill("[data-part=paper-typed]", paper)
    mine.act("another", "locked")  # both lost: the paper takes a new one in
    weak = seat(1)
    weak.plug(prf=False)
    weak.go("/custody/key")
    weak.act("make", "made")
    weak.page.fill("[data-part=paper-check]", paper)  # somebody else's paper
    weak.act("keep", "paper-other")
    weak.page.fill("[data-part=paper-check]", weak.page.inner_text("[data-part=paper]"))
    weak.act("keep", "no-prf")
    bare = seat(2, NO_KEYS)
    bare.go("/custody/key")
    bare.act("make", "made")
    bare.page.fill("[data-part=paper-check]", bare.page.inner_text("[data-part=paper]"))
    bare.act("keep", "no-passkey")


def test_only_the_fingerprints_that_stand_on_the_page_are_remembered(
    world: SplitWorld, seat: Callable[..., Seat]
) -> None:
    """What was compared by phone is what this browser passes shares to: not a roster that came since, nor one that a
    door names beside the page."""
    first, second, _ = two_at_their_browsers(world, seat)
    roster = world.keys.public().rosters["kutim"]
    for one in (first, second):
        one.go("/custody/key")
    candidates = [keeper.candidate for keeper in read_custodians(world.store, "kutim").keepers.values()]
    thief = Browser(b"t" * 32)
    bent = [replace(c, public=thief.public, vouch=thief.vouch) if c.agency == "kutim-dinkes" else c for c in candidates]
    swapped = next_roster("kutim", roster, bent)
    world.keys.put_roster("kutim", swapped, roster.id)
    first.act("seen", "swapped")
    prints = "prints => document.querySelectorAll('[data-part=stands] [data-print]').forEach((one, n) => (one.dataset.print = prints[n]))"
    second.page.evaluate(prints, [member.fingerprint for member in swapped.members])
    second.act("seen", "swapped")
    for one in (first, second):
        kept = one.page.evaluate("JSON.parse(localStorage['lapor.roster.kutim']).id")
        assert kept == roster.id


def test_a_roster_that_two_signed_is_taken_over_in_silence_and_another_is_shouted_at(
    world: SplitWorld, seat: Callable[..., Seat]
) -> None:
    first, second, papers = two_at_their_browsers(world, seat)
    newcomer = Browser(b"n" * 32)
    world.own_keys.put_key(world.viewer(3), newcomer.public, newcomer.vouch)
    proposed = world.rosters.propose()
    joined = proposed.of("kutim-disdik")
    assert joined is not None
    for one in (first, second):
        one.go("/custody/key")
        assert joined.fingerprint.replace("-", " ") in one.page.inner_text("[data-part=waits]")
        one.act("vouch", "vouched")
    assert world.rosters.publish().id == proposed.id
    first.go("/custody/key")
    first.page.wait_for_function("id => JSON.parse(localStorage['lapor.roster.kutim']).id === id", arg=proposed.id)
    expect(first.page.locator("[data-part=roster-swapped]")).to_be_hidden()
    _, case_id = world.entrusted()
    first.go(f"/custody/cases/{case_id}")
    first.page.fill("#request-reason", REASON)
    first.page.click("form[action$='/ask'] button.btn")
    # Whoever may publish puts a key of their own in place of a member's: nobody vouched.
    candidates = [keeper.candidate for keeper in read_custodians(world.store, "kutim").keepers.values()]
    thief = Browser(b"t" * 32)
    bent = [replace(c, public=thief.public, vouch=thief.vouch) if c.agency == "kutim-dinkes" else c for c in candidates]
    world.keys.put_roster("kutim", next_roster("kutim", proposed, bent), proposed.id)
    first.go(f"/custody/cases/{case_id}")
    first.page.wait_for_selector("[data-part=roster-swapped]:not([hidden])")
    assert "kutim-dinkes" in first.page.inner_text("[data-part=roster-swapped]")
    first.act("pass", "swapped")
    assert world.identity(case_id).passes == b""
    # A page about one case, and behind it the shares of another.
    other = world.entrusted()[1]
    world.custody.ask(world.viewer(0), other, REASON)
    first.page.evaluate("at => (document.querySelector('[data-kunci]').dataset.case = at)", f"/custody/cases/{other}")
    first.act("pass", "damaged")
    assert world.identity(other).passes == b""
    # Somebody with the custodian's session puts a key of their own in place of theirs: the paper brings it back.
    before = read_custodians(world.store, "kutim").keepers["kutim-inspektorat"]
    world.own_keys.put_key(world.viewer(0), thief.public, thief.vouch)
    first.go("/custody/key")
    first.act("another", "no-lock")
    first.page.click("details summary")
    first.page.fill("[data-part=paper-typed]", papers[0])
    first.act("another", "locked")
    after = read_custodians(world.store, "kutim").keepers["kutim-inspektorat"]
    assert (after.candidate, len(after.locks)) == (before.candidate, 1)
