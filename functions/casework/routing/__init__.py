"""Propose the agency for a case from its topic, place and words."""
