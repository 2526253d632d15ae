"""What keeps secrets: sealing, keys, signed links, and the cleaning of files."""
