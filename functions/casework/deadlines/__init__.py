"""Deadlines in working days, the clock of one case, and what happens when a deadline passes."""
