"""What closes: public keys, sealing, receipts. Nothing here opens."""
