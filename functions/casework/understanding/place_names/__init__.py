"""The names of places, and how people hear them."""
