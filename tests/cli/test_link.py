"""An office links itself to the nation by a signed file, and every file that must not be taken is refused."""

import json
import shutil
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from functions.casework.barometer.edition import plain_edition
from functions.casework.consent.roster import PUBLIC_BYTES, VOUCH_BYTES, Candidate, next_roster
from functions.casework.directory.agencies import AgencyKind
from functions.casework.directory.linked_office import KEY_BYTES, LinkDocument, read_document
from functions.casework.directory.registers import plain_directory
from functions.cli.main import cli
from functions.config.settings import ROOT, Settings, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.crypto.sign.link_documents import fingerprint, signed, verified
from functions.intake.main import create_app as create_intake
from functions.local import setup
from functions.local.setup import prepare_store
from functions.storage.choose_store import open_store
from functions.storage.interface import Notice, OutboxEntry
from functions.storage.registers.relayed import write_counts
from functions.thread.main import create_app as create_thread
from tests.governments import governments
from tests.linked import CODE, SIGNER, SIGNING, nation_files
from tests.site.edition import edition_of
from tests.world import JSON, World

URL = "https://kutim.example.id"


def run(settings: Settings, *arguments: str) -> Result:
    environ = {"DATA_DIR": str(settings.data_dir), "DIRECTORY_FILE": str(settings.directory_file)}
    environ |= {"OFFICERS_FILE": str(settings.officers_file), "PUBLIC_URL": URL}
    result = CliRunner().invoke(cli, arguments, env=environ)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load_settings({"DATA_DIR": str(tmp_path_factory.mktemp("office") / "data")})
    prepare_store(settings)
    return settings


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nation")
    prepare_store(load_settings({"DATA_DIR": str(folder / "data"), **nation_files(folder)}))
    return folder


@pytest.fixture
def nation(ready: Path, tmp_path: Path) -> Settings:
    shutil.copytree(ready, tmp_path / "nation")
    return load_settings({"DATA_DIR": str(tmp_path / "nation" / "data"), **nation_files(tmp_path / "nation")})


