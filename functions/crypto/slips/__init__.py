"""Slips: pointers that open only with the number or token that somebody presents."""
