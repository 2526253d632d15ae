"""Handing over several cases in one act, and taking a hand-over back while nobody has learnt of it."""
