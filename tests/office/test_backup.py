"""Backup and restore of one machine's office at a terminal; what is refused, and what comes between."""

import gc
import json
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any, BinaryIO

import pytest
from click.testing import CliRunner, Result

from functions.actions.reporter.converse import Converse
from functions.casework.receipt import parse_receipt
from functions.cli import archive as sealing
from functions.cli import restore
from functions.cli import snapshot as taking
from functions.cli.archive import Reader, Writer, writer
from functions.cli.main import cli
from functions.cli.snapshot import About
from functions.config.settings import DEMO, load_directory, load_settings
from functions.crypto.ops.key_directory import KeyDirectory
from functions.crypto.seal.public_keys import Purpose
from functions.storage.blobs.folder import DirBlobs
from functions.storage.sqlite.store import SqliteStore
from tests.cli.old_archive import OldWriter
from tests.whole.test_canary import photo
from tests.world import WORDS, World

PASSPHRASE = "kuda-besi-berlari-malam"
STRETCHED = cache(sealing._stretched)


def run(folder: Path, *arguments: object, **environ: str) -> Result:
    env = {"DATA_DIR": str(folder), "BACKUP_PASSPHRASE": PASSPHRASE, "TIMEZONE": "UTC", **environ}
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments], env=env)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return str(result.stdout)


def refused(result: Result) -> str:
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    return str(result.stderr)


def report(world: World, photos: int = 0) -> dict[str, Any]:
    sent = world.report()
    for _ in range(photos):
        world.converse.attach(parse_receipt(sent["receipt"]), photo(), token_hex(8))
    return sent


def opened(folder: Path, receipt: str) -> tuple[str, list[bytes]]:
    """The words of a case in an office, and its files, read with its receipt alone."""
    store, keys = SqliteStore(folder / "lapor.sqlite"), KeyDirectory(folder / "keys")
    directory = load_directory(DEMO / "kutai-timur.toml")
    converse = Converse(store, DirBlobs(folder / "blobs"), keys.public, directory, lambda: date(2026, 11, 26))
    view = converse.read(parse_receipt(receipt))
    files = [file.n for message in view.messages for file in message.files]
    body = view.messages[0].body if view.messages else ""
    return body, [converse.file(parse_receipt(receipt), n)[0] for n in files]


def members(archive: Path, passphrase: str = PASSPHRASE) -> dict[str, bytes]:
    with archive.open("rb") as file, tarfile.open(fileobj=Reader(file, passphrase), mode="r|") as tar:  # type: ignore[call-overload]
        found = {}
        for entry in tar:
            source = tar.extractfile(entry)
            assert source
            found[entry.name] = source.read()
        return found


def unsealed(archive: Path) -> dict[str, bytes]:
    with archive.open("rb") as file, tarfile.open(fileobj=Reader(file, "", unsealed=True), mode="r|") as tar:  # type: ignore[call-overload]
        return {entry.name: source.read() for entry in tar if (source := tar.extractfile(entry))}


def packed(
    path: Path,
    entries: dict[str, bytes],
    *more: tarfile.TarInfo,
    passphrase: str = PASSPHRASE,
    made_by: Callable[[BinaryIO, str], Writer] = writer,
) -> Path:
    """An archive with these members, in clear if the passphrase is empty."""
    with path.open("wb") as file:
        out = made_by(file, passphrase)
        with tarfile.open(fileobj=out, mode="w|") as tar:  # type: ignore[call-overload]
            for name, content in entries.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(content)
                tar.addfile(entry, BytesIO(content))
            for entry in more:
                tar.addfile(entry)
        out.close()
    return path


