"""The way in: make and its scripts, on machines that have what is needed and on those that have not."""

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)
SCRIPTS = ["infra/bootstrap.sh", "infra/run-dynamodb.sh"]
# What the bootstrap script itself calls; a fake machine has these and nothing else.
PROGRAMS = ["sh", "dirname", "id", "cat", "cksum", "mktemp", "grep", "tail", "rm", "tee"]


def make(*arguments):
    """Return what make prints. It inherits nothing of a make that runs these tests, such as its COVERAGE=1."""
    path = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=path, capture_output=True, text=True, timeout=60, check=True
    ).stdout


class Machine:
    """A copy of the files that the bootstrap needs, and a PATH that holds only what it is given."""

    def __init__(self, home):
        self.home = home
        self.bin = home / "bin"
        self.bin.mkdir()
        for name in PROGRAMS:
            (self.bin / name).symlink_to(shutil.which(name))
        (home / "infra").mkdir()
        shutil.copy(ROOT / "infra/bootstrap.sh", home / "infra")
        shutil.copytree(ROOT / "infra/locks", home / "infra/locks")

    def program(self, name, script):
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def bootstrap(self, what, **environment):
        return subprocess.run(
            ["sh", "infra/bootstrap.sh", what],
            cwd=self.home,
            env={"PATH": str(self.bin), "SBIN": str(self.bin), "LIBRARIES": str(self.bin), **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


# A Python that is new enough, has venv, and whose environments hold a pip that does as told.
GOOD_PYTHON = """
case "$*" in
*version_info* | *"import venv"* | *"import pip"*) exit 0 ;;
--version) echo "Python 3.13.5" ;;
*"-m venv"*) /bin/mkdir -p .venv/bin && /bin/cp "$0" .venv/bin/python ;;
*"-m pip install --require-hashes -r infra/locks/"*) echo "Collecting flask==3.1.3 (from -r run.lock)"; %s ;;
esac
"""


def only_line(result):
    """What a failed run says: one line on standard error."""
    assert result.returncode == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("bootstrap: ")
    return lines[0]


def test_help_comes_first_and_lists_every_target():
    shown = make()
    assert shown == make("help")
    listed = re.findall(r"^  make ([a-z-]+) +\S.*$", shown, re.MULTILINE)
    assert listed == TARGETS
    assert {"help", "run", "test", "lint", "types", "fmt", "clean"} <= set(TARGETS)


def test_every_target_is_phony():
    assert sorted(re.findall(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)) == sorted(TARGETS)


def test_clean_never_touches_the_data():
    recipe = make("--dry-run", "clean")
    assert "rm -rf .venv" in recipe
    assert not re.search(r"rm [^\n]*\bdata\b", recipe)


def test_run_hands_the_store_to_the_right_program():
    assert "functions.local" in make("--dry-run", "run")
    assert "infra/run-dynamodb.sh" in make("--dry-run", "run", "STORE=dynamodb")
    assert "infra.demo" in make("--dry-run", "run", "DEMO=1")


def test_the_long_tests_are_left_out_only_of_everydays_run():
    assert '-m "not long"' in make("--dry-run", "tests")
    assert '-m "not long"' in make("--dry-run", "test-cloud")
    for target, whole in (("tests", "WHOLE=1"), ("tests", "COVERAGE=1"), ("test-cloud", "WHOLE=1")):
        assert "not long" not in make("--dry-run", target, whole)


def test_ci_runs_the_same_tests_as_everybody():
    ci = ROOT / ".ci" / "run"
    assert ci.stat().st_mode & stat.S_IXUSR
    commands = [line for line in ci.read_text().splitlines() if line and not line.startswith("#")]
    assert commands[:3] == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test COVERAGE=1"]
    assert commands[3:] == [
        "make test-cloud WHOLE=1",
        "parts=$(.venv/bin/python -m tests.deep.changed)",
        'if [ -n "$parts" ]; then make test-deep PART="$parts"; fi',
    ]


DYING = """
import os
from pathlib import Path

def test_of_which_its_process_dies():
    with Path("tries").open("a") as tries:
        tries.write("x")
    if len(Path("tries").read_text()) < 4:  # else it would never end where it is tried again
        os._exit(3)

def test_beside_it():
    pass
"""


@pytest.mark.long
def test_a_worker_that_dies_ends_the_run_and_its_test_is_named(tmp_path):
    """Not tried again and again by one worker after another, which looked as if the run hung."""
    (tmp_path / "test_dying.py").write_text(DYING)
    options = re.findall(r"-m pytest (.*?) --durations", make("--dry-run", "tests", "WORKERS=1", "WHOLE=1"))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options[0].split(), "-p", "no:cacheprovider", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert "crashed while running 'test_dying.py::test_of_which_its_process_dies'" in done.stdout
    assert (tmp_path / "tries").read_text() == "x"


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_are_valid_for_a_plain_shell(script):
    subprocess.run(["sh", "-n", script], cwd=ROOT, check=True, timeout=10)
    assert re.search(r"^set -eu$", (ROOT / script).read_text(), re.MULTILINE)


def test_without_python_it_says_so_in_one_line(machine):
    assert "Python 3.11 or newer is missing" in only_line(machine.bootstrap("run"))


def test_a_python_that_is_too_old_is_not_taken(machine):
    machine.program("python3", "exit 1")
    assert "Python 3.11 or newer is missing" in only_line(machine.bootstrap("run"))


def test_a_python_without_venv_is_named(machine):
    machine.program("python3.12", 'case "$*" in *ensurepip*) exit 1 ;; esac')
    line = only_line(machine.bootstrap("run"))
    assert "python3.12" in line
    assert "python3-venv" in line


NOT_FOUND = 'echo "ERROR: No matching distribution found for scipy==1.18.1" >&2; exit 1'
BROKEN_LINE = "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /simple/scipy/"
OTHER_PYTHON = (
    "ERROR: Ignored the following versions that require a different python version: 1.18.%s Requires-Python >=3.12"
)


def test_a_pip_without_network_is_told_in_one_line(machine):
    machine.program("python3", GOOD_PYTHON % f'echo "{BROKEN_LINE}"; {NOT_FOUND}')
    line = only_line(machine.bootstrap("run"))
    assert "is the network there?" in line
    assert "No matching distribution found for scipy==1.18.1" in line


def test_a_package_that_this_python_cannot_have_is_named_with_the_way_out(machine):
    machine.program("python3", GOOD_PYTHON % f'echo "{OTHER_PYTHON % 1}"; {NOT_FOUND}')
    line = only_line(machine.bootstrap("run"))
    assert "Python 3.13.5 cannot have scipy==1.18.1: remove .venv and name a newer Python" in line
    assert "network" not in line


@pytest.mark.parametrize(
    "says",
    [
        f'echo "{OTHER_PYTHON % 0}"; {NOT_FOUND}',
        'echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES" >&2; exit 1',
        'echo "ERROR: Could not install packages due to an OSError: No space left on device" >&2; exit 1',
        "exit 1",
    ],
)
def test_any_other_reason_is_given_without_a_guess(machine, says):
    machine.program("python3", GOOD_PYTHON % says)
    line = only_line(machine.bootstrap("run"))
    assert "pip could not install infra/locks/run.lock (" in line
    assert not re.search("network|cannot have", line)
    assert ("no reason given" in line) == (says == "exit 1")


@pytest.mark.parametrize("what", ["run", "deploy"])
def test_each_purpose_installs_its_own_lock(machine, what):
    machine.program("python3", GOOD_PYTHON % 'echo "$*" >>pip.log')
    machine.bootstrap(what)
    assert (machine.home / "pip.log").read_text() == f"-m pip install --require-hashes -r infra/locks/{what}.lock\n"


def test_only_the_targets_of_the_cloud_install_what_deploys():
    recipes = dict(re.findall(r"^([a-z-]+): ## [^\n]*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE))
    deploying = {name for name, recipe in recipes.items() if "bootstrap.sh deploy" in recipe}
    assert deploying == {name for name, recipe in recipes.items() if "$(cloud)" in recipe}
    assert "deploy" in deploying
    assert {"run", "serve"}.isdisjoint(deploying)


def test_an_interrupted_install_is_taken_up_again(machine):
    machine.program("python3", GOOD_PYTHON % "exit 1")
    only_line(machine.bootstrap("run"))
    machine.program("python3", GOOD_PYTHON % "exit 0")
    (machine.home / ".venv/bin/python").write_bytes((machine.bin / "python3").read_bytes())
    again = machine.bootstrap("run")
    assert (again.returncode, again.stderr) == (0, "")
    assert "flask==3.1.3" in again.stdout


def test_progress_is_shown_and_a_second_run_does_nothing(machine):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    first = machine.bootstrap("run")
    assert first.returncode == 0, first.stderr
    assert "making .venv with Python 3.13.5" in first.stdout
    assert "   flask==3.1.3\n" in first.stdout
    second = machine.bootstrap("run")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_changed_requirements_are_installed(machine):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    machine.bootstrap("run")
    with (machine.home / "infra/locks/run.lock").open("a") as file:
        file.write("another==1.0\n")
    assert "installing the Python packages" in machine.bootstrap("run").stdout


def test_a_python_named_by_hand_is_tried_first(machine):
    machine.program("my-python", GOOD_PYTHON.replace("3.13.5", "3.12.9") % "exit 0")
    machine.program("python3", GOOD_PYTHON % "exit 0")
    result = machine.bootstrap("run", PYTHON="my-python")
    assert "making .venv with Python 3.12.9" in result.stdout


def test_programs_the_tests_need_are_named_where_they_cannot_be_installed(machine):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    machine.program("w3m", "exit 0")
    machine.program("lynx", "exit 0")
    line = only_line(machine.bootstrap("test"))
    assert line.endswith(
        "install these: chromium fontconfig fonts-noto-core fonts-dejavu-core libimage-exiftool-perl"
        " libarchive-zip-perl mat2 libatomic1 faketime nginx-light tor gammu-smsd age systemd"
    )


FONTS = {"fonts-noto-core": "NotoSans-Regular", "fonts-dejavu-core": "DejaVuSans"}


@pytest.mark.parametrize("there", [[], ["fonts-noto-core"], ["fonts-dejavu-core"], list(FONTS)])
def test_each_font_is_asked_for_whether_there_is_a_browser_or_not(machine, there):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    machine.program("chromium", "exit 0")
    machine.program("fc-list", "".join(f"echo /usr/share/fonts/{FONTS[font]}.ttf;" for font in there) or "exit 0")
    asked = only_line(machine.bootstrap("test")).partition("install these: ")[2].split()
    assert {*FONTS} & {*asked} == {*FONTS} - {*there}
    assert not {"chromium", "fontconfig"} & {*asked}


@pytest.mark.parametrize(("apt", "code"), [("exit 0", 0), ('echo "E: Unable to fetch some archives" >&2; exit 100', 1)])
def test_root_on_debian_gets_the_programs_installed(machine, apt, code):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    (machine.bin / "id").unlink()
    machine.program("id", "echo 0")
    machine.program("apt-get", f'echo "$*" >> apt.log; {apt}')
    result = machine.bootstrap("test")
    assert result.returncode == code
    assert "installing with apt-get: chromium fontconfig fonts-noto-core fonts-dejavu-core w3m lynx" in result.stdout
    called = (machine.home / "apt.log").read_text()
    assert called.startswith("update")
    if code:
        assert "E: Unable to fetch some archives" in only_line(result)
    else:
        assert "install -q -y --no-install-recommends chromium" in called


@pytest.mark.parametrize(("known", "installed"), [("exit 0", True), ("exit 100", False)])
def test_the_lighter_browser_is_taken_where_there_is_one_and_not_missed_where_not(machine, known, installed):
    machine.program("python3", GOOD_PYTHON % "exit 0")
    (machine.bin / "id").unlink()
    machine.program("id", "echo 0")
    machine.program("apt-get", 'echo "$*" >> apt.log')
    machine.program("apt-cache", known)
    result = machine.bootstrap("test")
    assert result.returncode == 0, result.stderr
    asked = (machine.home / "apt.log").read_text().splitlines()[-1]
    assert asked.endswith("chromium-headless-shell") == installed


def test_an_unknown_wish_is_told_how_to_ask(machine):
    assert "usage" in only_line(machine.bootstrap("everything"))
