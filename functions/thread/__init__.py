"""The door the holder of a receipt comes back through. It holds no private key; the receipt is the key."""