@pytest.fixture(autouse=True)
def _keys_are_stretched_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sealed in a test opens in it without stretching the passphrase anew."""
    monkeypatch.setattr(sealing, "_stretched", STRETCHED)
    monkeypatch.setattr(sealing, "WORK", 10)  # what this costs, tests/cli/test_archive.py asks


@pytest.fixture
def office(tmp_path: Path) -> World:
    return World(tmp_path / "data")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an office that has one report and its photo, and a backup of it; not to be changed."""
    place = tmp_path_factory.mktemp("made")
    report(World(place / "data"), photos=1)
    done(run(place / "data", "backup", place / "office.cadangan"))
    gc.collect()  # the world's connections close, and with the last of them the write-ahead log goes
    assert not (place / "data" / "lapor.sqlite-wal").exists()
    return place


@pytest.fixture
def archive(made: Path, tmp_path: Path) -> Path:
    """A copy of them for one test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path / "office.cadangan"


def test_a_restored_office_opens_every_receipt_and_is_the_same_byte_for_byte(office: World, tmp_path: Path) -> None:
    sent = [report(office, photos=2), report(office), report(office, photos=1)]
    office.post("/api/thread/withdraw", {"receipt": sent[2]["receipt"]})
    archive, again = tmp_path / "office.cadangan", tmp_path / "elsewhere" / "data"
    said = done(run(office.folder, "backup", archive))
    assert "2 cases, 2 files, 9 key files, sealed" in said
    assert archive.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "office.cadangan"]
    assert "2 cases, 2 files" in done(run(again, "restore", archive))
    for one in sent[:2]:
        assert opened(again, one["receipt"]) == opened(office.folder, one["receipt"])
        assert opened(again, one["receipt"])[0] == WORDS
    assert opened(again, sent[2]["receipt"]) == ("", [])
    assert KeyDirectory(again / "keys").public() == KeyDirectory(office.folder / "keys").public()
    for path in (again / "blobs").rglob("*"):
        assert path.stat().st_mtime % 86400 == 0
        assert path.stat().st_mtime == (office.folder / path.relative_to(again)).stat().st_mtime
    for path in again.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (again / "directory.toml").read_bytes() == (DEMO / "kutai-timur.toml").read_bytes()
    assert [path.name for path in again.parent.iterdir()] == ["data"]


@pytest.mark.every_day(1)
@pytest.mark.parametrize("passphrase", ["", PASSPHRASE])
def test_a_backup_of_a_release_before_0_1_0_restores_the_same(archive: Path, tmp_path: Path, passphrase: str) -> None:
    old = packed(tmp_path / "old", members(archive), passphrase=passphrase, made_by=OldWriter)
    assert old.read_bytes().startswith(b"LAPOR-C1")
    asked = [] if passphrase else ["--unsealed"]
    done(run(tmp_path / "again", "restore", old, *asked))
    for path in (path for path in (tmp_path / "data").rglob("*") if path.suffix in ("", ".json") and path.is_file()):
        assert (tmp_path / "again" / path.relative_to(tmp_path / "data")).read_bytes() == path.read_bytes()
    raw = old.read_bytes()
    old.write_bytes(raw[: sealing._OLD_HEADER + 2 * (sealing.CHUNK + sealing.TAG)])
    assert "cut short" in run(tmp_path / "never", "restore", old, *asked).stderr
    assert not (tmp_path / "never").exists()


def test_a_backup_in_clear_is_a_tar_for_anybody(archive: Path, tmp_path: Path) -> None:
    done(run(tmp_path / "data", "backup", tmp_path / "clear", "--unsealed"))
    with tarfile.open(tmp_path / "clear", "r:gz") as tar:
        assert set(tar.getnames()) == set(members(archive))


def test_a_backup_in_clear_must_be_asked_for(office: World, tmp_path: Path) -> None:
    target = tmp_path / "office.cadangan"
    assert "BACKUP_PASSPHRASE" in refused(run(office.folder, "backup", target, BACKUP_PASSPHRASE=""))
    assert not target.exists()
    assert "in clear" in done(run(office.folder, "backup", target, "--unsealed"))
    assert "about.json" in unsealed(target)
    assert "not sealed" in refused(run(tmp_path / "again", "restore", target, BACKUP_PASSPHRASE=""))
    done(run(tmp_path / "again", "restore", target, "--unsealed", BACKUP_PASSPHRASE=""))


def test_a_sealed_backup_shows_no_name_of_what_is_in_it(archive: Path) -> None:
    raw = archive.read_bytes()
    for name, content in members(archive).items():
        assert name.encode() not in raw
        assert content[:64] not in raw


def test_into_a_folder_one_a_day_and_none_older_than_the_promise(office: World, tmp_path: Path) -> None:
    folder, today = tmp_path / "backups", office_today()
    folder.mkdir()
    for age in (1, 34, 35, 400):
        (folder / f"lapor-{today - timedelta(days=age)}.cadangan").touch()
    (folder / "lapor-never-in-may.cadangan").touch()
    (folder / "mine.txt").touch()
    assert "2 older than 35 days removed" in done(run(office.folder, "backup", folder))
    ages = sorted((today - date.fromisoformat(path.name[6:16])).days for path in folder.glob("lapor-2*"))
    assert ages == [0, 1, 34]
    assert (folder / "mine.txt").exists()
    assert "removed" not in done(run(office.folder, "backup", folder))


def office_today() -> date:
    return load_settings({"TIMEZONE": "UTC"}).today()


def after_the_snapshot(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object], times: int = 1) -> list[int]:
    """Do something each time the database was copied, ``times`` times; returns how often it was copied."""
    honest, copied = taking.snapshot, [0]

    def snapshot(path: Path, target: Path) -> None:
        honest(path, target)
        copied[0] += 1
        if copied[0] <= times:
            what()

    monkeypatch.setattr(taking, "snapshot", snapshot)
    return copied


def test_what_is_deleted_while_it_is_copied_is_not_in_the_backup(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, gone = report(office, photos=1), report(office, photos=1)
    copied = after_the_snapshot(monkeypatch, lambda: office.post("/api/thread/withdraw", {"receipt": gone["receipt"]}))
    assert "1 cases, 1 files" in done(run(office.folder, "backup", tmp_path / "a"))
    assert copied == [2]
    assert not [name for name in members(tmp_path / "a") if gone["tracking_id"] in name]
    assert [name for name in members(tmp_path / "a") if kept["tracking_id"] in name]


@pytest.mark.parametrize("of", ["file", "folder"])
@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_link_among_the_files_takes_nothing_else_along(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of: str, meanwhile: bool
) -> None:
    """A captured door writes beside the files, and reads what is restored there: root, who reads every key, follows no
    link of its."""
    case, elsewhere = report(office, photos=1)["tracking_id"], tmp_path / "keys"
    folder, honest, todo = office.folder / "blobs" / case, taking._entry, [1]
    (file,) = folder.iterdir()

    def swap() -> None:
        folder.rename(elsewhere)
        if of == "folder":
            folder.symlink_to(elsewhere)
        else:
            folder.mkdir()
            file.symlink_to(elsewhere / file.name)
        (elsewhere / file.name).write_bytes(b"a private key")

    def entry(*told: Any) -> tarfile.TarInfo:
        if todo and todo.pop():
            swap()
        return honest(*told)

    if meanwhile:  # the files have been looked for
        monkeypatch.setattr(taking, "_entry", entry)
    else:
        swap()
    assert "1 cases, 0 files" in done(run(office.folder, "backup", tmp_path / "a"))
    assert b"a private key" not in members(tmp_path / "a").values()


def test_nor_does_a_link_among_the_keys(office: World, tmp_path: Path) -> None:
    """Each door has the folder of its keys, and would find another's there after a restore."""
    root, name = office.folder / "keys", "0" * 32
    (theirs, *_) = (root / "identity" / "kutim").iterdir()
    (root / "desk" / "kutim" / name).symlink_to(theirs)
    done(run(office.folder, "backup", tmp_path / "a"))
    assert f"keys/desk/kutim/{name}" not in members(tmp_path / "a")


