"""Passkeys in Chromium, by virtual authenticators: add, sign in, lose, recover by code, revoke; codes without script; a
page of another address, another person's key, a copied key. One strict office and one browser for all."""

import json
import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from fido2.utils import websafe_decode
from fido2.webauthn import AuthenticatorData
from flask import Flask, Response
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from functions.actions.factors.door import factor_acts
from functions.casework.directory.agencies import Role
from functions.crypto.seal.public_keys import Purpose
from functions.custody import app as custody
from functions.desk import app as desk
from functions.web import layout
from tests.browser.axe import Axe
from tests.factors import StrictWorld
from tests.fido2_opinion import takes
from tests.served import served

AXE = Axe()
ASSETS = Path(__file__).parents[2] / "site" / "assets"
ENTRANCE = '<form method=post action="/{door}/session"><input name=token value="{token}"><button>Masuk</button></form>'


class Office(StrictWorld):
    """The desk and custody on one origin, with the assets that their pages name."""

    sent: list[tuple[str, dict[str, str]]]

    def open(self, url: str) -> None:
        """Serve what ``url`` says: passkeys hold for its host."""
        opening, names = self.keys.private(Purpose.DESK), self.keys.private(Purpose.IDENTITY)
        factors = factor_acts(self.signin, self.keys.public, lambda: opening, Purpose.DESK, url)
        self.__dict__["desk_app"] = desk.make_app(self.handle, self.signin, self.mandates, https=False, factors=factors)
        custodians = factor_acts(self.custodian_signin, self.keys.public, lambda: names, Purpose.IDENTITY, url)
        self.__dict__["custody_app"] = custody.make_app(
            self.custody, self.custodian_signin, https=False, factors=custodians
        )

    def site(self) -> Callable[..., Any]:
        """All of it as one application; what is posted is kept in ``sent``."""
        shell = Flask("kulit", static_folder=None)
        plain = {published: name for name, published in layout.assets().items()}

        @shell.get("/assets/<name>")
        def asset(name: str) -> Response:
            kind = {"js": "text/javascript", "css": "text/css"}.get(name.rpartition(".")[2], "image/svg+xml")
            return Response((ASSETS / plain[name]).read_bytes(), mimetype=kind)

        @shell.get("/masuk/<door>/<token>")
        def entrance(door: str, token: str) -> str:
            return ENTRANCE.format(door=door, token=token)

        def app(environ: dict[str, Any], start: Any) -> Any:
            path = environ["PATH_INFO"]
            for door in ("desk", "custody"):
                if path.startswith(f"/{door}/"):
                    size = int(environ.get("CONTENT_LENGTH") or 0)
                    body = environ["wsgi.input"].read(size)
                    environ["wsgi.input"] = BytesIO(body)
                    self.sent.append((path, dict(parse_qsl(body.decode()))))
                    return self.__dict__[f"{door}_app"](environ, start)
            return shell(environ, start)

        return app


class Device:
    """A page with a virtual authenticator of its own."""

    def __init__(self, context: BrowserContext, url: str, **options: Any) -> None:
        self.page: Page = context.new_page()
        self.url, self.context = url, context
        self.cdp: CDPSession = context.new_cdp_session(self.page)
        self.cdp.send("WebAuthn.enable")
        wanted = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
        made = {"options": wanted | {"automaticPresenceSimulation": True} | options}
        self.ident = self.cdp.send("WebAuthn.addVirtualAuthenticator", made)["authenticatorId"]

    def come(self, token: str, door: str = "desk") -> None:
        self.page.goto(f"{self.url}/masuk/{door}/{token}")
        self.page.get_by_role("button", name="Masuk").click()

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.cdp.send("WebAuthn.getCredentials", {"authenticatorId": self.ident})[
            "credentials"
        ]
        return found

    def hold(self, key: dict[str, Any]) -> None:
        self.cdp.send("WebAuthn.addCredential", {"authenticatorId": self.ident, "credential": key})


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, str]]:
    world = Office(tmp_path_factory.mktemp("kunci"))
    world.sent = []
    with served(world.site()) as url:
        here = url.replace("127.0.0.1", "localhost")
        world.open(here)
        yield world, here


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="id-ID", viewport={"width": 360, "height": 640})
    yield made
    made.close()


