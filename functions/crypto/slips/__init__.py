"""Slips: pointers that open only with the number or token that a caller presents."""
