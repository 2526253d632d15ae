"""The door for SMS that a gateway delivers."""
