"""Actions of a custodian of identities."""
