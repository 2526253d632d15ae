"""The door that takes reports in. It can seal and cannot open anything (law 1)."""
