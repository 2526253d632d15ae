"""Make, rotate and destroy keys: for ops at a terminal. No function imports this."""
