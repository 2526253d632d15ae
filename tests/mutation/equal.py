"""Mutants that survive and may: they say the same in other words, or what they change is a choice that no test should pin.

By file, then by the text of the line and what stands there instead, both without the spaces around them.
"""

from typing import Final

_HOUR = "hours count from 1970: what is to leave at the first or at the second of them leaves at once"
_PAGE = "how much is taken at once unless somebody says: whoever takes it asks until nothing is left"
_LEASE = "nobody holds the lease; it ended in 1970 either way"
_EXACT = "a chance that is a sum of weights is never exactly the level"
_TRUTH = "whatever is not 0 is kept, or apart"
_UNDERSTANDING = "functions/casework/understanding/"

EQUAL: Final[dict[str, dict[tuple[str, str], str]]] = {
    "functions/actions/courier/notice_rules.py": {("hour: int = 0", "hour: int = 1"): _HOUR},
    "functions/casework/access.py": {("hour: int = 0", "hour: int = 1"): _HOUR},
    "functions/actions/reporter/submit.py": {
        ("digest: Callable[[], int] = lambda: 0", "digest: Callable[[], int] = lambda: 1"): _HOUR,
        (
            "notice = OutboxEntry(REPORTER_PREFIX + token_hex(16), Notice.NEW_CASE, *place, not_before=head.visible_from)",
            "notice = OutboxEntry(REPORTER_PREFIX + token_hex(17), Notice.NEW_CASE, *place, not_before=head.visible_from)",
        ): "a longer random name is as good",
    },
    "functions/casework/deadlines/batches.py": {
        (
            "coming = (local + timedelta(hours=ahead) for ahead in range(1, 25))",
            "coming = (local + timedelta(hours=ahead) for ahead in range(1, 26))",
        ): "each hour of the day has come by the 24th",
    },
    "functions/casework/deadlines/workdays.py": {
        ("@lru_cache(maxsize=16)", "@lru_cache(maxsize=17)"): "how many years are remembered, not what they hold",
    },
    "functions/storage/sqlite/outbox.py": {
        (
            "def claim(self, worker: str, hour: int, limit: int = 10) -> tuple[OutboxEntry, ...]:",
            "def claim(self, worker: str, hour: int, limit: int = 11) -> tuple[OutboxEntry, ...]:",
        ): _PAGE,
        (
            'def dead_letters(self, after: str = "", limit: int = 20) -> tuple[tuple[OutboxEntry, ...], str]:',
            'def dead_letters(self, after: str = "", limit: int = 21) -> tuple[tuple[OutboxEntry, ...], str]:',
        ): _PAGE,
        (
            "def waiting(self, limit: int = 1000) -> tuple[OutboxEntry, ...]:",
            "def waiting(self, limit: int = 1001) -> tuple[OutboxEntry, ...]:",
        ): "how many are counted before it is told that there are more: a choice",
        (
            "if not db.execute(CLAIMABLE, (QUEUE, before_hour(hour), 1)).fetchone():",
            "if not db.execute(CLAIMABLE, (QUEUE, before_hour(hour), 2)).fetchone():",
        ): "only whether there is one is asked",
        (
            "rows = db.execute(CLAIMABLE, (digest_queue(agency), before_hour(hour), -1)).fetchall()  # no limit",
            "rows = db.execute(CLAIMABLE, (digest_queue(agency), before_hour(hour), -2)).fetchall()  # no limit",
        ): "any limit below 0 is none to SQLite",
        (
            "rows = db.execute(DEAD_LETTERS, (DEAD, last, limit + 1)).fetchall()",
            "rows = db.execute(DEAD_LETTERS, (DEAD, last, limit + 2)).fetchall()",
        ): "one row more than a page holds says that there is another page; so do two",
        (
            'free = [replace(_entry(row), leased_by="", leased_until=0, error=INTERRUPTED) for row in rows]',
            'free = [replace(_entry(row), leased_by="", leased_until=1, error=INTERRUPTED) for row in rows]',
        ): _LEASE,
        (
            'back = replace(entry, leased_by="", leased_until=0, error=entry.error or row["error"])',
            'back = replace(entry, leased_by="", leased_until=1, error=entry.error or row["error"])',
        ): _LEASE,
    },
    f"{_UNDERSTANDING}about.py": {('return "", 0', 'return "", 1'): "beside a topic that is none nothing is counted"},
    f"{_UNDERSTANDING}accused.py": {
        (
            'return {} if best == OUTSIDE or units[best].chance < LIKELY else {best: ", ".join(units[best].words[:AROUND])}',
            'return {} if best == OUTSIDE or units[best].chance <= LIKELY else {best: ", ".join(units[best].words[:AROUND])}',
        ): _EXACT
    },
    f"{_UNDERSTANDING}behaviour.py": {
        (
            "return weight / sqrt(sum(found.values()) or 1)",
            "return weight / sqrt(sum(found.values()) or 2)",
        ): "where nothing is found the weight is 0, whatever it is divided by"
    },
    f"{_UNDERSTANDING}nature.py": {
        (
            "found = Nature(danger=True) if danger else by_lists(text, words[: SHORT + 1])",
            "found = Nature(danger=True) if danger else by_lists(text, words[: SHORT + 2])",
        ): "one word more than ``SHORT`` says that there are too many; so do two",
        (
            'if what == "question" and standing is Standing.NONE and 1 - talk >= NOT_TALK:',
            'if what == "question" and standing is Standing.NONE and 1 - talk > NOT_TALK:',
        ): "no floating-point number below 1 leaves exactly this to 1",
    },
    f"{_UNDERSTANDING}phrases.py": {
        ("sentence = 0", "sentence = 1"): "sentences are told apart and counted back from, never named by their number"
    },
    f"{_UNDERSTANDING}places.py": {
        (
            "NAMED, SAID_AT, PLAIN, TOWARDS, DENIED = 3, 2, 1, 0, -1  # how plainly a text is at a place",
            "NAMED, SAID_AT, PLAIN, TOWARDS, DENIED = 4, 2, 1, 0, -1  # how plainly a text is at a place",
        ): "only their order counts",
    },
    f"{_UNDERSTANDING}reading.py": {
        ("end = -1", "end = -2"): "no name begins at either",
        (
            "while end > start and self.sentences[end - 1] != self.sentences[at]:",
            "while end >= start and self.sentences[end - 1] != self.sentences[at]:",
        ): "a range that ends before it begins is as empty",
    },
    f"{_UNDERSTANDING}receipts.py": {
        (
            "while before < GROUPS and _is(signs.places, first + _GROUP * before, before):",
            "while before <= GROUPS and _is(signs.places, first + _GROUP * before, before):",
        ): "no place is a fifth",
        (
            "word = compress(accumulate(signs.translate(_GAPS), initial=1), kept)",
            "word = compress(accumulate(signs.translate(_GAPS), initial=2), kept)",
        ): "words are told apart, never named by their number",
        (
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 7) if not _plain(chr(n))))',
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 7) if _plain(chr(n))))',
        ): "the slow way finds the same",
        (
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 7) if not _plain(chr(n))))',
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(2 << 7) if not _plain(chr(n))))',
        ): "no character beyond ASCII is looked for there",
        (
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 7) if not _plain(chr(n))))',
            '_UNSEEN: Final = re.compile("|".join(re.escape(chr(n)) for n in range(1 << 8) if not _plain(chr(n))))',
        ): "no character beyond ASCII is looked for there",
        (
            "for more in (*range(-_LOST, 0), *range(1, _LOST + 1)):",
            "for more in (*range(-_LOST, 1), *range(1, _LOST + 1)):",
        ): "a stretch of the right length was found before",
        (
            "in_order = [by_place.get(place, -1) for place in range(GROUPS)] == sorted(by_place.values())",
            "in_order = [by_place.get(place, -2) for place in range(GROUPS)] == sorted(by_place.values())",
        ): "a place that is missing is no number of a word",
        (
            "_FOLDS: Final = [_table(0, {value: _times(value, _GROUP - 1 - at) for value in range(1 << 5)}) for at in range(_GROUP)]",
            "_FOLDS: Final = [_table(1, {value: _times(value, _GROUP - 1 - at) for value in range(1 << 5)}) for at in range(_GROUP)]",
        ): "a sign that no receipt has is wrong, whatever it folds to",
        ("_KEPT: Final = _table(1, {ord(_GAP): 0})", "_KEPT: Final = _table(2, {ord(_GAP): 0})"): _TRUTH,
        ("_GAPS: Final = _table(0, {ord(_GAP): 1})", "_GAPS: Final = _table(0, {ord(_GAP): 2})"): _TRUTH,
    },
    f"{_UNDERSTANDING}silence.py": {
        (
            "WISHES_MOST: Final = 5  # wishes of one text that are looked at: each costs as much as the text is long",
            "WISHES_MOST: Final = 6  # wishes of one text that are looked at: each costs as much as the text is long",
        ): "how many are looked at: a choice",
    },
    f"{_UNDERSTANDING}spoken_names.py": {
        (
            "place = bare[:1] and bare[0] in _PLACES",
            "place = bare[:2] and bare[0] in _PLACES",
        ): "whether there is a word",
        (
            "return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 1))",
            "return any(name[at : at + len(words)] == words for at in range(len(name) - len(words) + 2))",
        ): "behind the last place too few words are left to be the same",
    },
    f"{_UNDERSTANDING}unaddressed.py": {
        (
            'plain = _FORWARDED.sub("", " ".join(text.split()), count=1)',
            'plain = _FORWARDED.sub("", " ".join(text.split()), count=2)',
        ): "the pattern is bound to the beginning",
    },
    f"{_UNDERSTANDING}words.py": {
        (
            "_EDGE: Final = 300  # code points at the beginning and the end of a text in which a receipt may begin or end",
            "_EDGE: Final = 301  # code points at the beginning and the end of a text in which a receipt may begin or end",
        ): "how much of an edge is looked at: a choice",
        (
            "edges = [[text] if len(text) <= 2 * _EDGE else [text[:_EDGE], text[-_EDGE:]] for text in parts]",
            "edges = [[text] if len(text) <= 3 * _EDGE else [text[:_EDGE], text[-_EDGE:]] for text in parts]",
        ): "more than the edges of a message that is already without receipts finds no more",
        (
            "edges = [[text] if len(text) <= 2 * _EDGE else [text[:_EDGE], text[-_EDGE:]] for text in parts]",
            "edges = [[text] if len(text) < 2 * _EDGE else [text[:_EDGE], text[-_EDGE:]] for text in parts]",
        ): "a message of just two edges is looked at whole either way",
    },
}
