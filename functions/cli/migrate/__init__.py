"""Commands that bring reports in from other systems, and what may leave out to them."""
