"""Consent (law 11): what opens only when a person said yes, and never because nobody said no."""
