"""The door that makes a document anew without knowing whose it is. It has no key and no store."""
