"""A link alone opens nothing where a second factor is asked: the session is half open, and reads nothing. Codes of six
digits, the grace, what every role is asked for, and who is told."""

import re

import pytest

from functions.actions.factors.door import place_of
from functions.actions.factors.enrol_factor import NAMES
from functions.actions.factors.rewrap_factors import RewrapFactors
from functions.actions.ops.rotate import Rotate, rewrap_here
from functions.casework.directory.agencies import Role
from functions.casework.factors.keyring import MISSES_AN_HOUR, MISSES_IN_A_ROW, Keyring
from functions.casework.factors.standing import Policy, Strictness
from functions.casework.problems import FactorProblem
from functions.crypto.errors import SealError
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.totp import written
from functions.storage.registers.factors import read_keyring, register_name
from functions.web.factors.routes import HALF_OPEN
from tests.factors import HTML, Passkey, StrictWorld
from tests.world import JSON

OPEN = {"healthz", "session", "links", "again"}


@pytest.fixture
def world(tmp_path):
    return StrictWorld(tmp_path)


def with_totp(world, visit):
    """Add an app of codes; return its secret. Its first code is spent then."""
    secret = visit.get("factor/new").get_json()["secret"]
    added = visit.post("factor/new", {"secret": secret, "code": world.code(secret), "name": "ponsel"})
    assert added.status_code == 200, added.data
    return secret