def accessible(page: Page) -> None:
    """By axe, in both colour schemes."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        results = AXE.run(page)
        assert results.violations_count == 0, f"{page.title()}, {scheme}: {results.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def theirs(made: dict[str, str], signed: dict[str, str], url: str, **changes: str) -> bool:
    """What ``fido2`` says of what Chromium sent."""
    new = AuthenticatorData(websafe_decode(made["authenticator_data"])).credential_data
    assert new
    challenge = websafe_decode(json.loads(websafe_decode(signed["client_data"]))["challenge"])
    said = signed | changes
    answer = tuple(websafe_decode(said[name]) for name in ("authenticator_data", "client_data", "signature"))
    return takes(new, "localhost", url, challenge, answer)


def link(world: Office, agency: str = "kutim", role: Role | None = None) -> str:
    return world.token(agency, role)


def enrolled(world: Office, url: str, context: BrowserContext, agency: str, role: Role | None = None) -> Device:
    device = Device(context, url)
    device.come(link(world, agency, role))
    expect(device.page).to_have_url(re.compile("/desk/factor/new"))
    device.page.get_by_label("Nama kunci (opsional)").fill("ponsel saya")
    device.press("Pasang kunci ini")
    expect(device.page.get_by_text("Kunci terpasang")).to_be_visible()
    return device


@pytest.mark.long
def test_add_sign_in_lose_recover_and_revoke(
    office: tuple[Office, str], context: BrowserContext, browser: Browser
) -> None:
    world, url = office
    device = enrolled(world, url, context, "kutim")
    expect(device.page.get_by_role("heading", name="ponsel saya")).to_be_visible()
    accessible(device.page)
    context.clear_cookies()
    device.come(link(world))
    expect(device.page.get_by_role("heading", name="Sekarang kunci kedua Anda")).to_be_visible()
    accessible(device.page)
    device.press("Buka dengan kunci")
    expect(device.page).to_have_url(f"{url}/desk/")
    # Field by field, and nothing else; and what opened here would open by ``fido2`` too.
    made = next(sent for path, sent in world.sent if path == "/desk/factor/new" and "public" in sent)
    signed = next(sent for path, sent in world.sent if path == "/desk/factor" and "signature" in sent)
    shared = {"csrf_token", "lang", "authenticator_data", "client_data"}
    assert set(made) == shared | {"public", "name"}
    assert set(signed) == shared | {"credential", "signature"}
    assert theirs(made, signed, url)
    for name in ("authenticator_data", "client_data", "signature"):
        altered = signed[name][:-8] + ("A" if signed[name][-8] != "A" else "B") + signed[name][-7:]
        assert not theirs(made, signed, url, **{name: altered})
    # A device that has no such key says so and keeps the page; a code by phone lets it be added.
    other = browser.new_context(locale="id-ID")
    lost = Device(other, url)
    lost.come(link(world))
    lost.page.get_by_role("button", name="Buka dengan kunci").click()
    expect(lost.page.get_by_text("Perangkat tidak menjawab")).to_be_visible()
    inspector = world.come("kutim-inspektorat", Role.INSPECTOR)
    secret = inspector.get("factor/new").get_json()["secret"]
    assert inspector.post("factor/new", {"secret": secret, "code": world.code(secret)}).status_code == 200
    coordinates = world.officer("kutim").ident
    code = inspector.post("factors/team", {"ident": coordinates, "act": "code"}).get_json()["code"]
    lost.page.get_by_text("Kunci saya hilang").click()
    lost.page.get_by_label("Kode dari telepon").fill(code.lower())
    lost.press("Pasang kunci baru")
    lost.press("Pasang kunci ini")
    expect(lost.page.get_by_text("Kunci terpasang")).to_be_visible()
    context.clear_cookies()
    device.come(link(world))
    device.page.get_by_role("button", name="Buka dengan kunci").click()  # the key before is not even asked for
    expect(device.page.get_by_text("Perangkat tidak menjawab")).to_be_visible()
    inspector.post("factors/team", {"ident": coordinates, "act": "revoke"})
    lost.page.goto(f"{url}/desk/")
    expect(lost.page.get_by_role("heading", name="Link sudah dicabut")).to_be_visible()
    lost.come(link(world))
    expect(lost.page.get_by_role("heading", name="Minta kode lewat telepon")).to_be_visible()
    assert lost.page.get_by_role("button", name="Buka dengan kunci").count() == 0
    other.close()


def test_a_copied_key_and_another_persons_open_nothing(
    office: tuple[Office, str], context: BrowserContext, browser: Browser
) -> None:
    world, url = office
    device = Device(context, url)
    device.come(link(world, "kutim-dlh"))
    device.page.goto(f"{url}/desk/factor/new")  # within the grace
    device.press("Pasang kunci ini")
    (key,) = device.keys()
    context.clear_cookies()
    device.come(link(world, "kutim-dlh"))
    device.press("Buka dengan kunci")
    expect(device.page).to_have_url(f"{url}/desk/")
    thief = browser.new_context(locale="id-ID")
    copy = Device(thief, url)
    copy.hold(key)  # as it was before its owner used it again
    copy.come(link(world, "kutim-dlh"))
    copy.press("Buka dengan kunci")
    expect(copy.page.locator("#passkey-error")).to_contain_text("hitungannya mundur")
    thief.close()


def test_codes_without_script_and_no_passkey_at_another_address(office: tuple[Office, str], browser: Browser) -> None:
    world, url = office
    agency = world.custodians[0].agency
    plain = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = plain.new_page()
    page.goto(f"{url}/masuk/custody/{link(world, agency, Role.CUSTODIAN)}")
    page.get_by_role("button", name="Masuk").click()
    assert page.get_by_role("button", name="Pasang kunci ini").count() == 0
    expect(page.locator(".qr svg")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    secret = page.locator("p.keyed").inner_text().replace(" ", "").replace("\n", "")
    page.get_by_label("Kode enam angka yang tampil sekarang").fill(world.code(secret))
    page.get_by_role("button", name="Pasang aplikasi kode").click()
    expect(page.get_by_text("Kunci terpasang")).to_be_visible()
    plain.clear_cookies()
    page.goto(f"{url}/masuk/custody/{link(world, agency, Role.CUSTODIAN)}")
    page.get_by_role("button", name="Masuk").click()
    page.get_by_label("Kode enam angka").fill(world.code(secret))
    page.get_by_role("button", name="Buka dengan kode").click()
    expect(page).to_have_url(f"{url}/custody/")
    plain.close()
    elsewhere = browser.new_context()
    away = Device(elsewhere, url.replace("localhost", "127.0.0.1"))
    away.come(link(world, agency, Role.CUSTODIAN), "custody")
    assert away.page.get_by_role("button", name="Buka dengan kunci").count() == 0
    elsewhere.close()
