"""The verbs: each one way in, for every channel."""
