"""The door that receives reports. It can seal and cannot open anything (law 1)."""
