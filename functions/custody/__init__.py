"""The custodians' door. Holds the identities' private keys; no word of a case, no address of an officer."""
