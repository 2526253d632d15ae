"""The door of SMS: what a gateway delivers."""
