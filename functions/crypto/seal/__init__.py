"""Public keys, sealing and receipts. Nothing here opens."""
