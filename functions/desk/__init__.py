"""The officers' door. Holds the desk's private keys, and no address."""
