"""A coordinator's own instance at the desk: its routes, and what they show."""