@pytest.fixture(scope="module")
def exported(office: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sent") / "kutim.link.json"
    said = run(office, "link", "export", "--out", str(path))
    assert (said.exit_code, "serial 1, until" in said.output) == (0, True)
    return path


def add(nation: Settings, path: Path, heard: str = "") -> Result:
    return run(nation, "link", "add", str(path), "--no-portal", *(["--fingerprint", heard] if heard else []))


def refused(result: Result, *says: str) -> None:
    assert result.exit_code == 1
    for each in says:
        assert each in result.output, result.output


def test_an_office_is_linked_by_its_file_and_five_groups_that_were_read_out(
    office: Settings, nation: Settings, exported: Path
) -> None:
    refused(add(nation, exported), "call it by a number that you know")
    heard = run(office, "link", "fingerprint").output.strip()
    assert heard in run(office, "link", "export", "--out", str(exported)).output
    mistyped = heard[:-1] + ("A" if heard[-1] != "A" else "B")
    refused(add(nation, exported, mistyped), "groups (5,)")
    refused(add(nation, exported, fingerprint(SIGNER)), "another key than this file is signed with")
    said = add(nation, exported, heard.lower().replace("-", " "))
    assert (said.exit_code, URL in said.output) == (0, True), said.output
    assert add(nation, exported).exit_code == 0, "the same file again changes nothing"
    listed = run(nation, "link", "list").output
    assert "serial 2, until" in listed
    assert "0 reports wait" in listed
    public, theirs = KeyDirectory(nation.keys_dir).public(), KeyDirectory(office.keys_dir).public()
    assert public.current_id(Purpose.DESK, CODE) == theirs.current_id(Purpose.DESK, CODE)
    assert not list(nation.keys_dir.glob(f"*/{CODE}")), "no private key of it is here, nor is one made"
    prepare_store(nation)
    assert not list(nation.keys_dir.glob(f"*/{CODE}"))


def test_a_report_waits_sealed_and_keeps_the_office_from_being_removed(nation: Settings, tmp_path: Path) -> None:
    write(tmp_path / "a.json", made())
    assert add(nation, tmp_path / "a.json", fingerprint(SIGNER)).exit_code == 0
    fields = {
        "kind": "pengaduan",
        "topic": "jalan",
        "district": "64.08.04",
        "body": "Jalan rusak.",
        "submission_key": "0" * 32,
    }
    sent = create_intake(nation).test_client().post("/api/reports", json=fields, headers=JSON)
    assert (sent.status_code, sent.get_json()["linked"]) == (201, CODE)
    receipt = {"receipt": sent.get_json()["receipt"]}
    told = create_thread(nation).test_client().post("/api/thread", json=receipt, headers=JSON)
    assert (told.status_code, told.get_json()["code"]) == (421, "linked_waits")
    assert "1 reports wait (not tried yet)" in run(nation, "link", "list").output
    refused(run(nation, "link", "remove", CODE, "--no-portal"), "1 reports for kutim still wait")
    gone = run(nation, "link", "remove", CODE, "--no-portal", "--even-waiting")
    assert (gone.exit_code, "1 reports wait sealed" in gone.output) == (0, True)
    public = KeyDirectory(nation.keys_dir).public()
    assert not [place for place in public.current if place[1] == CODE]
    refused(run(nation, "link", "remove", CODE, "--no-portal"), "not linked")


_made: dict[str, LinkDocument] = {}


def made(**changes: Any) -> LinkDocument:
    """What an office with the key of the tests says of itself."""
    if not _made:
        import tempfile

        from tests.linked import document_of

        with tempfile.TemporaryDirectory() as folder:
            office = World(Path(folder))
            office.today = load_settings({}).today()  # as commands do, it asks the clock how long a document holds
            _made[""] = document_of(office, URL)
    return replace(_made[""], **changes)


def write(path: Path, document: LinkDocument, key: bytes = SIGNING) -> Path:
    path.write_bytes(signed(key, document.encode()))
    return path


def two_governments(document: LinkDocument) -> LinkDocument:
    whole = governments()[0]
    return replace(document, plain=plain_directory(replace(whole, former=()), ()))


def of_another_region(document: LinkDocument) -> LinkDocument:
    district = {"code": "64.72.01", "name": "Palaran"}
    return replace(document, plain={**document.plain, "districts": [*document.plain["districts"], district]})


def with_our_unit(document: LinkDocument) -> LinkDocument:
    unit = {"code": "samarinda-setda", "name": "Setda", "kind": AgencyKind.UNIT, "parent": CODE}
    return replace(document, plain={**document.plain, "agencies": [*document.plain["agencies"], unit]})


def with_their_custodians(document: LinkDocument) -> LinkDocument:
    """A roster for the names of another government's reporters."""
    four = [Candidate(f"x-{n}", bytes([n]) * PUBLIC_BYTES, bytes([n]) * VOUCH_BYTES) for n in range(4)]
    return replace(document, roster=next_roster("samarinda", None, four))


def days(issued: int, expires: int) -> Callable[[LinkDocument], LinkDocument]:
    def change(document: LinkDocument) -> LinkDocument:
        today = load_settings({}).today()
        return replace(document, issued=today + timedelta(days=issued), expires=today + timedelta(days=expires))

    return change


WRONG: dict[str, tuple[Callable[[LinkDocument], LinkDocument], str]] = {
    "expired": (days(-400, -1), "expired on"),
    "from the future": (days(9, 300), "is the office's clock right?"),
    "for ever": (days(0, 4_000), "is the office's clock right?"),
    "of two governments": (two_governments, "it must be of kutim alone"),
    "of another code": (lambda document: replace(document, code="kubar"), "it must be of kubar alone"),
    "of a government here": (
        lambda document: replace(document, code="samarinda"),
        "`instances retire samarinda` first",
    ),
    "of a page": (lambda document: replace(document, code="lacak"), "cannot be the code of a portal"),
    "of no code": (lambda document: replace(document, code="../x"), "cannot be the code of a portal"),
    "of a district of ours": (of_another_region, "its directory is not whole"),
    "with a unit of ours": (with_our_unit, "samarinda-setda is not of kutim, or is here already"),
    "in clear over the wire": (lambda document: replace(document, url="http://kutim.example.id"), "no https address"),
    "on the nation's own machine": (
        lambda document: replace(document, url="http://127.0.0.1:9001"),
        "is not where phones reach an office",
    ),
    "at any path": (lambda document: replace(document, url="https://a.example.id/x?"), "is not where phones reach"),
    "with another's custodians": (with_their_custodians, "the custodians of samarinda"),
    "without a desk": (lambda document: replace(document, keys={"courier": document.waiting}), "a key is missing"),
    "with half a key": (lambda document: replace(document, waiting=b"x"), "a key is missing"),
    "with a broken tree": (lambda document: replace(document, plain={"agencies": 1}), "its directory is not whole"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_document_that_must_not_be_taken_says_what_to_do(what: str, nation: Settings, tmp_path: Path) -> None:
    change, says = WRONG[what]
    before = KeyDirectory(nation.keys_dir).public_file.read_bytes()
    refused(add(nation, write(tmp_path / "a.json", change(made())), fingerprint(SIGNER)), says)
    assert KeyDirectory(nation.keys_dir).public_file.read_bytes() == before


def test_a_rolled_back_document_and_another_signer_are_refused(nation: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert add(nation, write(path, made(serial=5)), fingerprint(SIGNER)).exit_code == 0
    refused(add(nation, write(path, made(serial=4))), "serial 4, and 5 was taken already", "link export")
    refused(add(nation, write(path, made(serial=5, url="https://b.example.id"))), "serial 5, and 5 was taken already")
    other = b"o" * 32
    signer = verified(signed(other, b"{}"))[0]
    refused(
        add(nation, write(path, made(serial=6), other), fingerprint(signer)),
        "another key than before",
        "link remove kutim",
    )
    assert add(nation, write(path, made(serial=6))).exit_code == 0, "a newer one needs no call"


def renamed(document: LinkDocument, before: str, after: str) -> LinkDocument:
    """The same places under another code."""
    plain = json.loads(json.dumps(document.plain).replace(f'"{before}', f'"{after}'))
    return replace(document, code=after, plain=plain)


def moved(document: LinkDocument, before: str, after: str) -> LinkDocument:
    """The same code for other places."""
    return replace(document, plain=json.loads(json.dumps(document.plain).replace(f'"{before}', f'"{after}')))


def test_an_office_takes_nothing_of_another_office(nation: Settings, tmp_path: Path) -> None:
    first, second, other = tmp_path / "a.json", tmp_path / "b.json", b"o" * 32
    signer = fingerprint(verified(signed(other, b"{}"))[0])
    assert add(nation, write(first, made()), fingerprint(SIGNER)).exit_code == 0
    before = KeyDirectory(nation.keys_dir).public_file.read_bytes()
    refused(add(nation, write(second, renamed(made(), CODE, "kutim-dua"), other), signer), "region 64.08 is that of")
    elsewhere = moved(renamed(made(), CODE, "berau"), "64.08", "64.03")
    unit = {"code": f"{CODE}-dishub", "name": "Dishub", "kind": AgencyKind.UNIT, "parent": "berau"}
    with_theirs = replace(elsewhere, plain={**elsewhere.plain, "agencies": [*elsewhere.plain["agencies"], unit]})
    refused(add(nation, write(second, with_theirs, other), signer), f"{CODE}-dishub is not of berau")
    refused(add(nation, write(second, elsewhere, other), signer), "names a key of another government")
    assert KeyDirectory(nation.keys_dir).public_file.read_bytes() == before
    own = {purpose: bytes([n]) * KEY_BYTES for n, purpose in enumerate(elsewhere.keys)}
    assert add(nation, write(second, replace(elsewhere, keys=own), other), signer).exit_code == 0


def test_a_later_document_brings_no_places_that_nobody_was_called_about(nation: Settings, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert add(nation, write(path, made(serial=1)), fingerprint(SIGNER)).exit_code == 0
    refused(
        add(nation, write(path, moved(made(serial=2), "64.08", "64.03"))), "was of region 64.08", f"link remove {CODE}"
    )


def test_a_key_of_ours_does_not_go_with_the_office_that_named_it(nation: Settings, tmp_path: Path) -> None:
    public = KeyDirectory(nation.keys_dir).public()
    ours = public.keys[public.current_id(Purpose.DESK, "samarinda")]
    path = write(tmp_path / "a.json", made(keys={**made().keys, "desk": ours}))
    refused(add(nation, path, fingerprint(SIGNER)), "names a key of another government")
    assert KeyDirectory(nation.keys_dir).public() == public


def changed(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    whole = json.loads(raw)
    part = urlsafe_b64decode(whole[name] + "=" * (-len(whole[name]) % 4))
    return json.dumps(whole | {name: urlsafe_b64encode(change(part)).decode().rstrip("=")}).encode()


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "another word": (
        lambda raw: changed(raw, "payload", lambda part: part.replace(b"kutim.example", b"kutix.example")),
        "signature is wrong",
    ),
    "another key in the header": (
        lambda raw: changed(raw, "protected", lambda part: part.replace(b'"x":"', b'"x":"A')[:-1] + b"}"),
        "not a document",
    ),
    "no algorithm": (
        lambda raw: changed(raw, "protected", lambda part: part.replace(b"EdDSA", b"none ")),
        "another kind",
    ),
    "cut short": (lambda raw: raw[:500], "not a document"),
    "a picture": (lambda _: b"\x89PNG\r\n", "not a document"),
    "a deep nest": (lambda _: b"[" * 100_000, "not a document"),
    "too long": (lambda raw: raw + b" " * 2_000_000, "more than 2,000,000 bytes"),
    "a later format": (lambda _: signed(SIGNING, b'{"format": 2}'), "another release"),
    "no object": (lambda _: signed(SIGNING, b"[]"), "not a document"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_file_that_was_changed_is_refused(what: str, nation: Settings, tmp_path: Path) -> None:
    change, says = BROKEN[what]
    path = write(tmp_path / "a.json", made())
    path.write_bytes(change(path.read_bytes()))
    refused(add(nation, path, fingerprint(SIGNER)), says)


def test_a_government_of_this_machine_is_retired_first(office: Settings, tmp_path: Path) -> None:
    """The office's own machine stands for a nation that has it already, with a case."""
    shutil.copytree(office.data_dir, tmp_path / "data")
    here = load_settings({"DATA_DIR": str(tmp_path / "data")})
    fields = {
        "kind": "pengaduan",
        "topic": "jalan",
        "district": "64.08.04",
        "body": "Jalan rusak.",
        "submission_key": "1" * 32,
    }
    assert create_intake(here).test_client().post("/api/reports", json=fields, headers=JSON).status_code == 201
    path = write(tmp_path / "a.json", made())
    refused(add(here, path, fingerprint(SIGNER)), "with 1 cases, 1 of them open", "instances retire kutim")
    assert not open_store(here).waiting(1) or not KeyDirectory(here.keys_dir).public().linked


def test_a_report_behind_a_thousand_letters_keeps_the_office_too(nation: Settings, tmp_path: Path) -> None:
    write(tmp_path / "a.json", made())
    assert add(nation, tmp_path / "a.json", fingerprint(SIGNER)).exit_code == 0
    store = open_store(nation)
    store.enqueue(OutboxEntry("f" * 32, Notice.RELAYED, CODE, words=b"sealed", not_before=2))
    letters = [OutboxEntry(f"{n:032x}", Notice.NEW_CASE, "samarinda", "samarinda") for n in range(1_000)]
    store.write_registers([], letters)
    assert "1 reports wait" in run(nation, "link", "list").output
    refused(run(nation, "link", "remove", CODE, "--no-portal"), "1 reports for kutim still wait")


def test_an_office_whose_waiting_key_is_gone_exports_none(office: Settings, tmp_path: Path) -> None:
    """The key of an empty secret is known to everybody."""
    shutil.copytree(office.data_dir, tmp_path / "data")
    here = load_settings({"DATA_DIR": str(tmp_path / "data")})
    (here.keys_dir / "waiting").unlink()
    refused(run(here, "link", "export", "--out", str(tmp_path / "o.json")), "restore it from the backup")
    assert not (tmp_path / "o.json").exists()


@pytest.mark.parametrize("code", [CODE, "kutim-baru"])
def test_no_government_is_added_in_a_linked_offices_place(code: str, nation: Settings, tmp_path: Path) -> None:
    """By either way its reports would lie with two."""
    write(tmp_path / "a.json", made())
    assert add(nation, tmp_path / "a.json", fingerprint(SIGNER)).exit_code == 0
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (ROOT / "infra/demo/instances/samarinda").glob("*.csv"):
        text = path.read_text().replace("64.72", "64.08").replace("Pemerintah Kota Samarinda", "Kutai Timur Raya")
        (folder / path.name).write_text(text.replace("samarinda", code))
    refused(run(nation, "instances", "check", str(folder)), "is of kutim, a linked office", "`link remove kutim` first")
    refused(run(nation, "instances", "add", str(folder), "--yes", "--no-portal"), "`link remove kutim` first")
    run(nation, "link", "remove", CODE, "--no-portal")
    assert run(nation, "instances", "check", str(folder)).exit_code == 0


def test_counts_that_an_older_release_took_keep_no_page_from_being_made(nation: Settings, tmp_path: Path) -> None:
    """They lie in the store, where nobody looked at every value; the clock's thread ended with the first freezing."""
    write(tmp_path / "a.json", made())
    assert add(nation, tmp_path / "a.json", fingerprint(SIGNER)).exit_code == 0
    odd = plain_edition(edition_of(made().directory, "2026-10"))
    odd["places"][0]["measured"] = "kapan"
    write_counts(open_store(nation), CODE, odd)
    write_counts(open_store(nation), CODE, plain_edition(edition_of(made().directory, "2026-11")))
    setup._write_editions(nation, tmp_path / "editions")
    assert [path.stem[:7] for path in (tmp_path / "editions").glob("*.json")] == ["2026-11"]


def test_what_it_says_comes_back_as_it_was_said() -> None:
    assert read_document(made().encode()) == made()
    assert made().directory.agencies[CODE].name in made().name


def stopped(settings: Settings, rotate: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """A rotation that is stopped while it waits."""

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("functions.cli.main.time.sleep", stop)
        assert run(settings, *rotate, "--grace", "1").exit_code == 1


def test_a_rotation_that_was_stopped_and_repeated_keeps_the_key_that_the_nation_seals_to(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody exported a file in between, so phones still seal to the key of before, and reports are on their way."""
    shutil.copytree(office.data_dir, tmp_path / "data")
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    assert run(settings, "link", "export", "--out", str(tmp_path / "sent.json")).exit_code == 0
    keys, rotate = KeyDirectory(settings.keys_dir), ("keys", "rotate", "--purpose", "desk", "--instance", CODE)
    sent = keys.public().current_id(Purpose.DESK, CODE)

    stopped(settings, rotate, monkeypatch)
    half = keys.public().current_id(Purpose.DESK, CODE)
    assert half != sent
    assert run(settings, *rotate, "--grace", "0").exit_code == 0
    assert keys.public().takes(Purpose.DESK, CODE, sent)
    assert keys.private_ids(Purpose.DESK, CODE) == sorted([sent, half])
    assert run(settings, *rotate, "--grace", "0").exit_code == 0, "another rotation, and the one before ends"
    assert sent not in keys.private_ids(Purpose.DESK, CODE)


def test_a_new_links_key_is_another_also_after_a_run_that_was_stopped(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The courier was broken into meanwhile. The nation knows no links key, so nothing has to go on with the first."""
    shutil.copytree(office.data_dir, tmp_path / "data")
    settings = load_settings({"DATA_DIR": str(tmp_path / "data")})
    assert run(settings, "link", "export", "--out", str(tmp_path / "sent.json")).exit_code == 0
    keys, rotate = KeyDirectory(settings.keys_dir), ("keys", "rotate", "--purpose", "links", "--instance", CODE)

    stopped(settings, rotate, monkeypatch)
    stolen = keys.public().current_id(Purpose.LINKS, CODE)
    done = run(settings, *rotate, "--grace", "0")
    assert done.exit_code == 0, done.output
    assert stolen not in keys.private_ids(Purpose.LINKS, CODE)
    assert "the key of before opens" not in done.output, "it was destroyed"
