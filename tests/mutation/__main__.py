"""Mutants in a throwaway copy of the committed code: ``python -m tests.mutation [SEED COUNT]``.

Without arguments those that once survived (``named.NAMED``), each against the tests that kill it. With a seed, so many
mutants drawn from ``FOLDERS``: a comparison, a number, an ``and``, a ``not`` or a ``return`` is changed, and the tests of
its folder must see it. Survivors are printed; each is equal, or wants a test.
"""

import ast
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.named import NAMED, Mutant
from tests.server import ROOT

_UNDERSTANDING = "functions/casework/understanding/"
_CODES = "tests/casework/test_receipts_in_words.py tests/doors/test_receipts_out.py tests/doors/test_sealed_thread.py"
_SMS = "tests/casework/test_sms.py tests/doors/test_sms_places.py tests/doors/test_sms_later.py"
_ACCUSED = (
    "tests/casework/test_accused.py tests/casework/test_behaviour.py tests/casework/test_names.py "
    "tests/casework/test_routing.py tests/doors/test_accused_words.py"
)
TESTS_OF = {
    "receipts": _CODES,
    "words": _CODES,
    **dict.fromkeys(("danger", "nature", "places", "silence", "spelling"), _SMS),
}
FOLDERS = {
    **{str(path.relative_to(ROOT)): TESTS_OF.get(path.stem, _ACCUSED) for path in (ROOT / _UNDERSTANDING).glob("*.py")},
    "functions/casework/deadlines": "tests/casework/test_clocks.py tests/casework/test_clocks_independent.py "
    "tests/casework/test_escalation.py tests/casework/test_workdays.py tests/casework/test_batches.py "
    "tests/actions/test_digest.py tests/mutation/test_named.py",
    "functions/actions/courier/notice_rules.py": "tests/actions/test_notice_rules.py",
    "functions/actions/reporter/submit.py": "tests/mutation/test_named.py tests/doors/test_quarantine.py "
    "tests/doors/test_notices.py tests/doors/test_intake.py",
    "functions/casework/access.py": "tests/casework/test_desks.py tests/casework/test_access.py tests/mutation/test_named.py "
    "tests/casework/test_assisting.py tests/casework/test_conflict_property.py",
    "functions/casework/guard_lift.py": "tests/doors/test_lift.py",
    "functions/casework/routing/later_accused.py": "tests/casework/test_later_accused.py tests/doors/test_later_accused.py",
    "functions/crypto/seal/bound_facts.py": "tests/crypto/test_keyring.py tests/storage/test_bound_facts.py",
    "functions/storage/sqlite/outbox.py": "tests/storage/test_outbox_contract.py tests/storage/test_withdraw_contract.py "
    "-k sqlite",
    "functions/casework/stages.py": "tests/casework/test_stages.py tests/casework/test_stages_page.py "
    "tests/casework/test_every_history.py tests/casework/test_access.py tests/thread/test_standing.py "
    "tests/mutation/test_named.py",
}
CPU_SECONDS = 300  # not of the wall: on a busy machine every mutant would seem to hang
PATIENCE_SECONDS = 3600
SWAPPED = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", " and ": " or ", " or ": " and "}
OPERATORS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def main(seed: str = "", count: str = "20") -> int:
    """Run mutants. Returns how many survived."""
    wanted = [*drawn(int(seed), int(count))] if seed else [*NAMED]
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        subprocess.run(["git", "worktree", "add", "--detach", "-q", copy, "HEAD"], cwd=ROOT, check=True)
        try:
            for mutant in wanted:
                killed = is_killed(copy, mutant)
                survivors += not killed
                place = (copy / mutant.file).read_text().partition(mutant.old)[0].count("\n") + 1
                told = f"{mutant.old.strip()[-60:]!r} -> {mutant.new.strip()[-60:]!r}"
                sys.stdout.write(f"{'killed  ' if killed else 'SURVIVED'} {mutant.file}:{place} {told}\n")
                sys.stdout.flush()
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", copy], cwd=ROOT, check=True)
    share = 100 * (len(wanted) - survivors) / len(wanted)
    sys.stdout.write(f"{len(wanted) - survivors} of {len(wanted)} killed ({share:.1f} %)\n")
    return survivors


def is_killed(copy: Path, mutant: Mutant) -> bool:
    """Tell whether the mutant's tests see it; one that hangs is seen."""
    path = copy / mutant.file
    whole = path.read_text()
    if whole.count(mutant.old) != 1:
        raise ValueError(f"not one place: {mutant}")
    path.write_text(whole.replace(mutant.old, mutant.new))
    command = [
        "prlimit",
        f"--cpu={CPU_SECONDS}",
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:randomly",
        "-p",
        "no:cacheprovider",
    ]
    command += ["--deselect", "tests/mutation/test_named.py::test_each_mutant_changes_one_place"]
    try:
        done = subprocess.run(
            [*command, *mutant.tests.split()], cwd=copy, capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    else:
        return done.returncode != 0
    finally:
        path.write_text(whole)


def drawn(seed: int, count: int) -> list[Mutant]:
    """Return so many mutants, the same for the same seed and code."""
    found = [mutant for place in sorted(FOLDERS) for mutant in every(place)]
    return random.Random(seed).sample(found, min(count, len(found)))  # noqa: S311 - no secret


def every(place: str) -> Iterator[Mutant]:
    """Yield each mutant of a file or of a folder's files."""
    root = ROOT / place
    for path in [root] if root.is_file() else sorted(root.glob("*.py")):
        text = path.read_text()
        lines = text.splitlines(keepends=True)
        file = str(path.relative_to(ROOT))
        for node in ast.walk(ast.parse(text)):
            for old, new in changes(node, text):
                line = lines[getattr(node, "lineno", 1) - 1]
                if line.count(old) == 1 and text.count(line) == 1:  # a line that stands once: the change has one place
                    yield Mutant(file, line, line.replace(old, new), FOLDERS[place])


def changes(node: ast.AST, text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be changed in a node, as texts of its line."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in OPERATORS:
        sign = OPERATORS[type(node.ops[0])]
        yield f" {sign} ", f" {SWAPPED[sign]} "
    elif isinstance(node, ast.BoolOp):
        sign = " and " if isinstance(node.op, ast.And) else " or "
        yield sign, SWAPPED[sign]
    elif isinstance(node, ast.Constant) and type(node.value) is int:
        source = ast.get_source_segment(text, node) or ""
        if source.isdecimal():
            yield source, str(node.value + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not ", ""
    elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and type(node.value.value) is bool:
        yield str(node.value.value), str(not node.value.value)


if __name__ == "__main__":
    sys.exit(1 if main(*sys.argv[1:]) else 0)
