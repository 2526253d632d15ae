"""Registers: one document each, replaced as a whole (directory, officers, editions)."""
