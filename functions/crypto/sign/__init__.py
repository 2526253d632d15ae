"""Signed links and counter passes: verified by every door, links minted by the courier alone."""
