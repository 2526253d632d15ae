"""What a custodian of identities does."""
