"""A name in trust as a browser seals it: read from a form, left, taken back, and a yes or no to who asks for it."""