def walked(client, app, csrf):
    """What each route says to this browser, but those that need no session or are for half-open ones."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN | HALF_OPEN:
            continue
        path = re.sub(r"<[^>]*>", "4F7K-2M9Q-XR3D", re.sub(r"<int:\w+>", "1", rule.rule))
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            for accept in ("application/json", "text/html"):
                headers = {"Accept": accept, "X-CSRF-Token": csrf}
                yield rule.endpoint, method, accept, client.open(path, method=method, headers=headers, data={})


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.CUSTODIAN])
def test_no_route_of_either_door_answers_a_session_that_is_half_open(world, role):
    agency = "kutim" if role is Role.COORDINATOR else world.custodians[0].agency
    visit = world.come(agency, role)
    assert set(visit.answer) == {"csrf", "officer", "factor"}
    assert visit.answer["factor"]["need"] == "enrol"
    app = world.desk_app if role is Role.COORDINATOR else world.custody_app
    seen = set()
    for endpoint, method, accept, answer in walked(visit.client, app, visit.answer["csrf"]):
        seen.add(endpoint)
        if (accept, method) == ("text/html", "GET"):
            assert (answer.status_code, answer.headers["Location"]) == (303, f"/{visit.door}/factor"), endpoint
        else:
            assert answer.status_code == 403, (endpoint, method, answer.data)
            assert b"factor" in answer.data
    assert len(seen) >= (40 if visit.door == "desk" else 8)


@pytest.mark.parametrize("page", ["factor", "factor/new", "factors"])
def test_the_pages_name_the_officers_agency_and_not_their_code(world, page):
    visit = world.come()
    if page != "factor/new":
        with_totp(world, visit)
    if page == "factor":
        world.later(days=1)
        visit = world.come()
    shown = visit.client.get(f"/{visit.door}/{page}", headers=HTML)
    assert shown.status_code == 200
    (whose,) = re.findall(r'<div class="corner whose"><span>(.*?)</span>', shown.text)
    assert whose == world.directory.agencies["kutim"].name


def test_the_wall_falls_where_the_guard_does_not_ask(world, monkeypatch):
    """Broken on purpose: were the guard to take any session, the walk above would see it."""
    visit = world.come()
    monkeypatch.setattr(type(world.signin), "_is_open", lambda *_: True)
    assert any(answer.status_code == 200 for *_, answer in walked(visit.client, world.desk_app, visit.answer["csrf"]))


def test_nothing_makes_a_viewer_of_a_half_open_session(world):
    visit = world.come()
    cookie = visit.client.get_cookie("lapor-desk").value
    half = world.signin.half_open(cookie)
    assert not hasattr(half, "viewer")
    for make in (lambda: world.signin.session(cookie), lambda: world.signin.opened(half)):
        with pytest.raises(FactorProblem):
            make()


def test_what_was_written_meanwhile_comes_back(world):
    visit = world.come()
    lost = visit.post("cases/4F7K-2M9Q-XR3D/messages", {"body": "Kami periksa besok pagi."}, **HTML)
    assert lost.status_code == 403
    assert "Kami periksa besok pagi." in lost.text
    assert 'href="/desk/factor"' in lost.text


def test_codes_open_the_desk_once_each(world):
    first = world.come()
    secret = with_totp(world, first)
    assert first.opens  # enrolment proved it
    visit = world.come()
    assert not visit.opens
    assert visit.answer["factor"] == {
        "need": "factor",
        "passkey": False,
        "totp": True,
        "enrol": False,
        "help": True,
        "helper": world.directory.agencies["kutim-inspektorat"].name,
    }
    code = world.code(secret)
    assert visit.post("factor", {"code": world.code(secret, -2)}).status_code == 422
    opened = visit.post("factor", {"code": f"{code[:3]} {code[3:]}"})
    assert (opened.status_code, opened.get_json()["agency"]) == (200, "kutim")
    assert visit.opens
    other = world.come()
    world.later(hours=-1)  # the same step again
    assert other.post("factor", {"code": code}).get_json()["errors"][0]["field"] == "code"
    assert other.post("factor", {"code": world.code(secret, 1)}).status_code == 200  # the next step's, not spent


def test_a_browser_that_is_open_stays_open_by_the_same_officers_next_link_alone(world):
    visit = world.come()
    with_totp(world, visit)
    again = world.come(browser=visit.client)
    assert again.opens
    world.later(hours=9)
    assert not again.opens  # not for longer than the factor was good for
    assert not world.come().opens
    other = world.come("kutim-inspektorat", Role.INSPECTOR, browser=visit.client)
    assert "factor" in other.answer


def test_wrong_codes_end_the_hour_then_the_codes_and_are_told(world):
    visit = world.come()
    secret = with_totp(world, visit)
    visit = world.come()
    for wrong in range(MISSES_IN_A_ROW):
        if wrong and wrong % MISSES_AN_HOUR == 0:
            refused = visit.post("factor", {"code": world.code(secret)})
            assert "satu jam" in refused.get_json()["errors"][0]["message"]
            visit = world.come()
        assert visit.post("factor", {"code": "000000"}).status_code == 422
    visit = world.come()
    assert (
        "terlalu sering salah" in visit.post("factor", {"code": world.code(secret)}).get_json()["errors"][0]["message"]
    )
    assert "Kode terlalu sering salah" in world.told(world.officer("kutim").email)
    assert "Kode terlalu sering salah" in world.told(world.officer("kutim-inspektorat").email)


def test_a_first_factor_is_told_and_a_second_wants_the_first(world):
    visit = world.come()
    thief = world.come()  # who reads the mailbox, before the first is there
    with_totp(world, visit)
    assert visit.enrol(Passkey(), "laptop kantor").status_code == 200
    assert sorted(world.told(world.officer("kutim").email)) == ["Kunci kedua dipasang", "Kunci kedua ditambahkan"]
    assert world.told(world.officer("kutim-inspektorat").email) == ["Kunci kedua dipasang"]
    assert thief.get("factor/new").status_code == 403
    assert thief.enrol(Passkey()).status_code == 403
    assert [f["name"] for f in visit.get("factors").get_json()["factors"]] == ["ponsel", "laptop kantor"]
    assert thief.get("factors").status_code == 403


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://lapor.example.id", "lapor.example.id", "https://lapor.example.id"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
        ("http://localhost", "localhost", "http://localhost"),
    ],
)
def test_passkeys_hold_for_the_portals_host_and_on_this_machine_for_localhost(url, host, origin):
    assert place_of(url) == (host, {origin})


def test_of_one_factor_the_last_stays(world):
    visit = world.come()
    with_totp(world, visit)
    (one,) = visit.get("factors").get_json()["factors"]
    assert visit.post("factors", {"act": "rename", "ident": one["ident"], "name": "  HP   dinas "}).status_code == 200
    assert visit.get("factors").get_json()["factors"][0]["name"] == "HP dinas"
    assert visit.post("factors", {"act": "rename", "ident": one["ident"], "name": "x" * 41}).status_code == 422
    assert visit.post("factors", {"act": "remove", "ident": one["ident"]}).status_code == 422
    assert visit.enrol(Passkey()).status_code == 200
    left = visit.post("factors", {"act": "remove", "ident": one["ident"]}).get_json()["factors"]
    assert [(factor["kind"], factor["name"]) for factor in left] == [("passkey", NAMES["passkey"])]
    assert world.told(world.officer("kutim").email).count("Kunci kedua dihapus") == 1
    assert visit.post("factors", {"act": "remove", "ident": one["ident"]}).status_code == 422
    assert visit.post("factors", {"act": "x"}).status_code == 404


def test_staff_of_units_have_thirty_days_and_are_told_on_every_page(world):
    visit = world.come("kutim-dpupr")
    assert visit.answer["grace"] == "2026-12-24"  # thirty days, the first counted
    assert visit.opens
    page = visit.get("", **HTML)
    assert "Pasang kunci kedua sebelum" in page.text
    world.later(days=29)
    assert world.come("kutim-dpupr").opens
    world.later(days=1)
    late = world.come("kutim-dpupr")
    # From then on whoever has the mailbox alone gains nothing: a person gives a code by phone.
    assert (late.opens, late.answer["factor"]["need"]) == (False, "help")
    secret = written(bytes(20))
    assert late.post("factor/new", {"secret": secret, "code": world.code(secret)}).status_code == 403
    coordinator = world.come()
    with_totp(world, coordinator)
    ident = world.officer("kutim-dpupr").ident
    code = coordinator.post("factors/team", {"ident": ident, "act": "code"}).get_json()["code"]
    assert late.post("factor/help", {"help": code}).status_code == 200
    with_totp(world, late)
    assert late.opens
    assert "Pasang kunci kedua sebelum" not in late.get("", **HTML).text


def test_a_session_of_the_grace_ends_with_the_first_factor(world):
    """Whoever read the mailbox before it does not stay for the rest of the day."""
    thief, visit = world.come("kutim-dpupr"), world.come("kutim-dpupr")
    assert thief.opens
    with_totp(world, visit)
    assert (thief.opens, visit.opens) == (False, True)
    assert thief.get("factor").get_json()["need"] == "factor"
    assert thief.get("factor/new").status_code == 403


@pytest.mark.parametrize(("strictness", "need"), [("required", "enrol"), ("grace", None), ("off", None)])
def test_the_setting_decides_for_coordinators(world, strictness, need):
    world.keep(Policy(Strictness(strictness)))
    visit = world.come()
    assert visit.opens is (need is None)
    assert visit.answer.get("factor", {}).get("need") == need
    assert ("grace" in visit.answer) is (strictness == "grace")
    # Who has a factor is asked for it whatever the setting.
    secret = with_totp(world, visit)
    assert not (later := world.come()).opens
    assert later.post("factor", {"code": world.code(secret)}).status_code == 200


def test_the_pages_work_without_script(world):
    visit = world.come()
    page = visit.get("factor", **HTML)
    assert (page.status_code, page.headers["Location"]) == (303, "/desk/factor/new")
    page = visit.get("factor/new", **HTML)
    secret = re.search(r'name="secret" value="(\w+)"', page.text)[1]
    assert f"secret={secret}&amp;issuer=Lapor%20Anonim" in page.text
    assert "<svg" in page.text
    assert " ".join(f"<span>{secret[at : at + 4]}</span>" for at in range(0, 32, 4)) in page.text
    form = {"secret": secret, "code": "123456", "name": "ponsel <b>"}
    wrong = visit.post("factor/new", form, **HTML)
    assert wrong.status_code == 422
    assert f'value="{secret}"' in wrong.text  # the same: it may be in the app already
    assert 'value="ponsel &lt;b&gt;"' in wrong.text
    done = visit.post("factor/new", form | {"code": world.code(secret)}, **HTML)
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/factors?done=new")
    own = visit.get("factors?done=new", **HTML)
    assert "Kunci terpasang" in own.text
    assert "ponsel &lt;b&gt;" in own.text
    visit = world.come()
    page = visit.get("factor", **HTML)
    assert "Kode enam angka" in page.text
    assert "Inspektorat" in page.text
    wrong = visit.post("factor", {"code": "1"}, **HTML)
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
    done = visit.post("factor", {"code": world.code(secret)}, **HTML)
    assert (done.status_code, done.headers["Location"]) == (303, "/desk/")
    assert visit.post("session/end", {}).status_code == 200
    assert visit.get("factor").status_code == 401


def test_where_less_is_asked_meanwhile_the_way_on_is_the_link_and_no_circle(world):
    """Ops turned the second factor off for an office that could not cope, while a coordinator had its page open."""
    token = world.token("kutim")
    browser = world.desk_app.test_client()
    browser.post("/desk/session", json={"token": token}, headers=JSON)
    cookie = browser.get_cookie("lapor-desk").value
    world.keep(Policy(Strictness.OFF))
    later = world.desk_app.test_client()
    later.set_cookie("lapor-desk", cookie)
    assert later.get("/desk/", headers=HTML).headers["Location"] == "/desk/factor"
    page = later.get("/desk/factor", headers=HTML)
    assert (page.status_code, page.headers.get("Location")) == (401, None)
    assert "Buka link di email" in page.text
    assert later.get("/desk/factor", headers=JSON).get_json()["code"] == "signed_out"
    assert later.post("/desk/session", json={"token": token}, headers=JSON).status_code == 200
    assert later.get("/desk/", headers=HTML).status_code == 200


@pytest.mark.parametrize("secret", ["A" * 4000, "A" * 8, "?"])
def test_a_secret_that_is_none_of_ours_breaks_no_picture(world, secret):
    visit = world.come()
    page = visit.post("factor/new", {"secret": secret, "code": "123456"}, **HTML)
    assert page.status_code == 422
    assert "<svg" in page.text


def test_a_half_open_session_can_be_ended(world):
    visit = world.come()
    assert visit.client.post("/desk/session/end", headers=JSON).status_code == 403  # without the form's token
    assert visit.post("session/end", {}).status_code == 200
    assert visit.get("factor").status_code == 401


def test_the_realms_are_apart_and_nothing_at_rest_opens_or_tells_a_minute(world):
    custodian = world.custodians[0]
    visit = world.come(custodian.agency, Role.CUSTODIAN)
    secret = with_totp(world, visit)
    assert visit.opens
    kept = world.store.read_register(register_name("custody", custodian.agency)).body.decode()
    assert read_keyring(world.store, "", custodian.agency, custodian.ident) == Keyring()
    assert secret not in kept
    assert "dpupr" not in kept
    in_clear = re.sub(r'"secret": ?"[^"]*"', "", kept)  # base64 says anything by chance
    assert in_clear != kept
    assert not re.search(r"\d\d:\d\d|(?<!\d)\d{9,}(?!\d)", in_clear)
    sealed = read_keyring(world.store, "custody", custodian.agency, custodian.ident).factors[0]
    with pytest.raises(SealError):
        world.keys.private(Purpose.DESK).open("kutim", f"factor-secret:{custodian.ident}", sealed.secret)
    challenged = world.come(custodian.agency, Role.CUSTODIAN)
    asked = challenged.challenge()
    link_id = challenged.client.get_cookie("lapor-custody").value.partition(".")[0]
    use = world.store.read_link_use(link_id)
    assert len(use.challenge) == 32
    assert use.challenge.hex() not in asked


def test_a_rotation_seals_the_secrets_again_and_codes_go_on(world):
    secret, agency = with_totp(world, world.come()), "kutim"
    before = read_keyring(world.store, "", agency, world.officer(agency).ident).factors[0]
    passes = rewrap_here(world.store, world.keys, lambda: world.today, lambda _: None, world.directory.agencies)
    Rotate(world.keys, passes, lambda: None)(Purpose.DESK, agency)
    after = read_keyring(world.store, "", agency, world.officer(agency).ident).factors[0]
    assert after.secret != before.secret
    opening = world.keys.private(Purpose.DESK)
    again = RewrapFactors(world.store, [agency], lambda: opening, world.keys.public, Purpose.DESK)
    assert again(agency) == 0  # none is left
    world.__dict__.pop("desk_app", None)  # a door that has read the new keys
    assert world.come().post("factor", {"code": world.code(secret)}).status_code == 200
    Rotate(world.keys, {}, lambda: None)(Purpose.DESK, agency)  # were they forgotten
    world.__dict__.pop("desk_app", None)
    dark = world.come().post("factor", {"code": world.code(secret)})
    assert "tidak dapat dibuka lagi" in dark.get_json()["errors"][0]["message"]
