"""What was opened rests in memory no longer than its request: a cache that outlives one holds nothing that anybody wrote.

Making the desk faster by remembering texts, or the forms of their words, would keep what identifies for the next thief.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

FUNCTIONS = Path(__file__).parents[2] / "functions"
CACHES = frozenset({"cache", "lru_cache"})
# Functions with parameters whose results outlive a request, and what they hold.
REMEMBERED = {
    "casework/barometer/counts.py _workdays": "days",
    "casework/deadlines/workdays.py national_holidays": "days",
    "casework/field_fates.py _plan": "our own types",
    "casework/routing/responsible.py _named_so": "agencies of the directory, and our own lists",
    "casework/routing/responsible.py _plain_name": "names of agencies",
    "casework/understanding/reading.py _small": "our own lists, by name",
    "casework/understanding/receipts.py _plain": "single characters, in no order",
    "casework/understanding/silence.py _compiled": "our own patterns",
    "casework/understanding/word_lists.py patterns": "our own lists, by name",
    "casework/understanding/word_lists.py word_list": "our own lists, by name",
    "courier/orders.py _made": "settings",
    "crypto/key_pairs.py hpke_public": "public keys",
    "crypto/seal/key_files.py _decoded": "public keys",
    "pii/context.py tells": "single characters, in no order",
    "pii/words.py _maskable": "names of categories",
    "sanitize/photos.py prepare": "media types",
    "web/language.py translations": "languages",
}


def remembering(root: Path) -> Iterator[str]:
    """Yield ``file function`` of each cached function that has parameters."""
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.args.args:
                names = {ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in node.decorator_list}
                if names & CACHES:
                    yield f"{path.relative_to(root).as_posix()} {node.name}"


def test_whatever_outlives_a_request_stands_in_the_list() -> None:
    assert set(remembering(FUNCTIONS)) == set(REMEMBERED)


def test_a_cache_of_texts_would_be_seen(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "@functools.lru_cache(maxsize=9)\ndef mask(text: str) -> str:\n    return text\n"
    )
    assert [*remembering(tmp_path)] == ["planted.py mask"]
