"""What is heard in texts does not change unseen: ``python -m tests.casework.heard`` writes it anew, to be read."""

import json

from tests.casework.heard import heard, lines


def test_what_is_heard_is_what_was_heard() -> None:
    for line, known in lines():
        assert json.loads(json.dumps(heard(line))) == known, line
