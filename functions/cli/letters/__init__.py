"""Commands that import complaint letters from a table."""
