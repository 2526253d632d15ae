"""Commands for ops: ``python -m functions.cli --help``."""
