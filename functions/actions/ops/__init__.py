"""Actions of ops at a terminal."""
