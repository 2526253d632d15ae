"""Ops at a terminal: ``python -m functions.cli --help``."""
