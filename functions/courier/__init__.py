"""Carries notices out: holds the courier's and the links' private keys and the officers' addresses; reads no case."""
