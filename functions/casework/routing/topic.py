"""Propose the topic of a report from its words, for the check page; the writer decides.

About a quarter of SP4N-LAPOR!'s reports stand under "Topik Lainnya": a list of topics before the words asks people to
sort their own complaint. The words are those of ``rules.toml``, as at the desk. The browser has a shorter twin
(``site/assets/tentang.js``), so that a report sealed there is read by nobody.
"""

from collections import Counter
from typing import Final

from functions.casework.directory.agencies import Directory
from functions.casework.routing.rules import read_rules, spoken_in, tokens_of

ENOUGH: Final = 2  # one weak word is not yet a reason
NONE_OF_THEM: Final = "lainnya"


def propose_topic(text: str, directory: Directory) -> str:
    """Return the code of the likeliest topic. If the words name none, it is ``lainnya``, or "" without such a topic."""
    rules = read_rules()
    weights: Counter[str] = Counter()
    for name, words in spoken_in(tokens_of(text, rules), rules).items():
        topics = rules.offices[name].topics if name in rules.offices else ()
        known = next((topic for topic in topics if topic in directory.topics), "")
        weights[known] += sum(words.values()) if known else 0
    best = max(weights, key=weights.__getitem__, default="")
    if weights[best] >= ENOUGH:
        return best
    return NONE_OF_THEM if NONE_OF_THEM in directory.topics else ""
