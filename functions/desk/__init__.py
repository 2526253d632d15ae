"""The door officers come in by, with a signed link. Holds the desk's private keys, and no address."""
