"""The quick look runs what a change needs: not less, and nothing that takes minutes."""

import re
from pathlib import Path

import pytest

from tests import quick
from tests.quick import ALWAYS, ROOT, SLOW, chosen, named_tests

NEEDED = [
    # An action's tests are those it names, one or several.
    ("functions/actions/officer/transfer.py", ["tests/doors/test_transfer.py"]),
    ("functions/actions/custodian/custody.py", ["tests/actions/test_custody.py", "tests/doors/test_custody.py"]),
    # A module's bear its name, wherever below the room they stand; else its name at a door; else its folder's name.
    ("functions/edge/request_filter.py", ["tests/edge/test_request_filter.py"]),
    (
        "functions/casework/deadlines/clocks.py",
        ["tests/casework/test_clocks.py", "tests/casework/test_clocks_independent.py"],
    ),
    (
        "functions/casework/barometer/audit.py",
        [
            "tests/casework/barometer/test_audit.py",
            "tests/casework/barometer/test_audit_corrections.py",
            "tests/casework/barometer/test_audit_folding.py",
            "tests/casework/barometer/test_audit_quiet.py",
            "tests/casework/barometer/test_audit_tables.py",
            "tests/casework/barometer/test_nation_audit.py",
        ],
    ),
    ("functions/sanitize/photos.py", ["tests/sanitize/test_files_photos.py"]),
    ("functions/intake/gate.py", ["tests/doors/test_gate.py"]),
    (
        "functions/casework/routing/rules.py",
        ["tests/casework/test_routing.py", "tests/casework/test_routing_edges.py"],
    ),
    # Whatever has no tests of its name has those of its room, or of the innermost folder that has a mirror.
    ("functions/casework/barometer/cells.py", ["tests/casework/barometer"]),
    ("functions/crypto/errors.py", ["tests/crypto"]),
    ("functions/gateway/app.py", ["tests/doors/test_sms.py"]),
    ("functions/aws_lambda/handler.py", ["tests/lambda/test_handler.py"]),
    # A page is seen at its door.
    ("functions/desk/templates/case.html", ["tests/desk", "tests/doors/test_desk.py"]),
    ("functions/delivery/templates/letter.html", ["tests/delivery"]),
    ("site/freeze.py", ["tests/site/test_pages.py"]),
    # A test is its own.
    ("tests/pii/test_words.py", ["tests/pii/test_words.py"]),
]


@pytest.mark.parametrize(("path", "tests"), NEEDED, ids=[path for path, _ in NEEDED])
def test_a_changed_file_gives_its_tests(path: str, tests: list[str]) -> None:
    assert [str(test) for test in quick.tests_of(Path(path))] == tests


def test_what_always_runs_comes_first_and_nothing_comes_twice() -> None:
    assert chosen([]) == list(ALWAYS)
    assert [test for test in ALWAYS if not (ROOT / test).exists()] == []
    twice = [Path("functions/intake/gate.py"), Path("tests/doors/test_gate.py"), Path("functions/intake/app.py")]
    assert chosen(twice) == [*ALWAYS, "tests/doors/test_gate.py"]


@pytest.mark.parametrize("path", ["docs/decisions.md", "README.md", "infra/bootstrap.sh", "tests/world.py"])
def test_what_no_test_is_about_gives_only_what_always_runs(path: str) -> None:
    assert chosen([Path(path)]) == list(ALWAYS)


@pytest.mark.parametrize("folder", SLOW)
def test_slow_tests_are_left_out(folder: str) -> None:
    slow = sorted((ROOT / folder).glob("test_*.py"))
    assert slow
    assert chosen(test.relative_to(ROOT) for test in slow) == list(ALWAYS)


def test_a_test_that_is_gone_is_not_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "ROOT", tmp_path)
    assert chosen([Path("tests/pii/test_words.py")]) == list(ALWAYS)


@pytest.mark.parametrize(
    ("text", "tests"),
    [
        ('"""One.\n\nTests: ``tests/a/test_b.py``.\n"""\n', ["tests/a/test_b.py"]),
        (
            '"""One.\n\nTests: ``tests/a/test_b.py``,\n``tests/c/test_d.py``.\n"""\n',
            ["tests/a/test_b.py", "tests/c/test_d.py"],
        ),
        ('"""Many ``tests/a/test_b.py`` are spoken of."""\n', []),
    ],
)
def test_a_module_names_its_tests_in_its_last_lines(tmp_path: Path, text: str, tests: list[str]) -> None:
    module = tmp_path / "module.py"
    module.write_text(text)
    assert named_tests(module) == tests


def test_every_module_has_tests() -> None:
    modules = [path.relative_to(ROOT) for path in (ROOT / "functions").rglob("*.py") if path.name != "__init__.py"]
    assert [str(path) for path in modules if not any((ROOT / test).exists() for test in quick.tests_of(path))] == []


def test_it_lints_what_make_lints() -> None:
    recipes = re.findall(r"^(?:lint|types):.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    made = set(re.findall(r"\.venv/bin/([\w-]+)( format)?", "".join(recipes)))
    quick_ones = {" ".join(map(str, command)) for command in quick.LINT.values()}
    assert {"reuse", "mypy"} < {name for name, _ in made}
    assert [name + more for name, more in made if not any(f"{name}{more}" in each for each in quick_ones)] == []
