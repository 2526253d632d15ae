"""Signed links, mandates and counter passes. Only the courier mints links, and only the desk signs mandates."""
