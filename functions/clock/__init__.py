"""The clock: what has to be done when the time has come, and nobody asks."""
