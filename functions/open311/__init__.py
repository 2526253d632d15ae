"""The door of apps: Open311 GeoReport v2. It can seal and cannot open anything (law 1)."""
