"""A release is what its source makes, signed by whom the office names; a plan is deployed as it was approved or not at
all. Signatures are made and checked by the real ``ssh-keygen``."""

import shutil
import subprocess
from pathlib import Path

import pytest

from infra import release
from infra.deploy import plan
from infra.deploy.place import Place
from infra.deploy.plan import check_approved
from infra.deploy.say import DeployError


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    made = {"intake_uji.zip": tmp_path / "i.zip", "sbom.json": tmp_path / "s.json"}
    for name, path in made.items():
        path.write_text(f"isi {name}")
    return made


def key(folder: Path, name: str) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    return folder / name


def signed(files: dict[str, Path], folder: Path, by: Path) -> Path:
    release.write(files, folder)
    release._ssh("sign", "-f", str(by), "-n", release.NAMESPACE, str(folder / release.SUMS))
    return folder


def signers(folder: Path, *keys: Path) -> str:
    lines = [f"{each.name}@dinas.example {each.with_suffix('.pub').read_text()}" for each in keys]
    (folder / "signers").write_text("".join(lines))
    return str(folder / "signers")


def test_what_was_signed_is_proved_and_whatever_differs_is_named(files: dict[str, Path], tmp_path: Path) -> None:
    ours, theirs = key(tmp_path, "kami"), key(tmp_path, "mereka")
    folder = signed(files, tmp_path / "release", ours)
    who = signers(tmp_path, ours)
    assert release.signer(folder, who) == "kami@dinas.example"
    release.compare(release.sums(folder), files)
    listed = subprocess.run(["sha256sum", "-c", release.SUMS], cwd=folder, capture_output=True, text=True, check=True)
    assert listed.stdout.count(": OK") == len(files)

    files["intake_uji.zip"].write_text("lain")
    with pytest.raises(DeployError, match=r"^intake_uji\.zip: not what was signed"):
        release.compare(release.sums(folder), files)
    with pytest.raises(DeployError, match=r"^sbom\.json: not what was signed"):
        release.compare(release.sums(folder), {"intake_uji.zip": folder / "intake_uji.zip"})

    with pytest.raises(DeployError, match="ssh-keygen"):
        release.signer(folder, signers(tmp_path, theirs))
    who = signers(tmp_path, ours)
    (folder / release.SUMS).write_text((folder / release.SUMS).read_text().replace("intake", "custody"))
    with pytest.raises(DeployError, match="verify"):
        release.signer(folder, who)
    shutil.rmtree(folder)
    with pytest.raises(DeployError, match="is missing"):
        release.signer(folder, who)


def test_what_the_same_key_signed_for_something_else_is_no_release(files: dict[str, Path], tmp_path: Path) -> None:
    ours = key(tmp_path, "kami")
    release.write(files, folder := tmp_path / "release")
    release._ssh("sign", "-f", str(ours), "-n", "git", str(folder / release.SUMS))
    with pytest.raises(DeployError, match="verify"):
        release.signer(folder, signers(tmp_path, ours))


def test_a_plan_that_is_no_longer_the_approved_one_is_not_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    said = ["account 1, region x", "stack lapor-uji-data: leave, where no parameter changed"]
    monkeypatch.setattr(plan, "_plan", lambda _: iter(said))
    monkeypatch.setattr(plan, "_beside", lambda _: iter(["host h: DNS does not lead here yet"]))
    place = Place("uji", "ap-southeast-3")
    *_, beside, last = plan.plan(place)
    assert beside.startswith("host h")
    assert last == f"plan {plan.digest_of(said)}"
    check_approved(place, plan.digest_of(said))
    said[1] = "stack lapor-uji-data: change (its template is another)"
    with pytest.raises(
        DeployError, match=r"(?s)no longer the one that was approved; now it is:.*lapor-uji-data: change"
    ):
        check_approved(place, last.partition(" ")[2])
