"""The door for holders of a receipt. It has no private key; the receipt is the key."""
