"""The pages and calls of the second factor, the same at the desk and at custody."""
