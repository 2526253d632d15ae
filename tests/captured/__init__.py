"""Doors that an attacker has taken over: they run as in production, and somebody takes down all they touch."""
