"""Every mutant of ``FOLDERS``: a comparison, a number, an ``and``, a ``not`` or a ``return`` changed, with the tests that
must see it."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path

from tests.mutation.named import Mutant
from tests.server import ROOT

_UNDERSTANDING = "functions/casework/understanding/"
_HEARD = "tests/casework/test_heard.py "
_CODES = (
    _HEARD + "tests/casework/test_receipt_edges.py tests/casework/test_receipts_in_words.py "
    "tests/doors/test_receipts_out.py tests/doors/test_sealed_thread.py"
)
_SMS = (
    _HEARD + "tests/casework/test_levels.py tests/casework/test_edges.py tests/casework/test_sms.py "
    "tests/doors/test_sms_places.py tests/doors/test_sms_later.py tests/doors/test_sms_details_of_a_matter.py "
    "tests/casework/test_seeming_silence.py"
)
_ACCUSED = (
    _HEARD + "tests/casework/test_edges.py tests/casework/test_spoken_names.py tests/casework/test_accused.py "
    "tests/casework/test_behaviour.py tests/casework/test_routing.py tests/doors/test_accused_words.py"
)
TESTS_OF = {
    "receipts": _CODES,
    "words": _CODES,
    **dict.fromkeys(
        ("about", "danger", "nature", "places", "pointers", "silence", "sorts", "spelling", "thanks", "unaddressed"),
        _SMS,
    ),
}
FOLDERS = {
    **{str(path.relative_to(ROOT)): TESTS_OF.get(path.stem, _ACCUSED) for path in (ROOT / _UNDERSTANDING).glob("*.py")},
    "functions/casework/deadlines": "tests/casework/test_clocks.py tests/casework/test_clocks_independent.py "
    "tests/casework/test_escalation.py tests/casework/test_workdays.py tests/casework/test_batches.py "
    "tests/actions/test_digest.py tests/mutation/test_named.py",
    "functions/actions/courier/notice_rules.py": "tests/actions/test_notice_rules.py",
    "functions/actions/reporter/submit.py": "tests/mutation/test_named.py tests/doors/test_quarantine.py "
    "tests/doors/test_notices.py tests/doors/test_intake.py tests/doors/test_sealed.py tests/doors/test_sealed_name.py "
    "tests/doors/test_visible_from.py tests/doors/test_flood.py tests/doors/test_accused_words.py",
    "functions/casework/access.py": "tests/casework/test_desks.py tests/casework/test_access.py tests/mutation/test_named.py "
    "tests/casework/test_assisting.py tests/casework/test_conflict_property.py",
    "functions/casework/guard_lift.py": "tests/doors/test_lift.py",
    "functions/casework/routing/later_accused.py": "tests/casework/test_later_accused.py tests/doors/test_later_accused.py "
    "tests/doors/test_name_left_later.py",
    "functions/crypto/seal/bound_facts.py": "tests/crypto/test_keyring.py tests/storage/test_bound_facts.py",
    "functions/storage/sqlite/outbox.py": "tests/storage/test_outbox_contract.py tests/storage/test_withdraw_contract.py "
    "-k sqlite",
    "functions/casework/stages.py": "tests/casework/test_stages.py tests/casework/test_stages_page.py "
    "tests/casework/test_every_history.py tests/casework/test_access.py tests/thread/test_standing.py "
    "tests/mutation/test_named.py",
}
# The test files that turned red for mutants of each other file, of all plain tests that reach its lines: docs/evidence.md.
FOLDERS |= {
    file: " ".join(tests) for file, tests in json.loads(Path(__file__).with_name("tests_of.json").read_text()).items()
}
SWAPPED = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", " and ": " or ", " or ": " and "}
OPERATORS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def every_of_all() -> list[Mutant]:
    """Return every mutant, each once, in the same order for the same code."""
    return list(dict.fromkeys(mutant for place in sorted(FOLDERS) for mutant in every(place)))


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
