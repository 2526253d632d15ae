"""What a nation's load took on the product: ``python -m tests.bench.nation_load 20000 200000``, on SQLite and two cores
that were shared. CPU seconds; megabytes of the process at the largest size.
"""

SIZES = ("20,000", "200,000", "2,000,000")
NOT_TRIED = "–"
TRIED: tuple[tuple[str, tuple[str, ...], str, str], ...] = ()

TRIAL = """## What did a nation's cases take?
"""
AFTER_TRIAL = ""
