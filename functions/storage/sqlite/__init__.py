"""SQLite behind the storage interface: a laptop, or a small office."""
