"""What every place for blobs does, and what a folder must do beyond it."""

import os
import stat
from datetime import UTC, date, datetime

import pytest
from moto import mock_aws

from functions.storage.blobs.folder import DirBlobs
from functions.storage.blobs.s3 import S3Blobs
from functions.storage.interface import CaseNotFoundError, StorageError, StoreUnavailableError
from tests.ranks import correlation
from tests.storage.conftest import Watched
from tests.storage.examples import new_id

CASE, OTHER = "4F7K-2M9Q-XR3D", "0000-ZZZZ-1234"
NAME, SECOND = "0f" * 16, "a1" * 16
DAY, LATER = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture(params=["folder", "s3", "s3 with versions"])
def blobs(request, tmp_path):
    if request.param == "folder":
        made = DirBlobs(tmp_path / "blobs")
        made.prepare()
        yield made
        return
    with mock_aws():
        watched = Watched()
        made = S3Blobs("lapor-blobs", lambda: watched.client("s3"))
        made.prepare()
        if "versions" in request.param:
            setting = {"Status": "Enabled"}
            made.client.put_bucket_versioning(Bucket="lapor-blobs", VersioningConfiguration=setting)
        yield made


@pytest.fixture
def folder(tmp_path):
    made = DirBlobs(tmp_path / "blobs")
    made.prepare()
    return made


def midnight(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


@pytest.mark.parametrize("content", [b"", b"sealed", bytes(range(256)) * 8000], ids=["empty", "short", "long"])
def test_what_was_put_is_got(blobs, content):
    blobs.put(CASE, NAME, content, DAY)
    assert blobs.get(CASE, NAME) == content


def test_the_same_name_again_replaces(blobs):
    blobs.put(CASE, NAME, b"first", DAY)
    blobs.put(CASE, NAME, b"second", LATER)
    assert blobs.get(CASE, NAME) == b"second"


def test_what_is_not_there(blobs):
    blobs.put(CASE, NAME, b"sealed", DAY)
    for case_id, name in ((CASE, SECOND), (OTHER, NAME)):
        with pytest.raises(CaseNotFoundError):
            blobs.get(case_id, name)


def test_prepare_again_keeps_what_is_there(blobs):
    blobs.put(CASE, NAME, b"sealed", DAY)
    blobs.prepare()
    assert blobs.get(CASE, NAME) == b"sealed"


def test_a_case_is_deleted_whole_and_alone(blobs):
    blobs.put(CASE, NAME, b"first", DAY)
    blobs.put(CASE, NAME, b"again", DAY)
    blobs.put(CASE, SECOND, b"second", DAY)
    blobs.put(OTHER, NAME, b"stays", DAY)
    blobs.delete_case(CASE)
    blobs.delete_case(CASE)
    for name in (NAME, SECOND):
        with pytest.raises(CaseNotFoundError):
            blobs.get(CASE, name)
    assert blobs.get(OTHER, NAME) == b"stays"
    if isinstance(blobs, S3Blobs):
        left = blobs.client.list_object_versions(Bucket=blobs.bucket)
        assert [version["Key"] for version in left["Versions"]] == [f"{OTHER}/{NAME}"]
        assert "DeleteMarkers" not in left


@pytest.mark.parametrize(
    ("case_id", "name"),
    [
        ("..", NAME),
        ("../../etc", NAME),
        ("4F7K-2M9Q-XR3D/..", NAME),
        ("4F7K-2M9Q-XR3D\n", NAME),
        ("4f7k-2m9q-xr3d", NAME),
        ("4F7K-2M9Q-XR3U", NAME),
        ("", NAME),
        (CASE, ".."),
        (CASE, "../" + "a" * 29),
        (CASE, "a" * 31),
        (CASE, "a" * 33),
        (CASE, "A" * 32),
        (CASE, "a" * 32 + "\n"),
        (CASE, ""),
    ],
)
def test_no_name_leads_out(blobs, case_id, name):
    with pytest.raises(ValueError, match="not a"):
        blobs.put(case_id, name, b"sealed", DAY)
    with pytest.raises(ValueError, match="not a"):
        blobs.get(case_id, name)
    if name == NAME:
        with pytest.raises(ValueError, match="not a"):
            blobs.delete_case(case_id)


def test_files_and_folders_are_the_owners_and_carry_a_day(folder):
    folder.put(CASE, NAME, b"sealed", DAY)
    folder.put(CASE, SECOND, b"sealed", LATER)
    folder.put(CASE, SECOND, b"sealed again", LATER)
    found = {
        path.relative_to(folder.root).as_posix(): (stat.S_IMODE(path.stat().st_mode), path.stat().st_mtime)
        for path in (folder.root, *folder.root.rglob("*"))
    }
    assert found == {
        ".": (0o700, midnight(LATER)),
        CASE: (0o700, midnight(LATER)),
        f"{CASE}/{NAME}": (0o600, midnight(DAY)),
        f"{CASE}/{SECOND}": (0o600, midnight(LATER)),
    }


def test_reading_leaves_no_time_behind(folder):
    folder.put(CASE, NAME, b"sealed", DAY)
    folder.get(CASE, NAME)
    folder.get(CASE, NAME)
    assert (folder.root / CASE / NAME).stat().st_atime == midnight(DAY)


def test_deleting_leaves_no_time_behind(folder):
    folder.put(CASE, NAME, b"sealed", DAY)
    folder.put(OTHER, NAME, b"sealed", LATER)
    folder.delete_case(CASE)
    assert folder.root.stat().st_mtime in (midnight(DAY), midnight(LATER))


def test_a_folder_that_a_group_shares_is_left_open_to_it_and_read_by_all_its_writers(tmp_path):
    """As ``local.owners`` gives it; another process's files lie below a folder of its own, named by its number."""
    root = tmp_path / "blobs"
    root.mkdir()
    root.chmod(0o2770)
    blobs, theirs = DirBlobs(root), root / "61005" / CASE
    blobs.prepare()
    blobs.put(CASE, NAME, b"mine", DAY)
    theirs.mkdir(parents=True)
    (theirs / SECOND).write_bytes(b"theirs")
    assert (blobs.get(CASE, NAME), blobs.get(CASE, SECOND)) == (b"mine", b"theirs")
    assert stat.S_IMODE(root.stat().st_mode) == 0o2770
    assert stat.S_IMODE((root / CASE / NAME).stat().st_mode) == 0o660
    blobs.delete_case(CASE)
    assert sorted(path.name for path in root.rglob("*")) == ["61005"]
    with pytest.raises(CaseNotFoundError):
        blobs.get(CASE, SECOND)


@pytest.mark.parametrize("place", ["", "61005"])
def test_nothing_is_touched_that_a_link_leads_to(tmp_path, place):
    """Whoever shares the folder puts links there; root deletes as well (`retention`), and keys are not far."""
    root, others = tmp_path / "blobs", tmp_path / "keys"
    (root / place).mkdir(parents=True)
    root.chmod(0o2770)
    others.mkdir()
    (others / NAME).write_bytes(b"a key")
    (root / place / CASE).symlink_to(others)
    blobs = DirBlobs(root)
    if not place:
        with pytest.raises(StorageError):
            blobs.put(CASE, SECOND, b"sealed", DAY)
    with pytest.raises(StorageError):
        blobs.get(CASE, NAME)
    blobs.redate(DAY)
    blobs.delete_case(CASE)
    assert {path.name: path.read_bytes() for path in others.iterdir()} == {NAME: b"a key"}


def test_a_case_is_deleted_where_no_file_was_ever_kept(tmp_path):
    """An office that was restored without files, before its next start."""
    DirBlobs(tmp_path / "none").delete_case(CASE)
    assert [*tmp_path.iterdir()] == []


def test_a_link_in_the_place_of_a_case_goes_with_it(folder, tmp_path):
    """Else no run would ever finish its deletion."""
    (folder.root / CASE).symlink_to(tmp_path)
    folder.delete_case(CASE)
    assert [*folder.root.iterdir()] == []


def test_an_open_folder_is_closed_again(tmp_path):
    (tmp_path / "blobs").mkdir(mode=0o755)
    DirBlobs(tmp_path / "blobs").prepare()
    assert stat.S_IMODE((tmp_path / "blobs").stat().st_mode) == 0o700


def test_put_is_durable_in_the_right_order(folder, monkeypatch):
    steps = []
    fsync, rename = os.fsync, os.replace

    def watched_fsync(handle):
        steps.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        fsync(handle)

    def watched_rename(source, target, **further):
        steps.append("rename")
        rename(source, target, **further)

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "replace", watched_rename)
    folder.put(CASE, NAME, b"sealed", DAY)
    assert steps == ["file", "rename", "folder", "folder"]


