"""Tells reports of one flood by how alike they are, without keeping a word of them.

A report sealed on arrival is compared by its text: MinHash with one permutation (Li, Owen and Zhang 2012, empty bins
filled as by Shrivastava and Li 2014) over pairs of words, in ``BANDS`` bands of ``ROWS`` bins. Texts that share
nine tenths of their pairs meet in some band with 99.9 %, those that share a twentieth with 0.1 %. A report
sealed in a browser shows only its clear choices and its sizes, so those are all that is compared.

Every hash is under a key that lives for an hour and only in memory (``gate.Gate``).
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import pairwise

from functions.actions.reporter.envelope import Envelope
from functions.casework.report import Report

BANDS, ROWS = 6, 3
WORD = re.compile(r"\w+")
Traits = tuple[bytes, ...]


def of_text(report: Report) -> Traits:
    """Return the pairs of words of a report in clear, as what ``bands`` compares."""
    words = WORD.findall(f"{report.subject} {report.body}".casefold())
    return tuple({f"{one} {two}".encode() for one, two in pairwise([*words, ""])})


def of_envelope(envelope: Envelope) -> Traits:
    """Return the one trait of a report sealed in its browser: its clear choices and the sizes of what is sealed."""
    choices = (envelope.kind, envelope.topic, envelope.district, envelope.about_agency, envelope.mode)
    return ("|".join([*choices, str(len(envelope.subject)), str(len(envelope.words))]).encode(),)


def bands(traits: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Yield a keyed hash of 8 bytes for each band; nothing for a report without traits."""
    bins: list[bytes] = [b""] * (BANDS * ROWS)
    for trait in traits:
        digest = blake2b(trait, digest_size=8, key=key, person=b"trait").digest()
        at = digest[0] % len(bins)
        bins[at] = min(bins[at] or digest, digest)
    if not any(bins):
        return
    filled = [next(filter(None, bins[at:] + bins[:at])) for at in range(len(bins))]
    for band in range(BANDS):
        rows = b"".join(filled[band * ROWS : (band + 1) * ROWS])
        yield blake2b(bytes([band]) + rows, digest_size=8, key=key, person=b"band").digest()
