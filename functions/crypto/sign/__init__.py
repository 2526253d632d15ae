"""Signed links and counter passes. Every door verifies them; only the courier mints links."""
