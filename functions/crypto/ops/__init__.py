"""Making, rotating and destroying keys: for ops at a terminal. No function imports this."""