def test_a_report_that_comes_while_it_is_copied_is_wholly_out(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[dict[str, Any]] = []
    copied = after_the_snapshot(monkeypatch, lambda: came.append(report(office, photos=1)))
    assert "0 cases, 0 files" in done(run(office.folder, "backup", tmp_path / "a"))
    assert copied == [1]
    assert came[0]["tracking_id"] not in "".join(members(tmp_path / "a"))


@pytest.mark.long
def test_a_key_that_is_rotated_while_it_is_copied_is_in_it_with_what_it_opens(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = report(office)

    def rotate() -> None:
        done(run(office.folder, "keys", "rotate", "--purpose", "desk", "--instance", "kutim", "--grace", "0"))

    after_the_snapshot(monkeypatch, rotate)
    done(run(office.folder, "backup", tmp_path / "a"))
    done(run(tmp_path / "again", "restore", tmp_path / "a"))
    private = KeyDirectory(tmp_path / "again" / "keys").private(Purpose.DESK)
    head = SqliteStore(tmp_path / "again" / "lapor.sqlite").read_head(sent["tracking_id"])
    assert list(private.keys) == [head.wraps.key_id]
    assert len(private.open_case(head)) == 32


def test_what_never_stands_still_is_told_and_leaves_nothing(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_the_snapshot(monkeypatch, lambda: office.keys.generate(Purpose.DESK, "kutim"), times=99)
    assert "run the backup again" in refused(run(office.folder, "backup", tmp_path / "a"))
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.parametrize(
    ("arguments", "environ", "says"),
    [
        (("backup", "{tmp}/no/such/folder/a"), {}, "No such file"),
        (("backup", "{tmp}/a"), {"DATA_DIR": "{tmp}/nowhere"}, "is DATA_DIR right?"),
        (("backup", "{tmp}/a", "--unsealed"), {"DATA_DIR": "{tmp}/nowhere"}, "is DATA_DIR right?"),
        (("backup", "{tmp}/a"), {"STORE": "dynamodb"}, "make backup"),
        (("restore", "{tmp}/office.cadangan"), {"STORE": "dynamodb"}, "make backup"),
        (("restore", "{tmp}/office.cadangan"), {}, "is not empty"),
        (("restore", "{tmp}/office.cadangan"), {"DATA_DIR": "{tmp}/b", "BACKUP_PASSPHRASE": ""}, "sealed with a pass"),
        (("restore", "{tmp}/office.cadangan"), {"DATA_DIR": "{tmp}/b", "BACKUP_PASSPHRASE": "x" * 16}, "not the one"),
        (("backup", "{tmp}/a"), {"BACKUP_PASSPHRASE": "short"}, "BACKUP_PASSPHRASE"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_and_changes_nothing(
    archive: Path, tmp_path: Path, arguments: tuple[str, ...], environ: dict[str, str], says: str
) -> None:
    before = sorted(str(path) for path in tmp_path.rglob("*"))
    filled = {name: value.replace("{tmp}", str(tmp_path)) for name, value in environ.items()}
    assert says in refused(run(tmp_path / "data", *(a.replace("{tmp}", str(tmp_path)) for a in arguments), **filled))
    gc.collect()  # what was begun does not write into a closed file now
    assert sorted(str(path) for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("at", [0.0, 0.3, 0.6, 0.999])
def test_a_damaged_backup_writes_nothing(archive: Path, tmp_path: Path, at: float) -> None:
    raw = bytearray(archive.read_bytes())
    raw[int(len(raw) * at)] ^= 1
    archive.write_bytes(raw)
    refused(run(tmp_path / "again", "restore", archive))
    archive.write_bytes(raw[: int(len(raw) * at)])
    refused(run(tmp_path / "again", "restore", archive))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "office.cadangan"]


def test_a_restore_that_is_cut_short_leaves_no_office_and_is_taken_up_again(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest, count = restore._extract, [0]

    def extract(*arguments: Any) -> None:
        count[0] += 1
        if count[0] == 5:
            raise OSError(28, "No space left on device", "x")
        honest(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(restore, "_extract", extract)
        assert "No space left" in refused(run(tmp_path / "again", "restore", archive))
    assert not (tmp_path / "again").exists()
    (tmp_path / "again.restoring" / "keys").mkdir(parents=True)  # as after kill -9
    (tmp_path / "again").mkdir()
    done(run(tmp_path / "again", "restore", archive))
    assert not (tmp_path / "again.restoring").exists()


def changed(entries: dict[str, bytes], **about: object) -> dict[str, bytes]:
    known = About(**json.loads(entries["about.json"]))
    return {**entries, "about.json": json.dumps(asdict(replace(known, **about))).encode()}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda e: {**e, "../outside": b"x"}, "none of ours"),
        (lambda e: {**e, "/etc/passwd": b"x"}, "none of ours"),
        (lambda e: changed({**e, "keys/desk/../" + "0" * 16: b"x"}, keys=10), "none of ours"),
        (lambda e: changed({**e, "keys/another": b"x"}, keys=10), "none of ours"),
        (lambda e: changed({**e, "blobs/AAAA-AAAA-AAAA/x": b"x"}, files=2), "none of ours"),
        (lambda e: changed({**e, "blobs/aaaa/" + "0" * 32: b"x"}, files=2), "none of ours"),
        (lambda e: changed(e, files=2), "does not hold what it says"),
        (lambda e: changed(e, format=2), "newer release"),
        (lambda e: changed(e, cases=9), "not the one that was backed up"),
        (lambda e: changed(e, schema=1), "not the one that was backed up"),
        (lambda e: {**e, "about.json": b'{"format": 1}'}, "does not say what it holds"),
        (lambda e: {name: content for name, content in e.items() if name != "about.json"}, "does not say"),
        (lambda e: {**e, "lapor.sqlite": e["lapor.sqlite"][:-5000]}, "damaged|cannot be copied or read"),
        (lambda e: {**e, "lapor.sqlite": b"x" * 5000}, "cannot be copied or read"),
        (lambda e: {**e, "keys/public.json": b"{}"}, "damaged"),
        (
            lambda e: changed({n: c for n, c in e.items() if "/links/" not in n}, keys=8),
            "current links key of kutim is not in the backup",
        ),
    ],
)
def test_a_backup_that_is_not_one_of_ours_writes_nothing(
    archive: Path, tmp_path: Path, wrong: Callable[[dict[str, bytes]], dict[str, bytes]], says: str
) -> None:
    path = packed(tmp_path / "wrong", wrong(members(archive)))
    said = refused(run(tmp_path / "again", "restore", path))
    assert any(part in said for part in says.split("|")), said
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "office.cadangan", "wrong"]


def test_a_link_in_a_backup_is_not_followed(archive: Path, tmp_path: Path) -> None:
    link = tarfile.TarInfo("officers.toml")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    entries = {name: content for name, content in members(archive).items() if name != "officers.toml"}
    assert "none of ours" in refused(run(tmp_path / "again", "restore", packed(tmp_path / "wrong", entries, link)))
    not_a_tar = tmp_path / "not-a-tar"
    with not_a_tar.open("wb") as file:
        out = writer(file, PASSPHRASE)
        out.write(b"x" * 2000)
        out.close()
    assert "cannot be read" in refused(run(tmp_path / "again", "restore", not_a_tar))


LINKED = {"PUBLIC_URL": "https://kutim.example.id", "FORM_SECRET": "s" * 64}


def test_an_office_that_is_linked_to_the_nation_is_restored_with_the_key_of_its_documents(
    archive: Path, tmp_path: Path
) -> None:
    """A backup holds ``keys/link`` once `link export` made it; without it the nation takes no file of the office."""
    done(run(tmp_path / "data", "link", "export", "--out", tmp_path / "a.json", **LINKED))
    done(run(tmp_path / "data", "backup", tmp_path / "linked"))
    done(run(tmp_path / "again", "restore", tmp_path / "linked"))
    assert (tmp_path / "again/keys/link").read_bytes() == (tmp_path / "data/keys/link").read_bytes()


def test_whatever_key_file_is_backed_up_is_taken_back(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "data", "link", "export", "--out", tmp_path / "a.json", **LINKED)
    files = taking._keys(tmp_path / "data" / "keys")
    assert not [name for name in files if not restore.NAMES.fullmatch(name)]


def test_what_a_killed_backup_left_goes_with_the_next_one(office: World, tmp_path: Path) -> None:
    """Its copy of the database is in clear but for the seals, and would outlive every archive."""
    folder, before = tmp_path / "backups", office_today() - timedelta(days=1)
    folder.mkdir()
    for ending in ("db", "part", "db-journal"):
        (folder / f"lapor-{before}.cadangan.{ending}").write_bytes(b"x")
    (folder / "mine.db").touch()
    done(run(office.folder, "backup", folder))
    assert sorted(path.name for path in folder.iterdir()) == [f"lapor-{office_today()}.cadangan", "mine.db"]


def test_a_backup_that_fails_removes_what_is_older_than_the_promise(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk, say: with nothing removed it would stay full, and the 35 days would not hold."""
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / f"lapor-{office_today() - timedelta(days=40)}.cadangan"
    old.touch()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x")

    monkeypatch.setattr(taking, "snapshot", full)
    assert "No space left" in refused(run(office.folder, "backup", folder))
    assert not old.exists()


def test_looking_for_files_that_went_meanwhile_takes_no_square_of_them(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = report(office)["tracking_id"]
    folder, asked = office.folder / "blobs" / case_id, [0]
    folder.mkdir(parents=True)
    for n in range(300):
        (folder / f"{n:032x}").touch()
    honest = Path.__eq__

    def counted(self: Path, other: object) -> bool:
        asked[0] += 1
        return honest(self, other)

    monkeypatch.setattr(Path, "__eq__", counted)
    assert "1 cases, 300 files" in done(run(office.folder, "backup", tmp_path / "a"))
    assert asked[0] < 20 * 300


def test_what_somebody_keeps_beside_the_backups_stays_and_holds_up_none(office: World, tmp_path: Path) -> None:
    """A checksum and a copy under another key are the administrator's own, and a folder is no reason for no backup."""
    folder, name = tmp_path / "backups", f"lapor-{office_today() - timedelta(days=2)}.cadangan"
    (folder / f"{name}.isi").mkdir(parents=True)
    for ending in ("", ".sha256", ".gpg"):
        (folder / f"{name}{ending}").write_bytes(b"x")
    done(run(office.folder, "backup", folder))
    kept = [name, f"{name}.gpg", f"{name}.isi", f"{name}.sha256"]
    assert sorted(path.name for path in folder.iterdir()) == [*kept, f"lapor-{office_today()}.cadangan"]


def test_what_cannot_be_removed_is_said_once_the_backup_is_there(
    office: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / f"lapor-{office_today() - timedelta(days=40)}.cadangan"
    old.touch()
    honest = Path.unlink

    def anothers(self: Path, *, missing_ok: bool = False) -> None:
        if self == old:
            raise PermissionError(1, "Operation not permitted", str(self))
        honest(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", anothers)
    assert "Operation not permitted" in refused(run(office.folder, "backup", folder))
    assert (folder / f"lapor-{office_today()}.cadangan").exists()


def test_files_that_an_import_made_needless_are_not_missed(office: World, tmp_path: Path) -> None:
    """Addresses are best removed from the disk; from then on no night would have had a backup."""
    gone = {"OFFICERS_FILE": str(tmp_path / "officers.toml"), "DIRECTORY_FILE": str(tmp_path / "directory.toml")}
    done(run(office.folder, "agencies", "import", "--yes", *(DEMO / n for n in ("kutai-timur.toml", "officers.toml"))))
    sent = report(office)
    done(run(office.folder, "backup", tmp_path / "office.cadangan", **gone))
    done(run(tmp_path / "again", "restore", tmp_path / "office.cadangan", **gone))
    assert opened(tmp_path / "again", sent["receipt"])[0] == WORDS