def test_a_put_that_fails_leaves_the_old_blob_and_nothing_else(folder, monkeypatch):
    folder.put(CASE, NAME, b"first", DAY)

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreUnavailableError, match="No space left"):
        folder.put(CASE, NAME, b"second", DAY)
    assert folder.get(CASE, NAME) == b"first"
    assert [path.name for path in (folder.root / CASE).iterdir()] == [NAME]


def test_errors_of_s3_are_ours():
    with mock_aws():
        watched = Watched()
        missing = S3Blobs("no-such-bucket", lambda: watched.client("s3"))
        with pytest.raises(StoreUnavailableError):
            missing.put(CASE, NAME, b"sealed", DAY)
        wrong = S3Blobs("Not_A_Bucket!", lambda: watched.client("s3"))
        with pytest.raises(StorageError):
            wrong.get(CASE, NAME)


def test_s3_out_of_reach_is_unavailable():
    unreachable = S3Blobs("lapor-blobs", lambda: Watched("http://127.0.0.1:9").client("s3"))
    with pytest.raises(StoreUnavailableError):
        unreachable.put(CASE, NAME, b"sealed", DAY)


def test_the_time_of_change_tells_no_order_after_the_hourly_touch(folder):
    """The one time that no program can set. Whoever sees it learns when the touch was."""
    names = [f"{n:032x}" for n in range(600)]
    cases = [new_id() for _ in range(30)]
    for n, name in enumerate(names):
        folder.put(cases[n % 30], name, b"sealed", DAY)

    def order():
        changed = [(folder.root / cases[n % 30] / name).stat().st_ctime_ns for n, name in enumerate(names)]
        told = len(set(changed)) > 1  # a quick disk touches all within one tick of the clock: nothing to read
        return correlation(enumerate(changed)) if told else 0

    assert order() > 0.9
    before = min((folder.root / case).stat().st_ctime_ns for case in cases)
    assert folder.redate(DAY) == 600
    assert abs(order()) < 0.2
    assert min((folder.root / case).stat().st_ctime_ns for case in cases) > before
    assert {path.stat().st_mtime for path in folder.root.rglob("*")} == {midnight(DAY)}
    assert folder.redate(LATER) == 0


def test_touching_beside_deleting_does_no_harm(folder, monkeypatch):
    folder.put(CASE, NAME, b"sealed", DAY)
    folder.put(OTHER, NAME, b"stays", DAY)
    shuffled = "functions.storage.blobs.folder._shuffled"
    monkeypatch.setattr(shuffled, lambda paths: folder.delete_case(CASE) or paths)
    assert folder.redate(DAY) == 2
    assert folder.get(OTHER, NAME) == b"stays"
